package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// LeftPanel is the coloured left half of a dialog, with the dialog's corners
// at its left side.
type LeftPanel struct {
	widget.BaseWidget
	fill fyne.ThemeColorName
}

// NewLeftPanel makes a panel.
func NewLeftPanel(fill fyne.ThemeColorName) *LeftPanel {
	p := &LeftPanel{fill: fill}
	p.ExtendBaseWidget(p)
	return p
}

// CreateRenderer draws the panel.
func (p *LeftPanel) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	rect := newRect()
	r := &renderer{objects: []fyne.CanvasObject{rect}}
	r.paint = func() {
		paintRect(rect, Skin{Fill: p.fill})
		rect.TopLeftCornerRadius, rect.BottomLeftCornerRadius = 28, 28
	}
	r.place = func(s fyne.Size) { put(rect, 0, 0, s.Width, s.Height) }
	r.paint()
	return r
}
