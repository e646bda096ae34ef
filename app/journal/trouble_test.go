package journal_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

func openFails(t *testing.T, dir string, want error, code string) {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
	if err == nil {
		t.Fatal(errors.Join(errors.New("the journal was opened"), j.Close()))
	}
	if !errors.Is(err, want) || payments.CodeOf(err) != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

// filled makes a closed journal and returns its bytes.
func filled(t testing.TB, dir string, change ...string) []byte {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		put(t, j, sale(n, "note")...)
	}
	for _, s := range change {
		if err := j.Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path(dir))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func unchanged(t *testing.T, dir string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path(dir))
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the file was changed (%v)", err)
	}
}

func TestFolderInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	openFails(t, dir, journal.ErrInUse, "journal.busy")
	put(t, j, sale(1, "")...)
}

func TestFilesThatAreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change string
		want   error
		code   string
	}{
		{"newer version", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, 1)`, journal.ErrNewer, "journal.newer"},
		{"another program's database", `PRAGMA application_id = 1`, journal.ErrCorrupt, "journal.corrupt"},
		{"cut end", `DROP TRIGGER events_no_delete; DELETE FROM events WHERE seq = 10`, journal.ErrCorrupt, "journal.corrupt"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			want := filled(t, dir, tt.change)
			openFails(t, dir, tt.want, tt.code)
			unchanged(t, dir, want)
		})
	}
	t.Run("not a database", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		want := []byte(strings.Repeat("accounts of 2019\n", 100))
		if err := os.WriteFile(path(dir), want, 0o600); err != nil {
			t.Fatal(err)
		}
		openFails(t, dir, journal.ErrCorrupt, "journal.corrupt")
		unchanged(t, dir, want)
	})
	t.Run("read-only", func(t *testing.T) {
		t.Parallel()
		if os.Geteuid() == 0 || runtime.GOOS == "windows" {
			t.Skip("permissions do not stop this user")
		}
		dir := t.TempDir()
		want := filled(t, dir)
		if err := os.Chmod(path(dir), 0o400); err != nil {
			t.Fatal(err)
		}
		openFails(t, dir, journal.ErrReadOnly, "journal.readonly")
		unchanged(t, dir, want)
	})
}

func TestNoFolder(t *testing.T) {
	t.Parallel()
	if _, err := journal.Open(t.Context(), journal.Config{Dir: filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a folder was made")
	}
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(0, "")...)
	if err := j.Exec(t.Context(), `PRAGMA max_page_count = 60`); err != nil {
		t.Fatal(err)
	}
	n := 1
	for ; n < 100; n++ {
		_, err := j.Append(t.Context(), sale(n, strings.Repeat("long note ", 500)), &payments.Position{Epoch: "e", Seq: uint64(n)})
		if err == nil {
			continue
		}
		if !errors.Is(err, journal.ErrFull) || payments.CodeOf(err) != "journal.full" {
			t.Fatal(err)
		}
		break
	}
	s, err := j.State(t.Context())
	if err != nil || n == 100 || s.Head != int64(2*n) || s.Cursor.Seq != uint64(n-1) {
		t.Fatalf("after %d sales: %+v, %v", n, s, err)
	}
	if err := j.Exec(t.Context(), `PRAGMA max_page_count = 100000`); err != nil {
		t.Fatal(err)
	}
	put(t, j, sale(n, "")...)
	if v := verified(t, j); v.Bad != 0 {
		t.Errorf("%+v", v)
	}
}

// writeForEver appends sales and says which are committed, until it is killed.
func writeForEver(dir string) {
	ctx := context.Background()
	j, err := journal.Open(ctx, journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	s, err := j.State(ctx)
	if err != nil {
		os.Exit(1)
	}
	for n := int(s.Cursor.Seq) + 1; ; n++ {
		if _, err := j.Append(ctx, sale(n, "note"), &payments.Position{Epoch: "e", Seq: uint64(n)}); err != nil {
			os.Exit(1)
		}
		fmt.Println(n)
	}
}

// TestKilledWhileWriting kills a writer at drawn moments: whatever it said was
// committed is there, whole sales only, and the chain holds.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for round := range 6 {
		writer := exec.Command(os.Args[0])
		writer.Env = append(os.Environ(), "JOURNAL_TEST_WRITE="+dir)
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		var said uint64
		for range 1 + round*7 {
			if _, err := fmt.Fscanln(out, &said); err != nil {
				t.Fatal(err)
			}
		}
		if err := writer.Process.Kill(); err != nil { // in the middle of some Append
			t.Fatal(err)
		}
		var more uint64
		for {
			if _, err := fmt.Fscanln(out, &more); err != nil {
				break
			}
			said = more
		}
		_ = writer.Wait() // it was killed
		j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		s, err := j.State(t.Context())
		if err != nil || s.Cursor.Seq < said || s.Head != int64(2*s.Cursor.Seq) {
			t.Errorf("it said %d, the journal has %+v, %v", said, s, err)
		}
		if v := verified(t, j); v.Bad != 0 || v.Events != s.Head {
			t.Errorf("verify: %+v", v)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// FuzzDamagedFile changes bytes of a journal: it is opened or refused as
// damaged, and a line that reads otherwise than it was written is always found.
func FuzzDamagedFile(f *testing.F) {
	dir := f.TempDir()
	whole := filled(f, dir)
	for _, pos := range []uint32{0, 18, 24, 60, 100, 4095, 4096, 9000, 20000, 40000} {
		f.Add(pos, []byte{0xff, 0x01})
	}
	j, err := journal.Open(f.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		f.Fatal(err)
	}
	want := map[app.SaleID]string{}
	for n := range 5 {
		id := sale(n, "")[0].Sale
		events, err := j.Sale(f.Context(), id)
		if err != nil {
			f.Fatal(err)
		}
		want[id] = fmt.Sprint(events)
	}
	if err := j.Close(); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, pos uint32, with []byte) {
		damaged := bytes.Clone(whole)
		copy(damaged[int(pos)%len(damaged):], with)
		dir := t.TempDir()
		if err := os.WriteFile(path(dir), damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
		if err != nil {
			if payments.CodeOf(err) == "" {
				t.Fatalf("an error without a code: %v", err)
			}
			return
		}
		defer j.Close()
		v, err := j.Verify(t.Context())
		if err != nil || v.Bad != 0 {
			return
		}
		for id, events := range want {
			if got, err := j.Sale(t.Context(), id); err != nil || fmt.Sprint(got) != events {
				t.Errorf("verify passed, but %s reads %v, %v", id, got, err)
			}
		}
	})
}
