package payments

import (
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/screens/resolve"
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
	Refundable      bool // something is left that can go back
	Receipts        bool // money came: there is a receipt of it
	Late            bool // money that came late waits to be kept or refunded
	Unsure          []Unsure
	Worded          bool // there is something to be forgotten about the customer
}

// Unsure is a payment or a refund of the sale that is not known yet.
type Unsure struct {
	Refund      string // OrderID of the refund; empty for the payment
	Title, Text string
	Next        time.Time // when the till looks by itself; zero when it is looking
	Question    resolve.Question
}

// Pair is a label with a value at the right.
type Pair struct{ Label, Value string }

// Part is one attempt or refund.
type Part struct {
	Mark          widgets.Mark
	Title, Detail string
	Amount        string
	Refund        string // OrderID, of refunds
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
	if open := leaving(s); !open.IsZero() && meaning == "sale.stays" {
		d.Meaning = c.T("sale.stays.open", c.Number(open))
	}
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
	d.numbers(s, c, zone)
	for _, l := range history.Lines(events, c, zone) {
		d.Timeline = append(d.Timeline, widgets.TimelineRow{Icon: l.Icon, Family: l.Family, Title: l.Title, Detail: l.Detail, When: c.Stamp(l.At)})
	}
	d.unsure(s, c)
	d.Refundable = slices.ContainsFunc(s.Attempts, func(a app.Attempt) bool { return a.Left() > 0 })
	d.Receipts = d.Refundable || !s.Refunded.IsZero()
	d.Late = s.State == app.PaidLate
	d.Worded = s.Erased.IsZero() && !s.Live()
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

// leaving is what refunds that are not settled may have taken back.
func leaving(s app.Sale) money.Amount {
	sum := money.Amount{Currency: s.Amount.Currency}
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if r.State == app.RefundUnknown || r.State == app.RefundPending {
				sum.Minor += r.Amount.Minor
			}
		}
	}
	return sum
}

func negative(a money.Amount, c *text.Catalog) string {
	if n, err := a.Neg(); err == nil {
		return c.Number(n)
	}
	return c.Number(a)
}

func (d *Detail) attempt(a app.Attempt, c *text.Catalog) {
	state := a.State
	if state == app.PartRefunded || state == app.Refunded {
		state = app.Paid // what went back stands below it
	}
	icon, family := history.StateMark(state)
	detail := c.Name(a.State)
	if a.CardLast4 != "" {
		detail = c.T("sale.card", a.CardLast4)
		if a.CardName != "" {
			detail = c.T("pay.fact.card.named", a.CardName, a.CardLast4)
		}
	}
	if c.Knows(a.Reason) {
		detail = joined(" · ", detail, c.Problem(a.Reason).What)
	}
	title := c.T("rail." + string(a.Rail))
	if a.DeviceLabel != "" {
		title = a.DeviceLabel
	}
	d.Attempts = append(d.Attempts, Part{widgets.Mark{Family: family, Icon: icon}, title, detail, c.Number(a.Amount), ""})
	for _, r := range a.Refunds {
		d.Attempts = append(d.Attempts, refundPart(a, r, c))
	}
}

// refundPart is a refund among the attempts.
func refundPart(a app.Attempt, r app.Refund, c *text.Catalog) Part {
	mark, detail, amount := widgets.Mark{Family: theme.Grey, Icon: "refund"}, c.T("sale.samecard"), negative(r.Amount, c)
	if a.Rail == payments.RailCash {
		detail = c.T("sale.fromdrawer")
	}
	switch r.State {
	case app.RefundFailed:
		mark, detail, amount = widgets.Mark{Family: theme.Red, Icon: "close"}, c.T("history.refund.failed"), c.Number(money.Amount{Currency: r.Amount.Currency})
	case app.RefundUnknown:
		mark, detail = widgets.Mark{Family: theme.Amber, Icon: "question"}, c.T("history.refund.unknown")
	case app.RefundPending:
		mark, detail = widgets.Mark{Family: theme.Blue, Icon: "hourglass"}, c.T("sale.refund.pending")
	}
	return Part{mark, c.T("sale.refund"), detail, amount, r.OrderID}
}

// unsure lists what is not known yet, the payment first.
func (d *Detail) unsure(s app.Sale, c *text.Catalog) {
	add := func(a app.Attempt, refund, title, text string) {
		if q, ok := resolve.About(s, refund); ok {
			d.Unsure = append(d.Unsure, Unsure{Refund: refund, Title: title, Text: text, Next: a.NextCheck, Question: q})
		}
	}
	first, _ := resolve.About(s, "")
	for _, a := range s.Attempts {
		if a.State == app.Unknown && a.ID == first.Attempt {
			add(a, "", c.T("sale.unsure.payment", a.Amount), c.T("checkout.lock.text"))
		}
	}
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if r.State == app.RefundUnknown {
				add(a, r.OrderID, c.T("sale.unsure.refund", r.Amount), c.T("refund.lock.text"))
			}
		}
	}
}

func (d *Detail) numbers(s app.Sale, c *text.Catalog, zone *time.Location) {
	d.Numbers = append(d.Numbers, Pair{c.T("sale.number"), string(s.ID)})
	for _, a := range s.Attempts {
		for _, p := range []Pair{{c.T("fact.order"), a.OrderID}, {c.T("fact.providerref"), a.Reference}, {c.T("fact.words"), a.Words}} {
			if p.Value != "" {
				d.Numbers = append(d.Numbers, p)
			}
		}
	}
	if !s.Erased.IsZero() {
		d.Numbers = append(d.Numbers, Pair{c.T("sale.words"), c.T("sale.words.erased", c.DayMonth(s.Erased.In(zone)))})
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
