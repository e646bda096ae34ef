package day

import (
	"strings"
	"time"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// ParseDate reads a day as people write it: 21.11.2026, 21/11/2026, 2026-11-21,
// without the year that of now. It returns YYYY-MM-DD.
func ParseDate(typed string, now time.Time) (string, bool) {
	typed = strings.TrimRight(strings.TrimSpace(typed), ".")
	for _, layout := range []string{time.DateOnly, "2.1.2006", "2/1/2006", "2.1.06"} {
		if t, err := time.Parse(layout, typed); err == nil {
			return t.Format(time.DateOnly), true
		}
	}
	for _, layout := range []string{"2.1", "2/1"} {
		if t, err := time.Parse(layout, typed); err == nil {
			t = t.AddDate(now.Year(), 0, 0)
			if t.After(now) {
				t = t.AddDate(-1, 0, 0) // nobody asks for a day that has not come
			}
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// Choose asks for a day.
func (s *Screen) Choose() {
	c := s.cfg.Text
	if s.cfg.Host.Top() != nil {
		return
	}
	var sheet *widgets.Sheet
	var field *widgets.Field
	take := func(string) {
		name, ok := ParseDate(field.Text(), s.cfg.Now().In(s.cfg.Zone))
		if !ok {
			field.SetError(c.T("day.choose.wrong"))
			sheet.Refresh()
			return
		}
		s.cfg.Host.Close(sheet)
		s.Go(name)
	}
	field = widgets.NewField(widgets.FieldConfig{
		Label: c.T("day.choose.label"), Hint: c.T("day.choose.hint"), Icon: "calendar", OnSubmit: take,
		OnChanged: func(string) { field.SetError("") },
	})
	today := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 56, Label: c.T("day.choose.today"), OnTap: func() {
		s.cfg.Host.Close(sheet)
		s.Go("")
	}})
	show := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Label: c.T("day.choose.go"), Key: c.T("key.enter"), OnTap: func() { take("") }})
	body := widgets.Col(0, widgets.NewParagraph(c.T("day.choose"), theme.Title(), theme.Ink), gap(16), field, gap(20))
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("day.choose"), Width: 520, CloseName: c.T("close"), First: field.Entry(),
		Content: dialog(body, widgets.Row(12, today, widgets.Grow(show))),
	})
	s.cfg.Host.Show(sheet)
}
