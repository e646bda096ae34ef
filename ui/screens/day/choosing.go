package day

import (
	"context"
	"io"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
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
	body := widgets.Col(0, widgets.NewParagraph(c.T("day.choose"), theme.Title(), theme.Ink), gap(16), field, gap(20),
		widgets.Row(12, today, widgets.Grow(show)))
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("day.choose"), Width: 520, CloseName: c.T("close"), First: field.Entry(),
		Content: dialog(body),
	})
	s.cfg.Host.Show(sheet)
}

// exporting is the dialog that writes a day into a file.
type exporting struct {
	s       *Screen
	report  day.Report
	person  Person
	pin     *widgets.PINBoxes
	said    *widgets.Paragraph
	buttons []*widgets.Button
	sheet   *widgets.Sheet
}

// Export asks how the day that is shown is to be written into a file.
func (s *Screen) Export() {
	c := s.cfg.Text
	if s.cfg.Host.Top() != nil {
		return
	}
	e := &exporting{s: s, report: s.report, person: s.cfg.Person()}
	e.said = widgets.NewParagraph("", theme.BodyStrong(), theme.Ink)
	e.said.Hide()
	title := c.T("day.export.title", Show(s.report, c, s.cfg.Now(), s.cfg.Zone).Title)
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(title, theme.Title(), theme.Ink)), gap(8),
		widgets.NewParagraph(c.T("day.export.sentence"), theme.Body(), theme.Ink2), gap(16))
	table := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Primary, Height: 56, Icon: "download", Label: c.T("day.export.csv"), OnTap: func() { e.write(day.CSV) }})
	data := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Height: 56, Label: c.T("day.export.json"), OnTap: func() { e.write(day.JSON) }})
	e.buttons = []*widgets.Button{table, data}
	first := fyne.Focusable(table)
	if e.person.HasPIN {
		e.pin = widgets.NewPINBoxes(c.T("day.close.pin", e.person.Name), nil, func(string) { e.write(day.CSV) })
		column.Add(widgets.Strong(c.T("day.close.pin", e.person.Name)).Center())
		column.Add(gap(6))
		column.Add(e.pin)
		column.Add(gap(16))
		first = e.pin
	}
	column.Add(e.said)
	column.Add(gap(12))
	column.Add(widgets.Row(12, data, widgets.Grow(table)))
	e.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: title, Width: 620, CloseName: c.T("close"), First: first,
		Content: dialog(column),
	})
	s.cfg.Host.Show(e.sheet)
}

func (e *exporting) write(f day.Format) {
	s, c := e.s, e.s.cfg.Text
	by := app.Actor{Operator: e.person.ID}
	if e.pin != nil {
		by.PIN = e.pin.Digits()
	}
	for _, b := range e.buttons {
		b.Disable()
	}
	e.tell(c.T("day.export.busy"), theme.Ink2)
	name := "frontdesk-" + e.report.Day + "." + string(f)
	if v := string(e.report.Mode); v != "live" {
		name = v + "-" + name
	}
	comma := c.Lang() != "en"
	s.cfg.Run.Go(func(ctx context.Context) {
		var refused error
		path, err := s.cfg.Save(name, func(w io.Writer) error {
			refused = s.cfg.Book.Export(ctx, by, w, e.report.Day, f, comma)
			return refused
		})
		s.cfg.Run.Do(func() { e.done(path, refused, err) })
	})
}

func (e *exporting) done(path string, refused, err error) {
	c := e.s.cfg.Text
	for _, b := range e.buttons {
		b.Enable()
	}
	switch {
	case refused != nil:
		if e.pin != nil {
			e.pin.Clear(true)
		}
		e.tell(c.Failure(refused).Text(), theme.Red.Text())
	case err != nil:
		e.tell(c.T("day.export.failed"), theme.Red.Text())
	default:
		e.tell(c.T("day.export.saved", path), theme.Green.Text())
	}
}

func (e *exporting) tell(words string, ink fyne.ThemeColorName) {
	e.said.SetText(words)
	e.said.SetLook(theme.BodyStrong(), ink)
	e.said.Show()
	e.sheet.Refresh()
}
