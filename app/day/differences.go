package day

import (
	"context"

	"frontdesk/app"
)

// maxDifferences bounds each kind of difference in a report.
const maxDifferences = 200

// Difference is something to look at before the day is closed. Code finds its
// sentence (app/text day.difference.CODE); Sale is zero where none is concerned.
type Difference struct {
	Code string
	Sale app.Sale
	// Money says that it is not known whether money moved, or that it moved in
	// a way nobody has answered yet: such a day is closed knowingly only.
	Money bool
}

// Codes of differences besides day.differs.
const (
	NotKnown      = "unknown"
	TakenBack     = "taken_back"
	PaidTwice     = "paid_twice"
	PaidLate      = "paid_late"
	FoundPayment  = "found"
	RefundUnknown = "refund_unknown"
	StillOpen     = "open"
)

// differences lists what is not settled, gravest first, whatever its day: it
// concerns the till as it stands.
func (b *Book) differences(ctx context.Context) ([]Difference, error) {
	kinds := []struct {
		code  string
		money bool
		query app.Query
		fits  func(app.Sale) bool
	}{
		{NotKnown, true, app.Query{States: []app.State{app.Unknown}}, nil},
		{RefundUnknown, true, app.Query{Unsettled: true}, nil},
		{TakenBack, true, app.Query{States: []app.State{app.Reversed}}, unanswered},
		{PaidTwice, true, app.Query{States: []app.State{app.Overpaid}}, unanswered},
		{PaidLate, true, app.Query{States: []app.State{app.PaidLate}}, nil},
		{FoundPayment, false, app.Query{States: []app.State{app.Found}}, nil},
		{StillOpen, false, app.Query{States: []app.State{app.Preparing, app.Offered, app.Opened, app.Declined, app.Cancelling}}, nil},
	}
	var list []Difference
	for _, k := range kinds {
		k.query.Limit = maxDifferences
		sales, err := b.cfg.Till.Sales(ctx, k.query)
		if err != nil {
			return nil, err
		}
		for _, s := range sales {
			if k.fits == nil || k.fits(s) {
				list = append(list, Difference{Code: k.code, Sale: s, Money: k.money})
			}
		}
	}
	return list, nil
}

func unanswered(s app.Sale) bool { return !s.Answered }
