package backup_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/app/backup"
)

// TestARestoreIsRemembered for ten days, with the end of the oldest copy of them: from
// there on the journal may not know what moved money.
func TestARestoreIsRemembered(t *testing.T) {
	d := newDesk(t)
	mark := func(want backup.Mark) {
		t.Helper()
		got, err := d.config(nil).Mark()
		d.must(err)
		if !got.At.Equal(want.At) || !got.Until.Equal(want.Until) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	restore := func(b backup.Backup) {
		t.Helper()
		_, err := d.config(nil).Restore(t.Context(), b.Path)
		d.must(err)
	}
	mark(backup.Mark{})
	first := d.now
	d.sell(1)
	b := d.make()
	d.now = first.Add(26 * time.Hour)
	d.sell(2)
	newer := d.make()
	mark(backup.Mark{}) // a copy is none
	restore(b)
	mark(backup.Mark{At: d.now, Until: first})
	d.now = d.now.Add(time.Hour)
	restore(newer)
	mark(backup.Mark{At: d.now, Until: first})
	last := backup.Mark{At: d.now, Until: first}
	d.now = d.now.Add(backup.Remembered)
	mark(last)
	d.now = d.now.Add(time.Second)
	mark(backup.Mark{})
	restore(newer)
	mark(backup.Mark{At: d.now, Until: first.Add(26 * time.Hour)})
	d.now = first // the clock is behind the copy
	restore(newer)
	mark(backup.Mark{At: first, Until: first})
	path := filepath.Join(d.dir, "practice", "restored.json")
	d.must(os.WriteFile(path, []byte("{"), 0o600))
	if _, err := d.config(nil).Mark(); err == nil {
		t.Error("a mark that cannot be read is none")
	}
	restore(newer)
	mark(backup.Mark{At: first, Until: first})
}

// TestARestoreThatCannotBeNoted changes nothing.
func TestARestoreThatCannotBeNoted(t *testing.T) {
	d := newDesk(t)
	d.sell(1)
	b := d.make()
	d.sell(2)
	d.must(os.MkdirAll(filepath.Join(d.dir, "practice", "restored.json", "x"), 0o700))
	if _, err := d.config(nil).Restore(t.Context(), b.Path); err == nil {
		t.Error("no error")
	}
	if n := d.events(); n != 2 {
		t.Errorf("%d events", n)
	}
}
