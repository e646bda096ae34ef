package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// Swatch is one of several icons or colours to choose from, 56 x 56.
type Swatch struct {
	control
	disc   DiscConfig
	chosen bool
}

// NewSwatch makes a swatch; name says what it chooses.
func NewSwatch(name string, disc DiscConfig, onTap func()) *Swatch {
	s := &Swatch{disc: disc}
	s.name, s.act = name, onTap
	s.extend(s)
	return s
}

// Set changes look and choice.
func (s *Swatch) Set(disc DiscConfig, chosen bool) {
	if s.disc != disc || s.chosen != chosen {
		s.disc, s.chosen = disc, chosen
		s.Refresh()
	}
}

// CreateRenderer draws the swatch; the chosen one has a plum
// outline.
func (s *Swatch) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	face, ring, disc := newRect(), newRect(), NewDisc(s.disc)
	r := &renderer{objects: []fyne.CanvasObject{face, ring, disc}}
	r.paint = func() {
		k := Skin{Fill: s.fill(theme.None, theme.ShellHover, theme.ShellPressed), Radius: 16}
		if s.chosen {
			k.Stroke, k.Width = theme.Primary, 2.5
		}
		paintRect(face, k)
		s.paintRing(ring, 16)
		disc.SetConfig(s.disc)
	}
	r.minSize = func() fyne.Size { return fyne.NewSquareSize(max(56, scaled(s.disc.Size)+16)) }
	r.place = func(size fyne.Size) {
		placeRect(face, 0, 0, size.Width, size.Height)
		placeRing(ring, 0, 0, size.Width, size.Height)
		put(disc, 0, 0, size.Width, size.Height)
	}
	r.paint()
	return r
}

// Flow puts objects of one size side by side and below each other.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return &fyne.Container{Layout: &flow{gap: gap}, Objects: objects}
}

type flow struct{ gap, width float32 }

func (l *flow) cell(objs []fyne.CanvasObject) (size fyne.Size, columns int) {
	for _, o := range objs {
		size = size.Max(o.MinSize())
	}
	columns = len(objs)
	if l.width > 0 {
		columns = min(columns, int((l.width+l.gap)/(size.Width+l.gap)))
	}
	return size, max(columns, 1)
}

func (l *flow) MinSize(objs []fyne.CanvasObject) fyne.Size {
	if len(objs) == 0 {
		return fyne.Size{}
	}
	size, columns := l.cell(objs)
	rows := float32((len(objs) + columns - 1) / columns)
	return fyne.NewSize(size.Width, rows*(size.Height+l.gap)-l.gap)
}

func (l *flow) Layout(objs []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	size, columns := l.cell(objs)
	for i, o := range objs {
		put(o, float32(i%columns)*(size.Width+l.gap), float32(i/columns)*(size.Height+l.gap), size.Width, size.Height)
	}
}
