package devices

import (
	"context"
	"reflect"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app/devices"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// tester is the sheet of a test.
type tester struct {
	p     *Page
	in    TestInput
	id    string
	shown TestModel
	sheet *widgets.Sheet
	stop  context.CancelFunc
	busy  bool // the till is asked to store something
}

// Test opens the sheet of a test and begins it.
func (p *Page) Test(id string) { p.tester(id, false) }

// tester opens the sheet and tests; adding enables the device when all is well.
func (p *Page) tester(id string, adding bool) {
	s, ok := p.find(id)
	if !ok || p.cfg.Host.Top() != nil {
		return
	}
	t := &tester{p: p, id: id, in: TestInput{Device: s.Device, Adding: adding}}
	t.open(p.cfg.Text.T("devices.test.name", s.Label))
	t.run()
}

func (t *tester) open(name string) {
	t.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: name, Width: 600, Content: widgets.Col(0), CloseName: t.p.cfg.Text.T("close"), OnKey: t.key,
		OnClosed: func() { t.halt(); t.p.render() },
	})
	t.draw()
	t.p.cfg.Host.Show(t.sheet)
}

// showOther shows the terminal that was set aside, without a new test.
func (p *Page) showOther(s devices.Status) {
	t := &tester{p: p, id: s.ID, in: TestInput{Device: s.Device, Done: true, Report: devices.Report{Told: s.Other, Other: true}}}
	t.open(p.cfg.Text.T("devices.test.name", s.Label))
}

// halt ends a test that runs.
func (t *tester) halt() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

// run asks the terminal; what it tells replaces the waiting.
func (t *tester) run() {
	t.halt()
	stop, cancel := context.WithCancel(context.Background())
	t.stop = cancel
	t.in.Done, t.in.Began = false, t.p.cfg.Now()
	t.draw()
	desk, id, operator, adding := t.p.cfg.Desk, t.id, t.p.cfg.Operator(), t.in.Adding
	t.p.cfg.Run.Go(func(parent context.Context) {
		ctx, cancel := context.WithCancel(parent)
		defer cancel()
		defer context.AfterFunc(stop, cancel)()
		report, err := desk.TestDevice(ctx, id)
		if err == nil && report.Code == "" && !report.Other && adding {
			err = desk.EnableDevice(ctx, id, false, operator)
		}
		t.p.cfg.Run.Do(func() {
			if stop.Err() == nil {
				t.in.Done, t.in.Report, t.in.Err = true, report, err
				t.draw()
				t.p.render()
			}
		})
	})
	t.p.cfg.Run.Go(func(parent context.Context) { t.ticking(parent, stop) })
}

// ticking counts the seconds of the wait.
func (t *tester) ticking(parent, stop context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-parent.Done():
			return
		case <-stop.Done():
			return
		case <-tick.C:
			t.p.cfg.Run.Do(func() {
				if stop.Err() == nil && !t.in.Done {
					t.draw()
				}
			})
		}
	}
}

// key gives Enter to the main button.
func (t *tester) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	if t.shown.Main.Act != "" {
		t.act(t.shown.Main.Act)
	}
	return true
}

func (t *tester) act(a TestAct) {
	if t.busy {
		return
	}
	p := t.p
	switch a {
	case TestAgain:
		t.run()
	case TestDone:
		p.cfg.Host.Close(t.sheet)
	case TestEdit:
		p.cfg.Host.Close(t.sheet)
		p.Edit(t.id)
	case TestAccept:
		t.busy = true
		desk, id, operator := p.cfg.Desk, t.id, p.cfg.Operator()
		p.run(func(ctx context.Context) error { return desk.AcceptDevice(ctx, id, operator) }, func(error) {
			t.busy = false
			p.cfg.Host.Close(t.sheet)
		})
	}
}

// draw shows the model when it has changed.
func (t *tester) draw() {
	t.in.Now = t.p.cfg.Now()
	m := TestView(t.in, t.p.cfg.Text)
	if reflect.DeepEqual(m, t.shown) {
		return
	}
	t.shown = m
	content, first := testBody(m, t.p.cfg.Text.T, t.act)
	t.sheet.SetContent(content)
	if first != nil && t.sheet.Open() {
		t.p.cfg.Host.Canvas().Focus(first)
	}
}

// testBody draws the model; first is the button that takes the focus.
func testBody(m TestModel, words func(string, ...any) string, act func(TestAct)) (fyne.CanvasObject, fyne.Focusable) {
	seal := widgets.NewDisc(widgets.DiscConfig{Size: 44, Fill: m.Mark.Family.Solid(), Color: m.Mark.Family.On(), Icon: m.Mark.Icon, IconSize: 24})
	lead := widgets.NewParagraph(m.Lead, theme.Lead(), theme.Ink)
	top := widgets.Place(func() fyne.Size { return fyne.NewSize(200, max(lead.MinSize().Height, seal.MinSize().Height)) }, func(s fyne.Size) {
		side := seal.MinSize().Width
		widgets.Put(seal, 0, 0, side, side)
		widgets.Put(lead, side+16, max((side-lead.HeightFor(s.Width-side-16))/2, 0), s.Width-side-16, s.Height)
	}, seal, lead)
	body := widgets.Col(0, top)
	if len(m.Facts) > 0 {
		body.Add(widgets.Pad(widgets.Insets{Top: 14}, widgets.NewHairline()))
	}
	for _, f := range m.Facts {
		switch {
		case f.Other == "":
			body.Add(fact(f.Label, f.Value))
		case f.Label == "":
			body.Add(factPair("", f.Value, f.Other, theme.BodyStrong()))
		default:
			body.Add(factPair(f.Label, f.Value, f.Other, theme.Body()))
		}
	}
	if m.Details != "" {
		var b *widgets.TextButton
		b = widgets.NewTextButton(words("details"), "down", false, func() { b.SetLabel(words("code", m.Details)) })
		body.Add(widgets.Pad(widgets.Insets{Top: 6}, widgets.Row(0, b, widgets.Space())))
	}
	if m.Main.Act == "" {
		return frame(m.Title, body, widgets.Sized(1, 56, widgets.NewSurface(widgets.Skin{}))), nil
	}
	main := widgets.NewButton(widgets.ButtonConfig{
		Kind: widgets.Primary, Height: 56, Label: m.Main.Label, Key: words("key.enter"), OnTap: func() { act(m.Main.Act) },
	})
	buttons := []fyne.CanvasObject{}
	for i, s := range m.Side {
		kind, pad := widgets.Ghost, float32(-sideRoom)
		if i > 0 {
			kind, pad = widgets.Secondary, 0
		}
		b := widgets.NewButton(widgets.ButtonConfig{Kind: kind, Height: 56, Label: s.Label, OnTap: func() { act(s.Act) }})
		buttons = append(buttons, widgets.Pad(widgets.Insets{Left: pad}, b))
		if i == 0 {
			buttons = append(buttons, widgets.Space())
		}
	}
	return frame(m.Title, body, widgets.Row(10, append(buttons, main)...)), main
}
