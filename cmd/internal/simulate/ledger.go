package simulate

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// account is what one order moved: at the customer's side in truth, at the
// salon's side in the books. The two sides come to nothing.
type account struct{ customer, salon int64 }

// checkLedger: double entry between what happened and what is booked, order by
// order; and every closed day is the sum of its lines.
func (w *world) checkLedger(ctx context.Context, all map[string]entry, truth simulator.Truth) {
	orders := map[string]account{}
	move := func(order string, customer, salon int64) {
		a := orders[order]
		a.customer, a.salon = a.customer+customer, a.salon+salon
		orders[order] = a
	}
	for order, minor := range paidInTruth(all, truth) {
		move(order, -minor, 0)
	}
	var salon, received int64
	for _, d := range w.desks {
		l := d.life()
		if l == nil {
			continue
		}
		for _, p := range w.lines(ctx, d, l) {
			salon += p.Amount.Minor
			if p.Rail != payments.RailCash {
				move(p.OrderID, 0, p.Amount.Minor)
			}
		}
		sales, err := everySale(ctx, l.disk)
		if err != nil {
			w.fail("%s: %v", d.name, err)
		}
		for _, s := range sales {
			received += s.Received.Minor
		}
	}
	for _, order := range slices.Sorted(maps.Keys(orders)) {
		if a := orders[order]; a.customer+a.salon != 0 {
			w.fail("the accounts of %s do not come to nothing: customer %d, salon %d", all[order], a.customer, a.salon)
		}
	}
	if salon != received {
		w.fail("%d are booked and %d received", salon, received)
	}
}

// paidInTruth is what stays with the salon of each order.
func paidInTruth(all map[string]entry, truth simulator.Truth) map[string]int64 {
	net, order := map[string]int64{}, map[string]string{}
	for _, p := range truth.Payments {
		order[p.Reference] = p.OrderID
		if p.State == simulator.StateApproved {
			net[p.OrderID] += p.Minor
		}
	}
	for _, r := range truth.Refunds {
		net[order[r.Payment]] -= r.Minor
	}
	sids := map[string]string{}
	for id, e := range all {
		sids[e.attempt.SID] = id
		for _, r := range e.attempt.Refunds {
			sids[r.SID] = id
		}
	}
	added := adoptions(all)
	for _, c := range truth.Terminal {
		switch list := added[lineOf(c)]; {
		case c.State != pos.StateApproved:
		case typed(c) && len(list) == 0: // nobody here knows
		case typed(c):
			net[list[0]] += c.Minor
		case c.Kind == pos.ChargeRefund:
			net[sids[c.SID]] -= c.Minor
		default:
			net[sids[c.SID]] += c.Minor + c.TipMinor
		}
	}
	return net
}

// lines are all postings of a desk. Those of a closed day must be what was sealed.
func (w *world) lines(ctx context.Context, d *desk, l *life) (all []app.Posting) {
	add := func(p app.Period) (sum int64) {
		err := l.book.Postings(ctx, p, func(o app.Posting) error {
			all = append(all, o)
			sum += o.Amount.Minor
			return nil
		})
		if err != nil {
			w.fail("%s: postings: %v", d.name, err)
		}
		return sum
	}
	closed, err := l.book.Days(ctx, "", 100)
	if err != nil {
		w.fail("%s: days: %v", d.name, err)
	}
	for _, c := range closed {
		var sealed int64
		for _, t := range c.Totals {
			sealed += t.Net()
		}
		if sum := add(app.Period{Day: c.Day}); sum != sealed {
			w.fail("%s: the day %s was closed with %d and holds %d", d.name, c.Day, sealed, sum)
		}
	}
	add(app.Period{To: time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)})
	return all
}

// checkTables: what is searched and shown is what the events come to, and comes
// out the same when it is made again.
func (w *world) checkTables(ctx context.Context, d *desk, l *life) {
	before := w.tables(ctx, d, l)
	if err := l.book.Rebuild(ctx); err != nil {
		w.fail("%s: rebuilding: %v", d.name, err)
	}
	after := w.tables(ctx, d, l)
	if len(before) != len(after) {
		w.fail("%s: %d lines, rebuilt %d", d.name, len(before), len(after))
		return
	}
	for i := range before {
		if before[i] != after[i] {
			w.fail("%s: rebuilt differently: %s, before %s", d.name, after[i], before[i])
		}
	}
}

// tables prints every projection of a journal, a line each.
func (w *world) tables(ctx context.Context, d *desk, l *life) (text []string) {
	add := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			w.fail("%s: %v", d.name, err)
		}
		text = append(text, string(b))
	}
	for before := int64(0); ; {
		page, err := l.book.Sales(ctx, app.Query{Before: before, Limit: 100})
		if err != nil {
			w.fail("%s: %v", d.name, err)
		}
		for _, s := range page {
			before = s.Seq
			add(s)
			events, err := l.book.Sale(ctx, s.ID)
			if err != nil {
				w.fail("%s: %v", d.name, err)
			}
			w.equal(d, s, app.Fold(events))
		}
		if len(page) < 100 {
			break
		}
	}
	for _, p := range w.lines(ctx, d, l) {
		add(p)
	}
	return text
}

func (w *world) equal(d *desk, shown, folded app.Sale) {
	a, errA := json.Marshal(shown)
	b, errB := json.Marshal(folded)
	if errA != nil || errB != nil || string(a) != string(b) {
		w.fail("%s: a sale is shown as %s and comes to %s", d.name, a, b)
	}
}

// closeDay closes the business day of a desk, as its owner does in the evening,
// and opens it again when somebody has second thoughts.
func (w *world) closeDay(ctx context.Context, d *desk, again bool) {
	l := d.life()
	if l == nil {
		return
	}
	book, err := day.New(day.Config{Ledger: l.disk, Till: l.till, Matcher: l.compare, Mode: payments.Live, Now: d.wall.now, Zone: time.UTC})
	if err != nil {
		w.fail("%s: %v", d.name, err)
		return
	}
	owner := app.Actor{Operator: "Owner"}
	r, err := book.Close(ctx, owner, "", true)
	w.trace.add("%s: closes the day: %v", d.name, payments.CodeOf(err))
	if payments.CodeOf(err) == "day.differs" {
		w.fail("%s: the two ways to add up the day differ", d.name)
	}
	if err == nil && again {
		err = book.Reopen(ctx, owner, r.Day)
		w.trace.add("%s: opens the day again: %v", d.name, payments.CodeOf(err))
	}
}
