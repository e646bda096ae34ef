package refund

import (
	"fyne.io/fyne/v2"

	"frontdesk/payments/money"
)

// rune is a key of the amount that writes. One that does not fit is said, and
// none is taken behind it until somebody has looked.
func (f *form) rune(r rune) {
	f.typed(func() {
		if !f.misfit && !f.entry.Type(r) {
			err := f.entry.Refuses(r)
			f.misfit = err != nil && r != ' ' && !(f.entry.Empty() && err == money.ErrSyntax)
		}
	})
}

// back takes the last key away, be it one that did not fit.
func (f *form) back() {
	if !f.misfit {
		f.entry.Backspace()
	}
	f.misfit = false
}

func (f *form) clear() {
	f.entry.Clear()
	f.misfit = false
}

// typed is a key of the amount. The first one leaves "Everything".
func (f *form) typed(change func()) {
	if f.busy {
		return
	}
	if f.whole {
		f.whole = false
		f.clear()
		f.mode.SetChosen(1)
	}
	change()
	f.said = ""
	f.ask()
}

func (f *form) amountKey(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyBackspace:
		f.typed(f.back)
	case fyne.KeyDelete:
		f.typed(f.clear)
	case fyne.KeyReturn, fyne.KeyEnter:
		f.enter()
	default:
		return false
	}
	return true
}

// choose takes everything, or a part that is still to be typed.
func (f *form) choose(i int) {
	if f.busy {
		f.mode.SetChosen(map[bool]int{true: 0, false: 1}[f.whole])
		return
	}
	f.whole, f.said, f.misfit = i == 0, "", false
	if !f.whole {
		f.clear()
		f.d.cfg.Host.Canvas().Focus(f.box)
	}
	f.ask()
}
