package server

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/payments/relay"
)

// copyTo copies the data folder, as a backup does while nothing runs.
func (r *rig) copyTo(dir string) {
	r.t.Helper()
	if err := os.CopyFS(dir, os.DirFS(r.cfg.Dir)); err != nil {
		r.t.Fatal(err)
	}
}

// TestRestoredBackup: a data folder put back from a copy has another epoch, and
// desks are told everything from the beginning. Restarts change nothing.
func TestRestoredBackup(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	if status, p := m.putStore("practice"); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	m.register("P1", linkA)
	first := r.stores.epoch(m.store)
	code, err := r.NewCode(t.Context(), m.store)
	if err != nil {
		t.Fatal(err)
	}
	r.close()
	backup := filepath.Join(t.TempDir(), "backup")
	r.copyTo(backup)
	r.open()
	if got := r.stores.epoch(m.store); got != first {
		t.Fatalf("a restart began a new epoch")
	}
	if status, text, _ := r.ask("POST", "/n/"+m.store, r.signer.notify(t, "P1", "45.00", "1")); text != "OK" {
		t.Fatalf("%d %s", status, text)
	}
	second, status, _ := r.pairWith(code.Text)
	if status != http.StatusOK {
		t.Fatal(status)
	}
	r.close()
	if err := errors.Join(os.RemoveAll(r.cfg.Dir), os.Rename(backup, r.cfg.Dir)); err != nil {
		t.Fatal(err)
	}
	r.open()
	restored := r.stores.epoch(m.store)
	if restored == first || !strings.Contains(r.log.String(), "put back") {
		t.Errorf("the epoch of a restored backup is %q, as before", restored)
	}
	if _, p := second.do("GET", relay.PathDesks, nil, nil); p.Code != relay.CodeForbidden {
		t.Errorf("a desk that the copy does not know: %+v", p)
	}
	if _, status, p := r.pairWith(code.Text); status != http.StatusGone {
		t.Errorf("a code that was used since: %d %+v", status, p)
	}
	r.restart()
	if got := r.stores.epoch(m.store); got != restored {
		t.Error("it began another epoch at the next start")
	}
}

// TestLostMarker: when nobody can tell, desks start anew.
func TestLostMarker(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"missing": os.Remove,
		"empty":   func(path string) error { return os.WriteFile(path, nil, 0o600) },
		"half":    func(path string) error { return os.WriteFile(path, []byte(`{"v":1,"heig`), 0o600) },
	} {
		r := newRig(t)
		first := r.stores.epoch(storeA)
		r.close()
		if err := spoil(r.Server.cfg.MarkerFile); err != nil {
			t.Fatal(err)
		}
		r.open()
		if r.stores.epoch(storeA) == first {
			t.Errorf("%s: the epoch stays", name)
		}
	}
}

// TestEpochSurvivesSweep: what is deleted in time is no loss.
func TestEpochSurvivesSweep(t *testing.T) {
	r := newRig(t)
	first := r.register(order1, "45.00", linkA).Epoch
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	r.ack(deskA, r.deliveries(deskA, relay.At{})[0].At)
	r.clock.move(2 * oneDay)
	r.sweepNow()
	r.clock.move(32 * oneDay)
	if n := r.sweepNow(); n != 1 {
		t.Fatalf("%d swept", n)
	}
	r.restart()
	if got := r.stores.epoch(storeA); got != first {
		t.Error("the epoch changed")
	}
}
