package receipt

import (
	"cmp"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/payments/qr"
)

// WriteDayPDF writes the report of one business day on A4 pages. A closed one
// ends with its seal, as text and as a QR code.
func WriteDayPDF(w io.Writer, r day.Report, s Sheet) error {
	s.Mode = r.Mode
	t := text.New(s.Language)
	b, err := newBook(t, s, t.T("paper.day", dated(t, r.Day)))
	if err != nil {
		return err
	}
	b.dayState(r)
	b.dayTotals(r)
	b.shares(b.t.T("paper.ways"), r.Ways)
	b.shares(b.t.T("paper.operators"), r.Operators)
	b.hours(r.Hours)
	b.match(r.Match)
	b.differences(r)
	if err := b.seal(r); err != nil {
		return err
	}
	return finish(w, b.pdf)
}

// dated writes a business day, which has no zone.
func dated(t *text.Catalog, name string) string {
	at, err := time.Parse(time.DateOnly, name)
	if err != nil {
		return name
	}
	return at.Format(t.T("receipt.layout.day"))
}

func (b *book) dayState(r day.Report) {
	state := b.t.T("paper.open")
	if c := r.Closed; c != nil {
		state = b.t.T("paper.closed", b.stamp(c.At), plain(c.Operator))
	}
	list := [][2]string{
		{b.t.T("paper.state"), state},
		{b.t.T("paper.span"), b.stamp(r.From) + " - " + b.stamp(r.Until)},
		{b.t.T("paper.zone"), r.Zone},
	}
	if r.Earlier != "" {
		list = append(list, [2]string{b.t.T("paper.earlier"), dated(b.t, r.Earlier)})
	}
	if !r.Agrees {
		list = append(list, [2]string{b.t.T("paper.look"), b.t.T("day.difference.day.differs")})
	}
	b.y += 2
	b.pairs(list)
}

func (b *book) dayTotals(r day.Report) {
	b.heading(b.t.T("paper.takings"))
	if len(r.Totals) == 0 {
		b.para(body, b.t.T("paper.nothing"))
		return
	}
	var rows [][]string
	for _, t := range r.Totals {
		rows = append(rows, append([]string{string(t.Currency), strconv.Itoa(t.Count)}, b.figures(t)...))
	}
	b.table(b.figureColumns(column{b.t.T("paper.currency"), 1.1, atLeft}, column{b.t.T("paper.count"), 1, atRight}), rows)
}

// figures are the sums of a total, in the order of figureColumns.
func (b *book) figures(t app.DayTotal) []string {
	var list []string
	for _, n := range []int64{t.Payments, t.Refunds, t.Back, t.Unsure, t.Tips, t.Net()} {
		list = append(list, b.t.Number(money.Amount{Minor: n, Currency: t.Currency}))
	}
	return list
}

func (b *book) figureColumns(first ...column) []column {
	for _, key := range []string{"paper.payments", "paper.refunds", "paper.back", "paper.unsure", "paper.tips", "paper.stays"} {
		first = append(first, column{b.t.T(key), 1.5, atRight})
	}
	return first
}

// shares tells parts of the takings.
func (b *book) shares(name string, list []day.Share) {
	if len(list) == 0 {
		return
	}
	b.heading(name)
	var rows [][]string
	for _, s := range list {
		rows = append(rows, []string{b.share(s), strconv.Itoa(s.Count), b.t.Number(s.Taken), b.t.Amount(s.Amount)})
	}
	b.table([]column{
		{name, 4, atLeft}, {b.t.T("paper.count"), 1, atRight}, {b.t.T("paper.payments"), 1.6, atRight}, {b.t.T("paper.stays"), 1.9, atRight},
	}, rows)
}

// share is the name of a part.
func (b *book) share(s day.Share) string { return shareName(b.t, s) }

func shareName(t *text.Catalog, s day.Share) string {
	name := plain(s.Name)
	if s.Rail == "" {
		return name
	}
	rail := string(s.Rail)
	if t.Has("rail." + rail) {
		rail = t.T("rail." + rail)
	}
	if name == "" {
		return rail
	}
	return rail + ", " + name
}

// hours draws what was taken hour by hour, a bar each.
func (b *book) hours(list []day.Hour) {
	var most int64
	for _, h := range list {
		most = max(most, h.Amount.Minor)
	}
	if most <= 0 {
		return
	}
	b.heading(b.t.T("paper.hours"))
	const label, sum = 16.0, 34.0
	for _, h := range list {
		b.room(a4Line)
		b.y += a4Line
		pen(b.pdf, body)
		b.put(clock(h.Hour), a4Margin, b.y, label, atLeft)
		b.pdf.SetFillColor(120, 140, 170)
		wide := (a4Inside - label - sum) * float64(max(h.Amount.Minor, 0)) / float64(most)
		b.pdf.Rect(a4Margin+label, b.y-3, max(wide, 0.2), 3.2, "F")
		b.put(b.t.Amount(h.Amount), a4Margin+a4Inside-sum, b.y, sum, atRight)
	}
	b.y += 2
}

func clock(hour int) string {
	return time.Date(2000, 1, 1, hour, 0, 0, 0, time.UTC).Format("15:04")
}

// match tells how the journal and myPOS's list compare.
func (b *book) match(m day.Match) {
	if m.State == "" || m.State == day.MatchOff {
		return
	}
	b.heading(b.t.T("paper.match"))
	list := [][2]string{{b.t.T("paper.state"), b.t.T("paper.match." + string(m.State))}}
	if !m.At.IsZero() {
		list = append(
			list,
			[2]string{b.t.T("paper.match.at"), b.stamp(m.At)},
			[2]string{b.t.T("paper.match.agree"), strconv.Itoa(m.Agree)},
			[2]string{b.t.T("paper.match.listed"), strconv.Itoa(m.Listed)},
			[2]string{b.t.T("paper.match.here"), strconv.Itoa(m.Here)},
		)
	}
	b.pairs(list)
}

// differences tells what was not settled when the report was made.
func (b *book) differences(r day.Report) {
	if len(r.Differences) == 0 {
		return
	}
	b.heading(b.t.T("paper.look"))
	var rows [][]string
	for _, d := range r.Differences {
		what := d.Code
		if key := "day.difference." + d.Code; b.t.Has(key) {
			what = b.t.T(key)
		}
		id, amount := number(d.Sale.ID), d.Sale.Amount
		if d.Entry != nil {
			id, amount = cmp.Or(id, plain(d.Entry.Reference)), cmp.Or(d.Entry.Amount, amount)
		}
		rows = append(rows, []string{id, b.t.Amount(amount), what})
	}
	b.table([]column{{b.t.T("receipt.number"), 2, atLeft}, {b.t.T("paper.amount"), 1.7, atRight}, {b.t.T("paper.what"), 6, atLeft}}, rows)
}

// seal tells the hash that a closed day ends the chain with.
func (b *book) seal(r day.Report) error {
	c := r.Closed
	if c == nil {
		return nil
	}
	b.heading(b.t.T("paper.seal"))
	sealed := day.Seal(r.Mode, *c)
	matrix, err := qr.Matrix(sealed)
	if err != nil {
		return err
	}
	b.code(matrix, []string{
		b.t.T("paper.seal.sentence"), b.t.T("paper.seal.line", c.Seq), b.t.T("paper.seal.hash", spaced(hex.EncodeToString(c.Head))),
	})
	return nil
}

// spaced breaks a long hash into groups that can be compared by eye.
func spaced(s string) string {
	const group = 8
	var parts []string
	for len(s) > group {
		parts, s = append(parts, s[:group]), s[group:]
	}
	return strings.Join(append(parts, s), " ")
}
