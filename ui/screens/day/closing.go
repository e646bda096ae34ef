package day

import (
	"cmp"
	"context"
	"strings"
	"time"

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
	waits    bool // for the comparison with myPOS
	report   day.Report
	view     View
	person   Person
	pin      *widgets.PINBoxes // nil without a PIN
	knowing  *widgets.Switch   // nil while all is settled
	reason   *widgets.Field    // nil unless a day is opened again
	said     *widgets.Paragraph
	do, keep *widgets.Button
	sheet    *widgets.Sheet
	busy     bool
}

// Close asks whether the day that is shown is to be closed. Before that it is
// compared with the list of myPOS, where there is one.
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

// freshMatch is how old a comparison may be to count at closing without a new
// one.
const freshMatch = time.Minute

// compares reports whether a closing asks myPOS first.
func (s *Screen) compares() bool {
	m := s.report.Match
	fresh := m.State == day.MatchDone && s.cfg.Now().Sub(m.At) < freshMatch
	return s.cfg.Account != nil && m.State != day.MatchOff && !fresh
}

func (s *Screen) ask(reopen bool) {
	c := s.cfg.Text
	d := &sealing{s: s, reopen: reopen, person: s.cfg.Person()}
	name, keep, label := "day.close.title", "day.keep", "day.close"
	if reopen {
		name, keep, label = "day.reopen.title", "day.keep.closed", "day.reopen"
	}
	d.do = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 64, Label: c.T(label), Key: c.T("key.enter"), OnTap: d.submit})
	d.keep = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 64, Label: c.T(keep), OnTap: func() { d.sheet.AskClose() }})
	title := c.T(name, Show(s.report, c, s.cfg.Now(), s.cfg.Zone).Title)
	d.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 620, CloseName: c.T("close"), MayClose: func() bool { return !d.busy }, OnKey: d.key,
		Content: widgets.Stack(), OnClosed: func() { d.waits = false },
	})
	s.cfg.Host.Show(d.sheet)
	if !reopen && s.report.Earlier == "" && s.compares() {
		d.wait(title)
		return
	}
	d.build(title)
}

// wait compares the day first; what is open may be less by then, or more.
func (d *sealing) wait(title string) {
	s, c := d.s, d.s.cfg.Text
	d.waits = true
	without := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Tonal, Height: 64, Label: c.T("day.close.without"), OnTap: func() {
		if d.waits {
			d.waits = false
			d.build(title)
		}
	}})
	d.sheet.SetContent(dialog(widgets.Col(0,
		widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), gap(14),
		widgets.Row(12, widgets.NewIcon("hourglass", 20, theme.Blue.Text()), widgets.Grow(widgets.NewParagraph(c.T("day.close.compare"), theme.Body(), theme.Ink2))),
		gap(24)), widgets.Row(12, d.keep, widgets.Grow(without))))
	s.cfg.Host.Canvas().Focus(without)
	name := s.report.Day
	s.cfg.Run.Go(func(ctx context.Context) {
		// Why it failed stands in the report.
		_ = s.cfg.Account.Reconcile(ctx)
		r, err := s.cfg.Book.Report(ctx, name)
		s.cfg.Run.Do(func() {
			if err == nil && name == s.report.Day {
				s.report = r
				s.draw()
			}
			if d.waits {
				d.waits = false
				d.build(title)
			}
		})
	})
}

// build shows what will be done, and asks.
func (d *sealing) build(title string) {
	s, c := d.s, d.s.cfg.Text
	d.report, d.view = s.report, Show(s.report, c, s.cfg.Now(), s.cfg.Zone)
	d.said = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), gap(8))
	d.fill(column)
	first := fyne.Focusable(d.keep)
	if d.earlier() {
		d.do.SetLabel(c.T("day.earlier.go"))
	}
	if d.earlier() || d.blocked() == "" && d.knowing == nil {
		first = d.do
	}
	if d.knowing != nil {
		first = d.knowing
	}
	if d.reopen && d.blocked() == "" {
		d.reason = widgets.NewField(widgets.FieldConfig{
			Label: c.T("day.reopen.reason"), Hint: c.T("day.reopen.reason.hint"), OnChanged: func(string) { d.show("") }, OnSubmit: func(string) { d.next() },
		})
		column.Add(d.reason)
		first = d.reason.Entry()
	}
	if d.person.HasPIN && d.blocked() == "" {
		d.pin = widgets.NewPINBoxes(c.T("day.close.pin", d.person.Name), func(string) { d.show("") }, func(string) { d.submit() })
		column.Add(gap(18))
		column.Add(widgets.Strong(c.T("day.close.pin", d.person.Name)).Center())
		column.Add(gap(6))
		column.Add(d.pin)
		if d.knowing == nil && d.reason == nil {
			first = d.pin
		}
	}
	column.Add(gap(10))
	column.Add(d.said)
	column.Add(gap(14))
	d.sheet.SetContent(dialog(column, widgets.Row(12, d.keep, widgets.Grow(d.do))))
	d.show("")
	s.cfg.Host.Canvas().Focus(first)
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
	if d.reopen || d.blocked() != "" {
		return
	}
	d.compared(column)
	if d.view.Money == 0 {
		return
	}
	d.knowing = widgets.NewSwitch(widgets.SwitchConfig{
		Label: c.T("day.close.knowingly"), Sentence: c.T("day.close.knowingly.sentence"), On: c.T("day.yes"), Off: c.T("day.no"),
		OnChange: d.decided,
	})
	column.Add(gap(4))
	column.Add(widgets.Row(9, widgets.NewIcon("alert", 20, theme.Amber.Text()),
		widgets.Grow(widgets.NewParagraph(c.N("day.close.open", d.view.Money), theme.BodyStrong(), theme.Amber.Text()))))
	d.open(column)
	column.Add(gap(8))
	column.Add(d.knowing)
}

// decided goes on to what is left to do, once closing with what is open is
// wanted.
func (d *sealing) decided(on bool) {
	d.show("")
	switch c := d.s.cfg.Host.Canvas(); {
	case on && d.pin != nil:
		c.Focus(d.pin)
	case on:
		c.Focus(d.do)
	}
}

// compared tells how the day compares with the list of myPOS.
func (d *sealing) compared(column *fyne.Container) {
	m := d.view.Match
	if m.Words == "" {
		return
	}
	words := widgets.Col(0, widgets.NewParagraph(m.Words, theme.BodyStrong(), m.Mark.Family.Text()))
	if below := strings.TrimSpace(m.Detail + " " + m.At); below != "" {
		words.Add(widgets.NewParagraph(below, theme.Caption(), theme.Ink2))
	}
	column.Add(gap(4))
	column.Add(widgets.Row(9, widgets.NewIcon(m.Mark.Icon, 20, m.Mark.Family.Text()), widgets.Grow(words)))
	column.Add(gap(4))
}

// listed is how many open items are named in the dialog.
const listed = 4

// open names what stays open.
func (d *sealing) open(column *fyne.Container) {
	n := 0
	for _, l := range d.view.Looks {
		if !l.Money {
			continue
		}
		if n++; n > listed {
			break
		}
		column.Add(widgets.Pad(widgets.Insets{Left: 29 * theme.Factor()}, widgets.NewParagraph(l.Title, theme.Caption(), theme.Ink2)))
	}
	if more := d.view.Money - listed; more > 0 {
		column.Add(widgets.Pad(widgets.Insets{Left: 29 * theme.Factor()}, widgets.NewParagraph(d.s.cfg.Text.N("day.close.more", more), theme.Caption(), theme.Ink2)))
	}
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

// earlier reports whether another day is to be closed first, and may be: the main
// button leads there and asks about that one.
func (d *sealing) earlier() bool {
	return !d.reopen && d.person.MayClose && !d.view.Differs && d.view.Earlier != ""
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
	case d.earlier():
		return true
	case d.busy, d.waits, d.blocked() != "",
		d.knowing != nil && !d.knowing.On(),
		d.reason != nil && strings.TrimSpace(d.reason.Text()) == "",
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

// next goes from the reason to what is left to do.
func (d *sealing) next() {
	if d.pin != nil && len(d.pin.Digits()) < widgets.PINLeast {
		d.s.cfg.Host.Canvas().Focus(d.pin)
		return
	}
	d.submit()
}

func (d *sealing) submit() {
	if !d.ready() {
		return
	}
	c, s := d.s.cfg.Text, d.s
	if d.earlier() {
		s.cfg.Host.Close(d.sheet)
		s.chosen, s.closing = d.report.Earlier, true
		s.load()
		return
	}
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
	name, open, reason := d.report.Day, d.knowing != nil && d.knowing.On(), ""
	if d.reason != nil {
		reason = strings.TrimSpace(d.reason.Text())
	}
	s.cfg.Run.Go(func(ctx context.Context) {
		var err error
		if d.reopen {
			err = s.cfg.Book.ReopenFor(ctx, by, name, reason)
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
