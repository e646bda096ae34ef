package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Measures of art/terminal.svg: the drawing, and the middle and width of the
// amount on its display.
const (
	artWidth, artHeight    = 300, 330
	artAmountX, artAmountY = 138, 80
	artAmountWidth         = 106
)

// TerminalArt is the drawing of a card terminal with an amount on its display.
type TerminalArt struct {
	widget.BaseWidget
	amount string
}

// NewTerminalArt makes the drawing.
func NewTerminalArt(amount string) *TerminalArt {
	a := &TerminalArt{amount: amount}
	a.ExtendBaseWidget(a)
	return a
}

// CreateRenderer draws the terminal in the middle of its box, as large as fits,
// with its colours at 85 % by night.
func (a *TerminalArt) CreateRenderer() fyne.WidgetRenderer {
	a.ExtendBaseWidget(a)
	art, amount := canvas.NewImageFromResource(theme.Art("terminal")), newText()
	art.FillMode = canvas.ImageFillStretch
	r := &renderer{objects: []fyne.CanvasObject{art, amount}}
	r.minSize = func() fyne.Size { return fyne.NewSize(artWidth/2, artHeight/2) }
	r.paint = func() {
		art.Translucency = 0
		if theme.IsDark() {
			art.Translucency = 0.15
		}
	}
	r.place = func(s fyne.Size) {
		u := min(s.Width/artWidth, s.Height/artHeight)
		x, y := (s.Width-artWidth*u)/2, (s.Height-artHeight*u)/2
		put(art, x, y, artWidth*u, artHeight*u)
		style := theme.Style{Number: true, Big: true}
		for _, size := range []float32{36, 30, 26, 22, 18, 14, 11, 8} {
			style.Size, style.Line = size*u/theme.BigFactor(), size*u*1.2/theme.BigFactor()
			if style.Measure(a.amount).Width <= artAmountWidth*u {
				break
			}
		}
		paintText(amount, style, theme.Blue.On())
		amount.Text, amount.Alignment = a.amount, fyne.TextAlignCenter
		placeText(amount, x+(artAmountX-artAmountWidth/2)*u, y+(artAmountY-25)*u, artAmountWidth*u, 50*u)
	}
	r.paint()
	return r
}
