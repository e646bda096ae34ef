package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// Person is who is at the desk, in the status strip: circle with an initial,
// name and an arrow. It opens the change of operator.
type Person struct {
	control
	initial string
	narrow  bool
}

// NewPerson makes the entry; without onTap it cannot be pressed and has no
// arrow.
func NewPerson(name, initial string, onTap func()) *Person {
	p := &Person{initial: initial}
	p.name, p.act, p.disabled = name, onTap, onTap == nil
	p.extend(p)
	return p
}

// Set changes who it is.
func (p *Person) Set(name, initial string) {
	if p.name != name || p.initial != initial {
		p.name, p.initial = name, initial
		p.Refresh()
	}
}

// SetNarrow leaves circle and arrow away, for small windows.
func (p *Person) SetNarrow(v bool) {
	if p.narrow != v {
		p.narrow = v
		p.Refresh()
	}
}

// lead is where the name begins, tail what comes behind it.
func (p *Person) lead() float32 {
	if p.narrow {
		return 0
	}
	return scaled(34) + 9
}

func (p *Person) tail() float32 {
	if p.narrow || p.act == nil {
		return 0
	}
	return 6 + scaled(18)
}

// CreateRenderer draws the entry.
func (p *Person) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	face, ring, disc, letter, text, arrow := newRect(), newRect(), newRect(), newText(), newText(), newIcon()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, disc, letter, text, arrow}}
	r.paint = func() {
		paintRect(face, Skin{Fill: p.fill(theme.None, theme.ShellHover, theme.ShellPressed), Radius: 14})
		if p.act == nil {
			paintRect(face, Skin{})
		}
		p.paintRing(ring, 12)
		fill := theme.Lilac.Fill()
		letter.Text, letter.Alignment = p.initial, fyne.TextAlignCenter
		icon := "down"
		if p.narrow {
			fill, letter.Text, icon = theme.None, "", ""
		}
		if p.act == nil {
			icon = ""
		}
		paintRect(disc, Skin{Fill: fill, Radius: scaled(34) / 2})
		paintText(letter, theme.CaptionStrong(), theme.Lilac.Icon())
		paintText(text, theme.BodyStrong(), theme.Ink)
		paintIcon(arrow, icon, theme.Ink2)
	}
	r.minSize = func() fyne.Size {
		w := min(theme.BodyStrong().Measure(p.name).Width, 140*theme.Factor())
		return fyne.NewSize(p.lead()+w+p.tail(), max(48, scaled(40)))
	}
	r.place = func(s fyne.Size) {
		h := min(max(48, scaled(40)), s.Height)
		y := (s.Height - h) / 2
		put(face, -8, y+2, s.Width+16, h-4)
		placeRing(ring, -5, y+5, s.Width+10, h-10)
		d := scaled(34)
		put(disc, 0, (s.Height-d)/2, d, d)
		placeText(letter, 0, (s.Height-d)/2, d, d)
		room := s.Width - p.lead() - p.tail()
		text.Text = ellipsis(p.name, theme.BodyStrong(), room)
		placeText(text, p.lead(), 0, room, s.Height)
		put(arrow, s.Width-scaled(18), (s.Height-scaled(18))/2, scaled(18), scaled(18))
	}
	r.paint()
	return r
}
