package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Ring is a countdown: an arc over a track, with an icon in the middle. It
// moves only when SetPart is called.
type Ring struct {
	widget.BaseWidget
	size   float32
	part   float32
	icon   string
	family theme.Family
}

// NewRing makes a ring of a diameter; the arc is 10 thick.
func NewRing(size float32, family theme.Family, icon string) *Ring {
	r := &Ring{size: size, family: family, icon: icon}
	r.ExtendBaseWidget(r)
	return r
}

// SetPart sets how much of the circle is drawn, 0 to 1.
func (r *Ring) SetPart(part float32) {
	if r.part != part {
		r.part = part
		r.Refresh()
	}
}

// CreateRenderer draws track, arc and icon.
func (r *Ring) CreateRenderer() fyne.WidgetRenderer {
	r.ExtendBaseWidget(r)
	track, img := canvas.NewCircle(theme.Color(theme.None)), newIcon()
	arc := canvas.NewArc(0, 0, 1-2*ringWidth/r.size, theme.Color(theme.None))
	d := &renderer{objects: []fyne.CanvasObject{track, arc, img}}
	d.minSize = func() fyne.Size { return fyne.NewSquareSize(r.size) }
	d.paint = func() {
		track.StrokeColor, track.StrokeWidth = theme.Color(r.family.Line()), ringWidth
		arc.FillColor = theme.Color(r.family.Text())
		arc.EndAngle = 360 * r.part
		arc.CornerRadius = ringWidth / 2
		arc.Hidden = r.part <= 0
		paintIcon(img, r.icon, r.family.Text())
	}
	d.place = func(s fyne.Size) {
		x, y := (s.Width-r.size)/2, (s.Height-r.size)/2
		put(track, x, y, r.size, r.size)
		put(arc, x, y, r.size, r.size)
		icon := r.size * 88 / 168
		put(img, x+(r.size-icon)/2, y+(r.size-icon)/2, icon, icon)
	}
	d.paint()
	return d
}

const ringWidth = 10
