package ui

import (
	"fyne.io/fyne/v2"
)

// keys sets the key handlers of the canvas. They are called for keys that the
// focused part does not use itself.
func (w *Window) keys() {
	w.cfg.Canvas.SetOnTypedKey(w.TypedKey)
	w.cfg.Canvas.SetOnTypedRune(w.TypedRune)
	w.cfg.Canvas.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) { w.Undo() })
}

// Undo takes back the last change of the pad, when the till is in front.
func (w *Window) Undo() {
	if w.host.Top() == nil && w.at == pageCharge {
		w.charge.Undo()
	}
}

// TypedKey serves a key of the window.
func (w *Window) TypedKey(e *fyne.KeyEvent) {
	w.touched()
	if w.first != nil {
		w.first.TypedKey(e)
		return
	}
	if e.Name != fyne.KeyF9 && w.host.Key(e) {
		return
	}
	switch e.Name {
	case fyne.KeyF1:
		w.help()
	case fyne.KeyF2:
		w.show(pageCharge)
		w.charge.Fresh()
	case fyne.KeyF3:
		w.search()
	case fyne.KeyF4:
		w.refundKey()
	case fyne.KeyF6:
		if w.devices != nil {
			w.show(pageDevices)
		}
	case fyne.KeyF8:
		w.closeDay()
	case fyne.KeyF9:
		w.customer.Toggle()
	case fyne.KeyF10:
		w.change()
	default:
		if w.at == pageCharge {
			w.charge.TypedKey(e)
			return
		}
		if w.at == pagePayments && w.payments.Key(e) || w.at == pageSettings && w.settings != nil && w.settings.Key(e) ||
			w.at == pageDay && w.day.Key(e) {
			return
		}
		if e.Name == fyne.KeyEscape {
			w.show(pageCharge)
		}
	}
}

// TypedRune serves a rune of the window.
func (w *Window) TypedRune(r rune) {
	w.touched()
	w.alarms.dialog.Typed()
	if w.people.who != nil {
		w.people.who.TypedRune(r)
		return
	}
	if w.first == nil && w.host.Top() == nil && w.at == pageCharge {
		w.charge.TypedRune(r)
	}
}
