package payments

import (
	"cmp"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/screens/history"
	"frontdesk/ui/widgets"
)

// Group is a choice of states above the list.
type Group string

// Groups; the names are parts of text keys.
const (
	Any       Group = "any"
	Waiting   Group = "waiting"
	Paid      Group = "paid"
	NotPaid   Group = "notpaid"
	Attention Group = "attention"
	Refunded  Group = "refunded"
)

// Groups returns all groups in the order of the chips.
func Groups() []Group { return []Group{Any, Waiting, Paid, NotPaid, Attention, Refunded} }

// States returns the states of the group; none means all.
func (g Group) States() []app.State {
	switch g {
	case Waiting:
		return []app.State{app.Preparing, app.Offered, app.Opened, app.Cancelling}
	case Paid:
		return []app.State{app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded}
	case NotPaid:
		return []app.State{app.Declined, app.Withdrawn, app.Expired, app.NotCharged}
	case Attention:
		return []app.State{app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.Found}
	case Refunded:
		return []app.State{app.PartRefunded, app.Refunded}
	}
	return nil
}

// Filter is what the person asked to see.
type Filter struct {
	Text     string
	Group    Group
	AllDays  bool
	Day      string // YYYY-MM-DD; empty is today; not with AllDays
	Rail     payments.Rail
	Device   string // its ID
	Operator string // as it stands in the sales
}

// narrow reports whether something besides the day is chosen.
func (f Filter) narrow() bool {
	return strings.TrimSpace(f.Text) != "" || f.Group != Any || f.Rail != "" || f.Device != "" || f.Operator != ""
}

// pageSize is how many sales are read at once.
const pageSize = 50

// Query turns the filter into a question to the till, for the page after the
// sale numbered before.
func (f Filter) Query(now time.Time, zone *time.Location, before int64) app.Query {
	q := app.Query{
		Text: strings.TrimSpace(f.Text), States: f.Group.States(), Rail: f.Rail, Device: f.Device, Operator: f.Operator,
		Before: before, Limit: pageSize,
	}
	if f.AllDays {
		return q
	}
	q.From = startOfDay(now, zone)
	if day, err := time.ParseInLocation(time.DateOnly, f.Day, zone); err == nil {
		q.From, q.To = day, day.AddDate(0, 0, 1)
	}
	return q
}

func startOfDay(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// Row is one sale in the list. Day is set on the first sale of a day other
// than today.
type Row struct {
	ID           app.SaleID
	Day          string
	Time         string
	Client, Note string
	RailIcon     string
	Rail, Card   string
	Mark         widgets.Mark
	Chip         string
	Amount       string
	Stays        bool // the money is with the salon, or may be
	Name         string
}

// Totals are sums of what is shown, ready to read; one part per currency.
type Totals struct {
	Shown, Taken, Refunded, Stays string
	Unknown, Reversed             string // chips; empty when there are none
	Currency                      string // of the amount column, empty when mixed
}

// pending is what stands in place of sums until they are known.
func (t Totals) pending() Totals {
	return Totals{Shown: "…", Taken: "…", Refunded: "…", Stays: "…", Currency: t.Currency}
}

// Page is everything the list shows.
type Page struct {
	Rows   []Row
	Totals Totals
}

// List says what the list shows. sums are those of everything that was chosen;
// without them the sales themselves are added up. It is a pure function.
func List(sales []app.Sale, sums []app.SaleSum, c *text.Catalog, now time.Time, zone *time.Location) Page {
	var p Page
	var t tally
	day := c.Day(now.In(zone))
	for _, s := range sales {
		r := row(s, c, zone)
		if d := c.Day(s.Created.In(zone)); d != day {
			day, r.Day = d, d
		}
		p.Rows = append(p.Rows, r)
		t.add(s)
	}
	if len(t.currencies) > 1 {
		for i := range p.Rows {
			p.Rows[i].Amount = c.Amount(sales[i].Amount)
		}
	}
	n := len(sales)
	if sums != nil {
		t, n = tallyOf(sums)
	}
	p.Totals = t.totals(c, n)
	return p
}

// tallyOf is the tally of sums, and how many sales they are of.
func tallyOf(sums []app.SaleSum) (t tally, n int) {
	t.stays, t.back = map[money.Currency]money.Amount{}, map[money.Currency]money.Amount{}
	for _, s := range sums {
		cur := s.Received.Currency
		t.currencies = append(t.currencies, cur)
		t.stays[cur], t.back[cur] = s.Received, s.Refunded
		t.unknown += s.Unknown
		t.reversed += s.Reversed
		n += s.Count
	}
	return t, n
}

func row(s app.Sale, c *text.Catalog, zone *time.Location) Row {
	icon, family := history.StateMark(s.State)
	r := Row{
		ID: s.ID, Time: c.Clock(s.Created.In(zone)), Client: clientOf(s, c), Note: noteOf(s),
		Mark: widgets.Mark{Family: family, Icon: icon}, Chip: word(s, c), Amount: c.Number(s.Amount), Card: "–",
	}
	switch s.State {
	case app.Paid, app.PaidLate, app.Overpaid, app.PartRefunded, app.Unknown, app.Found:
		r.Stays = true
	}
	if a := lastAttempt(s); a.Rail != "" {
		r.RailIcon, r.Rail = railIcon(a.Rail), cmp.Or(a.DeviceLabel, c.T("rail."+string(a.Rail)))
		if a.CardLast4 != "" {
			r.Card = c.T("payments.card", a.CardLast4)
		}
	}
	r.Name = strings.Join([]string{r.Time, r.Client, r.Chip, c.Amount(s.Amount)}, ", ")
	return r
}

func clientOf(s app.Sale, c *text.Catalog) string {
	if s.Client == "" {
		return c.T("walkin")
	}
	return s.Client
}

func noteOf(s app.Sale) string {
	if s.Note != "" {
		return s.Note
	}
	var labels []string
	for _, l := range s.Lines {
		if l.Label != "" {
			labels = append(labels, l.Label)
		}
	}
	return strings.Join(labels, ", ")
}

// word is the chip of a sale: the state, with amounts after a part refund.
func word(s app.Sale, c *text.Catalog) string {
	if s.State == app.PartRefunded {
		return c.Word(s.State, c.Number(s.Refunded), c.Number(s.Amount))
	}
	return c.Word(s.State)
}

func lastAttempt(s app.Sale) app.Attempt {
	if len(s.Attempts) == 0 {
		return app.Attempt{}
	}
	return s.Attempts[len(s.Attempts)-1]
}

func railIcon(r payments.Rail) string {
	switch r {
	case payments.RailTerminal, payments.RailCloud:
		return "devices"
	case payments.RailRequest:
		return "mail"
	case payments.RailCash:
		return "euro"
	}
	return "qr"
}

// tally sums by currency, in the order the currencies appear.
type tally struct {
	currencies        []money.Currency
	stays, back       map[money.Currency]money.Amount
	unknown, reversed int
}

func (t *tally) add(s app.Sale) {
	switch s.State {
	case app.Unknown:
		t.unknown++
	case app.Reversed:
		t.reversed++
	}
	cur := s.Amount.Currency
	if t.stays == nil {
		t.stays, t.back = map[money.Currency]money.Amount{}, map[money.Currency]money.Amount{}
	}
	if _, known := t.stays[cur]; !known {
		t.currencies = append(t.currencies, cur)
		t.stays[cur], t.back[cur] = money.Amount{Currency: cur}, money.Amount{Currency: cur}
	}
	t.stays[cur] = plus(t.stays[cur], s.Received)
	t.back[cur] = plus(t.back[cur], s.Refunded)
}

// plus adds an amount of the same currency; sums beyond the limits of money
// stay where they were, as they do nowhere in a salon.
func plus(sum, a money.Amount) money.Amount {
	if next, err := sum.Add(a); err == nil {
		return next
	}
	return sum
}

func (t *tally) totals(c *text.Catalog, n int) Totals {
	out := Totals{Shown: c.N("payments.sales", n)}
	var taken, back, stays []string
	for _, cur := range t.currencies {
		minus, err := t.back[cur].Neg()
		if err != nil {
			minus = t.back[cur]
		}
		taken = append(taken, c.Amount(plus(t.stays[cur], t.back[cur])))
		back = append(back, c.Number(minus))
		stays = append(stays, c.Amount(t.stays[cur]))
	}
	out.Taken, out.Refunded, out.Stays = strings.Join(taken, ", "), strings.Join(back, ", "), strings.Join(stays, ", ")
	if len(t.currencies) == 1 {
		out.Currency = string(t.currencies[0])
	}
	if t.unknown > 0 {
		out.Unknown = c.N("payments.unknown", t.unknown)
	}
	if t.reversed > 0 {
		out.Reversed = c.N("payments.reversed", t.reversed)
	}
	return out
}
