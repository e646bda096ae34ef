package practiceterminal

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Size of the window at text factor 1.
const (
	windowWidth  = 420
	windowHeight = 650
)

// Content draws the model. press is called with the button pressed. first is
// the part that takes the focus, nil when there is nothing to press.
func Content(m Model, mode payments.Mode, c *text.Catalog, press func(Button)) (content fyne.CanvasObject, first fyne.Focusable) {
	ground := widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	keys, first := keyRows(m, press)
	cable := widgets.NewSwitch(widgets.SwitchConfig{
		Label: c.T("practice.cable"), On: c.T("practice.cable.in"), Off: c.T("practice.cable.out"), Value: m.Plugged,
		OnChange: func(on bool) { press(either(on, Plug, Unplug)) },
	})
	paper := widgets.NewSwitch(widgets.SwitchConfig{
		Label: c.T("practice.paper"), On: c.T("practice.paper.in"), Off: c.T("practice.paper.out"), Value: m.Paper,
		OnChange: func(on bool) { press(either(on, PaperIn, PaperOut)) },
	})
	below := widgets.Col(14, widgets.Caption(c.T("practice.you")).Shrink(), keys, widgets.NewHairline(), widgets.Col(2, cable, paper))
	body := widgets.Col(20, display(m, c), below)
	scroll := widgets.NewScroll(widgets.Pad(widgets.Insets{Top: 20, Right: 24, Bottom: 4, Left: 24}, body))
	bar := banner(mode, c)
	return widgets.Place(func() fyne.Size { return fyne.NewSize(320, 360) }, func(s fyne.Size) {
		widgets.Put(ground, 0, 0, s.Width, s.Height)
		widgets.Put(bar, 0, 0, s.Width, 36)
		widgets.Put(scroll, 0, 36, s.Width, s.Height-36-14)
	}, ground, bar, scroll), first
}

func either(on bool, yes, no Button) Button {
	if on {
		return yes
	}
	return no
}

// display is the terminal's own screen, in the colour of its state.
func display(m Model, c *text.Catalog) fyne.CanvasObject {
	ground := widgets.NewSurface(widgets.Skin{Fill: m.Family.Solid(), Radius: 24})
	mark := widgets.NewIcon(m.Icon, 44, m.Family.On())
	word := widgets.NewParagraph(m.Word, theme.Title(), m.Family.On()).Center()
	sentence := widgets.NewParagraph(m.Sentence, theme.Body(), m.Family.On2()).Center()
	number, currency := "", ""
	if !m.Amount.IsZero() {
		number, currency = c.Number(m.Amount), string(m.Amount.Currency)
	}
	amount := widgets.NewAmount(number, currency, 48).Center()
	amount.SetColors(m.Family.On(), m.Family.On2())
	f := theme.Factor
	width := float32(windowWidth - 48)
	least := func() fyne.Size {
		h := 24 + 56 + 10 + 44*f() + 10 + word.HeightFor(width-48) + 4 + sentence.HeightFor(width-48) + 22
		return fyne.NewSize(200, max(h, 224*min(f(), 1.25)))
	}
	return widgets.Place(least, func(s fyne.Size) {
		width = s.Width
		w := s.Width - 48
		widgets.Put(ground, 0, 0, s.Width, s.Height)
		widgets.Put(amount, 24, 24, w, 56)
		text := word.HeightFor(w) + 4 + sentence.HeightFor(w)
		y := s.Height - 22 - text
		widgets.Put(word, 24, y, w, word.HeightFor(w))
		widgets.Put(sentence, 24, y+word.HeightFor(w)+4, w, sentence.HeightFor(w))
		top := float32(24)
		if number != "" {
			top = 80
		}
		widgets.Put(mark, 0, top, s.Width, y-top)
	}, ground, amount, mark, word, sentence)
}

// keyRows are the buttons two by two.
func keyRows(m Model, press func(Button)) (fyne.CanvasObject, fyne.Focusable) {
	rows := widgets.Col(8)
	var first fyne.Focusable
	for at := 0; at < len(m.Keys); at += 2 {
		var pair []fyne.CanvasObject
		for _, k := range m.Keys[at:min(at+2, len(m.Keys))] {
			kind := widgets.Secondary
			if k.Main {
				kind = widgets.Primary
			}
			b := widgets.NewButton(widgets.ButtonConfig{Kind: kind, Height: 56, Label: k.Label, Icon: k.Icon, OnTap: func() { press(k.Button) }})
			if !k.Can {
				b.Disable()
			} else if first == nil {
				first = b
			}
			pair = append(pair, b)
		}
		rows.Add(halves(pair))
	}
	return rows, first
}

// halves gives two buttons the same width.
func halves(pair []fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Place(func() fyne.Size {
		h := float32(0)
		for _, o := range pair {
			h = max(h, o.MinSize().Height)
		}
		return fyne.NewSize(200, h)
	}, func(s fyne.Size) {
		w := (s.Width - 8) / 2
		for i, o := range pair {
			widgets.Put(o, float32(i)*(w+8), 0, w, s.Height)
		}
	}, pair...)
}

// banner says that no real money moves.
func banner(mode payments.Mode, c *text.Catalog) fyne.CanvasObject {
	fill, ink := theme.PracticeFill, theme.PracticeText
	if mode == payments.Test {
		fill, ink = theme.TestLabel, theme.TestText
	}
	style := theme.LeadStrong()
	words := widgets.NewText(c.T("frame."+string(mode)), style.Scaled(style.Size/theme.Factor()), ink).Center()
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: fill}), words)
}
