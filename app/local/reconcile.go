package local

import (
	"context"
	"time"

	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments/money"
)

// OpReconcile asks about everything that is not settled, compares the journal
// with myPOS's list and settles what that settles: DayArgs in; Day out. It needs no
// right. What could not be asked or read is told by Day.Match.
const OpReconcile = "reconcile"

func (p Parts) reconcile(ctx context.Context, a DayArgs, emit func(any) error) error {
	if err := p.Days.Reconcile(ctx); err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return emitDay(emit)(p.Days.Report(ctx, a.Day))
}

// Match is how a day compares with myPOS's list.
type Match struct {
	State     day.MatchState `json:"state"`
	At        time.Time      `json:"at,omitzero"`
	Code      string         `json:"code,omitempty"`
	Text      string         `json:"text,omitempty"` // behind the code
	Agree     int            `json:"agree"`
	Probable  int            `json:"probable"`
	Fresh     int            `json:"fresh"`
	Noticed   int            `json:"noticed"`
	Listed    int            `json:"listed"`
	Here      int            `json:"here"`
	Elsewhere int            `json:"elsewhere"`
}

func matchShape(m day.Match, c *text.Catalog) Match {
	s := Match{
		State: m.State, At: m.At, Code: m.Code, Agree: m.Agree, Probable: m.Probable, Fresh: m.Fresh,
		Noticed: m.Noticed, Listed: m.Listed, Here: m.Here, Elsewhere: m.Elsewhere,
	}
	if key := "error." + m.Code + ".what"; m.Code != "" && c.Has(key) {
		s.Text = c.T(key)
	}
	return s
}

// Entry is a line at myPOS.
type Entry struct {
	Key       string         `json:"key"`
	Reference string         `json:"reference"`
	Kind      day.EntryKind  `json:"kind"`
	At        time.Time      `json:"at,omitzero"`
	Amount    string         `json:"amount"`
	Minor     int64          `json:"minor"`
	Currency  money.Currency `json:"currency"`
	Last4     string         `json:"last4,omitempty"`
	Device    string         `json:"device,omitempty"`
}

// differenceShape is a difference, or an answered one, as it is printed.
func differenceShape(x day.Difference, c *text.Catalog) Difference {
	shape := Difference{
		Code: x.Code, Text: c.T("day.difference." + x.Code), Money: x.Money, Do: x.Do, At: x.At, Refund: x.Refund,
		How: x.How, Done: x.Done, By: x.By,
	}
	if s := x.Sale; s.ID != "" {
		shape.Sale, shape.State, shape.Note, shape.Client = s.ID, s.State, s.Note, s.Client
		shape.Amount, shape.Minor, shape.Currency = s.Amount.Decimal(), s.Amount.Minor, s.Amount.Currency
	}
	if e := x.Entry; e != nil {
		shape.Entry = &Entry{
			Key: e.Key, Reference: e.Reference, Kind: e.Kind, At: e.At, Amount: e.Amount.Decimal(), Minor: e.Amount.Minor,
			Currency: e.Amount.Currency, Last4: e.Last4, Device: e.Device,
		}
		if x.Sale.ID == "" {
			shape.Amount, shape.Minor, shape.Currency = shape.Entry.Amount, e.Amount.Minor, e.Amount.Currency
		}
	}
	if x.How != "" {
		shape.Text = c.T("day.settled."+string(x.How), c.Clock(x.At.Local()), c.Clock(x.Done.Local()), x.By)
	}
	return shape
}
