package simulate

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator"
)

// entry is one attempt of one desk.
type entry struct {
	desk    string
	sale    app.Sale
	attempt app.Attempt
}

func (e entry) String() string {
	return fmt.Sprintf("%s %s %s %s (%s %s)", e.desk, e.sale.Note, e.attempt.Rail, e.attempt.OrderID, e.attempt.State, e.attempt.Reason)
}

// attempts returns every attempt of every desk by OrderID. An OrderID stands in
// one attempt.
func (w *world) attempts(ctx context.Context) map[string]entry {
	all := map[string]entry{}
	for _, d := range w.desks {
		l := d.life()
		if l == nil {
			w.fail("%s is not there in the end", d.name)
			continue
		}
		sales, err := everySale(ctx, l.disk)
		if err != nil {
			w.fail("%s: reading the journal: %v", d.name, err)
		}
		for _, s := range sales {
			for _, a := range s.Attempts {
				if a.OrderID == "" {
					continue
				}
				if was, twice := all[a.OrderID]; twice && w.same(was, s) {
					w.fail("%s stands in %s and in sale %s of %s", a.OrderID, was, s.ID, d.name)
				}
				all[a.OrderID] = entry{d.name, s, a}
			}
		}
	}
	return all
}

// same reports whether two entries may not stand beside each other: a payment
// that was found is entered by every desk that heard of it.
func (w *world) same(was entry, s app.Sale) bool { return was.sale.ID != s.ID }

func everySale(ctx context.Context, j app.Journal) (all []app.Sale, err error) {
	q := app.Query{Limit: 200}
	for {
		page, err := j.Sales(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, s := range page {
			events, err := j.Sale(ctx, s.ID)
			if err != nil {
				return nil, err
			}
			all = append(all, app.Fold(events))
			q.Before = s.Seq
		}
		if len(page) < 200 {
			return all, nil
		}
	}
}

// took reports whether an attempt says that money was taken and is not back by
// myPOS's own doing.
func took(a app.Attempt) bool {
	return slices.Contains([]app.State{app.Paid, app.PaidLate, app.PartRefunded, app.Refunded, app.Found}, a.State)
}

// check compares what the desks say with what really happened.
func (w *world) check(ctx context.Context) {
	all, truth := w.attempts(ctx), w.mypos.Truth()
	paid := w.checkPayments(all, truth)
	w.checkRefunds(all, truth)
	w.checkTerminals(all, truth.Terminal)
	w.checkSaid(ctx, truth.Terminal)
	w.checkTyped(all, truth.Terminal)
	w.checkMatch(ctx, all, truth)
	w.checkLedger(ctx, all, truth)
	for _, id := range slices.Sorted(maps.Keys(all)) {
		e := all[id]
		w.trace.add("in the end: %s, sale %s, %d refunds", e, e.sale.State, len(e.attempt.Refunds))
		if e.attempt.Rail == payments.RailLink && took(e.attempt) && !paid[id] {
			w.fail("paid without a payment: %s", e)
		}
		if e.attempt.State == app.Reversed && e.sale.State != app.Reversed && !slices.ContainsFunc(e.sale.Attempts, took) {
			w.fail("taken back, and the sale says %s: %s", e.sale.State, e)
		}
		if e.attempt.State == app.Unknown || e.attempt.Live() {
			w.fail("still open: %s", e)
		}
		for _, r := range e.attempt.Refunds {
			if r.State == app.RefundUnknown || r.State == app.RefundPending {
				w.fail("refund still open: %s of %s", r.OrderID, e)
			}
		}
	}
	for _, d := range w.desks {
		w.checkJournal(ctx, d)
	}
}

// checkPayments: every real payment stands in exactly one attempt.
func (w *world) checkPayments(all map[string]entry, truth simulator.Truth) map[string]bool {
	paid := map[string]bool{}
	for _, p := range truth.Payments {
		e, known := all[p.OrderID]
		a := e.attempt
		switch {
		case !known:
			w.fail("a payment nobody knows: %s %s of %s", p.State, p.Reference, p.OrderID)
			continue
		case a.Amount.Minor != p.Minor || string(a.Amount.Currency) != p.Currency:
			w.fail("%s: %s were paid", e, p.Amount)
		}
		if p.State == simulator.StateReversed {
			if took(a) {
				w.fail("paid, and taken back in truth: %s", e)
			}
			continue
		}
		if paid[p.OrderID] {
			w.fail("paid twice under one order: %s", e)
		}
		paid[p.OrderID] = true
		switch {
		case !took(a):
			w.fail("not paid, and paid in truth: %s", e)
		case a.Reference != p.Reference:
			w.fail("%s has reference %s, in truth %s", e, a.Reference, p.Reference)
		}
	}
	return paid
}

// checkRefunds: no refund is made twice, forgotten, or more than was paid.
func (w *world) checkRefunds(all map[string]entry, truth simulator.Truth) {
	real := map[string]simulator.TruthRefund{}
	given := map[string]int64{}
	for _, r := range truth.Refunds {
		if _, twice := real[r.OrderID]; twice {
			w.fail("refund %s was made twice", r.OrderID)
		}
		real[r.OrderID] = r
		given[r.Payment] += r.Minor
	}
	for _, p := range truth.Payments {
		if given[p.Reference] > p.Minor {
			w.fail("more was given back of %s than was paid", p.OrderID)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		e := all[id]
		if e.attempt.Rail != payments.RailLink {
			continue
		}
		for _, r := range e.attempt.Refunds {
			t, made := real[r.OrderID]
			delete(real, r.OrderID)
			switch {
			case r.State == app.RefundDone && !made:
				w.fail("refund %s of %s is done, and was never made", r.OrderID, e)
			case r.State == app.RefundFailed && made:
				w.fail("refund %s of %s has failed, and was made", r.OrderID, e)
			case made && t.Minor != r.Amount.Minor:
				w.fail("refund %s of %s is %s, in truth %s", r.OrderID, e, r.Amount.Decimal(), t.Amount)
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(real)) {
		w.fail("a refund nobody knows: %s", id)
	}
}

// checkJournal: the chain holds, and the tables are what the events come to.
func (w *world) checkJournal(ctx context.Context, d *desk) {
	l := d.life()
	if l == nil {
		return
	}
	v, err := l.book.Verify(ctx)
	if err != nil || v.Bad != 0 {
		w.fail("%s: the chain: line %d: %s %v", d.name, v.Bad, v.Why, err)
	}
	w.checkTables(ctx, d, l)
}
