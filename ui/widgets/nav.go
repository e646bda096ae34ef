package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// NavItem is an item of the rail: icon over label, 72 x 68.
type NavItem struct {
	control
	icon   string
	active bool
	badge  int
}

// NewNavItem makes an item.
func NewNavItem(label, icon string, onTap func()) *NavItem {
	n := &NavItem{icon: icon}
	n.name, n.act = label, onTap
	n.extend(n)
	return n
}

// SetActive marks the item of the page that is shown.
func (n *NavItem) SetActive(v bool) {
	if n.active != v {
		n.active = v
		n.Refresh()
	}
}

// SetBadge shows a number of open alarms; 0 hides it.
func (n *NavItem) SetBadge(count int) {
	if n.badge != count {
		n.badge = count
		n.Refresh()
	}
}

func (n *NavItem) style() theme.Style {
	if n.active {
		return theme.CaptionStrong()
	}
	return theme.Caption()
}

// CreateRenderer draws the item.
func (n *NavItem) CreateRenderer() fyne.WidgetRenderer {
	n.ExtendBaseWidget(n)
	face, ring, icon, text, dot, count := newRect(), newRect(), newIcon(), newText(), newRect(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text, dot, count}}
	r.paint = func() {
		k, ink := Skin{Radius: 16, Fill: n.fill(theme.None, theme.ShellHover, theme.ShellPressed)}, theme.Ink2
		if n.active {
			k, ink = Skin{Radius: 16, Fill: theme.Paper, Shadow: RaisedShadow}, theme.Primary
		}
		paintRect(face, k)
		n.paintRing(ring, 13)
		paintIcon(icon, n.icon, ink)
		paintText(text, n.style(), ink)
		text.Alignment = fyne.TextAlignCenter
		fill := theme.None
		count.Text = ""
		if n.badge > 0 {
			fill = theme.Amber.Solid()
			count.Text = strconv.Itoa(min(n.badge, 99))
		}
		paintRect(dot, Skin{Fill: fill, Radius: 10 * theme.BigFactor()})
		paintText(count, theme.CaptionStrong(), theme.Amber.On())
		count.TextSize = 12 * theme.BigFactor()
		count.Alignment = fyne.TextAlignCenter
	}
	r.minSize = func() fyne.Size {
		f := theme.Factor()
		return fyne.NewSize(max(72, theme.CaptionStrong().Measure(n.name).Width+8), 24*f+5+theme.Caption().LineHeight()+max(21-9*(f-1), 8))
	}
	r.place = func(s fyne.Size) {
		put(face, 0, 0, s.Width, s.Height)
		placeRing(ring, 3.5, 3.5, s.Width-7, s.Height-7)
		d, line := scaled(24), theme.Caption().LineHeight()
		y := (s.Height-d-5-line)/2 + 1
		put(icon, (s.Width-d)/2, y, d, d)
		text.Text = ellipsis(n.name, n.style(), s.Width-4)
		placeText(text, 0, y+d+5, s.Width, line)
		b := 20 * theme.BigFactor()
		put(dot, (s.Width+d)/2-8, y-8, b, b)
		placeText(count, (s.Width+d)/2-8, y-8, b, b)
	}
	r.paint()
	return r
}

// Signal is an entry of the status strip: quiet words with an icon while all
// is well, an amber chip when it is not.
type Signal struct {
	control
	icon string
	sick bool
	calm theme.Family
}

// NewSignal makes an entry.
func NewSignal(icon string, onTap func()) *Signal {
	s := &Signal{icon: icon, calm: theme.Green}
	s.act = onTap
	s.extend(s)
	return s
}

// Set changes the words and whether something is wrong; calm is the colour of
// the icon while nothing is.
func (s *Signal) Set(words string, sick bool, calm theme.Family) {
	if s.name != words || s.sick != sick || s.calm != calm {
		s.name, s.sick, s.calm = words, sick, calm
		s.Refresh()
	}
}

func (s *Signal) style() theme.Style {
	if s.sick {
		return theme.CaptionStrong()
	}
	return theme.Caption()
}

// CreateRenderer draws the entry.
func (s *Signal) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	face, ring, icon, text := newRect(), newRect(), newIcon(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text}}
	r.paint = func() {
		k := Skin{Radius: scaled(30) / 2, Fill: s.fill(theme.None, theme.ShellHover, theme.ShellPressed)}
		name, ink, mark := s.icon, theme.Ink2, s.calm.Text()
		if s.sick {
			k.Fill, name, ink, mark = theme.Amber.Tint(), "alert", theme.Amber.Text(), theme.Amber.Text()
		}
		paintRect(face, k)
		s.paintRing(ring, k.Radius-4)
		paintIcon(icon, name, mark)
		paintText(text, s.style(), ink)
		text.Text = s.name
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(s.style().Measure(s.name).Width+scaled(18)+7+20, 48)
	}
	r.place = func(size fyne.Size) {
		h := scaled(30)
		put(face, 0, (size.Height-h)/2, size.Width, h)
		placeRing(ring, 3, (size.Height-h)/2+3, size.Width-6, h-6)
		d := scaled(18)
		put(icon, 10, (size.Height-d)/2, d, d)
		placeText(text, 10+d+7, 0, size.Width-d-17, size.Height)
	}
	r.paint()
	return r
}
