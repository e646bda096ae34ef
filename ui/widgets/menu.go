package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// MenuItem is a line of a menu: icon and words, 48 high; the chosen one is
// tinted. A dot at the right says that something there needs a look.
type MenuItem struct {
	control
	icon   string
	chosen bool
	dot    bool
}

// NewMenuItem makes an item; icon may be empty.
func NewMenuItem(label, icon string, onTap func()) *MenuItem {
	m := &MenuItem{icon: icon}
	m.name, m.act = label, onTap
	m.extend(m)
	return m
}

// SetChosen marks the item whose page is shown.
func (m *MenuItem) SetChosen(v bool) {
	if m.chosen != v {
		m.chosen = v
		m.Refresh()
	}
}

// SetDot shows or hides the amber dot.
func (m *MenuItem) SetDot(v bool) {
	if m.dot != v {
		m.dot = v
		m.Refresh()
	}
}

func (m *MenuItem) style() theme.Style {
	if m.chosen {
		return theme.BodyStrong()
	}
	return theme.Body()
}

// lead is where the words begin.
func (m *MenuItem) lead() float32 {
	if m.icon == "" {
		return 16
	}
	return 14 + scaled(20) + 12
}

// Wanted is the width at which nothing of the words is cut.
func (m *MenuItem) Wanted() float32 {
	return m.lead() + theme.BodyStrong().Measure(m.name).Width + 24
}

// CreateRenderer draws the item.
func (m *MenuItem) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	face, ring, icon, text, dot := newRect(), newRect(), newIcon(), newText(), newRect()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text, dot}}
	r.paint = func() {
		k, ink := Skin{Radius: 14, Fill: m.fill(theme.None, theme.ShellHover, theme.ShellPressed)}, theme.Ink2
		if m.chosen {
			k.Fill, ink = m.fill(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover), theme.OnPrimaryTint
		}
		if m.disabled {
			k.Fill, ink = theme.None, theme.InkDisabled
		}
		paintRect(face, k)
		m.paintRing(ring, 11)
		paintIcon(icon, m.icon, ink)
		paintText(text, m.style(), ink)
		fill := theme.None
		if m.dot {
			fill = theme.Amber.Solid()
		}
		paintRect(dot, Skin{Fill: fill, Radius: 5})
	}
	r.minSize = func() fyne.Size { return fyne.NewSize(m.lead()+64, scaled(48)) }
	r.place = func(s fyne.Size) {
		put(face, 0, 0, s.Width, s.Height)
		placeRing(ring, 3.5, 3.5, s.Width-7, s.Height-7)
		put(icon, 14, (s.Height-scaled(20))/2, scaled(20), scaled(20))
		room := s.Width - m.lead() - 12
		if m.dot {
			room -= 14
		}
		text.Text = ellipsis(m.name, m.style(), room)
		placeText(text, m.lead(), 0, room, s.Height)
		put(dot, s.Width-22, (s.Height-10)/2, 10, 10)
	}
	r.paint()
	return r
}
