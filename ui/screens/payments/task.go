package payments

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// task is a sheet that does one thing a right and a PIN are asked for: writing
// a file, forgetting words.
type task struct {
	cfg     taskConfig
	pin     *widgets.PINBoxes // nil without a PIN
	said    *widgets.Paragraph
	buttons []*widgets.Button
	sheet   *widgets.Sheet
	busy    bool
	running int // the button whose work runs
	waiting bool
}

// taskConfig describes a task. The first way is the main one.
type taskConfig struct {
	Text         *text.Catalog
	Host         *widgets.Host
	Run          async.Dispatcher
	Person       Person
	Wait         func(string) time.Duration
	Title, Words string
	Warning      string // in red; may be empty
	Denied       string // why the person may not; may be empty
	Ways         []way
}

// way is a button. Do returns the words for when it is done; without any the
// sheet goes away.
type way struct {
	Label, Icon string
	Severe      bool
	Do          func(ctx context.Context, by app.Actor) (string, error)
}

func openTask(cfg taskConfig) *task {
	if cfg.Host == nil || cfg.Host.Top() != nil {
		return nil
	}
	c := cfg.Text
	t := &task{cfg: cfg, said: widgets.NewParagraph("", theme.BodyStrong(), theme.Ink)}
	column := widgets.Col(0, widgets.Pad(widgets.Insets{Right: 40}, widgets.NewParagraph(cfg.Title, theme.Title(), theme.Ink)), gap(8),
		widgets.NewParagraph(cfg.Words, theme.Body(), theme.Ink2), gap(16))
	if cfg.Warning != "" {
		column.Add(widgets.NewParagraph(cfg.Warning, theme.BodyStrong(), theme.Red.Text()))
		column.Add(gap(16))
	}
	var first fyne.Focusable
	if cfg.Person.HasPIN && cfg.Denied == "" {
		name := c.T("day.close.pin", cfg.Person.Name)
		t.pin = widgets.NewPINBoxes(name, func(string) { t.say("", theme.Ink) }, func(string) { t.press(0) })
		column.Add(widgets.Strong(name).Center())
		column.Add(gap(6))
		column.Add(t.pin)
		column.Add(gap(14))
		first = t.pin
	}
	column.Add(t.said)
	column.Add(gap(14))
	column.Add(t.foot())
	if first == nil {
		first = t.buttons[0]
	}
	t.sheet = widgets.NewSheet(widgets.SheetConfig{
		Name: cfg.Title, Width: 620, CloseName: c.T("close"), First: first, MayClose: func() bool { return !t.busy }, OnKey: t.key,
		Content: taskBody(column),
	})
	t.say(cfg.Denied, theme.Red.Text())
	cfg.Host.Show(t.sheet)
	return t
}

// taskBody scrolls where the window is too low.
func taskBody(column fyne.CanvasObject) fyne.CanvasObject {
	inner := widgets.Pad(widgets.Insets{Top: 32, Right: 36, Bottom: 32, Left: 36}, column)
	scroll := widgets.NewScroll(inner)
	var box *fyne.Container
	box = widgets.Place(func() fyne.Size {
		inner.Resize(fyne.NewSize(box.Size().Width, inner.Size().Height))
		return fyne.NewSize(320, inner.MinSize().Height)
	}, func(s fyne.Size) { widgets.Put(scroll, 0, 0, s.Width, s.Height) }, scroll)
	return box
}

// foot is the ways, the main one at the right.
func (t *task) foot() fyne.CanvasObject {
	var parts []fyne.CanvasObject
	for i, w := range t.cfg.Ways {
		kind := widgets.Secondary
		switch {
		case i == 0 && w.Severe:
			kind = widgets.OutlineRed
		case i == 0:
			kind = widgets.Primary
		}
		b := widgets.NewButton(widgets.ButtonConfig{Kind: kind, Height: 56, Icon: w.Icon, Label: w.Label, OnTap: func() { t.press(i) }})
		t.buttons = append(t.buttons, b)
		parts = append([]fyne.CanvasObject{b}, parts...)
	}
	parts[len(parts)-1] = widgets.Grow(parts[len(parts)-1])
	return widgets.Row(12, parts...)
}

// say shows words under the question, and says whether the buttons may be
// pressed.
func (t *task) say(words string, ink fyne.ThemeColorName) {
	t.said.SetText(words)
	t.said.SetLook(theme.BodyStrong(), ink)
	t.said.Hidden = words == ""
	for _, b := range t.buttons {
		if t.ready() {
			b.Enable()
		} else {
			b.Disable()
		}
	}
	if t.sheet != nil {
		t.sheet.Refresh()
	}
}

func (t *task) wait() time.Duration {
	if t.cfg.Wait == nil || t.pin == nil {
		return 0
	}
	return t.cfg.Wait(t.cfg.Person.ID)
}

func (t *task) ready() bool {
	return !t.busy && t.cfg.Denied == "" && t.wait() == 0 && (t.pin == nil || len(t.pin.Digits()) >= widgets.PINLeast)
}

// tick tells how long the next PIN must wait.
func (t *task) tick() {
	switch wait := t.wait(); {
	case t.busy || !t.sheet.Open():
	case wait > 0:
		t.waiting = true
		t.say(t.cfg.Text.T("operators.pin.wait", t.cfg.Text.Duration(wait)), theme.Red.Text())
	case t.waiting:
		t.waiting = false
		t.say("", theme.Ink)
	}
}

// key gives Enter to the main way.
func (t *task) key(e *fyne.KeyEvent) bool {
	if e.Name != fyne.KeyReturn && e.Name != fyne.KeyEnter {
		return false
	}
	t.press(0)
	return true
}

func (t *task) press(i int) {
	if !t.ready() {
		return
	}
	by := app.Actor{Operator: t.cfg.Person.ID}
	if t.pin != nil {
		by.PIN = t.pin.Digits()
	}
	t.busy, t.running = true, i
	t.say("", theme.Ink)
	t.buttons[i].SetBusy(t.cfg.Text.T("payments.task.busy"))
	do := t.cfg.Ways[i].Do
	t.cfg.Run.Go(func(ctx context.Context) {
		words, err := do(ctx, by)
		t.cfg.Run.Do(func() { t.done(words, err) })
	})
}

func (t *task) done(words string, err error) {
	t.busy = false
	t.buttons[t.running].SetBusy("")
	switch {
	case err != nil:
		if t.pin != nil {
			t.pin.Clear(payments.CodeOf(err) == "operator.pin")
			t.cfg.Host.Canvas().Focus(t.pin)
		}
		t.say(failure(t.cfg.Text, err), theme.Red.Text())
	case words == "":
		t.cfg.Host.Close(t.sheet)
	default:
		t.say(words, theme.Green.Text())
	}
}

// failure is what is said of an error; a file that could not be written has no
// code of the till.
func failure(c *text.Catalog, err error) string {
	if payments.CodeOf(err) == "" {
		return c.T("day.export.failed")
	}
	p := c.Failure(err)
	return p.What + " " + p.Do
}
