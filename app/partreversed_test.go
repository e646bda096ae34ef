package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestReversedAfterAPartWentBack: of a payment that stays, myPOS may call what we
// have given back in part "reversed". The customer is not asked for all of it again.
func TestReversedAfterAPartWentBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		w.answers(payments.Paid, "813705")
		time.Sleep(20 * time.Minute)
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(2000)}); err != nil {
			t.Fatal(err)
		}
		w.comesTo(s.ID, app.PartRefunded, 2500)
		w.answers(payments.Reversed, "813705")
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		got := w.comesTo(s.ID, app.Unknown, 0)
		if a := got.Attempts[0]; a.Reason != app.ReasonContradiction || a.Left() != 0 || a.Refunds[0].State != app.RefundDone {
			t.Errorf("%+v", a)
		}
		_, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{})
		refusedCode(t, err, "sale.unknown")
	})
}
