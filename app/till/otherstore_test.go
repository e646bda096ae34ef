package till

import (
	"testing"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/payments"
)

// TestAPaymentOfTheStoreBefore goes back in the portal: its number may be that of
// somebody else's payment in the store that is connected now. A new key of the same
// store changes nothing.
func TestAPaymentOfTheStoreBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := w.connected()
	w.proven(d)
	s := w.mustCharge(d)
	w.pay(s.Attempts[0].Link)
	w.until(d, s.ID, app.Paid)
	if err := d.Staff().SetPIN(t.Context(), "", operators.FirstOwner, "4711"); err != nil {
		t.Fatal(err)
	}
	part := app.RefundRequest{Amount: euro(500), Actor: app.Actor{Operator: operators.FirstOwner, PIN: "4711"}}
	now := d.socket.now()
	store, mark := now.store.SID, now.mark

	now.store.SID = "000000000000099" // as after another pack was saved
	plan, err := d.Till().RefundPlan(t.Context(), s.ID, app.RefundRequest{})
	if err != nil || payments.CodeOf(plan.Block) != "refund.portal" || plan.By != app.SendsPortal {
		t.Errorf("planned %+v, %v", plan, err)
	}
	if _, err := d.Till().Refund(t.Context(), s.ID, part); payments.CodeOf(err) != "refund.portal" {
		t.Errorf("asked another store: %v", err)
	}

	now.store.SID, now.mark = store, "2.00000000"
	now.links[now.mark] = now.links[mark]
	if _, err := d.Till().Refund(t.Context(), s.ID, part); err != nil {
		t.Error(err)
	}
	if got, _, err := d.Till().Sale(t.Context(), s.ID); err != nil || got.State != app.PartRefunded {
		t.Errorf("%s, %v", got.State, err)
	}
}
