package simulate

import (
	"context"
	"maps"
	"slices"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// settle is what the owner does the next morning: looks at what is not known, and
// answers what nobody but a person can, with what myPOS shows in hand.
func (w *world) settle() {
	ctx := context.Background()
	truth := w.mypos.Truth()
	all := w.attempts(ctx)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		e := all[id]
		till := w.till(e.desk)
		if till == nil {
			continue
		}
		if e.attempt.State == app.Unknown {
			if w.couldKnow(e, truth) {
				w.fail("unknown although it can be asked: %s", e)
			}
			w.answer(ctx, till, e, resolution(e, "", paidIn(e, truth)))
		}
		for _, r := range e.attempt.Refunds {
			if r.State == app.RefundUnknown {
				w.answer(ctx, till, e, resolution(e, r.OrderID, refundedIn(e, r, truth)))
			}
		}
	}
}

func (w *world) till(desk string) *app.Till {
	for _, d := range w.desks {
		if l := d.life(); l != nil && d.name == desk {
			return l.till
		}
	}
	return nil
}

// couldKnow reports whether a machine can tell what became of an attempt: myPOS
// of every link it is not contradicted about, a terminal of its last transaction,
// the list of a charge that names its order.
func (w *world) couldKnow(e entry, truth simulator.Truth) bool {
	a := e.attempt
	if a.Rail == payments.RailLink {
		return a.Reason != app.ReasonContradiction && a.Reason != app.ReasonOlder
	}
	last := map[string]pos.Charge{}
	for _, c := range truth.Terminal {
		last[c.TID] = c
		if c.SID == a.SID && c.ReferenceNumber == a.OrderID && c.State == pos.StateApproved && a.Reason != app.ReasonContradiction {
			return true
		}
	}
	for _, c := range last {
		if c.SID == a.SID && c.State == pos.StateApproved && a.Reason != app.ReasonContradiction {
			return true
		}
	}
	return false
}

// paidIn returns the reference of the payment of an attempt that stays, or "".
func paidIn(e entry, truth simulator.Truth) string {
	for _, p := range truth.Payments {
		if p.OrderID == e.attempt.OrderID && p.State == simulator.StateApproved {
			return p.Reference
		}
	}
	for _, c := range truth.Terminal {
		if c.SID == e.attempt.SID && e.attempt.SID != "" {
			return c.RRN
		}
	}
	return ""
}

// refundedIn returns the reference of a refund that was made, or "".
func refundedIn(e entry, r app.Refund, truth simulator.Truth) string {
	for _, t := range truth.Refunds {
		if t.OrderID == r.OrderID {
			return t.Reference
		}
	}
	for _, c := range truth.Terminal {
		if r.SID == "" || c.SID != r.SID && (c.SID != e.attempt.SID || c.State != pos.StateReversed) {
			continue
		}
		return c.RRN
	}
	return ""
}

// resolution is the owner's answer; an empty reference says that nothing moved.
func resolution(e entry, refund, reference string) app.Resolution {
	r := app.Resolution{Paid: reference != "", Evidence: reference, Operator: "Owner", Refund: refund, Attempt: e.attempt.ID}
	if !r.Paid {
		r.Evidence = "last one shown is 000000 at 12:00"
	}
	return r
}

func (w *world) answer(ctx context.Context, t *app.Till, e entry, r app.Resolution) {
	what := "payment"
	if r.Refund != "" {
		what = "refund " + r.Refund
	}
	w.trace.add("owner: %s of %s: took place %v", what, e, r.Paid)
	if err := t.Resolve(ctx, e.sale.ID, r); err != nil {
		w.fail("resolving %s of %s: %v", what, e, err)
	}
}
