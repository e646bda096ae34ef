package checkout

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// presenting draws a payment that runs on a terminal: the drawing on the left,
// the steps on the right, and one button.
func (b *body) presenting(m Model, c *text.Catalog, h hands) {
	caption := widgets.NewParagraph("", theme.Caption(), theme.Ink2)
	b.tick = func(t Tick) { caption.SetText(t.Caption) }
	left := widgets.Stack(widgets.NewLeftPanel(m.Family.Tint()), terminalSide(m, c))
	middle := widgets.Col(0,
		widgets.Row(16, widgets.StateSeal(widgets.Mark{Family: m.Family, Icon: m.Icon}), widgets.Grow(stateWord(m.Word, m.Family))),
		gap(16), widgets.NewParagraph(m.Sentence, theme.LeadLarge(), theme.Ink),
		gap(4), caption, gap(18),
		widgets.NewAmount(c.Number(m.Amount), string(m.Amount.Currency), 96),
		gap(16), widgets.NewParagraph(m.Who, theme.Lead(), theme.Ink2),
		trouble(m), gap(18), widgets.NewSteps(m.Family, m.Terminal.Steps...),
	)
	b.root = halves(left, column(middle, b.terminalFoot(m, c, h), 0))
}

// terminalSide is the drawing with the name of the terminal below it.
func terminalSide(m Model, c *text.Catalog) fyne.CanvasObject {
	art := widgets.NewTerminalArt(c.Number(m.Amount))
	name := widgets.NewParagraph(m.Terminal.Label, theme.Heading(), m.Family.Text()).Center()
	kind := widgets.NewParagraph(m.Terminal.Kind, theme.Caption(), m.Family.Text()).Center()
	return widgets.Place(nil, func(s fyne.Size) {
		w := s.Width - 48
		nh, kh := name.HeightFor(w), kind.HeightFor(w)
		art1 := min(330, s.Height-nh-kh-80)
		y := (s.Height - art1 - 22 - nh - kh) / 2
		aw := min(300, s.Width)
		widgets.Put(art, (s.Width-aw)/2, y, aw, art1)
		y += art1 + 22
		widgets.Put(name, 24, y, w, nh)
		widgets.Put(kind, 24, y+nh, w, kh)
	}, art, name, kind)
}

// terminalFoot says whether the payment can be cancelled, beside the button
// that does it.
func (b *body) terminalFoot(m Model, c *text.Catalog, h hands) fyne.CanvasObject {
	why := widgets.NewParagraph(m.Terminal.Foot, theme.Caption(), theme.Ink2)
	var buttons []*widgets.Button
	if !m.Locked {
		cancel := b.button(Action{Act: ActCancel, Label: c.T("pay.cancel")}, widgets.ButtonConfig{Kind: widgets.Secondary}, h)
		buttons = append(buttons, cancel)
		b.first = cancel
		if !m.Terminal.CanCancel {
			cancel.Disable()
			b.first = nil
		}
	}
	for _, a := range m.Side {
		btn := b.button(a, widgets.ButtonConfig{Kind: widgets.Tonal}, h)
		buttons = append(buttons, btn)
		b.first = btn
	}
	return widgets.Pad(widgets.Insets{Top: 18}, widgets.Col(22, widgets.NewHairline(), footRow(why, buttons)))
}

// footRow puts words before buttons, and above them where both do not fit.
func footRow(why *widgets.Paragraph, buttons []*widgets.Button) fyne.CanvasObject {
	parts := []fyne.CanvasObject{why}
	for _, b := range buttons {
		parts = append(parts, b)
	}
	width := float32(0)
	taken := func() (w, h float32) {
		for _, b := range buttons {
			m := b.MinSize()
			w, h = w+m.Width+10, max(h, m.Height)
		}
		return w - 10, h
	}
	split := func() (room float32, above bool) {
		w, _ := taken()
		room = width - w - 20
		return room, room < 190*theme.Factor()
	}
	least := func() fyne.Size {
		w, h := taken()
		room, above := split()
		switch {
		case width == 0:
		case above:
			h += why.HeightFor(width) + 10
		default:
			h = max(h, why.HeightFor(room))
		}
		return fyne.NewSize(min(w, 200), h)
	}
	return widgets.Place(least, func(s fyne.Size) {
		width = s.Width
		w, h := taken()
		room, above := split()
		y := (s.Height - h) / 2
		if above {
			y = s.Height - h
			widgets.Put(why, 0, 0, s.Width, why.HeightFor(s.Width))
		} else {
			wh := why.HeightFor(room)
			widgets.Put(why, 0, (s.Height-wh)/2, room, wh)
		}
		x := s.Width - min(w, s.Width)
		each := min(1, s.Width/w)
		for _, b := range buttons {
			m := b.MinSize()
			widgets.Put(b, x, y, m.Width*each, h)
			x += (m.Width + 10) * each
		}
	}, parts...)
}
