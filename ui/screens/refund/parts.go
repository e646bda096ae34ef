package refund

import (
	"strconv"

	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// titleStyle is Display where the words are in Latin or Cyrillic letters; a
// client named in another script needs the font that falls back.
func titleStyle(title string) theme.Style {
	s := theme.Title()
	for _, r := range title {
		if r > 0x04FF && r < 0x2000 || r > 0x2212 {
			s.Number, s.Bold = false, true
		}
	}
	return s
}

// factRow is a label and its value at the right edge; a value that does not fit
// stands below.
func factRow(f Fact) fyne.CanvasObject {
	label := widgets.NewText(f.Label, theme.Body(), theme.Ink2).Shrink()
	value := widgets.Strong(f.Value).Right().Shrink()
	line := theme.Body().LineHeight()
	need := func() float32 {
		return theme.Body().Measure(f.Label).Width + 12 + theme.BodyStrong().Measure(f.Value).Width
	}
	var row *fyne.Container
	row = widgets.Place(func() fyne.Size {
		if w := row.Size().Width; w > 0 && need() > w {
			return fyne.NewSize(0, 2*line+14)
		}
		return fyne.NewSize(0, 40*theme.Factor())
	}, func(s fyne.Size) {
		if need() > s.Width {
			widgets.Put(label, 0, 6, s.Width, line)
			widgets.Put(value, 0, 6+line, s.Width, line)
			return
		}
		w := theme.BodyStrong().Measure(f.Value).Width + 2
		widgets.Put(label, 0, 0, s.Width-w-8, s.Height)
		widgets.Put(value, s.Width-w, 0, w, s.Height)
	}, label, value)
	return row
}

// stepRow is one numbered thing to do.
func stepRow(n int, words string) fyne.CanvasObject {
	number := widgets.NewDisc(widgets.DiscConfig{
		Size: 28, Fill: theme.PrimaryTint, Color: theme.OnPrimaryTint, Text: strconv.Itoa(n), TextStyle: theme.CaptionStrong(),
	})
	return beside(28, 12, number, widgets.NewParagraph(words, theme.Body(), theme.Ink))
}

// noticeBox is what must not be overlooked: a tinted box with an icon.
func noticeBox(f theme.Family, icon, words string) fyne.CanvasObject {
	return widgets.Stack(widgets.NewSurface(widgets.Skin{Fill: f.Tint(), Radius: 14}),
		widgets.Pad(widgets.Insets{Top: 12, Bottom: 12, Left: 14, Right: 14},
			beside(20, 10, widgets.NewIcon(icon, 20, f.Text()), widgets.NewParagraph(words, theme.Body(), f.Text()))))
}

// beside puts something of a fixed width at the top left of words that wrap.
func beside(w, between float32, mark, words fyne.CanvasObject) *fyne.Container {
	lead := func() float32 { return w*theme.Factor() + between }
	side := func() float32 { return max(w*theme.Factor(), mark.MinSize().Height) }
	var box *fyne.Container
	box = widgets.Place(func() fyne.Size {
		if width := box.Size().Width; width > 0 {
			words.Resize(fyne.NewSize(width-lead(), words.Size().Height))
		}
		return fyne.NewSize(0, max(words.MinSize().Height, side()))
	}, func(s fyne.Size) {
		widgets.Put(mark, 0, 0, w*theme.Factor(), side())
		high := words.MinSize().Height
		top := max((side()-high)/2, 0)
		widgets.Put(words, lead(), top, s.Width-lead(), s.Height-top)
	}, mark, words)
	return box
}

// wrapped puts parts side by side and begins a new line where the width ends.
func wrapped(between float32, parts ...fyne.CanvasObject) *fyne.Container {
	var box *fyne.Container
	lay := func(width float32, put bool) float32 {
		var x, y, line float32
		for _, p := range parts {
			m := p.MinSize()
			if x > 0 && x+m.Width > width+0.5 {
				x, y, line = 0, y+line+between, 0
			}
			if put {
				widgets.Put(p, x, y, min(m.Width, width), m.Height)
			}
			x += m.Width + between
			line = max(line, m.Height)
		}
		return y + line
	}
	box = widgets.Place(func() fyne.Size { return fyne.NewSize(0, lay(box.Size().Width, false)) },
		func(s fyne.Size) { lay(s.Width, true) }, parts...)
	return box
}
