package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/folder"
)

func TestReplaceAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "file")
	for _, want := range []string{"one", "", "a longer text than before"} {
		if err := folder.Replace(path, []byte(want)); err != nil {
			t.Fatal(err)
		}
		got, err := folder.Read(path, 100)
		if err != nil || string(got) != want {
			t.Fatalf("read %q, %v; want %q", got, err, want)
		}
	}
	if _, err := folder.Read(path, 5); !errors.Is(err, folder.ErrTooLarge) {
		t.Errorf("a file over the limit: %v", err)
	}
	if names, _ := filepath.Glob(path + "*"); len(names) != 1 {
		t.Errorf("files left beside it: %v", names)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v %v", info.Mode(), err)
	}
}

// A crash after the new file was written leaves the old one in force and is
// no obstacle for the next time.
func TestReplaceAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := folder.Replace(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".new", []byte("half of the ne"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := folder.Read(path, 100); err != nil || string(got) != "old" {
		t.Fatalf("read %q, %v", got, err)
	}
	if err := folder.Replace(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if got, err := folder.Read(path, 100); err != nil || string(got) != "new" {
		t.Fatalf("read %q, %v", got, err)
	}
}

// A write that fails leaves the old bytes.
func TestReplaceThatFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := folder.Replace(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := folder.Replace(path, []byte("new")); err == nil {
		t.Fatal("no error though the new file could not be written")
	}
	if got, err := folder.Read(path, 100); err != nil || string(got) != "old" {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	v := map[string]int{"untouched": 1}
	if err := folder.ReadJSON(path, 100, &v); err != nil || v["untouched"] != 1 {
		t.Fatalf("a missing file: %v %v", v, err)
	}
	if err := folder.ReplaceJSON(path, map[string]int{"a": 2}); err != nil {
		t.Fatal(err)
	}
	if err := folder.ReadJSON(path, 100, &v); err != nil || v["a"] != 2 {
		t.Fatalf("read %v, %v", v, err)
	}
	if err := folder.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := folder.Remove(path); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
	if _, err := folder.Read(path, 100); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("after removing: %v", err)
	}
}
