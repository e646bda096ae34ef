package resolve

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Measures of the sheet in dp.
const (
	side      = 36
	closeRoom = 56
)

// leastDigits in a row can name a payment: the last four of a card.
const leastDigits = 4

// content is the sheet: title, what to look for, answer, evidence, PIN, and a
// foot that stays in sight where the window is too low.
func (f *Form) content() fyne.CanvasObject {
	c, kind := f.cfg.Text, "settle."
	if f.q.Refund != "" {
		kind = "resolve.refund."
	}
	back := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Ghost, Height: 56, Label: c.T("settle.back"), OnTap: f.Close})
	choice := widgets.NewSegments([]widgets.Segment{{Label: c.T(kind + "paid"), Icon: "check"}, {Label: c.T(kind + "not"), Icon: "minus"}}, 0, f.choose)
	where := c.T("resolve.where.portal")
	if f.q.Where != "" {
		where = c.T("resolve.where.terminal", f.q.Where)
	}
	head := widgets.NewParagraph(f.title(), theme.Title(), theme.Ink)
	body := widgets.Col(18,
		widgets.Col(4, widgets.NewParagraph(c.T(kind+"text", f.q.Amount), theme.Body(), theme.Ink2),
			widgets.NewParagraph(where, theme.Body(), theme.Ink2)),
		choice, f.number, f.hour, f.pinRow, f.trouble)
	foot := widgets.Row(10, widgets.Pad(widgets.Insets{Left: -16}, back), widgets.Space(), f.send)
	// Focus rings reach beyond the fields, so the scroll keeps room for them.
	inner := widgets.Pad(widgets.Insets{Top: 4, Right: 14, Bottom: 6, Left: 4}, body)
	scroll := widgets.NewScroll(inner)
	width := float32(0)
	high := func() float32 { return max(36, head.HeightFor(max(width-2*side-closeRoom, 1))) }
	least := func() fyne.Size {
		if width > 0 { // words wrap at the width they have
			inner.Resize(fyne.NewSize(width-2*side+18, inner.Size().Height))
		}
		return fyne.NewSize(320, 28+high()+6+inner.MinSize().Height+16+foot.MinSize().Height+28)
	}
	return widgets.Place(least, func(s fyne.Size) {
		width = s.Width
		w, fh := s.Width-2*side, foot.MinSize().Height
		widgets.Put(head, side, 28, w-closeRoom, high())
		widgets.Put(foot, side, s.Height-28-fh, w, fh)
		top := 28 + high() + 6
		widgets.Put(scroll, side-4, top, w+18, s.Height-28-fh-16-top)
	}, head, scroll, foot)
}

// holdsNumber reports whether there are enough digits in a row to name a
// payment.
func holdsNumber(s string) bool {
	run := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			run = 0
			continue
		}
		if run++; run >= leastDigits {
			return true
		}
	}
	return false
}

// holdsTime reports whether the text names a time of day: 14:03, 9.30.
func holdsTime(s string) bool {
	digit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for i := range len(s) {
		if (s[i] == ':' || s[i] == '.') && digit(i-1) && digit(i+1) && digit(i+2) && !digit(i+3) {
			return true
		}
	}
	return false
}
