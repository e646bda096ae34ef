package till

import (
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestALinkOfTodayHoldsTheStore: another store could not recognise the payment
// of a link that was cancelled minutes ago; its owner has to insist.
func TestALinkOfTodayHoldsTheStore(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	change := proposal{before: d.records.get(), next: d.records.get()}
	change.next.SID = "000000000000099"
	refusal := func(insist bool) string {
		t.Helper()
		return payments.CodeOf(d.leavesNothing(t.Context(), change, insist))
	}
	if code := refusal(false); code != "" {
		t.Errorf("nothing was ever charged: %s", code)
	}
	s := w.mustCharge(d)
	for _, insist := range []bool{false, true} {
		if code := refusal(insist); code != "connection.open" {
			t.Errorf("an open link, insist %v: %q", insist, code)
		}
	}
	if err := d.Till().Cancel(t.Context(), s.ID, app.DefaultOperator); err != nil {
		t.Fatal(err)
	}
	w.until(d, s.ID, app.Withdrawn)
	if code := refusal(false); code != "connection.watched" {
		t.Errorf("a link cancelled just now: %q", code)
	}
	if code := refusal(true); code != "" {
		t.Errorf("insisting: %q", code)
	}
	shut(t, d)
	w.ahead = app.DefaultValidity + watchedFor + time.Minute
	d = open(t, w.config(payments.Live))
	if code := refusal(false); code != "" {
		t.Errorf("a day later: %q", code)
	}
}
