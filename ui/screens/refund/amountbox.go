package refund

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// amountBox shows what goes back, what is left and what stays, and takes the
// keys of the amount. What they mean is decided by onRune and onKey.
type amountBox struct {
	widget.BaseWidget
	name         string
	face, ring   *widgets.Surface
	number       *widgets.Amount
	left, stays  *widgets.Text
	onRune       func(rune)
	onKey        func(*fyne.KeyEvent) bool
	focused, bad bool
	keys         int
}

func newAmountBox(name string, onRune func(rune), onKey func(*fyne.KeyEvent) bool) *amountBox {
	b := &amountBox{name: name, onRune: onRune, onKey: onKey}
	b.face, b.ring = widgets.NewSurface(widgets.Skin{}), widgets.NewSurface(widgets.Skin{})
	b.number = widgets.NewAmount("", "", 52).Right()
	b.left, b.stays = widgets.NewText("", theme.Body(), theme.Ink2).Shrink(), widgets.NewText("", theme.Body(), theme.Ink2).Shrink()
	b.paint()
	b.ExtendBaseWidget(b)
	return b
}

// show puts the words of a moment into the box.
func (b *amountBox) show(number, currency, left, stays string, bad bool) {
	b.number.SetAmount(number, currency)
	b.number.SetColors(theme.Ink, theme.Ink2)
	b.left.SetText(left)
	b.stays.SetText(stays)
	b.bad = bad
	b.paint()
	b.Refresh()
}

func (b *amountBox) paint() {
	face := widgets.Skin{Fill: theme.Paper, Stroke: theme.Border, Width: 1.5, Radius: 16}
	if b.bad {
		face.Stroke, face.Width = theme.Red.Text(), 2
	}
	ring := widgets.Skin{Radius: 19.5}
	if b.focused {
		ring.Stroke, ring.Width = theme.FocusRing, 3
	}
	b.face.SetSkin(face)
	b.ring.SetSkin(ring)
}

// Keys counts the keys the box took.
func (b *amountBox) Keys() int { return b.keys }

// FocusGained draws the ring.
func (b *amountBox) FocusGained() { b.focused = true; b.paint() }

// FocusLost removes the ring.
func (b *amountBox) FocusLost() { b.focused = false; b.paint() }

// TypedRune takes digits and marks.
func (b *amountBox) TypedRune(r rune) {
	b.keys++
	b.onRune(r)
}

// TypedKey takes Backspace, Delete and Enter and passes other keys on.
func (b *amountBox) TypedKey(e *fyne.KeyEvent) {
	b.keys++
	if b.onKey(e) {
		return
	}
	if c := b.canvas(); c != nil && c.OnTypedKey() != nil {
		c.OnTypedKey()(e)
	}
}

func (b *amountBox) canvas() fyne.Canvas { return fyne.CurrentApp().Driver().CanvasForObject(b) }

// Tapped takes the focus.
func (b *amountBox) Tapped(*fyne.PointEvent) {
	if c := b.canvas(); c != nil {
		c.Focus(b)
	}
}

// Cursor is that of text.
func (b *amountBox) Cursor() desktop.Cursor { return desktop.TextCursor }

// AccessibilityLabel is what is asked for and what stands there.
func (b *amountBox) AccessibilityLabel() string {
	return b.name + ", " + b.number.AccessibilityLabel()
}

// AccessibilityRole says that something can be typed here.
func (b *amountBox) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleContainer }

// MinSize is 84 high at 100 %.
func (b *amountBox) MinSize() fyne.Size {
	return fyne.NewSize(260, max(84*theme.BigFactor(), 2*theme.Body().LineHeight()+24))
}

// CreateRenderer lays the two lines beside the amount.
func (b *amountBox) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	return widget.NewSimpleRenderer(widgets.Place(nil, func(s fyne.Size) {
		widgets.Put(b.face, 0, 0, s.Width, s.Height)
		widgets.Put(b.ring, -3.5, -3.5, s.Width+7, s.Height+7)
		line, most := theme.Body().LineHeight(), (s.Width-46)*0.45
		words := min(max(theme.Body().Measure(b.left.Text()).Width, theme.Body().Measure(b.stays.Text()).Width)+2, most)
		top := (s.Height - 2*line) / 2
		widgets.Put(b.left, 22, top, words, line)
		widgets.Put(b.stays, 22, top+line, words, line)
		widgets.Put(b.number, 22+words+12, 0, s.Width-44-words-12, s.Height)
	}, b.face, b.ring, b.left, b.stays, b.number))
}
