package vaulttest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/app/vault"
)

// Keys is the suite of a place for keys. open returns the same place anew, as
// after a restart of the program.
func Keys(t *testing.T, open func() vault.Keys) {
	t.Helper()
	ctx := t.Context()
	name := "suite/" + t.Name()
	one, two := bytes.Repeat([]byte{0xA5}, vault.KeySize), bytes.Repeat([]byte{0}, vault.KeySize)
	if _, err := open().Get(ctx, name); !errors.Is(err, vault.ErrMissing) {
		t.Fatalf("a key that was never stored: %v, want ErrMissing", err)
	}
	if err := open().Delete(ctx, name); err != nil {
		t.Errorf("deleting what is not there: %v", err)
	}
	for _, key := range [][]byte{one, two} {
		if err := open().Set(ctx, name, key); err != nil {
			t.Fatal(err)
		}
		got, err := open().Get(ctx, name)
		if err != nil || !bytes.Equal(got, key) {
			t.Fatalf("got %x, %v; want %x", got, err, key)
		}
	}
	if err := open().Set(ctx, name+"/other", one); err != nil {
		t.Fatal(err)
	}
	if err := open().Delete(ctx, name); err != nil {
		t.Fatal(err)
	}
	if _, err := open().Get(ctx, name); !errors.Is(err, vault.ErrMissing) {
		t.Errorf("after deleting: %v, want ErrMissing", err)
	}
	if got, err := open().Get(ctx, name+"/other"); err != nil || !bytes.Equal(got, one) {
		t.Errorf("deleting one key touched another: %x, %v", got, err)
	}
	if err := open().Delete(ctx, name+"/other"); err != nil {
		t.Error(err)
	}
}

// Vault is the suite of a vault whose keys lie in a place.
func Vault(t *testing.T, entropy io.Reader, open func() vault.Keys) {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	reopen := func() *vault.Vault {
		v, err := vault.Open(ctx, vault.Config{Dir: dir, Name: "live", Keys: open(), Entropy: entropy})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := reopen()
	if _, err := v.Load("key"); !errors.Is(err, vault.ErrMissing) {
		t.Fatalf("an empty vault gave %v", err)
	}
	const canary = "canary-9f31c7"
	long := bytes.Repeat([]byte("4096 bits of key "), 300) // more than any keyring takes
	if err := v.Save(ctx, map[string][]byte{"key": []byte(canary), "long": long}); err != nil {
		t.Fatal(err)
	}
	v = reopen()
	for name, want := range map[string][]byte{"key": []byte(canary), "long": long} {
		if got, err := v.Load(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if err := v.Save(ctx, map[string][]byte{"third": []byte("3")}); err != nil {
		t.Fatal(err)
	}
	before := read(t, filepath.Join(dir, "vault"))
	if err := v.Save(ctx, map[string][]byte{"key": nil}); err != nil {
		t.Fatal(err)
	}
	v = reopen()
	if _, err := v.Load("key"); !errors.Is(err, vault.ErrMissing) {
		t.Errorf("a deleted secret: %v", err)
	}
	if got, err := v.Load("third"); err != nil || string(got) != "3" {
		t.Errorf("deleting one touched another: %q %v", got, err)
	}
	// A copy of the file from before the deletion opens nothing any more.
	old := t.TempDir()
	if err := os.WriteFile(filepath.Join(old, "vault"), before, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := vault.Open(ctx, vault.Config{Dir: old, Name: "live", Keys: open(), Entropy: entropy}); !errors.Is(err, vault.ErrLocked) {
		t.Errorf("an old copy opens after its secret was deleted: %v", err)
	}
	noCanary(t, dir, canary)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// noCanary looks for a secret in every file of a folder.
func noCanary(t *testing.T, dir, canary string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files to look into: %v", err)
	}
	for _, f := range files {
		if strings.Contains(string(read(t, f)), canary) {
			t.Errorf("%s holds a secret in the clear", filepath.Base(f))
		}
	}
}
