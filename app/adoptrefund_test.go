package app_test

import (
	"context"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestARefundInThePortalIsEntered once, for no more than is left, and not while one
// of ours may be it. Nothing is sent.
func TestARefundInThePortalIsEntered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		ad := app.Adoption{Reference: "RFD0000001", Amount: eur(2000), Rail: payments.RailLink, Raw: []byte("{}")}
		enter := func(code string) {
			t.Helper()
			if err := w.till.AdoptRefund(context.Background(), s.ID, ad, app.Actor{Operator: "Anna"}); payments.CodeOf(err) != code {
				t.Errorf("%s %v: %v, want %q", ad.Reference, ad.Amount, err, code)
			}
		}
		enter("")
		got := w.comesTo(s.ID, app.PartRefunded, 2500)
		if r := got.Attempts[0].Refunds[0]; r.State != app.RefundDone || r.Reference != ad.Reference || r.Operator != "Anna" || got.Attempts[0].Left() != 2500 {
			t.Errorf("%+v", got)
		}
		enter("adopt.used")
		ad.Reference, ad.Amount = "RFD0000002", eur(2501)
		enter("refund.toomuch")
		ad.Amount = eur(0)
		enter("amount.zero")
		w.rail.set(func(f *fakeRail) {
			f.refund = func(_ context.Context, r app.RefundOrder) (payments.Answer, error) { return cut(r) }
		})
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500)}); err != nil {
			t.Fatal(err)
		}
		ad.Amount = eur(500)
		enter("adopt.open")
		if n := len(w.rail.refunds); n != 1 {
			t.Errorf("%d refunds were sent", n)
		}
		w.comesTo(s.ID, app.PartRefunded, 2500)
		unpaid := w.charge(700)
		if err := w.till.AdoptRefund(context.Background(), unpaid.ID, ad, app.Actor{}); payments.CodeOf(err) != "refund.none" {
			t.Errorf("of an unpaid sale: %v", err)
		}
		noted, err := w.till.Charge(context.Background(), w.cash(1000))
		if err != nil {
			t.Fatal(err)
		}
		if err := w.till.AdoptRefund(context.Background(), noted.ID, ad, app.Actor{}); payments.CodeOf(err) != "refund.none" {
			t.Errorf("of cash: %v", err)
		}
		if err := w.till.AdoptRefund(context.Background(), "NONE", ad, app.Actor{}); payments.CodeOf(err) != "sale.missing" {
			t.Errorf("of no sale: %v", err)
		}
	})
}
