package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestNoMoneyIsAskedBackByWhatAPersonTyped: the last four of a card may be the
// number of somebody else's payment. When myPOS tells the number, it goes by that.
func TestNoMoneyIsAskedBackByWhatAPersonTyped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.rollback(s)
		time.Sleep(25 * time.Hour)
		w.want(s.ID, app.Unknown)
		if err := w.till.Resolve(context.Background(), s.ID, app.Resolution{Paid: true, Evidence: "1234", Operator: "Anna"}); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
		plan, err := w.till.RefundPlan(context.Background(), s.ID, app.RefundRequest{})
		if err != nil || payments.CodeOf(plan.Block) != "refund.portal" || plan.By != app.SendsPortal || plan.Reference != "1234" {
			t.Errorf("planned %+v, %v", plan, err)
		}
		_, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500)})
		refusedCode(t, err, "refund.portal")
		if len(w.rail.refunds) != 0 {
			t.Fatalf("asked for %+v", w.rail.refunds)
		}
		w.answers(payments.Paid, "813705")
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500)}); err != nil {
			t.Fatal(err)
		}
		if len(w.rail.refunds) != 1 || w.rail.refunds[0].Reference != "813705" {
			t.Errorf("asked for %+v", w.rail.refunds)
		}
	})
}
