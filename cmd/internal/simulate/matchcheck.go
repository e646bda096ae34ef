package simulate

import (
	"context"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// origin is what a line of the list is in truth.
type origin struct {
	attempt string // OrderID of the attempt; empty when nobody here has begun it
	refund  string // OrderID of the refund that it is; empty for none
	out     bool
	tid     string
	at      time.Time
}

// origins are the lines that the list must hold, by their reference.
func origins(all map[string]entry, truth simulator.Truth) map[string]origin {
	lines, order := map[string]origin{}, map[string]string{}
	for _, p := range truth.Payments {
		order[p.Reference] = p.OrderID
		lines["MTCOR"+p.Reference+"XXK7"] = origin{attempt: p.OrderID, at: p.At}
	}
	for _, r := range truth.Reversals {
		lines["REV"+r.Reference] = origin{attempt: r.OrderID, out: true, at: r.At}
	}
	for _, r := range truth.Refunds {
		lines["RFD"+r.Reference] = origin{attempt: order[r.Payment], refund: r.OrderID, out: true, at: r.At}
	}
	attempts, refunds := map[string]string{}, map[string]string{} // by the name of the transaction
	for id, e := range all {
		attempts[e.attempt.SID] = id
		for _, r := range e.attempt.Refunds {
			attempts[r.SID], refunds[r.SID] = id, r.OrderID
		}
	}
	added := adoptions(all)
	for _, c := range truth.Terminal {
		o := origin{attempt: attempts[c.SID], out: c.Kind == pos.ChargeRefund, tid: c.TID, at: c.At}
		if o.out {
			o.refund = refunds[c.SID]
		}
		if list := added[lineOf(c)]; len(list) > 0 {
			o.attempt = list[0]
		}
		lines[lineOf(c)] = o
		if c.State == pos.StateReversed {
			o.out, o.refund = !o.out, ""
			lines["REV"+lineOf(c)] = o
		}
	}
	return lines
}

// checkMatch: when the list is whole, everything that holds money agrees with it,
// line by line, and what differs differs in truth.
func (w *world) checkMatch(ctx context.Context, all map[string]entry, truth simulator.Truth) {
	lines := origins(all, truth)
	for _, d := range w.desks {
		l := d.life()
		if l == nil {
			continue
		}
		w.compare(ctx, d)
		m := l.compare.Matched()
		if m.State != day.MatchDone {
			w.fail("%s: the list was not compared: %s %s", d.name, m.State, m.Code)
			continue
		}
		sales, err := everySale(ctx, l.disk)
		if err != nil {
			w.fail("%s: %v", d.name, err)
		}
		w.checkAgreed(d, m.Result, sales, lines)
		w.checkApart(ctx, d, l, m.Result, lines)
	}
}

// checkAgreed: each movement of money agrees with its own line, each line with one.
func (w *world) checkAgreed(d *desk, r reconcile.Result, sales []app.Sale, lines map[string]origin) {
	orders := map[app.AttemptID]string{}
	for _, s := range sales {
		for _, a := range s.Attempts {
			orders[a.ID] = a.OrderID
		}
	}
	agreed, used := map[string]bool{}, map[string]bool{}
	for _, p := range r.Agree {
		o, listed := lines[p.Line.Reference]
		switch {
		case used[p.Line.Reference]:
			w.fail("%s: a line is used twice, again for %s", d.name, p.Move.Order)
		case !listed, o.attempt != orders[p.Move.Attempt], o.out != (p.Move.Kind == reconcile.Out):
			w.fail("%s: %s agrees with a line of %s", d.name, p.Move.Order, o.attempt)
		case p.By == reconcile.ByName && o.refund != "" && o.refund != p.Move.Order:
			w.fail("%s: refund %s agrees with the line of %s", d.name, p.Move.Order, o.refund)
		}
		used[p.Line.Reference], agreed[p.Move.ID] = true, true
	}
	for _, s := range sales {
		for _, a := range s.Attempts {
			if a.Rail == payments.RailCash {
				continue
			}
			if took(a) && !agreed[string(a.ID)] {
				w.fail("%s: holds money, and no line agrees: %s", d.name, entry{d.name, s, a})
			}
			for _, f := range a.Refunds {
				if f.State == app.RefundDone && !agreed[f.OrderID] {
					w.fail("%s: refund %s is done, and no line agrees: %s", d.name, f.OrderID, entry{d.name, s, a})
				}
			}
		}
	}
}

// checkApart: what does not agree is what people typed on a terminal of the desk
// and nobody added, all of it, since the desk began to take money.
func (w *world) checkApart(ctx context.Context, d *desk, l *life, r reconcile.Result, lines map[string]origin) {
	for what, n := range map[string]int{
		"other amounts": len(r.Differs), "evidence that was not taken": len(r.Settled), "doubts": len(r.Doubt),
		"not listed": len(r.NotListed), "refunds not listed": len(r.RefundNotListed), "new": len(r.Fresh),
	} {
		if n > 0 {
			w.fail("%s: the whole list was compared: %d %s", d.name, n, what)
		}
	}
	left := map[string]int64{}
	for _, one := range r.Undone {
		o, minor := lines[one.Reference], one.Amount.Minor
		if o.out {
			minor = -minor
		}
		left[o.attempt] += minor
	}
	for order, minor := range left {
		if order == "" || minor != 0 {
			w.fail("%s: %d of order %q is called undone", d.name, minor, order)
		}
	}
	since, err := l.book.FirstSale(ctx)
	if err != nil {
		w.fail("%s: %v", d.name, err)
	}
	since = since.Truncate(time.Minute)
	want := map[string]origin{}
	for reference, o := range lines {
		mine := slices.ContainsFunc(d.stand.terms, func(t *pos.Terminal) bool { return t.TID == o.tid })
		if mine && o.attempt == "" && !o.at.Before(since) {
			want[reference] = o
		}
	}
	for i, list := range [][]reconcile.Loose{r.NotHere, r.RefundNotHere} {
		for _, one := range list {
			if o, there := want[one.Reference]; !there || o.out != (i == 1) {
				w.fail("%s: %s of %s is called not here", d.name, one.Kind, one.Amount.Decimal())
			}
			delete(want, one.Reference)
		}
	}
	for range want {
		w.fail("%s: a payment that somebody typed is not told", d.name)
	}
}
