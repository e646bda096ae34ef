package day

import (
	"context"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// entrySheet shows a line that stands at myPOS alone, and makes a sale of it.
type entrySheet struct {
	s     *Screen
	entry day.Entry
	pin   *widgets.PINBoxes // nil without a PIN
	add   *widgets.Button   // nil where it cannot be added
	said  *widgets.Paragraph
	sheet *widgets.Sheet
}

// showEntry tells what is known of a line at myPOS; a payment can be added as a
// sale.
func (s *Screen) showEntry(l Look) {
	c := s.cfg.Text
	if s.cfg.Host.Top() != nil || l.Entry == nil {
		return
	}
	e := &entrySheet{s: s, entry: *l.Entry, said: widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())}
	e.said.Hide()
	shut := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 56, Label: c.T("close"), OnTap: func() { e.sheet.AskClose() }})
	first := fyne.Focusable(shut)
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(l.Title, theme.Title(), theme.Ink)), gap(8),
		widgets.NewParagraph(entryWords(e.entry, c, s.cfg.Now(), s.cfg.Zone), theme.Body(), theme.Ink2), gap(6))
	if e.entry.Reference != "" {
		column.Add(widgets.NewParagraph(c.T("day.entry.reference", e.entry.Reference), theme.Body(), theme.Ink2))
		column.Add(gap(6))
	}
	foot := widgets.Row(12, shut)
	person := s.cfg.Person()
	if (l.Do == day.DoAdopt || l.Do == day.DoAdoptRefund) && s.cfg.Account != nil {
		sentence, do := c.T("day.adopt.sentence"), "day.adopt.do"
		if l.Do == day.DoAdoptRefund {
			sentence, do = c.T("day.say.order", who(l.Sale, c))+" "+c.T("day.adopt.refund.sentence"), "day.adopt.refund.do"
		}
		column.Add(gap(8))
		column.Add(widgets.NewParagraph(sentence, theme.Body(), theme.Ink2))
		e.add = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: c.T(do, e.entry.Amount), Key: c.T("key.enter"), OnTap: e.adopt})
		foot.Add(widgets.Grow(e.add))
		first = e.add
		if person.HasPIN {
			e.pin = widgets.NewPINBoxes(c.T("day.close.pin", person.Name), func(string) { e.gate() }, func(string) { e.adopt() })
			e.gate()
			column.Add(gap(18))
			column.Add(widgets.Strong(c.T("day.close.pin", person.Name)).Center())
			column.Add(gap(6))
			column.Add(e.pin)
			first = e.pin
		}
	} else {
		column.Add(gap(8))
		column.Add(widgets.NewParagraph(c.T("day.entry.portal"), theme.Body(), theme.Ink2))
	}
	column.Add(gap(12))
	column.Add(e.said)
	column.Add(gap(14))
	e.sheet = widgets.NewSheet(widgets.SheetConfig{Name: l.Title, Width: 620, CloseName: c.T("close"), First: first, Content: dialog(column, foot)})
	s.cfg.Host.Show(e.sheet)
}

// gate keeps the button shut until the PIN can be whole.
func (e *entrySheet) gate() {
	if e.pin != nil && len(e.pin.Digits()) < widgets.PINLeast {
		e.add.Disable()
	} else {
		e.add.Enable()
	}
}

// adopt makes a sale of the line, once.
func (e *entrySheet) adopt() {
	s, c := e.s, e.s.cfg.Text
	if e.add.Disabled() {
		return
	}
	by := app.Actor{Operator: s.cfg.Person().ID}
	if e.pin != nil {
		by.PIN = e.pin.Digits()
	}
	e.add.SetBusy(c.T("day.adopt.busy"))
	s.cfg.Run.Go(func(ctx context.Context) {
		_, err := s.cfg.Account.Adopt(ctx, e.entry, by)
		s.cfg.Run.Do(func() {
			e.add.SetBusy("")
			if err == nil {
				s.cfg.Host.Close(e.sheet)
				s.load()
				return
			}
			if e.pin != nil {
				e.pin.Clear(payments.CodeOf(err) == "operator.pin")
			}
			e.gate()
			e.said.SetText(c.Failure(err).Text())
			e.said.Show()
			e.sheet.Refresh()
		})
	})
}
