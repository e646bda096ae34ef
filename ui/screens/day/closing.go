package day

import (
	"cmp"
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// sealing is the dialog that closes a day, or opens it again.
type sealing struct {
	s        *Screen
	reopen   bool
	report   day.Report
	view     View
	person   Person
	pin      *widgets.PINBoxes // nil without a PIN
	knowing  *widgets.Switch   // nil while all is settled
	said     *widgets.Paragraph
	do, keep *widgets.Button
	sheet    *widgets.Sheet
	busy     bool
}

// Close asks whether the day that is shown is to be closed.
func (s *Screen) Close() {
	if s.loaded && s.report.Closed == nil && s.cfg.Host.Top() == nil {
		s.ask(false)
	}
}

// CloseNext asks it as soon as the day that is running is there.
func (s *Screen) CloseNext() {
	s.chosen, s.closing = "", true
	s.load()
}

// Reopen asks whether the closed day that is shown is to be opened again.
func (s *Screen) Reopen() {
	if s.loaded && s.report.Closed != nil && s.cfg.Host.Top() == nil {
		s.ask(true)
	}
}

func (s *Screen) ask(reopen bool) {
	c := s.cfg.Text
	d := &sealing{s: s, reopen: reopen, report: s.report, person: s.cfg.Person()}
	d.view = Show(s.report, c, s.cfg.Now(), s.cfg.Zone)
	d.said = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	name, keep := "day.close.title", "day.keep"
	d.do = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 64, Label: c.T("day.close"), Key: c.T("key.enter"), OnTap: d.submit})
	if reopen {
		name, keep = "day.reopen.title", "day.keep.closed"
		d.do.SetLabel(c.T("day.reopen"))
	}
	d.keep = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 64, Label: c.T(keep), OnTap: func() { d.sheet.AskClose() }})
	title := c.T(name, d.view.Title)
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), gap(8))
	d.fill(column)
	first := fyne.Focusable(d.keep)
	if d.blocked() == "" {
		first = d.do
	}
	if d.person.HasPIN && d.blocked() == "" {
		d.pin = widgets.NewPINBoxes(c.T("day.close.pin", d.person.Name), func(string) { d.show("") }, func(string) { d.submit() })
		column.Add(gap(18))
		column.Add(widgets.Strong(c.T("day.close.pin", d.person.Name)).Center())
		column.Add(gap(6))
		column.Add(d.pin)
		first = d.pin
	}
	column.Add(gap(10))
	column.Add(d.said)
	column.Add(gap(14))
	column.Add(widgets.Row(12, d.keep, widgets.Grow(d.do)))
	d.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 620, CloseName: c.T("close"), First: first, MayClose: func() bool { return !d.busy }, OnKey: d.key,
		Content: dialog(column),
	})
	d.show("")
	s.cfg.Host.Show(d.sheet)
}

// fill tells what will be sealed.
func (d *sealing) fill(column *fyne.Container) {
	c := d.s.cfg.Text
	sentence := "day.close.past"
	switch {
	case d.reopen:
		sentence = "day.reopen.sentence"
	case d.s.running():
		sentence = "day.close.sentence"
	}
	column.Add(widgets.NewParagraph(c.T(sentence), theme.Body(), theme.Ink2))
	column.Add(gap(14))
	for _, t := range d.report.Totals {
		for _, p := range d.sums(t) {
			column.Add(widgets.Sized(0, 30*theme.Factor(), widgets.Row(12, widgets.NewText(p.Label, theme.Body(), theme.Ink2), widgets.Space(), p.value())))
		}
		column.Add(gap(8))
	}
	if d.reopen || d.view.Money == 0 || d.blocked() != "" {
		return
	}
	d.knowing = widgets.NewSwitch(widgets.SwitchConfig{
		Label: c.T("day.close.knowingly"), Sentence: c.T("day.close.knowingly.sentence"), On: c.T("day.yes"), Off: c.T("day.no"),
		OnChange: func(bool) { d.show("") },
	})
	column.Add(gap(4))
	column.Add(widgets.Row(9, widgets.NewIcon("alert", 20, theme.Amber.Text()),
		widgets.Grow(widgets.NewParagraph(c.N("day.close.open", d.view.Money), theme.BodyStrong(), theme.Amber.Text()))))
	column.Add(gap(8))
	column.Add(d.knowing)
}

// sum is a line of what will be sealed.
type sum struct {
	Figure
	strong bool
}

func (f sum) value() fyne.CanvasObject {
	style := theme.Body()
	if f.strong {
		style = theme.LeadStrong()
	}
	return widgets.NewText(f.Value, style, theme.Ink).Right()
}

func (d *sealing) sums(t app.DayTotal) []sum {
	c := d.s.cfg.Text
	number := func(minor int64) string { return c.Number(money.Amount{Minor: minor, Currency: t.Currency}) }
	list := []sum{{Figure{c.T("day.taken"), c.Amount(amount(t.Payments, t.Currency))}, false}}
	for _, f := range []struct {
		key   string
		minor int64
	}{{"day.refunds", t.Refunds}, {"day.back", t.Back}, {"day.unsure", t.Unsure}} {
		if f.minor != 0 {
			list = append(list, sum{Figure{c.T(f.key), number(f.minor)}, false})
		}
	}
	return append(list, sum{Figure{c.T("day.stays"), c.Amount(amount(t.Net(), t.Currency))}, true})
}

// blocked says why it cannot be done at all; empty when it can.
func (d *sealing) blocked() string {
	c := d.s.cfg.Text
	switch {
	case !d.person.MayClose:
		return c.T("day.denied", d.person.Name)
	case !d.reopen && d.view.Differs:
		return c.T("day.differs.sentence")
	case !d.reopen && d.view.Earlier != "":
		return d.view.Earlier + ". " + c.T("day.earlier.sentence")
	}
	return ""
}

// show says why the button cannot be pressed, or what a refusal said.
func (d *sealing) show(said string) {
	said = cmp.Or(said, d.blocked())
	d.said.SetText(said)
	if said == "" {
		d.said.Hide()
	} else {
		d.said.Show()
	}
	if d.ready() {
		d.do.Enable()
	} else {
		d.do.Disable()
	}
	if d.sheet != nil {
		d.sheet.Refresh()
	}
}

func (d *sealing) ready() bool {
	switch {
	case d.busy, d.blocked() != "",
		d.knowing != nil && !d.knowing.On(),
		d.pin != nil && len(d.pin.Digits()) < widgets.PINLeast:
		return false
	}
	return true
}

func (d *sealing) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		d.submit()
		return true
	}
	return false
}

func (d *sealing) submit() {
	if !d.ready() {
		return
	}
	c, s := d.s.cfg.Text, d.s
	by := app.Actor{Operator: d.person.ID}
	if d.pin != nil {
		by.PIN = d.pin.Digits()
	}
	d.busy = true
	words := "day.close.busy"
	if d.reopen {
		words = "day.reopen.busy"
	}
	d.do.SetBusy(c.T(words))
	name, open := d.report.Day, d.knowing != nil && d.knowing.On()
	s.cfg.Run.Go(func(ctx context.Context) {
		var err error
		if d.reopen {
			err = s.cfg.Book.Reopen(ctx, by, name)
		} else {
			_, err = s.cfg.Book.Close(ctx, by, name, open)
		}
		s.cfg.Run.Do(func() { d.done(name, err) })
	})
}

func (d *sealing) done(name string, err error) {
	d.busy = false
	d.do.SetBusy("")
	if err == nil {
		d.s.cfg.Host.Close(d.sheet)
		d.s.Go(name) // the seal, or the day that is open again
		return
	}
	if d.pin != nil {
		d.pin.Clear(payments.CodeOf(err) == "operator.pin")
	}
	d.show(d.s.cfg.Text.Failure(err).Text())
}
