package day

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// Sizes of the chart in dp at 100 %.
const (
	barWidth  = 40
	barHeight = 138
	barLeast  = 4 // so that a little is not nothing
)

// newChart draws the hours: value above, hour below, the highest in full plum.
func newChart(bars []Bar) fyne.CanvasObject {
	var objects []fyne.CanvasObject
	type column struct {
		bar         *widgets.Surface
		words, hour *widgets.Text
	}
	var columns []column
	for _, b := range bars {
		fill, style := theme.Chart, theme.Caption()
		if b.Top {
			fill, style = theme.ChartStrong, theme.CaptionStrong()
		}
		ink := theme.Ink2
		if b.Top {
			ink = theme.Ink
		}
		c := column{
			bar:   widgets.NewSurface(widgets.Skin{Fill: fill, Radius: 6}),
			words: widgets.NewText(b.Words, style, ink).Center(), hour: widgets.NewText(b.Hour, theme.Caption(), theme.Ink2).Center(),
		}
		columns = append(columns, c)
		objects = append(objects, c.bar, c.words, c.hour)
	}
	height := func() float32 { return barHeight*theme.BigFactor() + 2*theme.Caption().LineHeight() + 10 }
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, height()) }, func(s fyne.Size) {
		line := theme.Caption().LineHeight()
		room := s.Height - 2*line - 10
		step := s.Width / float32(max(len(columns), 1))
		wide := min(barWidth*theme.BigFactor(), step*0.62)
		crowded := false
		for _, b := range bars {
			crowded = crowded || theme.CaptionStrong().Measure(b.Words).Width > step-4
		}
		for i, c := range columns {
			x := float32(i) * step
			widgets.Put(c.hour, x, s.Height-line, step, line)
			h := max(room*bars[i].Part, barLeast)
			if bars[i].Part == 0 {
				c.bar.Hide()
				c.words.Hide()
				continue
			}
			top := line + 4 + room - h
			widgets.Put(c.bar, x+(step-wide)/2, top, wide, h)
			widgets.Put(c.words, x, top-line-3, step, line)
			c.words.Show()
			if crowded {
				c.words.Hide()
			}
			if crowded && bars[i].Top { // the highest may lean over its neighbours
				w := theme.CaptionStrong().Measure(bars[i].Words).Width + 2
				left := min(max(x+(step-w)/2, 0), s.Width-w)
				widgets.Put(c.words, left, top-line-3, w, line)
				c.words.Show()
			}
		}
	}, objects...)
}

// newShare is a bar that shows a part of the whole, 8 high.
func newShare(part float32) fyne.CanvasObject {
	track := widgets.NewSurface(widgets.Skin{Fill: theme.ChartTrack, Radius: 4})
	fill := widgets.NewSurface(widgets.Skin{Fill: theme.ChartStrong, Radius: 4})
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, 8) }, func(s fyne.Size) {
		widgets.Put(track, 0, 0, s.Width, 8)
		widgets.Put(fill, 0, 0, max(s.Width*min(part, 1), 8), 8)
	}, track, fill)
}
