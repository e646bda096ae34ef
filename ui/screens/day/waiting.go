package day

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// waiting stands where the figures will, while the day is read for the first
// time: the same cards with quiet shapes, so that nothing jumps.
func (s *Screen) waiting() fyne.CanvasObject {
	shape := func(w, h, radius float32) fyne.CanvasObject {
		block := widgets.NewSurface(widgets.Skin{Fill: theme.ShellHover, Radius: radius})
		return widgets.Place(func() fyne.Size { return fyne.NewSize(0, h) }, func(size fyne.Size) {
			widgets.Put(block, 0, 0, size.Width*w, h)
		}, block)
	}
	takings := widgets.Col(0, widgets.NewParagraph(s.cfg.Text.T("day.loading"), theme.Caption(), theme.Ink2), gap(12),
		shape(0.36, 48, 12), gap(52), shape(1, barHeight+36, 14))
	ways := widgets.Col(0, shape(0.5, 20, 8), gap(26))
	for range 4 {
		ways.Add(shape(1, 8, 4))
		ways.Add(gap(40))
	}
	return widgets.Col(16,
		twin(widgets.NewCard(widgets.Insets{Top: 22, Right: 26, Bottom: 26, Left: 26}, takings),
			widgets.NewCard(widgets.Insets{Top: 24, Right: 24, Bottom: 20, Left: 24}, ways)),
		widgets.NewCard(widgets.Insets{Top: 26, Right: 26, Bottom: 28, Left: 26}, widgets.Col(20, shape(0.24, 20, 8), shape(1, 40, 14), shape(1, 40, 14))))
}
