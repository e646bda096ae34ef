package till

import (
	"testing"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
)

// TestATipThatIsAddedOnTheTerminal is money that came in: it counts, it agrees
// with myPOS's list, and what goes back as a whole goes back with it.
func TestATipThatIsAddedOnTheTerminal(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	tip, ok := pos.Named("tip")
	if !ok {
		t.Fatal("no such scenario")
	}
	if err := m.d.inside.terminal.Play(tip); err != nil {
		t.Fatal(err)
	}
	s := m.terminal()
	if a := s.Attempts[0]; s.Amount != euro(4750) || s.Received != euro(4750) || s.Added != euro(250) || a.Tip != euro(250) || s.State != app.Paid {
		t.Errorf("%+v", s)
	}
	r := m.report()
	m.want(r)
	if r.Totals[0].Payments != 4750 || r.Totals[0].Tips != 250 || r.Match.Agree != 1 || r.Match.Probable != 0 {
		t.Errorf("%+v %+v", r.Totals, r.Match)
	}
	plan, err := m.d.Till().RefundPlan(t.Context(), s.ID, app.RefundRequest{Amount: euro(4500)})
	if err != nil || plan.Way == app.RefundReversal {
		t.Errorf("a reversal gives back more than 45.00: %+v, %v", plan, err)
	}
	s = m.refund(s, 4750)
	if s.State != app.Refunded || s.Received != euro(0) || s.Refunded != euro(4750) {
		t.Errorf("%+v", s)
	}
	r = m.report()
	m.want(r)
	if r.Totals[0].Payments != 4750 || r.Totals[0].Refunds != -4750 {
		t.Errorf("%+v", r.Totals)
	}
	var reversed int64
	for _, c := range m.d.inside.terminal.Charges() {
		if c.State == pos.StateReversed {
			reversed += c.Minor + c.TipMinor
		}
	}
	if reversed != 4750 {
		t.Errorf("the terminal gave back %d", reversed)
	}
	paper, err := m.d.Receipt(t.Context(), s.ID, "")
	if err != nil || paper.Total != euro(4750) || paper.Tip != euro(250) || paper.Payments[0].Amount != euro(4750) || paper.Payments[0].Rail != payments.RailTerminal {
		t.Errorf("%+v, %v", paper, err)
	}
}
