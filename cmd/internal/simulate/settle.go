package simulate

import (
	"context"

	"frontdesk/app"
	"frontdesk/payments"
)

// settle is what the owner does the next morning: looks at what is not known, and
// answers what nobody but a person can, with what myPOS shows in hand.
func (w *world) settle() {
	ctx := context.Background()
	truth := w.mypos.Truth()
	real := map[string]string{} // refunds that were made, by OrderID
	for _, r := range truth.Refunds {
		real[r.OrderID] = r.Reference
	}
	for id, e := range w.attempts(ctx) {
		var till *app.Till
		for _, d := range w.desks {
			if d.name == e.desk && d.life() != nil {
				till = d.life().till
			}
		}
		if till == nil {
			continue
		}
		if e.attempt.State == app.Unknown && e.attempt.Rail == payments.RailLink && e.attempt.Reason != app.ReasonContradiction && e.attempt.Reason != app.ReasonOlder {
			w.fail("unknown although myPOS can be asked: %s", e)
		}
		if e.attempt.State == app.Unknown && e.attempt.Rail == payments.RailLink {
			r := app.Resolution{Evidence: "0000 at 12:00", Operator: "Owner"}
			for _, p := range truth.Payments {
				if p.OrderID == id && p.State == "approved" {
					r.Paid, r.Evidence = true, p.Reference
				}
			}
			w.answer(ctx, till, e, r)
		}
		for _, f := range e.attempt.Refunds {
			if f.State != app.RefundUnknown || e.attempt.Rail != payments.RailLink {
				continue
			}
			r := app.Resolution{Evidence: "0000 at 12:00", Operator: "Owner", Refund: f.OrderID}
			if reference, made := real[f.OrderID]; made {
				r.Paid, r.Evidence = true, reference
			}
			w.answer(ctx, till, e, r)
		}
	}
}

func (w *world) answer(ctx context.Context, t *app.Till, e entry, r app.Resolution) {
	err := t.Resolve(ctx, e.sale.ID, r)
	what := "payment"
	if r.Refund != "" {
		what = "refund " + r.Refund
	}
	w.trace.add("owner: %s of %s: took place %v", what, e, r.Paid)
	if err != nil {
		w.fail("resolving %s of %s: %v", what, e, err)
	}
}
