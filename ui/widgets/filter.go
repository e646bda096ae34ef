package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// FilterChip is a choice above a list, 48 high; set ones are tinted with a
// plum outline.
type FilterChip struct {
	control
	icon  string
	on    bool
	arrow bool
}

// NewFilterChip makes a filter; arrow shows that it opens a list.
func NewFilterChip(label, icon string, arrow bool, onTap func()) *FilterChip {
	f := &FilterChip{icon: icon, arrow: arrow}
	f.act, f.name = onTap, label
	f.extend(f)
	return f
}

// Set changes label and state.
func (f *FilterChip) Set(label string, on bool) {
	if f.name != label || f.on != on {
		f.name, f.on = label, on
		f.Refresh()
	}
}

// CreateRenderer draws the chip.
func (f *FilterChip) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	rect, ring, icon, text, arrow := newRect(), newRect(), newIcon(), newText(), newIcon()
	r := &renderer{objects: []fyne.CanvasObject{rect, ring, icon, text, arrow}}
	style := func() theme.Style {
		if f.on {
			return theme.BodyStrong()
		}
		return theme.Body()
	}
	r.paint = func() {
		k := Skin{Fill: f.fill(theme.Paper, theme.ShellHover, theme.ShellPressed), Stroke: theme.Hairline, Width: 1, Radius: 14}
		ink := theme.Ink2
		if f.on {
			k.Fill, k.Stroke, k.Width = f.fill(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover), theme.Primary, 1.5
			ink = theme.OnPrimaryTint
		}
		paintRect(rect, k)
		f.paintRing(ring, 14)
		paintIcon(icon, f.icon, ink)
		paintText(text, style(), ink)
		text.Text = f.name
		paintIcon(arrow, "", ink)
		if f.arrow {
			paintIcon(arrow, "down", ink)
		}
	}
	lead := func() float32 {
		if f.icon == "" {
			return 16
		}
		return 14 + scaled(20) + 8
	}
	r.minSize = func() fyne.Size {
		w := lead() + style().Measure(f.name).Width + 16
		if f.arrow {
			w += scaled(18) + 6
		}
		return fyne.NewSize(w, scaled(48))
	}
	r.place = func(s fyne.Size) {
		placeRect(rect, 0, 0, s.Width, s.Height)
		placeRing(ring, 0, 0, s.Width, s.Height)
		put(icon, 14, (s.Height-scaled(20))/2, scaled(20), scaled(20))
		placeText(text, lead(), 0, s.Width-lead()-16, s.Height)
		put(arrow, s.Width-12-scaled(18), (s.Height-scaled(18))/2, scaled(18), scaled(18))
	}
	r.paint()
	return r
}
