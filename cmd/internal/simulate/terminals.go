package simulate

import (
	"context"
	"maps"
	"slices"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
)

// checkTerminals: what moved on a terminal stands in exactly one attempt or
// refund, and what they say moved did.
func (w *world) checkTerminals(all map[string]entry, charges []pos.Charge) {
	real := map[string]pos.Charge{} // by the name of the transaction
	orders := map[string]int{}      // charges by OrderID
	for _, c := range charges {
		if typed(c) {
			continue
		}
		if _, twice := real[c.SID]; twice {
			w.fail("%s was charged twice on terminal %s", c.SID, c.TID)
		}
		real[c.SID] = c
		if c.Kind == pos.ChargeSale && c.ReferenceNumber != "" {
			orders[c.ReferenceNumber]++
		}
	}
	for id, n := range orders {
		if n > 1 {
			w.fail("the customer of %s was charged %d times for one attempt", all[id], n)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		e := all[id]
		if e.attempt.Rail != payments.RailTerminal || adopted(e.attempt) {
			continue
		}
		c, moved := real[e.attempt.SID]
		delete(real, e.attempt.SID)
		w.checkCharge(e, c, moved)
		for _, r := range e.attempt.Refunds {
			back, given := real[r.SID]
			delete(real, r.SID)
			undone := moved && c.State == pos.StateReversed && r.Amount == e.attempt.Amount
			switch {
			case r.State == app.RefundDone && !given && !undone:
				w.fail("refund %s of %s is done, and was never made", r.OrderID, e)
			case r.State == app.RefundFailed && given:
				w.fail("refund %s of %s has failed, and was made", r.OrderID, e)
			case given && (back.Kind != pos.ChargeRefund || back.Minor != r.Amount.Minor):
				w.fail("refund %s of %s is %s, in truth %s", r.OrderID, e, r.Amount.Decimal(), back.Amount)
			}
		}
	}
	for _, sid := range slices.Sorted(maps.Keys(real)) {
		w.fail("a %s on terminal %s nobody knows: %s", real[sid].Kind, real[sid].TID, sid)
	}
}

// checkSaid: of a payment that was charged and stayed, nobody was ever told that it
// was not. The list would tell the truth in the end, when it is too late.
func (w *world) checkSaid(ctx context.Context, charges []pos.Charge) {
	stayed := map[string]bool{}
	for _, c := range charges {
		stayed[c.SID] = c.State == pos.StateApproved && !typed(c)
	}
	for _, d := range w.desks {
		l := d.life()
		if l == nil {
			continue
		}
		sales, err := everySale(ctx, l.disk)
		if err != nil {
			w.fail("%s: %v", d.name, err)
		}
		for _, s := range sales {
			if !slices.ContainsFunc(s.Attempts, func(a app.Attempt) bool { return stayed[a.SID] }) {
				continue
			}
			events, err := l.disk.Sale(ctx, s.ID)
			if err != nil {
				w.fail("%s: %v", d.name, err)
			}
			for n := range events {
				for _, a := range app.Fold(events[:n+1]).Attempts {
					if stayed[a.SID] && (a.State == app.NotCharged || a.State == app.Declined) {
						w.fail("charged, and was said to be %s %s: %s", a.State, a.Reason, a.OrderID)
					}
				}
			}
		}
	}
}

// checkCharge compares one attempt with what moved.
func (w *world) checkCharge(e entry, c pos.Charge, moved bool) {
	a := e.attempt
	var done int64
	for _, r := range a.Refunds {
		if r.State == app.RefundDone {
			done += r.Amount.Minor
		}
	}
	switch {
	case took(a) && !moved:
		w.fail("paid without a charge: %s", e)
	case !took(a) && moved && c.State == pos.StateApproved:
		w.fail("not paid, and charged in truth: %s", e)
	case moved && c.Minor+c.TipMinor != a.Amount.Minor+a.Tip.Minor && c.Minor+c.TipMinor != a.Amount.Minor:
		w.fail("%s: %d were charged", e, c.Minor+c.TipMinor)
	case took(a) && c.State == pos.StateReversed && done != a.Amount.Minor:
		w.fail("%s was reversed on the terminal, and the journal has given back %d", e, done)
	}
}
