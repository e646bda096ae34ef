package app_test

import (
	"context"
	"fmt"
	"testing"

	"frontdesk/app"
	"frontdesk/payments"
)

// Somebody who asks once more for a refund that is not known does not give the
// other payment of the sale back: that one goes back by name only.
func TestARefundThatIsNotKnownIsNotTakenFromTheOtherPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	s, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range s.Attempts {
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: fmt.Sprint(i), Amount: a.Amount})
	}
	w.comesTo(s.ID, app.Overpaid, 9000)
	w.rail.set(func(f *fakeRail) {
		f.refund = func(context.Context, app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	once := app.RefundRequest{Amount: eur(4500)}
	if _, err := w.till.Refund(t.Context(), s.ID, once); err != nil {
		t.Fatal(err)
	}
	_, err = w.till.Refund(t.Context(), s.ID, once)
	refusedCode(t, err, "refund.busy")
	plan, err := w.till.RefundPlan(t.Context(), s.ID, app.RefundRequest{})
	if err != nil || payments.CodeOf(plan.Block) != "refund.busy" {
		t.Errorf("%+v, %v", plan, err)
	}
	if n := len(w.rail.refunds); n != 1 {
		t.Fatalf("sent %d times", n)
	}
	named := s.Attempts[0].ID
	if s = w.sale(s.ID); s.Attempts[0].Left() == 0 {
		named = s.Attempts[1].ID
	}
	if _, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(4500), Attempt: named}); err != nil {
		t.Error(err)
	}
}
