package till

import (
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Words go when the owner's period is over, without anybody's PIN, and amounts
// stay.
func TestWordsGoAfterThePeriod(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	said := func(later time.Duration) string {
		d.cfg.Now = func() time.Time { return time.Now().Add(later) }
		if err := d.eraseOverdue(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := d.Till().Sales(t.Context(), app.Query{})
		if err != nil || len(all) != 1 || all[0].Received != (money.Amount{Minor: 4500, Currency: "EUR"}) {
			t.Fatalf("%+v, %v", all, err)
		}
		return all[0].Client
	}
	_, err := d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR", Rail: payments.RailCash, Client: "Mira",
	})
	if err != nil {
		t.Fatal(err)
	}
	const year = 366 * 24 * time.Hour
	if got := said(3 * year); got != "Mira" {
		t.Errorf("without a period they stay: %q", got)
	}
	remember(t, dir, settings.Receipt{KeepWords: 24})
	if got := said(year); got != "Mira" {
		t.Errorf("within the period they stay: %q", got)
	}
	if got := said(3 * year); got != "" {
		t.Errorf("after the period they are gone: %q", got)
	}
}
