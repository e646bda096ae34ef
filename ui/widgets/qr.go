package widgets

import (
	"image"
	"image/color"
	"image/draw"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

const (
	quietZone    = 4 // modules of white on every side
	leastModule  = 6 // pixels per module below which phones struggle
	qrCardRadius = 24
)

// QRCard shows a code: white in both themes, black modules of whole pixels,
// 4 modules of quiet zone. Without modules it is an empty card with a hint.
type QRCard struct {
	widget.BaseWidget
	modules [][]bool
	hint    string
	side    float32
}

// NewQRCard makes an empty card, side dp wide at least.
func NewQRCard(side float32) *QRCard {
	q := &QRCard{side: side}
	q.ExtendBaseWidget(q)
	return q
}

// SetModules shows a code, rows of modules without quiet zone, true is black.
func (q *QRCard) SetModules(m [][]bool) {
	q.modules = m
	q.Refresh()
}

// SetHint shows words on the card while there is no code yet.
func (q *QRCard) SetHint(hint string) {
	if q.hint != hint {
		q.hint = hint
		q.Refresh()
	}
}

// CreateRenderer draws card and code.
func (q *QRCard) CreateRenderer() fyne.WidgetRenderer {
	q.ExtendBaseWidget(q)
	card, hint := newRect(), newText()
	code := canvas.NewRaster(func(w, h int) image.Image { return drawCode(q.modules, w, h) })
	r := &renderer{objects: []fyne.CanvasObject{card, code, hint}}
	r.paint = func() {
		paintRect(card, Skin{Fill: theme.QRGround, Radius: qrCardRadius, Shadow: CardShadow})
		paintText(hint, theme.Caption(), theme.QRModule)
		hint.Text, hint.Alignment = q.hint, fyne.TextAlignCenter
		if q.modules == nil {
			code.Hide()
			hint.Show()
		} else {
			code.Show()
			hint.Hide()
		}
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSquareSize(max(q.side, float32(leastModule*(len(q.modules)+2*quietZone))))
	}
	r.place = func(s fyne.Size) {
		d := min(s.Width, s.Height)
		x, y := (s.Width-d)/2, (s.Height-d)/2
		put(card, x, y, d, d)
		put(code, x, y, d, d)
		placeText(hint, x, y, d, d)
	}
	r.paint()
	return r
}

// drawCode paints the modules in the middle of w x h pixels, each the same
// whole number of pixels, on a transparent ground.
func drawCode(modules [][]bool, w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	n := len(modules)
	if n == 0 {
		return img
	}
	px := min(w, h) / (n + 2*quietZone)
	left, top := (w-n*px)/2, (h-n*px)/2
	ground := image.Rect(left, top, left+n*px, top+n*px)
	draw.Draw(img, ground, image.NewUniform(color.White), image.Point{}, draw.Src)
	black := image.NewUniform(color.Black)
	for y, row := range modules {
		for x, dark := range row {
			if dark {
				m := image.Rect(left+x*px, top+y*px, left+(x+1)*px, top+(y+1)*px)
				draw.Draw(img, m, black, image.Point{}, draw.Src)
			}
		}
	}
	return img
}
