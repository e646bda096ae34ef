package payments

import (
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// roomy is the counted width from which every act has a button of its own.
const roomy = 1000

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
		if m.main {
			kind = widgets.Primary
		}
		buttons[i] = widgets.NewButton(widgets.ButtonConfig{Kind: kind, Label: m.label, Icon: m.icon, Key: m.key, OnTap: m.act})
		v.parts[m.name], v.doing[m.name] = buttons[i], buttons[i]
	}
	wide := true
	menu := widgets.NewIconButton("more", 22, c.T("sale.more"), func() { v.s.openMenu(v.menu(all, wide)) })
	v.parts["more"] = menu
	parts := []fyne.CanvasObject{start, words, menu}
	for _, b := range buttons {
		parts = append(parts, b)
	}
	return v.headerBox(parts, func(w bool) { wide = w }, len(v.menu(all, true)) > 0, all)
}

// menu is what has no button of its own.
func (v *detailView) menu(all []command, wide bool) []menuLine {
	var lines []menuLine
	if !wide {
		for _, m := range all {
			if !m.main {
				lines = append(lines, menuLine{label: m.label, icon: m.icon, act: m.act})
			}
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

// headerBox lays way back, words, menu and buttons side by side.
func (v *detailView) headerBox(parts []fyne.CanvasObject, tell func(wide bool), menu bool, all []command) fyne.CanvasObject {
	start, words, more, buttons := parts[0], parts[1], parts[2], parts[3:]
	const between = 14
	widthOf := func(i int) float32 {
		w := buttons[i].MinSize().Width
		if all[i].main && theme.Factor() == 1 {
			w += 40 // its key
		}
		return w
	}
	shown := func(width float32) (sum float32, wide bool) {
		for i := range buttons {
			sum += widthOf(i) + between
		}
		side := 48 * theme.Factor()
		if width/theme.Factor() >= roomy || sum+side+between+220*theme.Factor() <= width-62 {
			return sum, true
		}
		sum = 0
		for i := range buttons {
			if all[i].main {
				sum += widthOf(i) + between
			}
		}
		return sum, false
	}
	var box *fyne.Container
	box = widgets.Place(func() fyne.Size {
		w := box.Size().Width
		sum, wide := shown(w)
		words.Resize(fyne.NewSize(max(w-48-between-sum-48*theme.Factor()-between, 60), words.Size().Height))
		tell(wide)
		return fyne.NewSize(0, max(words.MinSize().Height, 48*theme.Factor()))
	}, func(s fyne.Size) {
		sum, wide := shown(s.Width)
		tell(wide)
		x := s.Width - sum + between
		high := max(48, 48*theme.Factor())
		for i, b := range buttons {
			b.(fyne.CanvasObject).Show()
			if !wide && !all[i].main {
				b.Hide()
				continue
			}
			widgets.Put(b, x, (s.Height-high)/2, widthOf(i), high)
			x += widthOf(i) + between
		}
		room := s.Width - sum
		more.Hide()
		if menu || !wide && len(buttons) > 0 {
			side := more.MinSize().Width
			more.Show()
			widgets.Put(more, room-side, (s.Height-high)/2, side, high)
			room -= side + between
		}
		widgets.Put(start, 0, (s.Height-48)/2, 48, 48)
		widgets.Put(words, 48+between, (s.Height-words.MinSize().Height)/2, room-48-between, words.MinSize().Height)
	}, parts...)
	return box
}
