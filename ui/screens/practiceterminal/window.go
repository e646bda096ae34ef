package practiceterminal

import (
	"context"
	"reflect"

	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	"frontdesk/ui/theme"
)

// Window is the window of the practice terminal. Its methods belong to the UI
// goroutine.
type Window struct {
	app      fyne.App
	terminal Terminal
	run      async.Dispatcher
	mode     payments.Mode
	text     *text.Catalog
	win      fyne.Window
	stop     context.CancelFunc
	state    State
	shown    Model
	once     bool
}

// New makes the window, closed.
func New(a fyne.App, t Terminal, run async.Dispatcher, mode payments.Mode, c *text.Catalog) *Window {
	return &Window{app: a, terminal: t, run: run, mode: mode, text: c}
}

// Set changes mode and language.
func (w *Window) Set(mode payments.Mode, c *text.Catalog) {
	w.mode, w.text, w.shown = mode, c, Model{}
	if w.win != nil {
		w.draw()
	}
}

// Open reports whether the window is on screen.
func (w *Window) Open() bool { return w.win != nil }

// ShowOnce opens the window the first time it is asked for: later charges leave
// a window alone that somebody has closed.
func (w *Window) ShowOnce() {
	if !w.once {
		w.Show()
	}
}

// Show opens the window, or brings it to the front, and follows the terminal
// until it is closed.
func (w *Window) Show() {
	w.once = true
	if w.win != nil {
		w.win.RequestFocus()
		return
	}
	w.win = w.app.NewWindow(w.text.T("practice.title"))
	w.win.SetPadded(false)
	w.win.Resize(fyne.NewSize(windowWidth*min(theme.Factor(), 1.5), windowHeight*min(theme.Factor(), 1.2)))
	stop, cancel := context.WithCancel(context.Background())
	w.stop, w.shown = cancel, Model{}
	w.win.SetOnClosed(w.closed)
	w.win.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if e.Name == fyne.KeyEscape {
			w.win.Close()
		}
	})
	w.draw()
	w.win.Show()
	w.run.Go(func(ctx context.Context) { w.follow(ctx, stop) })
}

func (w *Window) closed() {
	w.win = nil
	if w.stop != nil {
		w.stop()
	}
}

// Close takes the window away; the terminal goes on without it.
func (w *Window) Close() {
	if w.win != nil {
		w.win.Close()
	}
}

func (w *Window) follow(parent, stop context.Context) {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	defer context.AfterFunc(stop, cancel)()
	for s := range w.terminal.Watch(ctx) {
		w.run.Do(func() {
			if stop.Err() == nil {
				w.state = s
				w.draw()
			}
		})
	}
}

// draw shows the state when it looks different.
func (w *Window) draw() {
	m := View(w.state, w.text)
	if w.win == nil || reflect.DeepEqual(m, w.shown) {
		return
	}
	w.shown = m
	content, first := Content(m, w.mode, w.text, w.press)
	w.win.SetContent(content)
	if first != nil {
		w.win.Canvas().Focus(first)
	}
}

// press does what a button says beside the UI: pulling a plug may take a
// moment. A button that came too late does nothing, and the display says so
// already.
func (w *Window) press(b Button) {
	w.run.Go(func(context.Context) { _ = w.terminal.Press(b) })
}
