package receipt

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Config is what a receipt needs to know besides the sale. Mode is required.
type Config struct {
	Salon     settings.Salon
	Mode      payments.Mode
	Simulated bool           // Live that is not live: the build with tag simlive
	Zone      *time.Location // of the salon; nil means UTC
	Language  string         // of the customer, two letters; unknown means English
	VAT       int            // in basis points; 0: no lines about VAT
	Paid      time.Time      // when the money was proven; zero means when the sale was made
}

// Kind says which receipt of a sale is meant. The zero Kind is the first receipt
// of the sale.
type Kind struct {
	Refund string // OrderID of the refund it is about; empty: about the sale
	Copy   bool   // it was given out before, and says so
}

// Receipt is what the customer takes away. Amounts are in one currency; those of
// a refund are positive and told as given back.
type Receipt struct {
	Salon    settings.Salon
	Mark     Mark // what it is when it is no receipt of real money
	Kind     Kind
	Language string
	Sale     app.SaleID
	Number   string    // of the sale, as people read it out: "7K3M9QWX"
	At       time.Time // in the zone of the salon
	Operator string
	Lines    []Line // of a receipt of the sale
	Total    money.Amount
	Tip      money.Amount // part of Total; zero for none
	VAT      *VAT         // nil without a rate
	Payments []Payment    // of a refund: the payment it is about
	Refunds  []Given      // done so far; of a receipt of a refund: that one
}

// Mark is the word across a receipt of money that is not real.
type Mark string

// Marks. They are keys of app/text (receipt.mark.MARK).
const (
	NoMark       Mark = ""
	MarkPractice Mark = "practice"
	MarkTest     Mark = "test"
	MarkSim      Mark = "simulated"
	MarkSpecimen Mark = "specimen" // nothing was sold: see Specimen
)

// Line is one thing sold. Label is empty where nobody wrote one.
type Line struct {
	Label  string
	Amount money.Amount // negative for a discount
}

// VAT is the tax inside an amount.
type VAT struct {
	Rate       int // basis points
	Gross, Net money.Amount
	Tax        money.Amount
}

// Payment is money that came in.
type Payment struct {
	Rail      payments.Rail
	Amount    money.Amount
	Device    string // label of the terminal
	Card      string // its brand, "Visa"
	Last4     string
	Auth      string // authorisation code
	Reference string // the provider's
	By        string // who noted cash
}

// Given is money that went back.
type Given struct {
	OrderID   string
	Amount    money.Amount
	At        time.Time // in the zone of the salon
	Rail      payments.Rail
	Card      string
	Last4     string
	Reference string
}

// New makes the receipt of a sale. Codes receipt.unpaid, receipt.missing,
// receipt.unsettled.
func New(c Config, s app.Sale, k Kind) (Receipt, error) {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	r := Receipt{
		Salon: c.Salon, Mark: markOf(c.Mode, c.Simulated), Kind: k, Language: c.Language,
		Sale: s.ID, Number: number(s.ID), Operator: plain(s.Operator), Total: s.Amount,
	}
	r.Salon = cleanSalon(r.Salon)
	at := c.Paid
	if at.IsZero() {
		at = s.Created
	}
	r.At = at.In(c.Zone)
	if k.Refund != "" {
		return r.refund(c, s)
	}
	for _, l := range s.Lines {
		r.Lines = append(r.Lines, Line{Label: plain(l.Label), Amount: l.Amount})
	}
	for _, a := range s.Attempts {
		if !brought(a) {
			continue
		}
		r.Payments = append(r.Payments, payment(a, s.Operator))
		if r.Tip.IsZero() {
			r.Tip = a.Tip
		}
		for _, g := range a.Refunds {
			if g.State == app.RefundDone {
				r.Refunds = append(r.Refunds, given(c.Zone, a, g))
			}
		}
	}
	if len(r.Payments) == 0 {
		return Receipt{}, refuse("receipt.unpaid")
	}
	slices.SortStableFunc(r.Refunds, func(a, b Given) int { return a.At.Compare(b.At) })
	r.VAT = vatOf(c.VAT, taxable(r.Total, r.Tip))
	return r, nil
}

// refund makes the receipt of money that went back.
func (r Receipt) refund(c Config, s app.Sale) (Receipt, error) {
	full := basis{total: s.Amount}
	for _, a := range s.Attempts {
		if brought(a) {
			full.paid += a.Amount.Minor
			full.tip = cmp.Or(full.tip, a.Tip.Minor)
		}
	}
	attempt, refund, ok := find(s, r.Kind.Refund)
	switch {
	case !ok:
		return Receipt{}, refuse("receipt.missing")
	case refund.State != app.RefundDone:
		return Receipt{}, refuse("receipt.unsettled")
	}
	g := given(c.Zone, attempt, refund)
	r.Refunds, r.Payments = []Given{g}, []Payment{payment(attempt, s.Operator)}
	r.At, r.Total, r.Operator = g.At, refund.Amount, cmp.Or(plain(refund.Operator), r.Operator)
	r.VAT = full.back(c.VAT, earlier(s, refund), refund.Amount)
	return r, nil
}

// brought reports whether the attempt's money is proven, whatever went back
// later on request.
func brought(a app.Attempt) bool {
	switch a.State {
	case app.Paid, app.PaidLate, app.PartRefunded, app.Refunded, app.Found:
		return true
	}
	return false
}

func payment(a app.Attempt, operator string) Payment {
	p := Payment{
		Rail: a.Rail, Amount: a.Amount, Device: plain(a.DeviceLabel), Card: plain(a.CardName), Last4: lastFour(a.CardLast4),
		Auth: plain(a.AuthCode), Reference: plain(a.Reference),
	}
	if a.Rail == payments.RailCash {
		p.By = plain(operator)
	}
	return p
}

func given(zone *time.Location, a app.Attempt, g app.Refund) Given {
	at := g.Settled
	if at.IsZero() {
		at = g.Asked
	}
	return Given{
		OrderID: g.OrderID, Amount: g.Amount, At: at.In(zone), Rail: a.Rail,
		Card: plain(a.CardName), Last4: lastFour(a.CardLast4), Reference: plain(g.Reference),
	}
}

func find(s app.Sale, orderID string) (app.Attempt, app.Refund, bool) {
	for _, a := range s.Attempts {
		for _, g := range a.Refunds {
			if g.OrderID == orderID {
				return a, g, true
			}
		}
	}
	return app.Attempt{}, app.Refund{}, false
}

// earlier is what had gone back of the sale before the refund was asked for.
func earlier(s app.Sale, refund app.Refund) int64 {
	var sum int64
	for _, a := range s.Attempts {
		for _, g := range a.Refunds {
			before := g.Asked.Before(refund.Asked) || g.Asked.Equal(refund.Asked) && g.OrderID < refund.OrderID
			if g.State == app.RefundDone && before {
				sum += g.Amount.Minor
			}
		}
	}
	return sum
}

func markOf(m payments.Mode, simulated bool) Mark {
	switch {
	case m == payments.Practice:
		return MarkPractice
	case m == payments.Test:
		return MarkTest
	case simulated:
		return MarkSim
	}
	return NoMark
}

// number is how people read the sale out: the first half of its ID, which the
// search of Payments finds.
func number(id app.SaleID) string {
	s := string(id)
	if len(s) < numberLen {
		return s
	}
	return s[:numberLen]
}

const numberLen = 8

// lastFour never lets more of a card through than its end.
func lastFour(s string) string {
	s = plain(s)
	return s[max(0, len(s)-4):]
}

func cleanSalon(s settings.Salon) settings.Salon {
	for _, f := range []*string{&s.Name, &s.Street, &s.City, &s.VATID, &s.Phone} {
		*f = plain(*f)
	}
	var footer []string
	for line := range strings.Lines(s.Footer) {
		footer = append(footer, plain(line))
	}
	s.Footer = strings.TrimSpace(strings.Join(footer, "\n"))
	return s
}

func refuse(code string) error {
	return &payments.Error{Op: "receipt", Code: code, Err: payments.ErrRefused}
}

// Specimen is a receipt of nothing, for looking at settings and trying a
// printer. Config.Paid is its date; without one it has none.
func Specimen(c Config) Receipt {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	at := c.Paid
	if !at.IsZero() {
		at = at.In(c.Zone)
	}
	cents := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: money.EUR} }
	total := cents(specimenTotal)
	return Receipt{
		Salon: cleanSalon(c.Salon), Mark: MarkSpecimen, Language: c.Language, Number: "00000000", At: at,
		Lines: []Line{{Amount: total}}, Total: total, VAT: vatOf(c.VAT, total),
		Payments: []Payment{{Rail: payments.RailLink, Amount: total, Card: "Visa", Last4: "0000", Reference: "000000"}},
	}
}

const specimenTotal = 4500
