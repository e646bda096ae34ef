package resolve

import (
	"time"

	"frontdesk/app"
	"frontdesk/payments/money"
)

// How long something must have been unknown before a person may answer for
// myPOS, and for a terminal whose last transaction whoever stands in front of it
// can read (product.md 4 rule 4, spec/terminals 3.10).
const (
	AfterDay      = 24 * time.Hour
	AfterTerminal = 3 * time.Minute
)

// Question is what is asked about. Refund is the OrderID of a refund; empty asks
// about the payment.
type Question struct {
	Sale    app.SaleID
	Attempt app.AttemptID
	Refund  string
	Amount  money.Amount
	Where   string    // the terminal that shows it; empty means the myPOS portal
	From    time.Time // from when on it may be answered
}

// About is the question that a sale leaves open: of the refund with that
// OrderID, or of the payment when it is empty: of two of them, the one that may be
// answered first. False means that there is none.
func About(s app.Sale, refund string) (first Question, open bool) {
	add := func(q Question) {
		if !open || q.From.Before(first.From) {
			first, open = q, true
		}
	}
	for _, a := range s.Attempts {
		if refund == "" && a.State == app.Unknown {
			add(question(s, a, a.Amount, a.Unsure, a.Device != ""))
		}
		for _, r := range a.Refunds {
			if refund != "" && r.OrderID == refund && r.State == app.RefundUnknown {
				q := question(s, a, r.Amount, r.Asked, a.Device != "" && r.Way != app.RefundOnline)
				q.Refund = refund
				add(q)
			}
		}
	}
	return first, open
}

// question is one about what a terminal can show, or else the portal only, as it is
// with a refund that went through the account.
func question(s app.Sale, a app.Attempt, amount money.Amount, since time.Time, onTerminal bool) Question {
	q := Question{Sale: s.ID, Attempt: a.ID, Amount: amount, From: since.Add(AfterDay)}
	if onTerminal {
		q.Where, q.From = a.DeviceLabel, since.Add(AfterTerminal)
	}
	return q
}

// May reports whether a person may answer by now.
func (q Question) May(now time.Time) bool { return !now.Before(q.From) }
