package app

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments/money"
)

// resolveAfter is how long an attempt must have been unknown before a person
// may answer for the provider (product.md 4 rule 4).
const resolveAfter = 24 * time.Hour

// resolveTerminal is the same for terminals, which are asked for three minutes
// and block everything else until they are settled: whoever stands in front of
// one can read its last transaction (spec/terminals 3.10).
const resolveTerminal = lostFor

// minEvidence is the fewest digits in a row that can name a payment: the last
// four of a card.
const minEvidence = 4

// Resolve records an operator's answer about an attempt, or a refund, that was
// unknown for a day (three minutes on a terminal). The evidence holds a number:
// the reference or last four of the payment, or reference and time of the last
// transaction that is shown when there was none (product.md 4 rule 4). Later
// evidence of the provider outranks the answer.
func (t *Till) Resolve(ctx context.Context, id SaleID, r Resolution) error {
	name, err := t.allow(ctx, "resolve", Actor{Operator: r.Operator, PIN: r.PIN}, operators.Resolve, money.Amount{})
	if err != nil {
		return err
	}
	r.Operator = name
	return t.do(ctx, func() error { return t.desk.resolve(id, r) })
}

func (d *desk) resolve(id SaleID, r Resolution) error {
	h, err := d.known("resolve", id)
	if err != nil {
		return err
	}
	r.Evidence = strings.TrimSpace(r.Evidence)
	switch {
	case holdsCardNumber(r.Evidence):
		return refuse("resolve", "note.card", nil)
	case !holdsNumber(r.Evidence), !r.Paid && !holdsTime(r.Evidence):
		return refuse("resolve", "resolve.evidence", nil)
	}
	all := unresolved(h.sale, r)
	if len(all) == 0 {
		return refuse("resolve", "resolve.known", nil)
	}
	early := slices.IndexFunc(all, func(q unanswered) bool { return d.t.cfg.Now().Before(q.from) })
	switch {
	case early == 0:
		return refuse("resolve", all[0].early, nil)
	case early > 1, early < 0 && len(all) > 1:
		return refuse("resolve", "resolve.which", nil) // evidence of one of them is none of the other
	}
	return d.resolved(h, all[0].attempt, r)
}

func (d *desk) resolved(h *held, a Attempt, r Resolution) error {
	e := desksEvent(h, a.ID, Resolved, ResolveData{Paid: r.Paid, Evidence: r.Evidence, Refund: r.Refund})
	e.Source, e.Operator, e.Reference = FromOperator, r.Operator, strconv.FormatInt(h.sale.Revision, 10)
	return d.commit([]Event{e}, nil)
}

// unanswered is an attempt, or one of its refunds, that is not known: from when on a
// person may answer for the provider, and the code of before.
type unanswered struct {
	attempt Attempt
	from    time.Time
	early   string
}

// unresolved lists what the answer may be about, what may be answered first before
// the others.
func unresolved(s Sale, r Resolution) (all []unanswered) {
	for _, a := range s.Attempts {
		unknown, since, onTerminal := a.State == Unknown, a.Unsure, a.Device != ""
		if r.Refund != "" {
			i := slices.IndexFunc(a.Refunds, func(o Refund) bool { return o.OrderID == r.Refund && o.State == RefundUnknown })
			if unknown = i >= 0; unknown {
				// Through the account it stands on no terminal that could be read.
				since, onTerminal = a.Refunds[i].Asked, onTerminal && a.Refunds[i].Way != RefundOnline
			}
		}
		may, code := since.Add(resolveAfter), "resolve.early"
		if onTerminal {
			may, code = since.Add(resolveTerminal), "resolve.soon"
		}
		if unknown && (r.Attempt == "" || r.Attempt == a.ID) {
			all = append(all, unanswered{a, may, code})
		}
	}
	slices.SortStableFunc(all, func(a, b unanswered) int { return a.from.Compare(b.from) })
	return all
}

// holdsNumber reports whether there are enough digits in a row.
func holdsNumber(s string) bool {
	run := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			run = 0
			continue
		}
		if run++; run >= minEvidence {
			return true
		}
	}
	return false
}

// holdsTime reports whether the text names a time of day: 14:03, 9.30.
func holdsTime(s string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for i := range len(s) {
		if (s[i] == ':' || s[i] == '.') && digit(i-1) && digit(i+1) && digit(i+2) && !digit(i+3) {
			return true
		}
	}
	return false
}

// Keep answers an alarm: a late payment is accepted and the sale is paid, a
// second payment or money taken back is acknowledged and no longer shown as an
// alarm.
func (t *Till) Keep(ctx context.Context, id SaleID, operator string) error {
	name, err := t.allow(ctx, "keep", Actor{Operator: operator}, operators.Charge, money.Amount{})
	if err != nil {
		return err
	}
	return t.do(ctx, func() error { return t.desk.accept(id, name) })
}

func (d *desk) accept(id SaleID, operator string) error {
	h, err := d.known("keep", id)
	if err != nil {
		return err
	}
	if !slices.Contains([]State{PaidLate, Overpaid, Reversed}, h.sale.State) {
		return refuse("keep", "sale.done", nil)
	}
	var events []Event
	revision := strconv.FormatInt(h.sale.Revision, 10)
	for _, a := range h.sale.Attempts {
		if a.State == PaidLate {
			e := desksEvent(h, a.ID, LateKept, nil)
			e.Source, e.Operator, e.Reference = FromOperator, operator, revision
			events = append(events, e)
		}
	}
	if h.sale.State != PaidLate {
		e := desksEvent(h, "", AlarmAnswered, nil)
		e.Source, e.Operator, e.Reference = FromOperator, operator, revision
		events = append(events, e)
	}
	return d.commit(events, nil)
}
