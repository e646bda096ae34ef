package operators

import (
	"context"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"

	"fyne.io/fyne/v2"
)

// pinSheet takes a new PIN twice.
type pinSheet struct {
	s     *Section
	o     operators.Operator
	first string // the first of the two; empty while it is typed
	note  *widgets.Paragraph
	pin   *widgets.PINBoxes
	pad   *keypad
	enter *widgets.Button
	sheet *widgets.Sheet
}

func (s *Section) setPIN(o operators.Operator) {
	t := s.cfg.Text
	p := &pinSheet{s: s, o: o, note: widgets.NewParagraph(t.T("operators.pin.first"), theme.Body(), theme.Ink2).Center()}
	p.pin = widgets.NewPINBoxes(t.T("operators.pin"), func(string) { p.show() }, func(string) { p.next() })
	p.pad = newKeypad(t, p.pin)
	p.enter = widgets.NewButton(widgets.ButtonConfig{Height: 56, Key: "Enter", Label: t.T("operators.pin.next"), OnTap: p.next})
	title := t.T("operators.pin.title", Name(t, o))
	column := widgets.Col(0, widgets.NewText(title, theme.Title(), theme.Ink).Shrink(), space(6), p.note, space(12), p.pin, space(12), p.pad.root, space(20), p.enter)
	if o.HasPIN {
		column.Add(space(8))
		column.Add(widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Severe, Label: t.T("operators.pin.drop"), OnTap: func() { p.send("") }}))
	}
	p.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 520, CloseName: t.T("close"), First: p.pin, OnKey: p.key,
		Content: widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, column),
	})
	p.show()
	s.cfg.Host.Show(p.sheet)
}

func (p *pinSheet) key(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyBackspace:
		p.pin.Back()
	case fyne.KeyReturn, fyne.KeyEnter:
		p.next()
	default:
		return false
	}
	return true
}

func (p *pinSheet) show() {
	if len(p.pin.Digits()) < widgets.PINLeast {
		p.enter.Disable()
	} else {
		p.enter.Enable()
	}
}

func (p *pinSheet) say(words string, bad bool) {
	ink := theme.Ink2
	if bad {
		ink = theme.Red.Text()
	}
	p.note.SetText(words)
	p.note.SetLook(theme.Body(), ink)
	p.pin.Clear(bad)
	p.show()
	p.sheet.Refresh()
}

// next goes from the first typing to the second, and from there to the book.
func (p *pinSheet) next() {
	t, digits := p.s.cfg.Text, p.pin.Digits()
	switch {
	case len(digits) < widgets.PINLeast:
	case p.first == "":
		p.first = digits
		p.enter.SetLabel(t.T("operators.pin.save"))
		p.say(t.T("operators.pin.again"), false)
	case p.first != digits:
		p.first = ""
		p.enter.SetLabel(t.T("operators.pin.next"))
		p.say(t.T("operators.pin.differ"), true)
	default:
		p.send(digits)
	}
}

func (p *pinSheet) send(digits string) {
	t, cfg := p.s.cfg.Text, p.s.cfg
	p.enter.SetBusy(t.T("operators.saving"))
	cfg.Run.Go(func(ctx context.Context) {
		err := cfg.Desk.SetPIN(ctx, cfg.By, p.o.ID, digits)
		cfg.Run.Do(func() {
			p.enter.SetBusy("")
			if err != nil {
				said := t.Problem(payments.CodeOf(err))
				p.first = ""
				p.enter.SetLabel(t.T("operators.pin.next"))
				p.say(said.What+" "+said.Do, true)
				return
			}
			p.pin.Clear(false)
			cfg.Host.Close(p.sheet)
			p.s.changed()
		})
	})
}
