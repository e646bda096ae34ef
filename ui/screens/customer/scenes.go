package customer

import (
	"fyne.io/fyne/v2"

	"frontdesk/app/text"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Sizes are those of a window of 1280 x 800 and grow with it.
const (
	baseWidth  = 1280
	baseHeight = 800
)

// unit is how much larger than the base a window is.
func unit(s fyne.Size) float32 {
	return max(min(s.Width/baseWidth, s.Height/baseHeight), 0.3) / theme.Factor()
}

// word is a text whose size follows the window.
type word struct {
	text  string
	style theme.Style
	color fyne.ThemeColorName
	part  *widgets.Text
	size  float32 // as placed, in dp
}

func newWord(text string, style theme.Style, color fyne.ThemeColorName) *word {
	return &word{text: text, style: style, color: color, part: widgets.NewText(text, style, color)}
}

func display(size float32) theme.Style {
	return theme.Style{Size: size, Line: size * 1.25, Number: true}
}

func plain(size float32) theme.Style { return theme.Style{Size: size, Line: size * 1.4} }

// put places the word in a box of the window, smaller where it does not fit.
func (w *word) put(u, x, y, width, height float32) {
	style := w.style.Scaled(w.style.Size * u)
	for style.Measure(w.text).Width > width && style.Size > 8 {
		style = style.Scaled(style.Size * 0.92)
	}
	w.part.SetLook(style, w.color)
	w.size = style.TextSize()
	widgets.Put(w.part, x, y, width, height)
}

func payScene(m Model, c *text.Catalog) fyne.CanvasObject {
	salon := newWord(m.Salon, display(26), theme.Primary)
	please := newWord(c.T("customer.pay"), plain(26), theme.Ink2)
	amount := newWord(c.Number(m.Amount), display(136), theme.Ink)
	currency := newWord(string(m.Amount.Currency), display(48), theme.Ink2)
	same := newWord(c.T("customer.same"), plain(20), theme.Ink2)
	mypos := newWord(c.T("customer.mypos"), plain(17), theme.Ink2)
	hint := newWord(m.Hint, display(24), theme.Ink)
	hint.part.Center()
	shield := widgets.NewDisc(widgets.DiscConfig{})
	words := widgets.Stack()
	card := widgets.NewQRCard(200)
	card.SetModules(m.QR)
	card.SetHint(c.T("state.preparing.sentence"))
	return widgets.Place(nil, func(s fyne.Size) {
		u := unit(s) * theme.Factor()
		f := u / theme.Factor()
		x, left := 80*u, s.Width*0.535-100*u
		mid := s.Height / 2
		salon.put(f, x, 64*u, left, 34*u)
		please.put(f, x, mid-165*u, left, 38*u)
		amount.put(f, x-4*u, mid-140*u, left-110*u, 166*u)
		number := amount.part.MinSize().Width
		down := 0.36 * (amount.size - 48*u) // both stand on one baseline
		currency.put(f, x+number+10*u, mid-57*u-27*u+down, 130*u, 54*u)
		words.Objects = []fyne.CanvasObject{widgets.NewMatchWords(m.Words, display(40*f))}
		widgets.Put(words, x, mid+84*u, left, 54*u)
		same.put(f, x, mid+146*u, left, 30*u)
		shield.SetConfig(widgets.DiscConfig{Size: 24 * f, Color: theme.Ink2, Icon: "shield", IconSize: 22 * f})
		widgets.Put(shield, x, s.Height-84*u, 24*u, 24*u)
		mypos.put(f, x+36*u, s.Height-84*u, left-36*u, 24*u)
		side := min(509*u, s.Width*0.4)
		qx := s.Width - 85*u - side
		widgets.Put(card, qx, mid-283*u, side, side)
		hint.put(f, qx-60*u, mid-283*u+side+24*u, side+120*u, 36*u)
	}, salon.part, please.part, amount.part, currency.part, words, same.part, shield, mypos.part, card, hint.part)
}

// arch is a shape of the thanks, measured on the base window.
type arch struct {
	x, y, w, h float32
	right      bool // measured from the right edge
	skin       widgets.Skin
}

func arches() []arch {
	fill := func(t theme.Tile, radius float32) widgets.Skin { return widgets.Skin{Fill: t.Fill(), Radius: radius} }
	return []arch{
		{-60, 350, 340, 800, false, fill(theme.Blush, 170)},
		{130, 530, 220, 600, false, fill(theme.Lilac, 110)},
		{280, 330, 340, 800, true, fill(theme.Sage, 170)},
		{350, 550, 200, 600, true, fill(theme.Apricot, 100)},
		{250, 80, 140, 140, true, fill(theme.Apricot, 70)},
	}
}

func newArches() []fyne.CanvasObject {
	var shapes []fyne.CanvasObject
	for _, a := range arches() {
		shapes = append(shapes, widgets.NewSurface(a.skin))
	}
	return shapes
}

func placeArches(shapes []fyne.CanvasObject, s fyne.Size, u float32) {
	for i, a := range arches() {
		skin := a.skin
		skin.Radius *= u
		if surface, ok := shapes[i].(*widgets.Surface); ok {
			surface.SetSkin(skin)
		}
		x := a.x * u
		if a.right {
			x = s.Width - a.x*u
		}
		widgets.Put(shapes[i], x, s.Height-(baseHeight-a.y)*u, a.w*u, a.h*u)
	}
}

func thanksScene(m Model, c *text.Catalog) fyne.CanvasObject {
	salon := newWord(m.Salon, display(26), theme.Primary)
	thanks := newWord(c.T("customer.thanks"), display(96), theme.Ink)
	paid := newWord(c.Amount(m.Amount)+" "+c.T("customer.paid"), display(44), theme.Ink)
	receipt := newWord(c.T("customer.receipt"), plain(22), theme.Ink2)
	for _, w := range []*word{salon, thanks, paid, receipt} {
		w.part.Center()
	}
	seal := widgets.NewDisc(widgets.DiscConfig{})
	shapes := newArches()
	all := append(shapes[:len(shapes):len(shapes)], salon.part, seal, thanks.part, paid.part, receipt.part)
	return widgets.Place(nil, func(s fyne.Size) {
		u := unit(s) * theme.Factor()
		f := u / theme.Factor()
		placeArches(shapes, s, u)
		mid := s.Height / 2
		salon.put(f, 80*u, 64*u, s.Width-160*u, 34*u)
		seal.SetConfig(widgets.DiscConfig{Size: 168 * f, Fill: theme.Green.Solid(), Color: theme.Green.On(), Icon: "check", IconSize: 104 * f})
		widgets.Put(seal, s.Width/2-84*u, mid-232*u, 168*u, 168*u)
		thanks.put(f, 0, mid-40*u, s.Width, 120*u)
		paid.put(f, 0, mid+82*u, s.Width, 60*u)
		receipt.put(f, 0, mid+154*u, s.Width, 34*u)
	}, all...)
}

func noticeScene(m Model) fyne.CanvasObject {
	salon := newWord(m.Salon, display(56), theme.Primary)
	hint := newWord(m.Hint, plain(34), theme.Ink2)
	salon.part.Center()
	hint.part.Center()
	shapes := newArches()
	return widgets.Place(nil, func(s fyne.Size) {
		u := unit(s) * theme.Factor()
		f := u / theme.Factor()
		placeArches(shapes, s, u)
		salon.put(f, 40*u, s.Height/2-170*u, s.Width-80*u, 72*u)
		hint.put(f, 40*u, s.Height/2-80*u, s.Width-80*u, 48*u)
	}, append(shapes, salon.part, hint.part)...)
}
