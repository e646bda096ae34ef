package resolve

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
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
	body := widgets.Col(18,
		widgets.Col(4, widgets.NewParagraph(c.T(kind+"text", f.q.Amount), theme.Body(), theme.Ink2),
			widgets.NewParagraph(where, theme.Body(), theme.Ink2)),
		choice, f.number, f.hour, f.pinRow, f.trouble)
	foot := widgets.Row(10, widgets.Pad(widgets.Insets{Left: -16}, back), widgets.Space(), f.send)
	return widgets.NewSheetBody(f.title(), body, foot)
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
