package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Amount is a large number with an optional currency on the same baseline at
// about half the size. The number steps down until both fit the width.
type Amount struct {
	widget.BaseWidget
	number, currency string
	size             float32
	color, second    fyne.ThemeColorName
	align            fyne.TextAlign
}

// NewAmount makes an amount whose number is at most size high; currency may be
// empty.
func NewAmount(number, currency string, size float32) *Amount {
	a := &Amount{number: number, currency: currency, size: size, color: theme.Ink, second: theme.Ink}
	a.ExtendBaseWidget(a)
	return a
}

// Right aligns the amount at the right edge and returns it.
func (a *Amount) Right() *Amount { a.align = fyne.TextAlignTrailing; return a }

// Center centres the amount and returns it.
func (a *Amount) Center() *Amount { a.align = fyne.TextAlignCenter; return a }

// SetAmount changes number and currency.
func (a *Amount) SetAmount(number, currency string) {
	if a.number != number || a.currency != currency {
		a.number, a.currency = number, currency
		a.Refresh()
	}
}

// SetMaxSize changes the largest size the number may have.
func (a *Amount) SetMaxSize(size float32) {
	if a.size != size {
		a.size = size
		a.Refresh()
	}
}

// SetColors changes the colours of number and currency.
func (a *Amount) SetColors(number, currency fyne.ThemeColorName) {
	if a.color != number || a.second != currency {
		a.color, a.second = number, currency
		a.Refresh()
	}
}

// AccessibilityLabel is number and currency.
func (a *Amount) AccessibilityLabel() string { return a.number + " " + a.currency }

// AccessibilityRole says that this is text.
func (a *Amount) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// steps are the sizes tried, from the largest down to 48 (or the size itself
// when that is smaller).
func (a *Amount) steps() []float32 {
	steps := []float32{a.size}
	for _, s := range []float32{112, 96, 80, 64, 56, 48} {
		if s < a.size {
			steps = append(steps, s)
		}
	}
	return steps
}

func currencySize(number float32) float32 {
	switch {
	case number >= 90:
		return 40
	case number >= 64:
		return number / 2
	}
	return max(number*0.5, 17)
}

func (a *Amount) styles(width float32) (number, currency theme.Style) {
	base := theme.AmountCharge()
	for _, s := range a.steps() {
		number, currency = base.Scaled(s), base.Scaled(currencySize(s))
		if a.width(number, currency) <= width {
			break
		}
	}
	return number, currency
}

func (a *Amount) width(number, currency theme.Style) float32 {
	w := number.Measure(a.number).Width
	if a.currency != "" {
		w += currency.TextSize()*0.3 + currency.Measure(a.currency).Width
	}
	return w
}

// CreateRenderer draws both texts.
func (a *Amount) CreateRenderer() fyne.WidgetRenderer {
	a.ExtendBaseWidget(a)
	num, cur := newText(), newText()
	r := &renderer{objects: []fyne.CanvasObject{num, cur}}
	r.minSize = func() fyne.Size {
		s := theme.AmountCharge().Scaled(min(a.size, 48))
		return fyne.NewSize(a.width(s, s.Scaled(currencySize(s.Size))), theme.AmountCharge().Scaled(a.size).LineHeight())
	}
	r.place = func(s fyne.Size) { a.place(num, cur, s) }
	return r
}

func (a *Amount) place(num, cur *canvas.Text, s fyne.Size) {
	ns, cs := a.styles(s.Width)
	paintText(num, ns, a.color)
	paintText(cur, cs, a.second)
	num.Text, cur.Text = a.number, a.currency
	nw, cw := num.MinSize(), cur.MinSize()
	x := float32(0)
	switch a.align {
	case fyne.TextAlignTrailing:
		x = s.Width - a.width(ns, cs)
	case fyne.TextAlignCenter:
		x = (s.Width - a.width(ns, cs)) / 2
	}
	placeText(num, x, 0, nw.Width, s.Height)
	if a.currency == "" {
		return
	}
	put(cur, x+nw.Width+cs.TextSize()*0.3, num.Position().Y+baseline(ns)-baseline(cs), cw.Width, cw.Height)
}

// baseline is how far below the top of its box a text of the style stands.
func baseline(s theme.Style) float32 {
	_, b := fyne.CurrentApp().Driver().RenderedTextSize("0", s.TextSize(), s.TextStyle(), s.Font())
	return b
}
