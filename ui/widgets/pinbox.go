package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"frontdesk/ui/theme"
)

// Lengths of a PIN.
const (
	PINLeast = 4
	PINMost  = 8
)

// PINBoxes takes a PIN: a box of 48 x 52 for each digit, four at least. Digits
// show as dots; a caret stands in the box of the next one. It takes the focus,
// and a pad may press its keys.
type PINBoxes struct {
	control
	digits   string
	bad      bool
	onChange func(digits string)
	onEnter  func(digits string)
}

// NewPINBoxes makes the boxes; name is what they ask for. onEnter is called on
// Enter.
func NewPINBoxes(name string, onChange, onEnter func(string)) *PINBoxes {
	p := &PINBoxes{onChange: onChange, onEnter: onEnter}
	p.name = name
	p.extend(p)
	return p
}

// Digits returns what was typed.
func (p *PINBoxes) Digits() string { return p.digits }

// Clear empties the boxes; bad draws them in red until the next digit.
func (p *PINBoxes) Clear(bad bool) {
	p.digits, p.bad = "", bad
	p.Refresh()
}

// Press types a digit.
func (p *PINBoxes) Press(digit rune) {
	if p.disabled || digit < '0' || digit > '9' || len(p.digits) >= PINMost {
		return
	}
	p.set(p.digits + string(digit))
}

// Back takes the last digit away.
func (p *PINBoxes) Back() {
	if !p.disabled && p.digits != "" {
		p.set(p.digits[:len(p.digits)-1])
	}
}

// Enter ends typing.
func (p *PINBoxes) Enter() {
	if !p.disabled && p.onEnter != nil {
		p.onEnter(p.digits)
	}
}

func (p *PINBoxes) set(digits string) {
	p.digits, p.bad = digits, false
	p.Refresh()
	if p.onChange != nil {
		p.onChange(digits)
	}
}

// TypedRune takes digits.
func (p *PINBoxes) TypedRune(r rune) {
	if r >= '0' && r <= '9' {
		p.Press(r)
		return
	}
	if r != ' ' {
		p.control.TypedRune(r)
	}
}

// TypedKey takes Backspace, Delete and Enter.
func (p *PINBoxes) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyBackspace:
		p.Back()
	case fyne.KeyDelete:
		p.set("")
	case fyne.KeyReturn, fyne.KeyEnter:
		p.Enter()
	default:
		p.control.TypedKey(e)
	}
}

// Tapped takes the focus.
func (p *PINBoxes) Tapped(*fyne.PointEvent) {
	if c := canvasOf(p); c != nil && !p.disabled {
		c.Focus(p)
	}
}

// Cursor is that of text.
func (p *PINBoxes) Cursor() desktop.Cursor { return desktop.TextCursor }

// CreateRenderer draws the boxes in the middle.
func (p *PINBoxes) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	ring, caret := newRect(), newRect()
	boxes, dots := make([]*canvas.Rectangle, PINMost), make([]*canvas.Rectangle, PINMost)
	r := &renderer{objects: []fyne.CanvasObject{ring}}
	for i := range boxes {
		boxes[i], dots[i] = newRect(), newRect()
		r.objects = append(r.objects, boxes[i], dots[i])
	}
	r.objects = append(r.objects, caret)
	const w, h, gap = 48, 52, 8
	r.paint = func() {
		for i := range boxes {
			k := Skin{Fill: theme.Paper, Stroke: theme.Border, Width: 1.5, Radius: 12}
			switch {
			case p.bad:
				k.Stroke, k.Width = theme.Red.Text(), 2
			case p.disabled:
				k.Fill, k.Stroke = theme.DisabledFill, ""
			}
			paintRect(boxes[i], k)
			fill := theme.None
			if i < len(p.digits) {
				fill = theme.Ink
			}
			paintRect(dots[i], Skin{Fill: fill, Radius: 6})
			if i < p.shown() {
				boxes[i].Show()
				dots[i].Show()
			} else {
				boxes[i].Hide()
				dots[i].Hide()
			}
		}
		paintRect(caret, Skin{Fill: theme.Primary, Radius: 1})
		caret.Hidden = !p.focused || len(p.digits) >= p.shown()
		p.paintRing(ring, 14)
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(PINMost*w+(PINMost-1)*gap, h+8) }
	r.place = func(s fyne.Size) {
		n := float32(p.shown())
		all := n*w + (n-1)*gap
		x, y := (s.Width-all)/2, (s.Height-h)/2
		placeRing(ring, x-4, y-4, all+8, h+8)
		for i := range boxes {
			at := x + float32(i)*(w+gap)
			placeRect(boxes[i], at, y, w, h)
			put(dots[i], at+w/2-6, y+h/2-6, 12, 12)
		}
		put(caret, x+float32(len(p.digits))*(w+gap)+w/2-1, y+h/2-11, 2, 22)
	}
	r.paint()
	return r
}

// shown is how many boxes stand there: those of the shortest PIN, and one more
// for each digit beyond it, so that a PIN of four never looks unfinished.
func (p *PINBoxes) shown() int { return min(max(len(p.digits), PINLeast), PINMost) }

// AccessibilityLabel says how many digits there are, never which.
func (p *PINBoxes) AccessibilityLabel() string {
	return p.name + " " + strings.Repeat("•", len(p.digits))
}
