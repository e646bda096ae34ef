package receipt

import (
	"encoding/hex"
	"io"
	"strconv"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/text"
	"frontdesk/payments/money"
)

// WritePeriodPDF writes several business days as one report, a line each, oldest
// first as given, with the seals of those that are closed. Currencies are added
// apart.
func WritePeriodPDF(w io.Writer, days []day.Report, s Sheet) error {
	if len(days) == 0 {
		return refuse("day.shape")
	}
	s.Mode = days[0].Mode
	t := text.New(s.Language)
	name := t.T("paper.period", dated(t, days[0].Day), dated(t, days[len(days)-1].Day))
	b, err := newBook(t, s, name)
	if err != nil {
		return err
	}
	b.periodSums(days)
	b.periodDays(days)
	b.periodSeals(days)
	return finish(w, b.pdf)
}

func (b *book) periodSums(days []day.Report) {
	var order []money.Currency
	sums := map[money.Currency]app.DayTotal{}
	for _, d := range days {
		for _, t := range d.Totals {
			sum, known := sums[t.Currency]
			if !known {
				order = append(order, t.Currency)
			}
			sum.Currency = t.Currency
			sum.Payments, sum.Refunds, sum.Back = sum.Payments+t.Payments, sum.Refunds+t.Refunds, sum.Back+t.Back
			sum.Unsure, sum.Tips, sum.Count = sum.Unsure+t.Unsure, sum.Tips+t.Tips, sum.Count+t.Count
			sums[t.Currency] = sum
		}
	}
	b.heading(b.t.T("paper.takings"))
	if len(order) == 0 {
		b.para(body, b.t.T("paper.nothing"))
		return
	}
	var rows [][]string
	for _, c := range order {
		rows = append(rows, append([]string{string(c), strconv.Itoa(sums[c].Count)}, b.figures(sums[c])...))
	}
	b.table(b.figureColumns(column{b.t.T("paper.currency"), 1.1, atLeft}, column{b.t.T("paper.count"), 1, atRight}), rows)
}

func (b *book) periodDays(days []day.Report) {
	b.heading(b.t.T("paper.days"))
	var rows [][]string
	for _, d := range days {
		for _, t := range d.Totals {
			rows = append(rows, append([]string{dated(b.t, d.Day), string(t.Currency)}, b.figures(t)...))
		}
		if len(d.Totals) == 0 {
			rows = append(rows, []string{dated(b.t, d.Day), "", "", "", "", "", "", b.t.T("paper.none")})
		}
	}
	b.table(b.figureColumns(column{b.t.T("paper.date"), 1.7, atLeft}, column{"", 0.8, atLeft}), rows)
}

func (b *book) periodSeals(days []day.Report) {
	var rows [][]string
	for _, d := range days {
		if c := d.Closed; c != nil {
			rows = append(rows, []string{dated(b.t, d.Day), b.stamp(c.At), plain(c.Operator), strconv.FormatInt(c.Seq, 10), spaced(hex.EncodeToString(c.Head))})
			continue
		}
		rows = append(rows, []string{dated(b.t, d.Day), b.t.T("paper.open"), "", "", ""})
	}
	b.heading(b.t.T("paper.seals"))
	b.table([]column{
		{b.t.T("paper.date"), 1.5, atLeft},
		{b.t.T("paper.closedat"), 2, atLeft},
		{b.t.T("paper.by"), 1.3, atLeft},
		{b.t.T("paper.lineno"), 0.9, atRight},
		{b.t.T("paper.seal"), 4.6, atLeft},
	}, rows)
}
