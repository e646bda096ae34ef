package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Segment is one choice of Segments.
type Segment struct{ Label, Icon string }

// Segments is a track with one chosen item: raised paper and plum words.
type Segments struct {
	widget.BaseWidget
	items    []*segmentItem
	chosen   int
	onChange func(int)
	onRepeat func(int)
}

// NewSegments makes a track, 58 high.
func NewSegments(items []Segment, chosen int, onChange func(int)) *Segments {
	s := &Segments{chosen: chosen, onChange: onChange}
	for i, it := range items {
		item := &segmentItem{icon: it.Icon, chosen: i == chosen}
		item.name, item.act = it.Label, func() { s.choose(i) }
		item.extend(item)
		s.items = append(s.items, item)
	}
	s.ExtendBaseWidget(s)
	return s
}

func (s *Segments) choose(i int) {
	if i == s.chosen {
		if s.onRepeat != nil {
			s.onRepeat(i)
		}
		return
	}
	s.SetChosen(i)
	if s.onChange != nil {
		s.onChange(i)
	}
}

// SetOnRepeat sets what a press on the chosen item does.
func (s *Segments) SetOnRepeat(f func(int)) { s.onRepeat = f }

// Chosen returns the index of the chosen item.
func (s *Segments) Chosen() int { return s.chosen }

// SetChosen chooses an item without calling back.
func (s *Segments) SetChosen(i int) {
	s.chosen = i
	for k, it := range s.items {
		it.chosen = k == i
		it.Refresh()
	}
}

// SetLabel changes the words of an item.
func (s *Segments) SetLabel(i int, label string) {
	if s.items[i].name != label {
		s.items[i].name = label
		s.items[i].Refresh()
		s.Refresh()
	}
}

// CreateRenderer draws the track; items are equally wide, and share the width
// by the length of their words where one of them needs more.
func (s *Segments) CreateRenderer() fyne.WidgetRenderer {
	s.ExtendBaseWidget(s)
	track := newRect()
	r := &renderer{objects: []fyne.CanvasObject{track}}
	for _, it := range s.items {
		r.objects = append(r.objects, it)
	}
	r.paint = func() {
		paintRect(track, Skin{Fill: theme.Shell, Stroke: theme.Hairline, Width: 1, Radius: 16})
	}
	r.minSize = func() fyne.Size {
		w := float32(10)
		for _, it := range s.items {
			w += it.MinSize().Width
		}
		return fyne.NewSize(w, segmentHeight()+10)
	}
	r.place = func(size fyne.Size) {
		placeRect(track, 0, 0, size.Width, size.Height)
		x := float32(5)
		for i, w := range s.widths(size.Width - 10) {
			put(s.items[i], x, 5, w, size.Height-10)
			x += w
		}
	}
	r.paint()
	return r
}

// widths are those of the items. Icons give way before words are cut.
func (s *Segments) widths(room float32) []float32 {
	n := float32(max(len(s.items), 1))
	needs, all, most := make([]float32, len(s.items)), float32(0), float32(0)
	measure := func(bare bool) {
		all, most = 0, 0
		for i, it := range s.items {
			it.bare = bare
			needs[i] = it.need()
			all, most = all+needs[i], max(most, needs[i])
		}
	}
	if measure(false); all > room {
		measure(true)
	}
	for i := range needs {
		switch {
		case most <= room/n:
			needs[i] = room / n
		case all <= room:
			needs[i] += (room - all) / n
		default:
			needs[i] *= room / all
		}
	}
	return needs
}

type segmentItem struct {
	control
	icon   string
	bare   bool // too narrow for the icon
	chosen bool
}

func (i *segmentItem) style() theme.Style {
	if i.chosen {
		return theme.BodyStrong()
	}
	return theme.Body()
}

func (i *segmentItem) CreateRenderer() fyne.WidgetRenderer {
	i.ExtendBaseWidget(i)
	face, ring, icon, text := newRect(), newRect(), newIcon(), newText()
	r := &renderer{objects: []fyne.CanvasObject{face, ring, icon, text}}
	r.paint = func() {
		k, ink := Skin{Radius: 12, Fill: i.fill(theme.None, theme.ShellHover, theme.ShellPressed)}, theme.Ink2
		if i.chosen {
			k, ink = Skin{Radius: 12, Fill: chosenFill(), Shadow: RaisedShadow}, theme.Primary
		}
		paintRect(face, k)
		i.paintRing(ring, 10)
		paintIcon(icon, i.icon, ink)
		paintText(text, i.style(), ink)
	}
	r.minSize = func() fyne.Size {
		return fyne.NewSize(24+i.iconRoom()+theme.BodyStrong().Measure(i.name).Width, segmentHeight())
	}
	r.place = func(s fyne.Size) { i.place(face, ring, icon, text, s) }
	r.paint()
	return r
}

// segmentHeight grows less than the text: the words need the room sideways.
func segmentHeight() float32 { return max(48*theme.BigFactor(), theme.Body().LineHeight()+12) }

// chosenFill is paper by day; at night paper is darker than the track, so the
// item takes the lighter pressed fill.
func chosenFill() fyne.ThemeColorName {
	if theme.IsDark() {
		return theme.ShellPressed
	}
	return theme.Paper
}

// need is the width at which nothing is cut.
func (i *segmentItem) need() float32 {
	return 12 + i.iconRoom() + theme.BodyStrong().Measure(i.name).Width
}

func (i *segmentItem) iconRoom() float32 {
	if i.icon == "" || i.bare {
		return 0
	}
	return scaled(20) + 9
}

func (i *segmentItem) place(face, ring *canvas.Rectangle, icon *canvas.Image, text *canvas.Text, s fyne.Size) {
	put(face, 0, 0, s.Width, s.Height)
	placeRing(ring, 4, 4, s.Width-8, s.Height-8)
	text.Text = ellipsis(i.name, i.style(), s.Width-i.iconRoom()-8)
	w := i.style().Measure(text.Text).Width
	x := (s.Width - w - i.iconRoom()) / 2
	side := scaled(20)
	if i.bare {
		side = 0
	}
	put(icon, x, (s.Height-side)/2, side, side)
	placeText(text, x+i.iconRoom(), 0, w, s.Height)
}
