package receipt

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// style is how a row looks where there are letters of several kinds.
type style uint8

const (
	body style = iota
	strong
	title
	small
	banner // the word of a mode, or COPY: white on black
)

// row is one line of a receipt before it is fitted into a width. With right it
// has two ends; what does not fit beside right is wrapped on the left.
type row struct {
	left, right string
	centre      bool
	rule        bool
	gap         bool
	style       style
	code        [][]bool // a QR code; the rest is empty then
}

// rows is the layout that all forms share.
func (r Receipt) rows(t *text.Catalog) []row {
	l := &layout{t: t}
	if r.Mark != NoMark {
		l.banner(r.Mark)
		l.add(row{gap: true})
	}
	l.head(r)
	if r.Kind.Refund != "" {
		l.refund(r)
	} else {
		l.sale(r)
	}
	l.foot(r)
	return l.rows
}

type layout struct {
	t    *text.Catalog
	rows []row
}

func (l *layout) add(rows ...row) { l.rows = append(l.rows, rows...) }

func (l *layout) pair(s style, left, right string) { l.add(row{left: left, right: right, style: s}) }

func (l *layout) middle(s style, words string) {
	if words != "" {
		l.add(row{left: words, centre: true, style: s})
	}
}

func (l *layout) rule() { l.add(row{rule: true}) }

func (l *layout) banner(m Mark) { l.middle(banner, l.t.T("receipt.mark."+string(m))) }

// head says whose receipt it is, which and when.
func (l *layout) head(r Receipt) {
	l.middle(title, r.Salon.Name)
	l.middle(body, r.Salon.Street)
	l.middle(body, r.Salon.City)
	if r.Salon.VATID != "" {
		l.middle(body, l.t.T("receipt.vatid", r.Salon.VATID))
	}
	if r.Salon.Phone != "" {
		l.middle(body, l.t.T("receipt.phone", r.Salon.Phone))
	}
	l.add(row{gap: true})
	name := "receipt.title.sale"
	if r.Kind.Refund != "" {
		name = "receipt.title.refund"
	}
	l.middle(strong, l.t.T(name))
	if r.Kind.Copy {
		l.middle(banner, l.t.T("receipt.copy"))
	}
	l.add(row{gap: true})
	l.pair(body, l.t.T("receipt.number"), r.Number)
	if !r.At.IsZero() {
		l.pair(body, l.t.T("receipt.date"), l.stamp(r))
	}
	if r.Operator != "" {
		l.pair(body, l.t.T("receipt.operator"), r.Operator)
	}
	l.rule()
}

func (l *layout) stamp(r Receipt) string { return r.At.Format(l.t.T("receipt.layout")) }

func (l *layout) sale(r Receipt) {
	for _, line := range r.Lines {
		l.pair(body, l.label(line), l.t.Number(line.Amount))
	}
	if len(r.Lines) > 0 {
		l.rule()
	}
	l.pair(title, l.t.T("receipt.total"), l.t.Amount(r.Total))
	if !r.Tip.IsZero() {
		l.pair(body, l.t.T("receipt.tip"), l.t.Number(r.Tip))
	}
	l.vat(r.VAT)
	l.rule()
	for _, p := range r.Payments {
		l.payment(p)
	}
	if len(r.Refunds) == 0 {
		return
	}
	l.rule()
	for _, g := range r.Refunds {
		l.pair(body, l.t.T("receipt.given", g.At.Format(l.t.T("receipt.layout.day"))), l.t.Number(minus(g.Amount)))
	}
}

func (l *layout) refund(r Receipt) {
	l.pair(title, l.t.T("receipt.refunded"), l.t.Amount(r.Total))
	l.vat(r.VAT)
	l.rule()
	for _, g := range r.Refunds {
		l.pair(body, l.t.T("receipt.to."+way(g.Rail)), l.card(g.Card, g.Last4))
		if g.Reference != "" {
			l.pair(small, l.t.T("receipt.reference"), g.Reference)
		}
	}
	for _, p := range r.Payments {
		l.pair(small, l.t.T("receipt.ofpayment"), p.Reference)
	}
}

func (l *layout) payment(p Payment) {
	name := l.t.T("receipt.paid." + way(p.Rail))
	if p.Rail == payments.RailCash && p.By != "" {
		name = l.t.T("receipt.paid.cash.by", p.By)
	}
	l.pair(strong, name, l.t.Number(p.Amount))
	if card := l.card(p.Card, p.Last4); card != "" {
		l.pair(small, l.t.T("receipt.card"), card)
	}
	for _, detail := range []struct{ key, value string }{
		{"receipt.terminal", p.Device}, {"receipt.auth", p.Auth}, {"receipt.reference", p.Reference},
	} {
		if detail.value != "" {
			l.pair(small, l.t.T(detail.key), detail.value)
		}
	}
}

// way is the part of a text key that tells a rail; an unknown one is as plain
// as can be.
func way(r payments.Rail) string {
	switch r {
	case payments.RailLink, payments.RailRequest, payments.RailTerminal, payments.RailCloud, payments.RailCash:
		return string(r)
	}
	return "other"
}

func (l *layout) card(name, last4 string) string {
	if last4 == "" {
		return name
	}
	return strings.TrimSpace(name + " ****" + last4)
}

func (l *layout) vat(v *VAT) {
	if v == nil {
		return
	}
	l.pair(small, l.t.T("receipt.net"), l.t.Number(v.Net))
	l.pair(small, l.t.T("receipt.vat", percent(v.Rate)), l.t.Number(v.Tax))
}

// percent writes basis points: 2000 is "20", 770 is "7.7".
func percent(rate int) string {
	s := strconv.Itoa(rate / 100)
	if rest := rate % 100; rest != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%02d", rest), "0")
	}
	return s
}

func (l *layout) label(line Line) string {
	switch {
	case line.Label != "":
		return line.Label
	case line.Amount.Sign() < 0:
		return l.t.T("receipt.discount")
	}
	return l.t.T("receipt.services")
}

func (l *layout) foot(r Receipt) {
	l.rule()
	for line := range strings.Lines(r.Salon.Footer) {
		l.middle(body, strings.TrimSpace(line))
	}
	l.middle(small, l.t.T("receipt.notfiscal"))
	if r.Mark != NoMark {
		l.add(row{gap: true})
		l.banner(r.Mark)
	}
}

// plain makes one harmless line of what somebody typed or a provider told:
// composed letters, blanks instead of everything that would not be seen or could
// steer a printer or turn the direction of writing.
func plain(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c == unicode.ReplacementChar, unicode.IsControl(c), unicode.Is(unicode.Cf, c), unicode.IsSpace(c):
			return ' '
		}
		return c
	}, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}

func minus(a money.Amount) money.Amount {
	a.Minor = -a.Minor
	return a
}
