package day

import (
	"context"
	"time"

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

	Key    string    // the same at every look as long as the difference stands
	Do     Do        // what the main button does
	At     time.Time // when it happened; zero when not known
	Entry  *Entry    // the line at myPOS, of the codes that compare with its list
	Refund string    // OrderID of the refund that is concerned; empty for the payment

	// Of Report.Settled only.
	How  How
	Done time.Time // when it was answered
	By   string    // operator who did; empty when it came right by itself
	Way  string    // label of the device, or the rail, on which it was paid again
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

	// Codes that compare with myPOS's list.
	NotHere         = "not_here"          // Entry: a payment at myPOS without a sale here
	NotListed       = "not_listed"        // a payment here that myPOS does not list
	AmountDiffers   = "amount_differs"    // listed with another amount, see Entry
	RefundNotListed = "refund_not_listed" // given back or taken back here, and not listed so
	RefundNotHere   = "refund_not_here"   // Entry: given back at myPOS, and not here
)

// differences lists what is not settled, gravest first, whatever its day: it
// concerns the till as it stands.
func (b *Book) differences(ctx context.Context) ([]Difference, error) {
	kinds := []struct {
		code  string
		money bool
		query app.Query
		fits  func(app.Sale) bool
		do    Do
	}{
		{NotKnown, true, app.Query{States: []app.State{app.Unknown}}, nil, DoCheck},
		{RefundUnknown, true, app.Query{Unsettled: true}, nil, DoCheck},
		{TakenBack, true, app.Query{States: []app.State{app.Reversed}}, unanswered, DoAskAgain},
		{PaidTwice, true, app.Query{States: []app.State{app.Overpaid}}, unanswered, DoRefund},
		{PaidLate, true, app.Query{States: []app.State{app.PaidLate}}, nil, DoKeep},
		{FoundPayment, false, app.Query{States: []app.State{app.Found}}, nil, DoOpen},
		{StillOpen, false, app.Query{States: []app.State{app.Preparing, app.Offered, app.Opened, app.Declined, app.Cancelling}}, nil, DoOpen},
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
				list = append(list, b.about(Difference{
					Code: k.code, Sale: s, Money: k.money, Do: k.do, At: s.Created, Key: k.code + "/" + string(s.ID),
				}))
			}
		}
	}
	return list, nil
}

// answerAfter is when a person may answer for myPOS (product.md 4 rule 4).
const answerAfter = 24 * time.Hour

// about adds to a difference what its sale tells of it.
func (b *Book) about(d Difference) Difference {
	for _, a := range d.Sale.Attempts {
		if d.Code == NotKnown && a.State == app.Unknown {
			d.At = a.Unsure
		}
		for _, r := range a.Refunds {
			if d.Code == RefundUnknown && r.State == app.RefundUnknown {
				d.At, d.Refund = r.Asked, r.OrderID
			}
		}
	}
	if d.Do == DoCheck && b.cfg.Now().Sub(d.At) >= answerAfter {
		d.Do = DoResolve
	}
	return d
}
