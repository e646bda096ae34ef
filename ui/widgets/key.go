package widgets

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// KeyKind is the role of a pad key.
type KeyKind int

// Kinds of keys.
const (
	DigitKey KeyKind = iota
	FunctionKey
	AddKey
)

// PadKey is one key of the money pad. It shows a digit, a word or an icon with
// words below.
type PadKey struct {
	control
	kind  KeyKind
	digit string
	icon  string
	label string
	size  float32
	lit   bool
}

// NewPadKey makes a key; digit or icon say what it shows, name what it is
// called.
func NewPadKey(kind KeyKind, digit, icon, name string, onTap func()) *PadKey {
	k := &PadKey{kind: kind, digit: digit, icon: icon, size: 30}
	k.name, k.act = name, onTap
	k.extend(k)
	return k
}

// SetLabel shows words under the icon.
func (k *PadKey) SetLabel(label string) {
	if k.label != label {
		k.label = label
		k.Refresh()
	}
}

// SetName changes the accessible name.
func (k *PadKey) SetName(name string) { k.name = name }

// SetDigitSize changes the size of the digit: 30, or 40 on large windows.
func (k *PadKey) SetDigitSize(size float32) {
	if k.size != size {
		k.size = size
		k.Refresh()
	}
}

// PressTime is how long a key that was pressed on the keyboard stays lit.
const PressTime = 80 * time.Millisecond

// Light shows the key pressed or at rest; the keyboard uses it, acting at
// once.
func (k *PadKey) Light(on bool) {
	if k.lit != on {
		k.lit = on
		k.Refresh()
	}
}

// CreateRenderer draws the key.
func (k *PadKey) CreateRenderer() fyne.WidgetRenderer {
	k.ExtendBaseWidget(k)
	face, ring, icon, text, label := newRect(), newRect(), newIcon(), newText(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text, label}}
	digit := func() theme.Style { return theme.Key().Scaled(k.size) }
	r.paint = func() {
		skin, ink := k.look()
		paintRect(face, skin)
		k.paintRing(ring, 16)
		paintIcon(icon, k.icon, ink)
		paintText(text, digit(), ink)
		text.Text, text.Alignment = k.digit, fyne.TextAlignCenter
		paintText(label, theme.Caption(), ink)
		label.Alignment = fyne.TextAlignCenter
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(64, 64) }
	r.place = func(s fyne.Size) {
		placeRect(face, 0, 0, s.Width, s.Height)
		placeRing(ring, 0, 0, s.Width, s.Height)
		placeText(text, 0, 0, s.Width, s.Height)
		side := 28 * theme.BigFactor()
		y := (s.Height - side) / 2
		label.Text = ""
		if k.label != "" && theme.Caption().Measure(k.label).Width <= s.Width-8 {
			label.Text = k.label
			block := side + 6 + theme.Caption().LineHeight()
			y = (s.Height - block) / 2
			placeText(label, 0, y+side+6, s.Width, theme.Caption().LineHeight())
		}
		put(icon, (s.Width-side)/2, y, side, side)
	}
	r.paint()
	return r
}

func (k *PadKey) look() (Skin, fyne.ThemeColorName) {
	pressed := k.pressed || k.lit
	pick := func(rest, hover, press fyne.ThemeColorName) fyne.ThemeColorName {
		if pressed {
			return press
		}
		return k.fill(rest, hover, press)
	}
	skin := Skin{Stroke: theme.Hairline, Width: 1, Radius: 16}
	ink := theme.Ink
	switch k.kind {
	case AddKey:
		skin = Skin{Fill: pick(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover), Radius: 16}
		ink = theme.OnPrimaryTint
	case FunctionKey:
		skin.Fill, ink = pick(theme.Paper, theme.ShellHover, theme.ShellPressed), theme.Ink2
	default:
		skin.Fill = pick(theme.Shell, theme.ShellHover, theme.ShellPressed)
	}
	if k.disabled {
		ink = theme.InkDisabled
		if k.kind == AddKey {
			skin.Fill = theme.DisabledFill
		}
	}
	return skin, ink
}
