package journal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/journal"
	"frontdesk/payments"
)

func only(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(want) {
		t.Fatalf("%v in the folder, want %v", entries, want)
	}
	for i, e := range entries {
		if e.Name() != want[i] {
			t.Errorf("%s in the folder, want %s", e.Name(), want[i])
		}
	}
}

// A copy taken while sales go on is a whole journal of some moment.
func TestCopyWhileItIsUsed(t *testing.T) {
	j, dir := open(t, t.TempDir()), t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		for n := 0; ; n++ {
			if ctx.Err() != nil {
				done <- nil
				return
			}
			if _, err := j.Append(context.WithoutCancel(ctx), sale(n, "note"), nil); err != nil {
				done <- err
				return
			}
			if n == 20 {
				close(started)
			}
		}
	}()
	<-started
	path := filepath.Join(dir, "copy.db")
	for range 3 {
		if err := j.Copy(t.Context(), path); err != nil {
			t.Error(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	v, err := journal.Check(t.Context(), path)
	if err != nil || v.Bad != 0 || v.Events < 20 {
		t.Fatalf("%+v, %v", v, err)
	}
	only(t, dir, "copy.db")
	if err := os.Rename(path, filepath.Join(dir, "journal.db")); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if w, err := again.Verify(t.Context()); err != nil || w != v {
		t.Errorf("opened as a journal: %+v, %v; want %+v", w, err, v)
	}
}

// A copy that cannot be finished leaves the one before as it was.
func TestCopyThatFails(t *testing.T) {
	j, dir := open(t, t.TempDir()), t.TempDir()
	path := filepath.Join(dir, "copy.db")
	if _, err := j.Append(t.Context(), sale(1, "note"), nil); err != nil {
		t.Fatal(err)
	}
	if err := j.Copy(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Copy(ctx, path); payments.CodeOf(err) != "journal.stopped" {
		t.Errorf("cancelled: %v", err)
	}
	if err := j.Copy(t.Context(), filepath.Join(dir, "missing", "copy.db")); err == nil {
		t.Error("copied into a folder that does not exist")
	}
	only(t, dir, "copy.db")
	if v, err := journal.Check(t.Context(), path); err != nil || v.Events == 0 {
		t.Errorf("%+v %v", v, err)
	}
}

func TestCheckKnowsWhatIsNoJournal(t *testing.T) {
	j, dir := open(t, t.TempDir()), t.TempDir()
	if _, err := j.Append(t.Context(), sale(1, "note"), nil); err != nil {
		t.Fatal(err)
	}
	good := filepath.Join(dir, "good.db")
	if err := j.Copy(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"text": []byte("not a database at all"), "cut": raw[:len(raw)/2]} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if v, err := journal.Check(t.Context(), path); err == nil && v.Bad == 0 {
			t.Errorf("%s passes for a journal: %+v", name, v)
		} else if err != nil && !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Before a newer program changes an old file, a copy of it is kept, once.
func TestCopyBeforeMigration(t *testing.T) {
	dir := t.TempDir()
	if err := journal.MakeOld(t.Context(), dir, 1, sale(1, "note")); err != nil {
		t.Fatal(err)
	}
	newest, err := journal.Newest()
	if err != nil || newest < 2 {
		t.Fatalf("newest %d, %v", newest, err)
	}
	for range 2 {
		j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := j.Verify(t.Context()); err != nil || v.Bad != 0 || v.Events != int64(len(sale(1, ""))) {
			t.Errorf("after the migration: %+v %v", v, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("before-version-%d.db", newest)
		only(t, filepath.Join(dir, "backups"), name)
		if v, err := journal.Check(t.Context(), filepath.Join(dir, "backups", name)); err != nil || v.Bad != 0 || v.Events == 0 {
			t.Errorf("the copy: %+v %v", v, err)
		}
	}
}
