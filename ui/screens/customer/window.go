package customer

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Window is the customer's window. Make it with New; Toggle opens and closes
// it (F9), F11 in it fills the screen.
type Window struct {
	app   fyne.App
	text  *text.Catalog
	salon string
	mode  payments.Mode
	win   fyne.Window
	co    app.Checkout
	shown Model
}

// New makes the window, closed. The mode is written across its top unless it
// is Live.
func New(a fyne.App, salon string, mode payments.Mode, c *text.Catalog) *Window {
	return &Window{app: a, text: c, salon: salon, mode: mode}
}

// Set changes salon, mode and language.
func (w *Window) Set(salon string, mode payments.Mode, c *text.Catalog) {
	w.salon, w.mode, w.text = salon, mode, c
	if w.win != nil {
		w.shown = Model{}
		w.draw()
	}
}

// Open reports whether the window is on screen.
func (w *Window) Open() bool { return w.win != nil }

// Toggle opens the window, on the second monitor at full size when there is
// one, or closes it.
func (w *Window) Toggle() {
	if w.win != nil {
		w.win.Close()
		return
	}
	w.win = w.app.NewWindow(w.text.T("customer.title"))
	w.win.SetPadded(false)
	w.win.Resize(fyne.NewSize(1280, 800))
	w.win.SetOnClosed(func() { w.win = nil })
	w.win.Canvas().SetOnTypedKey(w.key)
	w.shown = Model{}
	w.draw()
	w.win.Show()
	d, ok := w.app.Driver().(desktop.Driver)
	if second, can := w.win.(desktop.Window); ok && can && d.HasSecondaryDisplay() {
		second.RequestFullScreenSecondary()
	}
}

func (w *Window) key(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyF11:
		w.win.SetFullScreen(!w.win.FullScreen())
	case fyne.KeyF9:
		w.win.Close()
	case fyne.KeyEscape:
		w.win.SetFullScreen(false)
	}
}

// Update shows a newer state of the sale; the zero Checkout clears the window
// for the next customer. An older revision of the same sale is ignored.
func (w *Window) Update(co app.Checkout) {
	if co.Sale.ID == w.co.Sale.ID && co.Sale.Revision < w.co.Sale.Revision {
		return
	}
	w.co = co
	if w.win != nil {
		w.draw()
	}
}

func (w *Window) draw() {
	m := View(w.co, w.salon, w.text)
	if !reflect.DeepEqual(m, w.shown) {
		w.shown = m
		w.win.SetContent(Content(m, w.mode, w.text))
	}
}

// Content draws the model for a window of any size.
func Content(m Model, mode payments.Mode, c *text.Catalog) fyne.CanvasObject {
	ground := widgets.NewSurface(widgets.Skin{Fill: theme.Canvas})
	var scene fyne.CanvasObject
	switch m.Scene {
	case Pay:
		scene = payScene(m, c)
	case Card:
		scene = cardScene(m, c)
	case Thanks:
		scene = thanksScene(m, c)
	default:
		scene = noticeScene(m)
	}
	layers := []fyne.CanvasObject{ground, scene}
	if mode != payments.Live {
		layers = append(layers, banner(mode, c))
	}
	return widgets.Stack(layers...)
}

// banner says at the top that no real money moves.
func banner(mode payments.Mode, c *text.Catalog) fyne.CanvasObject {
	fill, ink := theme.PracticeFill, theme.PracticeText
	if mode == payments.Test {
		fill, ink = theme.TestLabel, theme.TestText
	}
	bar := widgets.NewSurface(widgets.Skin{Fill: fill})
	style := theme.LeadStrong()
	words := widgets.NewText(c.T("frame."+string(mode)), style.Scaled(style.Size/theme.Factor()), ink).Center()
	return widgets.Place(nil, func(s fyne.Size) {
		widgets.Put(bar, 0, 0, s.Width, 36)
		widgets.Put(words, 0, 0, s.Width, 36)
	}, bar, words)
}
