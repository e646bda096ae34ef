package day

import (
	"context"
	"io"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// pdf is the format of a day on paper, beside those of package day.
const pdf day.Format = "pdf"

// exporting is the dialog that writes a day into a file, or prints it.
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
	e := &exporting{s: s}
	file := func(kind widgets.ButtonKind, icon, label string, f day.Format) *widgets.Button {
		return widgets.NewButton(widgets.ButtonConfig{Kind: kind, Height: 56, Icon: icon, Label: c.T(label), OnTap: func() { e.write(f) }})
	}
	first, kind := day.CSV, widgets.Primary
	if s.cfg.Paper != nil {
		first, kind = pdf, widgets.Secondary
		e.buttons = append(e.buttons, file(widgets.Primary, "download", "day.export.pdf", pdf))
	}
	e.buttons = append(e.buttons, file(kind, "", "day.export.csv", day.CSV), file(widgets.Secondary, "", "day.export.json", day.JSON))
	e.open("day.export.title", "day.export.sentence", func() { e.write(first) })
}

// Print asks whether the day that is shown is to be printed.
func (s *Screen) Print() {
	if s.cfg.Host.Top() != nil || s.cfg.Paper == nil {
		return
	}
	e := &exporting{s: s}
	e.buttons = []*widgets.Button{widgets.NewButton(widgets.ButtonConfig{
		Kind: widgets.Primary, Height: 56, Icon: "printer", Label: s.cfg.Text.T("day.print"), OnTap: e.print,
	})}
	e.open("day.print.title", "day.print.sentence", e.print)
}

// open shows the dialog; enter is what the PIN ends with.
func (e *exporting) open(title, sentence string, enter func()) {
	s, c := e.s, e.s.cfg.Text
	e.report, e.person = s.report, s.cfg.Person()
	e.said = widgets.NewParagraph("", theme.BodyStrong(), theme.Ink)
	e.said.Hide()
	name := c.T(title, Show(s.report, c, s.cfg.Now(), s.cfg.Zone).Title)
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(name, theme.Title(), theme.Ink)), gap(8),
		widgets.NewParagraph(c.T(sentence), theme.Body(), theme.Ink2), gap(16))
	first := fyne.Focusable(e.buttons[0])
	if e.person.HasPIN {
		e.pin = widgets.NewPINBoxes(c.T("day.close.pin", e.person.Name), func(string) { e.gate() }, func(string) { enter() })
		e.gate()
		column.Add(widgets.Strong(c.T("day.close.pin", e.person.Name)).Center())
		column.Add(gap(6))
		column.Add(e.pin)
		column.Add(gap(16))
		first = e.pin
	}
	column.Add(e.said)
	column.Add(gap(12))
	foot := widgets.Col(12, e.buttons[0])
	if len(e.buttons) > 1 {
		var rest []fyne.CanvasObject
		for _, b := range e.buttons[1:] {
			rest = append(rest, widgets.Grow(b))
		}
		foot.Add(widgets.Row(12, rest...))
	}
	e.sheet = widgets.NewSheet(widgets.SheetConfig{Name: name, Width: 620, CloseName: c.T("close"), First: first, Content: dialog(column, foot)})
	s.cfg.Host.Show(e.sheet)
}

// gate keeps the buttons shut until the PIN can be whole.
func (e *exporting) gate() {
	shut := e.pin != nil && len(e.pin.Digits()) < widgets.PINLeast
	for _, b := range e.buttons {
		if shut {
			b.Disable()
		} else {
			b.Enable()
		}
	}
}

// begin takes the PIN and locks the buttons.
func (e *exporting) begin(words string) app.Actor {
	by := app.Actor{Operator: e.person.ID}
	if e.pin != nil {
		by.PIN = e.pin.Digits()
	}
	for _, b := range e.buttons {
		b.Disable()
	}
	e.tell(e.s.cfg.Text.T(words), theme.Ink2)
	return by
}

func (e *exporting) write(f day.Format) {
	s := e.s
	if e.buttons[0].Disabled() {
		return
	}
	by := e.begin("day.export.busy")
	name := "frontdesk-" + e.report.Day + "." + string(f)
	if e.report.Mode != payments.Live {
		name = string(e.report.Mode) + "-" + name
	}
	comma := s.cfg.Text.Lang() != "en"
	s.cfg.Run.Go(func(ctx context.Context) {
		var refused error
		path, err := s.cfg.Save(name, func(w io.Writer) error {
			if f == pdf {
				refused = s.cfg.Paper.DayPDF(ctx, e.report.Day, w, by)
			} else {
				refused = s.cfg.Book.Export(ctx, by, w, e.report.Day, f, comma)
			}
			return refused
		})
		s.cfg.Run.Do(func() { e.done(s.cfg.Text.T("day.export.saved", path), refused, err) })
	})
}

func (e *exporting) print() {
	s := e.s
	if e.buttons[0].Disabled() {
		return
	}
	by := e.begin("day.print.busy")
	s.cfg.Run.Go(func(ctx context.Context) {
		err := s.cfg.Paper.PrintDay(ctx, e.report.Day, by)
		s.cfg.Run.Do(func() { e.done(s.cfg.Text.T("day.print.done"), err, nil) })
	})
}

// done tells how it went: refused is what the till or the printer said, err
// what the disk said.
func (e *exporting) done(words string, refused, err error) {
	c := e.s.cfg.Text
	if refused != nil && e.pin != nil {
		e.pin.Clear(payments.CodeOf(refused) == "operator.pin")
	}
	e.gate()
	switch {
	case refused != nil:
		e.tell(c.Failure(refused).Text(), theme.Red.Text())
	case err != nil:
		e.tell(c.T("day.export.failed"), theme.Red.Text())
	default:
		e.tell(words, theme.Green.Text())
	}
}

func (e *exporting) tell(words string, ink fyne.ThemeColorName) {
	e.said.SetText(words)
	e.said.SetLook(theme.BodyStrong(), ink)
	e.said.Show()
	e.sheet.Refresh()
}
