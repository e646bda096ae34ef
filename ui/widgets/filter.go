package widgets

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
)

// FilterChip is a round choice, 48 high; set ones are tinted with a plum
// outline. With an arrow it stands above a list, else among others on paper,
// where its outline is all that shows it and a tick marks the chosen one.
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

// lead is the icon before the label; empty for none.
func (f *FilterChip) lead() string {
	if f.icon == "" && f.on && !f.arrow {
		return "check"
	}
	return f.icon
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
		round := scaled(48) / 2
		k := Skin{Fill: f.fill(theme.Paper, theme.ShellHover, theme.ShellPressed), Stroke: theme.Hairline, Width: 1, Radius: round}
		if !f.arrow {
			k.Stroke = theme.Border
		}
		ink := theme.Ink
		if f.on {
			k.Fill, k.Stroke, k.Width = f.fill(theme.PrimaryTint, theme.PrimaryTintHover, theme.PrimaryTintHover), theme.Primary, 1.5
			ink = theme.OnPrimaryTint
		}
		paintRect(rect, k)
		f.paintRing(ring, round)
		paintIcon(icon, f.lead(), ink)
		paintText(text, style(), ink)
		text.Text = f.name
		paintIcon(arrow, "", ink)
		if f.arrow {
			paintIcon(arrow, "down", ink)
		}
	}
	const side = 18
	lead := func() float32 {
		if f.lead() == "" {
			return side
		}
		return side + scaled(20) + 8
	}
	r.minSize = func() fyne.Size {
		w := lead() + style().Measure(f.name).Width + side
		if f.arrow {
			w += scaled(18) + 6
		}
		return fyne.NewSize(w, scaled(48))
	}
	r.place = func(s fyne.Size) {
		placeRect(rect, 0, 0, s.Width, s.Height)
		placeRing(ring, 0, 0, s.Width, s.Height)
		put(icon, side, (s.Height-scaled(20))/2, scaled(20), scaled(20))
		placeText(text, lead(), 0, s.Width-lead()-side, s.Height)
		put(arrow, s.Width-14-scaled(18), (s.Height-scaled(18))/2, scaled(18), scaled(18))
	}
	r.paint()
	return r
}
