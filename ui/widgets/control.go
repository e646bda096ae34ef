package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// control is what every part that can be pressed has in common.
type control struct {
	widget.BaseWidget
	self     fyne.Widget
	name     string // for assistive technology
	act      func()
	hovered  bool
	pressed  bool
	focused  bool
	disabled bool
	followed func(fyne.CanvasObject) // a scroll around it wants to show it
}

func (c *control) extend(self fyne.Widget) {
	c.self = self
	c.ExtendBaseWidget(self)
}

// Tapped acts unless disabled.
func (c *control) Tapped(*fyne.PointEvent) { c.fire() }

func (c *control) fire() {
	if !c.disabled && c.act != nil {
		c.act()
	}
}

// MouseDown shows the press at once.
func (c *control) MouseDown(*desktop.MouseEvent) { c.show(&c.pressed, true) }

// MouseUp ends the press.
func (c *control) MouseUp(*desktop.MouseEvent) { c.show(&c.pressed, false) }

// MouseIn shows hover.
func (c *control) MouseIn(*desktop.MouseEvent) { c.show(&c.hovered, true) }

// MouseMoved needs nothing.
func (c *control) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends hover and press.
func (c *control) MouseOut() {
	c.pressed = false
	c.show(&c.hovered, false)
}

// FocusGained draws the ring.
func (c *control) FocusGained() {
	c.show(&c.focused, true)
	if c.followed != nil {
		c.followed(c.self)
	}
}

// FocusLost removes the ring.
func (c *control) FocusLost() { c.show(&c.focused, false) }

func (c *control) show(flag *bool, v bool) {
	if *flag != v {
		*flag = v
		c.Refresh()
	}
}

// TypedRune passes runes on; Space presses.
func (c *control) TypedRune(r rune) {
	if r == ' ' {
		c.fire()
		return
	}
	if cv := canvasOf(c.self); cv != nil && cv.OnTypedRune() != nil {
		cv.OnTypedRune()(r)
	}
}

// TypedKey presses on Enter and passes other keys on.
func (c *control) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		c.fire()
	case fyne.KeySpace: // comes as a rune too
	default:
		passKey(c.self, e)
	}
}

func passKey(o fyne.CanvasObject, e *fyne.KeyEvent) {
	if cv := canvasOf(o); cv != nil && cv.OnTypedKey() != nil {
		cv.OnTypedKey()(e)
	}
}

func canvasOf(o fyne.CanvasObject) fyne.Canvas {
	return fyne.CurrentApp().Driver().CanvasForObject(o)
}

// Cursor is a hand while the part can be pressed.
func (c *control) Cursor() desktop.Cursor {
	if c.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// Disable stops presses and takes the part out of the focus order.
func (c *control) Disable() { c.setDisabled(true) }

// Enable allows presses again.
func (c *control) Enable() { c.setDisabled(false) }

func (c *control) setDisabled(v bool) {
	if c.disabled == v {
		return
	}
	c.disabled = v
	if v {
		c.pressed = false
	}
	c.Refresh()
}

// Disabled reports whether presses are ignored.
func (c *control) Disabled() bool { return c.disabled }

// AccessibilityLabel is the name of the part.
func (c *control) AccessibilityLabel() string { return c.name }

// AccessibilityRole says that this is a button.
func (c *control) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// fill chooses between the fills of rest, hover and press.
func (c *control) fill(rest, hover, press fyne.ThemeColorName) fyne.ThemeColorName {
	switch {
	case c.pressed:
		return press
	case c.hovered:
		return hover
	}
	return rest
}

// paintRing draws the focus ring, 3 wide and 2 outside the part.
func (c *control) paintRing(r *canvas.Rectangle, radius float32) {
	k := Skin{Radius: radius + 3.5}
	if c.focused {
		k.Stroke, k.Width = theme.FocusRing, 3
	}
	paintRect(r, k)
}

func placeRing(r *canvas.Rectangle, x, y, w, h float32) {
	put(r, x-3.5, y-3.5, w+7, h+7)
}

var (
	_ fyne.Tappable      = (*control)(nil)
	_ fyne.Focusable     = (*control)(nil)
	_ fyne.Disableable   = (*control)(nil)
	_ desktop.Hoverable  = (*control)(nil)
	_ desktop.Mouseable  = (*control)(nil)
	_ desktop.Cursorable = (*control)(nil)
	_ fyne.Accessible    = (*control)(nil)
)
