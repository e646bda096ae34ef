package till

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/payments"
)

// TestAnOlderJournalLearnsWhatCameSince: a copy is put back that knows nothing of the
// payments of today. The relay tells them again, one of an order that the copy had
// open and one of an order that it never had.
func TestAnOlderJournalLearnsWhatCameSince(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.connected()
	w.proven(d)
	begun := w.mustCharge(d)
	from := t.TempDir()
	if err := d.journal.Copy(t.Context(), filepath.Join(from, "journal.db")); err != nil {
		t.Fatal(err)
	}
	later := w.mustCharge(d)
	for _, s := range []app.Sale{begun, later} {
		w.pay(s.Attempts[0].Link)
		w.until(d, s.ID, app.Paid)
	}
	w.proven(d) // everything was acknowledged
	shut(t, d)

	cfg := w.config(payments.Live)
	if _, err := (backup.Config{Dir: cfg.Dir, Mode: payments.Live, Now: cfg.Now}).Restore(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	d = open(t, cfg)
	w.proven(d)
	w.until(d, begun.ID, app.Paid)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	order := later.Attempts[0].OrderID
	for {
		found, err := d.Till().Sales(ctx, app.Query{OrderID: order})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 1 && found[0].State == app.Found && found[0].Received == later.Amount {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
