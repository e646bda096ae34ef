package payments

import (
	"context"
	"io"
	"strings"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/operators"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Current is the sale that a key of the window is about: the one whose page is
// shown, else the one whose row has the focus.
func (s *Screen) Current() (app.Sale, bool) {
	if s.open != "" {
		return s.sale, s.sale.ID == s.open
	}
	if s.cfg.Host == nil {
		return app.Sale{}, false
	}
	focused := s.cfg.Host.Canvas().Focused()
	for i, r := range s.list.lines {
		if focused == fyne.Focusable(r) {
			return s.sales[i], true
		}
	}
	return app.Sale{}, false
}

// Tick moves what the clock moves; once a second is right.
func (s *Screen) Tick() {
	if s.detail != nil && s.open != "" {
		s.detail.tick(s.cfg.Now())
	}
	if s.task != nil {
		s.task.tick()
	}
}

func (s *Screen) ask(cfg taskConfig, right operators.Right) {
	cfg.Text, cfg.Host, cfg.Run, cfg.Person, cfg.Wait = s.cfg.Text, s.cfg.Host, s.cfg.Run, s.cfg.Acts.person(), s.cfg.Acts.Wait
	if !cfg.Person.may(right) {
		p := s.cfg.Text.Problem("operator.right")
		cfg.Denied = p.What + " " + p.Do
	}
	s.task = openTask(cfg)
}

// file is a way that writes a file.
func (s *Screen) file(label, icon, name string, write func(context.Context, io.Writer, app.Actor) error) way {
	save, c := s.cfg.Acts.Save, s.cfg.Text
	return way{Label: label, Icon: icon, Do: func(ctx context.Context, by app.Actor) (string, error) {
		var refused error
		path, err := save(s.cfg.Acts.Prefix+name, func(w io.Writer) error {
			refused = write(ctx, w, by)
			return refused
		})
		if refused != nil {
			return "", refused
		}
		return c.T("day.export.saved", path), err
	}}
}

// Export asks how what is chosen is to be written into a file.
func (s *Screen) Export() {
	c, q := s.cfg.Text, s.filter.Query(s.cfg.Now(), s.cfg.Zone, 0)
	comma := c.Lang() != "en"
	name := "frontdesk-payments-" + s.cfg.Now().In(s.cfg.Zone).Format("2006-01-02-1504")
	write := func(f day.Format) func(context.Context, io.Writer, app.Actor) error {
		return func(ctx context.Context, w io.Writer, by app.Actor) error {
			return s.cfg.Acts.Exporter.ExportSales(ctx, by, w, q, f, comma)
		}
	}
	s.ask(taskConfig{
		Title: c.T("payments.export.title"), Words: c.T("payments.export.text", s.list.chosen()),
		Ways: []way{
			s.file(c.T("day.export.csv"), "download", name+".csv", write(day.CSV)),
			s.file(c.T("day.export.json"), "", name+".json", write(day.JSON)),
		},
	}, operators.Export)
}

// Evidence asks how everything known of the sale is to be written into a file.
func (s *Screen) Evidence() {
	c, id := s.cfg.Text, s.sale.ID
	write := func(format string) func(context.Context, io.Writer, app.Actor) error {
		return func(ctx context.Context, w io.Writer, by app.Actor) error {
			return s.cfg.Acts.Witness.Evidence(ctx, id, format, w, by)
		}
	}
	name := "frontdesk-evidence-" + string(id)
	s.ask(taskConfig{
		Title: c.T("sale.evidence.title"), Words: c.T("sale.evidence.text"),
		Ways: []way{
			s.file(c.T("sale.evidence.pdf"), "doc", name+".pdf", write("pdf")),
			s.file(c.T("sale.evidence.json"), "", name+".json", write("json")),
		},
	}, operators.Export)
}

// Erase asks whether what the sale says about the customer is to be forgotten.
func (s *Screen) Erase() {
	c, id := s.cfg.Text, s.sale.ID
	s.ask(taskConfig{
		Title: c.T("sale.erase.title"), Words: c.T("sale.erase.text"), Warning: c.T("sale.erase.warning"),
		Ways: []way{
			{Label: c.T("sale.erase.do"), Icon: "trash", Severe: true, Do: func(ctx context.Context, by app.Actor) (string, error) {
				return "", s.cfg.Acts.Eraser.EraseWords(ctx, id, by)
			}},
		},
	}, operators.Settings)
}

// keep accepts money that came late.
func (s *Screen) keep() {
	id, who := s.sale.ID, s.cfg.Acts.person().ID
	s.beside("keep", func(ctx context.Context) error { return s.cfg.Acts.Keeper.Keep(ctx, id, who) })
}

// check asks myPOS, or the terminal, now.
func (s *Screen) check() {
	id := s.sale.ID
	s.beside("check", func(ctx context.Context) error { return s.cfg.Acts.Checker.CheckNow(ctx, id) })
}

// beside does one thing at a time with the sale that is shown; what it brings
// arrives as a new revision.
func (s *Screen) beside(what string, work func(context.Context) error) {
	if s.doing != "" || s.detail == nil {
		return
	}
	s.doing = what
	s.detail.busy(what, s.cfg.Text)
	id := s.open
	s.cfg.Run.Go(func(ctx context.Context) {
		err := work(ctx)
		s.cfg.Run.Do(func() {
			s.doing = ""
			if s.open != id {
				return
			}
			s.trouble = ""
			if err != nil {
				p := s.cfg.Text.Failure(err)
				s.trouble = p.What + " " + p.Do
			}
			s.OpenSale(id)
		})
	})
}

// settle asks a person what became of what is not known.
func (s *Screen) settle(refund string) {
	q, ok := resolve.About(s.sale, refund)
	if !ok || s.cfg.Host == nil || s.cfg.Host.Top() != nil {
		return
	}
	person := s.cfg.Acts.person
	_, err := resolve.Open(resolve.Config{
		Settler: s.cfg.Acts.Settler, Host: s.cfg.Host, Run: s.cfg.Run, Text: s.cfg.Text,
		Operator: func() string { return person().ID }, AsksPIN: func() bool { return person().HasPIN },
	}, q)
	if err != nil {
		s.trouble = s.cfg.Text.Failure(err).Text()
	}
}

// openMenu offers what has no button of its own.
func (s *Screen) openMenu(items []menuLine) {
	host := s.cfg.Host
	if host == nil || host.Top() != nil || len(items) == 0 {
		return
	}
	c := s.cfg.Text
	var sheet *widgets.Sheet
	var lines []*widgets.MenuItem
	column := widgets.Col(4, widgets.Pad(widgets.Insets{Right: 56, Bottom: 10}, widgets.NewParagraph(c.T("sale.more"), theme.Heading(), theme.Ink)))
	for _, i := range items {
		line := widgets.NewMenuItem(i.label, i.icon, func() {
			host.Close(sheet)
			i.act()
		})
		lines = append(lines, line)
		column.Add(line)
		if i.hint != "" {
			line.Disable()
			column.Add(widgets.Pad(widgets.Insets{Left: 46 * theme.Factor(), Bottom: 6}, widgets.NewParagraph(i.hint, theme.Caption(), theme.Ink2)))
		}
	}
	move := func(by int) {
		at := 0
		for i, l := range lines {
			if host.Canvas().Focused() == fyne.Focusable(l) {
				at = i + by
			}
		}
		host.Canvas().Focus(lines[min(max(at, 0), len(lines)-1)])
	}
	sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: c.T("sale.more"), Width: 420, CloseName: c.T("close"), First: lines[0],
		Content: widgets.Pad(widgets.Insets{Top: 28, Right: 24, Bottom: 24, Left: 24}, column),
		OnKey: func(e *fyne.KeyEvent) bool {
			switch e.Name {
			case fyne.KeyUp:
				move(-1)
			case fyne.KeyDown:
				move(1)
			default:
				return false
			}
			return true
		},
	})
	host.Show(sheet)
}

// menuLine is a line of the menu; hint says why it cannot be pressed.
type menuLine struct {
	label, icon string
	hint        string
	act         func()
}

// chosen says what the list is narrowed to, in the words of its chips.
func (v *listView) chosen() string {
	parts := []string{v.dayWords()}
	for _, options := range [][]option{v.states(), v.rails()} {
		for i, o := range options {
			if o.chosen && i > 0 {
				parts = append(parts, o.label)
			}
		}
	}
	if f := v.s.filter; f.Device != "" || f.Operator != "" {
		parts = append(parts, v.s.cfg.Text.T("payments.chosen"))
	}
	if typed := strings.TrimSpace(v.s.filter.Text); typed != "" {
		parts = append(parts, "“"+typed+"”")
	}
	return strings.Join(parts, ", ")
}
