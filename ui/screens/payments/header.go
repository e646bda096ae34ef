package payments

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// command is something that can be done with the sale.
type command struct {
	name, label, icon, key string
	main                   bool
	act                    func()
}

// commands are what can be done with the sale, the main one last.
func (v *detailView) commands() []command {
	s, c, a, d := v.s, v.s.cfg.Text, v.s.cfg.Acts, v.d
	var list []command
	add := func(when bool, name, label, icon string, act func()) {
		if when {
			list = append(list, command{name: name, label: label, icon: icon, act: act})
		}
	}
	add(a.Witness != nil && a.Save != nil, "evidence", c.T("sale.evidence"), "doc", s.Evidence)
	add(a.Receipt != nil && d.Receipts, "receipt", c.T("sale.receipt"), "printer", func() { a.Receipt(s.sale.ID, "") })
	add(d.Reopen && s.cfg.OnShow != nil, "show", c.T("sale.show"), "charge", func() { s.cfg.OnShow(s.sale) })
	add(d.Late && a.Keeper != nil, "keep", c.T("checkout.keep", s.sale.Received), "check", s.keep)
	if d.Refundable && a.Refund != nil {
		list = append(list, command{name: "refund", label: c.T("sale.refund"), icon: "refund", key: "F4", main: true, act: func() { a.Refund(s.sale) }})
	}
	return list
}

// header is the way back, whose sale it is, and what can be done with it. Where
// there is no room for every button the others move into the menu.
func (v *detailView) header() fyne.CanvasObject {
	c, all := v.s.cfg.Text, v.commands()
	square := widgets.NewSurface(widgets.Skin{Fill: theme.Paper, Radius: 14, Shadow: widgets.RaisedShadow})
	back := widgets.NewIconButton("left", 20, c.T("sale.back"), v.s.back)
	v.parts["back"] = back
	start := widgets.Stack(widgets.Sized(48, 48, square), back)
	style := theme.Title()
	if strings.ContainsFunc(v.d.Title, func(r rune) bool { return r > 0x04FF }) {
		style.Number, style.Bold = false, true
	}
	words := widgets.Col(1, widgets.NewParagraph(v.d.Title, style, theme.Ink), widgets.NewParagraph(v.d.Subtitle, theme.Caption(), theme.Ink2))
	buttons := make([]*widgets.Button, len(all))
	for i, m := range all {
		kind := widgets.Secondary
		if m.main && len(v.d.Unsure) == 0 { // what is not known is asked about first
			kind = widgets.Primary
		}
		buttons[i] = widgets.NewButton(widgets.ButtonConfig{Kind: kind, Label: m.label, Icon: m.icon, Key: m.key, OnTap: m.act})
		v.parts[m.name], v.doing[m.name] = buttons[i], buttons[i]
	}
	shown := map[string]bool{}
	menu := widgets.NewIconButton("more", 22, c.T("sale.more"), func() { v.s.openMenu(v.menu(all, shown)) })
	v.parts["more"] = menu
	h := headerBox{start: start, words: words, more: menu, all: all, shown: shown, menu: len(v.menu(nil, nil)) > 0}
	for _, b := range buttons {
		h.buttons = append(h.buttons, b)
	}
	return h.box()
}

// menu is what has no button of its own.
func (v *detailView) menu(all []command, shown map[string]bool) []menuLine {
	var lines []menuLine
	for _, m := range all {
		if !shown[m.name] {
			lines = append(lines, menuLine{label: m.label, icon: m.icon, act: m.act})
		}
	}
	if v.s.cfg.Acts.Eraser == nil {
		return lines
	}
	c := v.s.cfg.Text
	erase := menuLine{label: c.T("sale.erase"), icon: "trash", act: v.s.Erase}
	switch {
	case !v.s.sale.Erased.IsZero():
		erase.hint = c.T("sale.erase.done")
	case !v.d.Worded:
		erase.hint = c.T("sale.erase.open")
	}
	return append(lines, erase)
}

// headerBox lays way back, words, menu and buttons side by side. Buttons for
// which there is no room are hidden, the most important last.
type headerBox struct {
	start, words, more fyne.CanvasObject
	buttons            []fyne.CanvasObject
	all                []command // of the buttons
	shown              map[string]bool
	menu               bool // there is something in the menu even when all buttons are shown
}

const (
	headerGap = 14
	wordsRoom = 280 // dp at factor 1 that the words keep
	keyWidth  = 200 // of a button that shows its key
)

func (h headerBox) width(i int) float32 {
	w := h.buttons[i].MinSize().Width
	if h.all[i].main && theme.Factor() == 1 {
		return max(w, keyWidth)
	}
	return w
}

// fit chooses the buttons for a width and returns what they take.
func (h headerBox) fit(width float32) (sum float32) {
	for i, m := range h.all {
		h.shown[m.name] = true
		sum += h.width(i) + headerGap
	}
	room := width - 48 - headerGap - h.more.MinSize().Width - headerGap - wordsRoom*theme.Factor()
	for _, name := range []string{"show", "evidence", "receipt", "keep"} {
		for i, m := range h.all {
			if m.name == name && sum > room {
				h.shown[name] = false
				sum -= h.width(i) + headerGap
			}
		}
	}
	return sum
}

// full reports whether every button is shown.
func (h headerBox) full() bool {
	for _, m := range h.all {
		if !h.shown[m.name] {
			return false
		}
	}
	return true
}

// rest is the width of the words.
func (h headerBox) rest(width, sum float32) float32 {
	rest := width - 48 - headerGap - sum
	if h.menu || !h.full() {
		rest -= h.more.MinSize().Width + headerGap
	}
	return max(rest, 60)
}

func (h headerBox) box() fyne.CanvasObject {
	var box *fyne.Container
	objects := append([]fyne.CanvasObject{h.start, h.words, h.more}, h.buttons...)
	box = widgets.Place(func() fyne.Size {
		w := box.Size().Width
		h.words.Resize(fyne.NewSize(h.rest(w, h.fit(w)), h.words.Size().Height))
		return fyne.NewSize(0, max(h.words.MinSize().Height, 48*theme.Factor()))
	}, h.lay, objects...)
	return box
}

func (h headerBox) lay(s fyne.Size) {
	sum, high := h.fit(s.Width), 48*theme.Factor()
	x := s.Width - sum + headerGap
	for i, b := range h.buttons {
		if !h.shown[h.all[i].name] {
			b.Hide()
			continue
		}
		b.Show()
		widgets.Put(b, x, (s.Height-high)/2, h.width(i), high)
		x += h.width(i) + headerGap
	}
	h.more.Hide()
	if h.menu || !h.full() {
		h.more.Show()
		side := h.more.MinSize().Width
		widgets.Put(h.more, s.Width-sum-side, (s.Height-high)/2, side, high)
	}
	words := h.words.MinSize().Height
	widgets.Put(h.start, 0, (s.Height-48)/2, 48, 48)
	widgets.Put(h.words, 48+headerGap, (s.Height-words)/2, h.rest(s.Width, sum), words)
}
