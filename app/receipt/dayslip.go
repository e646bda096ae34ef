package receipt

import (
	"context"
	"encoding/hex"
	"io"
	"strconv"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/settings"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/qr"
)

// PrintDay prints the report of a day: a slip on a receipt printer, the A4 report
// on one of the system.
func (p Press) PrintDay(ctx context.Context, to settings.Printer, r day.Report, s Sheet) error {
	return p.print(ctx, to, job{
		bytes: func(w io.Writer, to settings.Printer) error {
			t := text.New(s.Language)
			rows, err := daySlip(t, r, s)
			if err != nil {
				return err
			}
			return writeSlip(w, rows, wordOf(t, markOf(r.Mode, s.Simulated)), to)
		},
		pdf:  func(w io.Writer) error { return WriteDayPDF(w, r, s) },
		name: "day-" + r.Day,
	})
}

// DaySlip is the report of a day as text, as a receipt printer shows it.
func DaySlip(r day.Report, s Sheet, width int) ([]string, error) {
	rows, err := daySlip(text.New(s.Language), r, s)
	if err != nil {
		return nil, err
	}
	return textOf(rows, width), nil
}

func daySlip(t *text.Catalog, r day.Report, s Sheet) ([]row, error) {
	l := &layout{t: t}
	mark := markOf(r.Mode, s.Simulated)
	if mark != NoMark {
		l.banner(mark)
		l.add(row{gap: true})
	}
	l.middle(title, plain(s.Salon.Name))
	l.middle(strong, l.t.T("paper.day", dated(t, r.Day)))
	state := l.t.T("paper.open")
	if c := r.Closed; c != nil {
		state = l.t.T("paper.closed", s.local(c.At).Format(l.t.T("paper.layout")), plain(c.Operator))
	}
	l.middle(small, state)
	for _, t := range r.Totals {
		l.rule()
		l.dayTotal(t)
	}
	if len(r.Totals) == 0 {
		l.rule()
		l.middle(body, l.t.T("paper.nothing"))
	}
	for _, part := range [][]day.Share{r.Ways, r.Operators} {
		if len(part) > 0 {
			l.rule()
		}
		for _, s := range part {
			l.pair(body, shareName(l.t, s), l.t.Amount(s.Amount))
		}
	}
	if n := len(r.Differences); n > 0 {
		l.rule()
		l.pair(strong, l.t.T("paper.look"), strconv.Itoa(n))
	}
	if err := l.daySeal(r.Mode, r.Closed); err != nil {
		return nil, err
	}
	if mark != NoMark {
		l.add(row{gap: true})
		l.banner(mark)
	}
	return l.rows, nil
}

func (l *layout) dayTotal(t app.DayTotal) {
	amount := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: t.Currency} }
	l.pair(title, l.t.T("paper.stays"), l.t.Amount(amount(t.Net())))
	l.pair(body, l.t.T("paper.payments")+" ("+strconv.Itoa(t.Count)+")", l.t.Number(amount(t.Payments)))
	for _, part := range []struct {
		key string
		n   int64
	}{{"paper.refunds", t.Refunds}, {"paper.back", t.Back}, {"paper.unsure", t.Unsure}, {"paper.tips", t.Tips}} {
		if part.n != 0 {
			l.pair(body, l.t.T(part.key), l.t.Number(amount(part.n)))
		}
	}
}

func (l *layout) daySeal(m payments.Mode, c *app.ClosedDay) error {
	if c == nil {
		return nil
	}
	matrix, err := qr.Matrix(day.Seal(m, *c))
	if err != nil {
		return err
	}
	l.rule()
	l.pair(strong, l.t.T("paper.seal"), strconv.FormatInt(c.Seq, 10))
	l.add(row{code: matrix})
	l.middle(small, spaced(hex.EncodeToString(c.Head)))
	return nil
}
