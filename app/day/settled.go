package day

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/app"
)

// shortDoubt is how long a payment may be unknown without a line of its own: a
// first answer waits a minute for the second.
const shortDoubt = 10 * time.Minute

// settled are the differences of a period that are answered, newest first.
func (b *Book) settled(ctx context.Context, p app.Period) ([]Difference, error) {
	ids, err := b.cfg.Ledger.Troubled(ctx, p, maxDifferences)
	if err != nil {
		return nil, err
	}
	var list []Difference
	for _, id := range ids {
		events, err := b.cfg.Ledger.Sale(ctx, id)
		if err != nil {
			return nil, err
		}
		if d, ok := answered(events); ok {
			d.Key = "settled/" + string(id)
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b Difference) int {
		return cmp.Or(b.Done.Compare(a.Done), cmp.Compare(b.Sale.Seq, a.Sale.Seq))
	})
	return list, nil
}

// answered tells how the last trouble of a sale ended; false when there was none,
// or when it has not.
func answered(events []app.Event) (Difference, bool) {
	last := app.Fold(events)
	d := Difference{Sale: last}
	if len(events) > 0 && events[0].Source == app.FromList {
		d.Code, d.How, d.At, d.Done, d.By = NotHere, HowAdded, last.Created, last.Created, last.Operator
	}
	trouble := "" // that stands
	for n, e := range events {
		now := app.Fold(events[:n+1])
		code := troubleOf(now.State)
		switch {
		case code != "" && code != trouble:
			d.Code, d.At, d.How, d.Done, d.By, trouble = code, e.Wall, "", time.Time{}, "", code
		case code != "" && now.Answered && e.Kind == app.AlarmAnswered:
			d.How, d.Done, d.By = HowKept, e.Wall, e.Operator
		case code == "" && trouble != "" && now.State != app.Preparing && !now.Live():
			d.How, d.Done, d.Way, trouble = howOf(d.Code, e), e.Wall, lastWay(now), ""
			if d.By = e.Operator; d.How != HowKnown {
				d.By = cmp.Or(d.By, lastOperator(events[:n+1]))
			}
		}
	}
	if d.Code == NotKnown && d.Done.Sub(d.At) < shortDoubt && d.By == "" {
		return d, false
	}
	return d, d.How != "" && (troubleOf(last.State) == "" || last.Answered)
}

// troubleOf is the code of the difference that a state of a sale is; empty for
// none.
func troubleOf(s app.State) string {
	switch s {
	case app.Unknown:
		return NotKnown
	case app.Reversed:
		return TakenBack
	case app.Overpaid:
		return PaidTwice
	case app.PaidLate:
		return PaidLate
	}
	return ""
}

// howOf is how an event ended the trouble.
func howOf(code string, e app.Event) How {
	switch {
	case e.Kind == app.LateKept:
		return HowKept
	case code == TakenBack:
		return HowPaidAgain
	case code == PaidTwice, code == PaidLate:
		return HowRefunded
	}
	return HowKnown
}

// lastOperator is who acted last.
func lastOperator(events []app.Event) string {
	for _, e := range slices.Backward(events) {
		if e.Operator != "" {
			return e.Operator
		}
	}
	return ""
}

// lastWay names the device, or else the rail, of the newest attempt.
func lastWay(s app.Sale) string {
	if len(s.Attempts) == 0 {
		return ""
	}
	a := s.Attempts[len(s.Attempts)-1]
	return cmp.Or(a.DeviceLabel, string(a.Rail))
}
