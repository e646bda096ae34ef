package refund

import (
	"slices"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Measures of the dialog at 1280 x 800 (look.md 3).
const (
	dialogWidth  = 880
	dialogHeight = 560
	tallHeight   = 640 // where a way or a payment is chosen, too
	rightWidth   = 336
	sidePad      = 36
	rightPad     = 30
)

// build makes the parts; show fills them.
func (f *form) build() {
	c := f.d.cfg.Text
	f.mode = widgets.NewSegments([]widgets.Segment{{Label: ""}, {Label: c.T("refund.part")}}, map[bool]int{true: 0, false: 1}[f.whole], f.choose)
	f.box = newAmountBox(c.T("refund.amount"), f.rune, f.amountKey)
	f.over = widgets.NewParagraph("", theme.BodyStrong(), theme.Red.Text())
	f.other = widgets.NewField(widgets.FieldConfig{
		Label: c.T("refund.reason.type"), OnChanged: func(string) { f.show() }, OnSubmit: func(string) { f.enter() },
	})
	f.pin = widgets.NewPINBoxes(c.T("refund.pin.name"), func(string) { f.pinSaid = ""; f.show() }, func(string) { f.enter() })
	f.pinName = widgets.Strong(c.T("refund.pin", f.d.cfg.Person().Name)).Shrink()
	f.pinHint = widgets.NewParagraph("", theme.Caption(), theme.Ink2)
	f.ways, f.right = widgets.Col(0), widgets.Col(0)
	f.send = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Key: c.T("key.enter"), OnTap: f.press})
	f.keep = widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, OnTap: func() { f.d.Close() }})
	f.pinRow = f.pinLine()
	f.left = f.question()
	f.root = f.halves()
}

func (f *form) press() {
	if f.portal() {
		f.d.Close()
		return
	}
	f.submit()
}

// question is the left side above the PIN.
func (f *form) question() *fyne.Container {
	c := f.d.cfg.Text
	var chips []fyne.CanvasObject
	for i := range reasonKeys() {
		chip := widgets.NewFilterChip("", "", false, func() { f.because(i) })
		f.reasons = append(f.reasons, chip)
		chips = append(chips, chip)
	}
	parts := []fyne.CanvasObject{
		widgets.NewParagraph(f.title(), titleStyle(f.title()), theme.Ink), gap(4),
		widgets.NewParagraph(f.paid(), theme.Body(), theme.Ink2), gap(20),
	}
	if len(f.choices) > 1 {
		var names []string
		for _, a := range f.choices {
			names = append(names, c.T("refund.choice", f.amount(a.Left()), paidBy(a, c)))
		}
		parts = append(parts, widgets.NewChoice(c.T("refund.which"), names, f.at, 48, func(i int) {
			f.at, f.way, f.orderID = i, "", ""
			f.ask()
		}), gap(16))
	}
	f.otherRow, f.overRow = widgets.Pad(widgets.Insets{Top: 10}, f.other), widgets.Pad(widgets.Insets{Top: 6}, f.over)
	parts = append(parts, f.mode, gap(18), f.box, f.overRow, gap(18), f.ways,
		widgets.Strong(c.T("refund.reason")), gap(8), wrapped(8, chips...), f.otherRow)
	return widgets.Col(0, parts...)
}

// halves lays the question and the PIN beside what will be sent.
func (f *form) halves() fyne.CanvasObject {
	pane := widgets.NewSurface(widgets.Skin{Fill: theme.Shell, Radius: 28})
	square := widgets.NewSurface(widgets.Skin{Fill: theme.Shell})
	line := widgets.NewHairline()
	left := widgets.NewScroll(widgets.Pad(widgets.Insets{Left: 8, Right: 14, Bottom: 8, Top: 4}, f.left))
	right := widgets.NewScroll(widgets.Pad(widgets.Insets{Right: 20, Bottom: 8}, f.right))
	foot := widgets.Col(12, f.send, f.keep)
	return widgets.Place(nil, func(s fyne.Size) {
		rw := max(s.Width*rightWidth/dialogWidth, min(rightWidth, s.Width*0.42))
		lw := s.Width - rw
		widgets.Put(pane, lw, 0, rw, s.Height)
		widgets.Put(square, lw, 0, 28, s.Height)
		widgets.Put(line, lw, 0, 1, s.Height)
		ph := float32(0)
		if f.pinRow.Visible() {
			f.pinRow.Resize(fyne.NewSize(lw-2*sidePad, f.pinRow.Size().Height))
			ph = f.pinRow.MinSize().Height
			widgets.Put(f.pinRow, sidePad, s.Height-26-ph, lw-2*sidePad, ph)
			ph += 14
		}
		widgets.Put(left, sidePad-8, 28, lw-2*sidePad+22, s.Height-28-22-ph)
		foot.Resize(fyne.NewSize(rw-2*rightPad, foot.Size().Height))
		fh := foot.MinSize().Height
		widgets.Put(foot, lw+rightPad, s.Height-28-fh, rw-2*rightPad, fh)
		widgets.Put(right, lw+rightPad, 31, rw-2*rightPad+20, s.Height-31-28-fh-10)
	}, pane, square, line, left, f.pinRow, right, foot)
}

// pinLine is whose PIN is asked for, and the boxes at the right edge. Words for
// which a long PIN leaves no room become short or go away, so that nothing moves
// while it is typed.
func (f *form) pinLine() *fyne.Container {
	const box, between, hint, name = 48, 8, 150, 48
	boxes := func() float32 {
		n := float32(min(max(len(f.pin.Digits()), widgets.PINLeast), widgets.PINMost))
		return n*box + (n-1)*between + 4
	}
	var row *fyne.Container
	lay := func(w float32) (room, high float32) {
		room = w - boxes() - 12
		f.pinHint.Hidden, f.pinName.Hidden = room < hint, room < name
		whose := f.d.cfg.Text.T("refund.pin", f.d.cfg.Person().Name)
		if theme.BodyStrong().Measure(whose).Width > room {
			whose = f.d.cfg.Text.T("refund.pin.name")
		}
		f.pinName.SetText(whose)
		if !f.pinHint.Hidden {
			f.pinHint.Resize(fyne.NewSize(room, f.pinHint.Size().Height))
			high = f.pinHint.MinSize().Height
		}
		return room, theme.BodyStrong().LineHeight() + 1 + high
	}
	row = widgets.Place(func() fyne.Size {
		_, high := lay(row.Size().Width)
		return fyne.NewSize(0, max(f.pin.MinSize().Height, high))
	}, func(s fyne.Size) {
		room, high := lay(s.Width)
		line, y := theme.BodyStrong().LineHeight(), (s.Height-high)/2
		widgets.Put(f.pinName, 0, y, room, line)
		widgets.Put(f.pinHint, 0, y+line+1, room, high-line-1)
		ph := f.pin.MinSize().Height
		widgets.Put(f.pin, s.Width-boxes(), (s.Height-ph)/2, boxes(), ph)
	}, f.pinName, f.pinHint, f.pin)
	return row
}

func (f *form) title() string {
	c := f.d.cfg.Text
	if f.sale.Client == "" {
		return c.T("refund.title.walkin")
	}
	return c.T("refund.title", f.sale.Client)
}

// paid says what was paid, when and how.
func (f *form) paid() string {
	c, a := f.d.cfg.Text, f.attempt()
	when := f.sale.Created.In(f.d.cfg.Zone)
	if a.ID == "" {
		return c.Amount(f.sale.Amount)
	}
	now := f.d.cfg.Now().In(f.d.cfg.Zone)
	key, day := "refund.paid.", "today"
	if a.Rail == payments.RailCash {
		key = "refund.cash."
	}
	if when.YearDay() != now.YearDay() || when.Year() != now.Year() {
		day = "on"
	}
	return c.T(key+day, a.Amount, c.Clock(when), paidBy(a, c), c.DayMonth(when))
}

// show writes what the form knows now.
func (f *form) show() {
	c := f.d.cfg.Text
	left := f.attempt().Left()
	value := f.value()
	f.mode.SetLabel(0, c.T("refund.all", c.Number(f.amount(left))))
	stays := max(left-value.Minor, 0)
	f.box.show(c.Number(value), string(value.Currency), c.T("refund.left", c.Number(f.amount(left))), c.T("refund.stays", c.Number(f.amount(stays))), f.tooMuch() || f.misfit)
	over := ""
	switch {
	case f.tooMuch():
		over = c.T("refund.toomuch", f.amount(left))
	case f.misfit:
		over = c.T("refund.misfit", value)
	}
	f.over.SetText(over)
	f.overRow.Hidden = over == ""
	for i, chip := range f.reasons {
		chip.Set(c.T("refund.reason."+reasonKeys()[i]), i == f.reason)
	}
	f.otherRow.Hidden = f.reason != reasonOther
	f.showPIN()
	f.showRight(value)
	f.left.Refresh()
	if f.root != nil {
		f.root.Refresh()
	}
}

func (f *form) showPIN() {
	c := f.d.cfg.Text
	f.pinRow.Hidden = !f.asksPIN() || f.portal()
	words, ink := c.T("refund.pin.always"), theme.Ink2
	wait := f.wait()
	switch {
	case wait > 0:
		words, ink = c.T("refund.pin.wait", c.Duration(wait)), theme.Red.Text()
	case f.pinSaid != "":
		words, ink = f.pinSaid, theme.Red.Text()
	}
	f.pinHint.SetText(words)
	f.pinHint.SetLook(theme.Caption(), ink)
	if wait > 0 || f.busy {
		f.pin.Disable()
	} else {
		f.pin.Enable()
	}
	f.pinRow.Refresh()
}

// showRight writes what will be sent, and the button.
func (f *form) showRight(value money.Amount) {
	c := f.d.cfg.Text
	v := Preview{Title: c.T("refund.sent.title")}
	if f.plan.OrderID != "" && f.fault == nil {
		p := f.plan // of the key before, until the till has planned again
		p.Amount = value
		if f.tooMuch() {
			p.Amount.Minor = 0
		}
		v = PreviewOf(p, c)
	}
	words, _ := f.blocked()
	if words != "" && !v.Portal {
		v.refuse(c)
	}
	if v.Portal {
		words = "" // the steps say it
	}
	parts := []fyne.CanvasObject{widgets.NewParagraph(v.Title, theme.Heading(), theme.Ink), gap(16)}
	for _, trouble := range []string{words, f.said} {
		if trouble != "" {
			parts = append(parts, noticeBox(theme.Red, "alert", trouble), gap(10))
		}
	}
	for _, fact := range v.Facts {
		parts = append(parts, factRow(fact), widgets.NewHairline())
	}
	for i, s := range v.Steps {
		parts = append(parts, stepRow(i+1, s), gap(12))
	}
	if v.Note != "" && words == "" && f.said == "" {
		parts = append(parts, gap(14), beside(18, 10, widgets.NewIcon("info", 18, theme.Ink2), widgets.NewParagraph(v.Note, theme.Caption(), theme.Ink2)))
	}
	f.right.Objects = parts
	f.right.Refresh()
	why, ready := f.hindrance()
	f.keep.SetLabel(c.T("refund.keep"))
	f.keep.Hidden = f.portal()
	switch {
	case f.portal():
		f.send.SetLabel(c.T("refund.portal.close"))
		f.send.SetReason("")
		f.send.Enable()
		return
	case value.Minor == 0 || f.tooMuch():
		f.send.SetLabel(c.T("refund.do.plain"))
	default:
		f.send.SetLabel(c.T("refund.do", value))
	}
	f.send.SetReason(why)
	if ready {
		f.send.Enable()
	} else {
		f.send.Disable()
	}
}

// showWays offers the ways a terminal can give this money back.
func (f *form) showWays() {
	f.ways.Objects = nil
	if f.fault == nil && len(f.plan.Ways) > 1 {
		c := f.d.cfg.Text
		var chips []fyne.CanvasObject
		for _, w := range f.plan.Ways {
			chip := widgets.NewFilterChip("", "", false, func() { f.by(w) })
			chip.Set(c.T("refund.way."+string(w)), w == f.plan.Way)
			chips = append(chips, chip)
		}
		f.ways.Objects = []fyne.CanvasObject{widgets.Strong(c.T("refund.how")), gap(8), wrapped(8, chips...), gap(16)}
	}
	f.ways.Refresh()
}

// by chooses a way.
func (f *form) by(w app.RefundWay) {
	if f.busy || !slices.Contains(f.plan.Ways, w) {
		return
	}
	f.way = w
	f.ask()
}
