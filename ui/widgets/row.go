package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// Row is a pressable line of a list around any content. Hover and selection
// fill its whole width; the content keeps inset dp left and right.
type ListRow struct {
	control
	content  fyne.CanvasObject
	height   float32
	inset    float32
	bleed    float32
	selected bool
}

// NewListRow makes a row, height dp high at factor 1. The fill reaches bleed
// dp beyond the row at both sides, so that content can stay in line with
// the card's other text.
func NewListRow(name string, height, inset, bleed float32, content fyne.CanvasObject, onTap func()) *ListRow {
	l := &ListRow{content: content, height: height, inset: inset, bleed: bleed}
	l.act, l.name = onTap, name
	l.extend(l)
	return l
}

// SetSelected marks the row as the chosen one.
func (l *ListRow) SetSelected(v bool) {
	if l.selected != v {
		l.selected = v
		l.Refresh()
	}
}

// SetHeight changes the height at factor 1.
func (l *ListRow) SetHeight(h float32) {
	if l.height != h {
		l.height = h
		l.Refresh()
	}
}

// SetName changes the accessible name.
func (l *ListRow) SetName(name string) { l.name = name }

// SetOnTap changes what a press does.
func (l *ListRow) SetOnTap(f func()) { l.act = f }

// CreateRenderer draws fill, content and ring.
func (l *ListRow) CreateRenderer() fyne.WidgetRenderer {
	l.ExtendBaseWidget(l)
	fill, ring := newRect(), newRect()
	r := &renderer{objects: []fyne.CanvasObject{fill, l.content, ring}}
	r.paint = func() {
		k := Skin{Radius: 14, Fill: l.fill(theme.None, theme.ShellHover, theme.ShellPressed)}
		if l.act == nil {
			k.Fill = theme.None
		}
		if l.selected {
			k.Fill = l.fill(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover)
		}
		paintRect(fill, k)
		l.paintRing(ring, 12)
	}
	r.minSize = func() fyne.Size {
		m := l.content.MinSize()
		return fyne.NewSize(m.Width+2*l.inset, max(scaled(l.height), m.Height))
	}
	r.place = func(s fyne.Size) {
		put(fill, -l.bleed, 0, s.Width+2*l.bleed, s.Height)
		placeRing(ring, 3-l.bleed, 3, s.Width+2*l.bleed-6, s.Height-6)
		put(l.content, l.inset, 0, s.Width-2*l.inset, s.Height)
	}
	r.paint()
	return r
}
