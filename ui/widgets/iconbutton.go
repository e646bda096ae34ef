package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// IconButton is an icon with a target of 44 x 48, for close, remove, edit.
type IconButton struct {
	control
	icon string
	size float32
}

// NewIconButton makes an icon button; name says what it does.
func NewIconButton(icon string, size float32, name string, onTap func()) *IconButton {
	b := &IconButton{icon: icon, size: size}
	b.name, b.act = name, onTap
	b.extend(b)
	return b
}

// SetName changes the accessible name.
func (b *IconButton) SetName(name string) { b.name = name }

// SetOnTap changes what a press does.
func (b *IconButton) SetOnTap(f func()) { b.act = f }

// CreateRenderer draws the icon on a round hover fill.
func (b *IconButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	face, ring, icon := newRect(), newRect(), newIcon()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon}}
	r.paint = func() {
		ink := theme.Ink2
		if b.disabled {
			ink = theme.InkDisabled
		}
		paintRect(face, Skin{Fill: b.fill(theme.None, theme.ShellHover, theme.ShellPressed), Radius: 14})
		b.paintRing(ring, 10)
		paintIcon(icon, b.icon, ink)
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(max(44, scaled(b.size)+16), max(48, scaled(b.size)+16)) }
	r.place = func(s fyne.Size) {
		d := scaled(b.size)
		put(face, 2, 2, s.Width-4, s.Height-4)
		placeRing(ring, 5, 5, s.Width-10, s.Height-10)
		put(icon, (s.Width-d)/2, (s.Height-d)/2, d, d)
	}
	r.paint()
	return r
}

// TextButton is a caption with a small icon, 48 high to the finger: Edit,
// Clear, All. Its words end at the right edge.
type TextButton struct {
	control
	icon  string
	after bool
}

// NewTextButton makes a text button; after puts the icon behind the words.
func NewTextButton(label, icon string, after bool, onTap func()) *TextButton {
	b := &TextButton{icon: icon, after: after}
	b.name, b.act = label, onTap
	b.extend(b)
	return b
}

// SetLabel changes the words.
func (b *TextButton) SetLabel(label string) {
	if b.name != label {
		b.name = label
		b.Refresh()
	}
}

// CreateRenderer draws words and icon.
func (b *TextButton) CreateRenderer() fyne.WidgetRenderer {
	b.ExtendBaseWidget(b)
	face, ring, icon, text := newRect(), newRect(), newIcon(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text}}
	side := func() float32 {
		if b.icon == "" {
			return 0
		}
		return scaled(16)
	}
	gap := func() float32 {
		if b.icon == "" {
			return 0
		}
		return 6
	}
	r.paint = func() {
		ink := theme.Ink2
		if b.disabled {
			ink = theme.InkDisabled
		}
		paintRect(face, Skin{Fill: b.fill(theme.None, theme.ShellHover, theme.ShellPressed), Radius: 12})
		b.paintRing(ring, 9)
		paintIcon(icon, b.icon, ink)
		paintText(text, theme.Caption(), ink)
		text.Text = b.name
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(theme.Caption().Measure(b.name).Width+side()+gap(), 48)
	}
	r.place = func(s fyne.Size) {
		const pad, inset = 10, 6
		w := theme.Caption().Measure(b.name).Width
		put(face, -pad, inset, s.Width+2*pad, s.Height-2*inset)
		placeRing(ring, 2-pad, inset+2, s.Width+2*pad-4, s.Height-2*inset-4)
		x := s.Width - w - side() - gap()
		y := (s.Height - side()) / 2
		if b.after {
			placeText(text, x, 0, w, s.Height)
			put(icon, s.Width-side(), y, side(), side())
			return
		}
		put(icon, x, y, side(), side())
		placeText(text, s.Width-w, 0, w, s.Height)
	}
	r.paint()
	return r
}
