package payments

import (
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Detail is everything the page of one sale shows.
type Detail struct {
	Title, Subtitle string
	Mark            widgets.Mark
	Chip            string
	Number          string // the amount that matters now
	Currency        string
	Meaning         string // what the number is: "stays with the salon"
	Lines           []Pair
	Attempts        []Part
	Numbers         []Pair
	Timeline        []widgets.TimelineRow
	Reopen          bool // Charge has something to say about the sale
}

// Pair is a label with a value at the right.
type Pair struct{ Label, Value string }

// Part is one attempt or refund.
type Part struct {
	Mark          widgets.Mark
	Title, Detail string
	Amount        string
}

// Describe says what the page of a sale shows. It is a pure function.
func Describe(s app.Sale, events []app.Event, c *text.Catalog, zone *time.Location, desk string) Detail {
	icon, family := history.StateMark(s.State)
	created := s.Created.In(zone)
	d := Detail{
		Title: clientOf(s, c), Mark: widgets.Mark{Family: family, Icon: icon}, Chip: word(s, c),
		Currency: string(s.Amount.Currency),
		Subtitle: joined(" · ", noteOf(s), c.Day(created)+", "+c.Clock(created), joined(", ", s.Operator, desk)),
	}
	number, meaning := standing(s)
	d.Number, d.Meaning = c.Number(number), c.T(meaning)
	for _, l := range s.Lines {
		label := l.Label
		if label == "" {
			label = c.T("sale.line")
		}
		d.Lines = append(d.Lines, Pair{label, c.Number(l.Amount)})
	}
	if !s.Refunded.IsZero() {
		d.Lines = append(d.Lines, Pair{c.T("fact.refunded"), negative(s.Refunded, c)})
	}
	for _, a := range s.Attempts {
		d.attempt(a, c)
	}
	d.numbers(s, c)
	for _, l := range history.Lines(events, c, zone) {
		d.Timeline = append(d.Timeline, widgets.TimelineRow{Icon: l.Icon, Family: l.Family, Title: l.Title, Detail: l.Detail, When: c.Stamp(l.At)})
	}
	d.Reopen = s.State.Live() || s.State == app.Reversed || s.State == app.PaidLate || s.State == app.Overpaid
	return d
}

// standing is the amount that matters in a state, and the key of what it is.
func standing(s app.Sale) (money.Amount, string) {
	switch s.State {
	case app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded:
		return s.Received, "sale.stays"
	case app.Preparing, app.Offered, app.Opened, app.Cancelling:
		return s.Amount, "sale.waits"
	case app.Unknown, app.Found:
		return s.Amount, "sale.notknown"
	case app.Reversed:
		return s.Amount, "sale.owed"
	}
	return s.Amount, "sale.topay"
}

func negative(a money.Amount, c *text.Catalog) string {
	if n, err := a.Neg(); err == nil {
		return c.Number(n)
	}
	return c.Number(a)
}

func (d *Detail) attempt(a app.Attempt, c *text.Catalog) {
	icon, family := history.StateMark(a.State)
	detail := c.Name(a.State)
	if a.CardLast4 != "" {
		detail = c.T("sale.card", a.CardLast4)
	}
	if c.Knows(a.Reason) {
		detail = joined(" · ", detail, c.Problem(a.Reason).What)
	}
	d.Attempts = append(d.Attempts, Part{widgets.Mark{Family: family, Icon: icon}, c.T("rail." + string(a.Rail)), detail, c.Number(a.Amount)})
	for _, r := range a.Refunds {
		mark, detail := widgets.Mark{Family: theme.Grey, Icon: "refund"}, c.T("sale.samecard")
		switch r.State {
		case app.RefundFailed:
			mark, detail = widgets.Mark{Family: theme.Red, Icon: "close"}, c.T("history.refund.failed")
		case app.RefundUnknown, app.RefundPending:
			mark, detail = widgets.Mark{Family: theme.Amber, Icon: "question"}, c.T("history.refund.unknown")
		}
		d.Attempts = append(d.Attempts, Part{mark, c.T("sale.refund"), detail, negative(r.Amount, c)})
	}
}

func (d *Detail) numbers(s app.Sale, c *text.Catalog) {
	d.Numbers = append(d.Numbers, Pair{c.T("sale.number"), string(s.ID)})
	for _, a := range s.Attempts {
		for _, p := range []Pair{{c.T("fact.order"), a.OrderID}, {c.T("fact.providerref"), a.Reference}, {c.T("fact.words"), a.Words}} {
			if p.Value != "" {
				d.Numbers = append(d.Numbers, p)
			}
		}
	}
}

func joined(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
