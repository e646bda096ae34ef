package devices

import (
	"fyne.io/fyne/v2"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

const (
	sheetSide  = 36
	closerRoom = 56
)

// frame is the content of a sheet: a title, a body that scrolls where the
// window is too low for it, and a foot row. Its least size fits the body.
func frame(title string, body, foot fyne.CanvasObject) *fyne.Container {
	head := widgets.NewParagraph(title, theme.Title(), theme.Ink)
	// Focus rings reach beyond the fields, so the scroll keeps room for them.
	inner := widgets.Pad(widgets.Insets{Top: 4, Right: 14, Bottom: 6, Left: 4}, body)
	scroll := widgets.NewScroll(inner)
	width := float32(0)
	headHeight := func() float32 { return max(40, head.HeightFor(width-2*sheetSide-closerRoom)) }
	least := func() fyne.Size {
		return fyne.NewSize(320, 26+headHeight()+10+inner.MinSize().Height+14+foot.MinSize().Height+28)
	}
	return widgets.Place(least, func(s fyne.Size) {
		width = s.Width
		w := s.Width - 2*sheetSide
		hh, fh := headHeight(), foot.MinSize().Height
		widgets.Put(head, sheetSide, 26, w-closerRoom, hh)
		widgets.Put(foot, sheetSide, s.Height-28-fh, w, fh)
		top := 26 + hh + 10
		widgets.Put(scroll, sheetSide-4, top, w+18, s.Height-28-fh-14-top)
	}, head, scroll, foot)
}

// middle keeps an object at its least height, full width, in the middle.
func middle(o fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Place(o.MinSize, func(s fyne.Size) {
		o.Resize(fyne.NewSize(s.Width, o.Size().Height))
		h := o.MinSize().Height
		widgets.Put(o, 0, (s.Height-h)/2, s.Width, h)
	}, o)
}

// fact is a label with a value that may wrap.
func fact(label, value string) fyne.CanvasObject {
	return factRow(widgets.NewText(label, theme.Body(), theme.Ink2).Shrink(), widgets.NewParagraph(value, theme.Body(), theme.Ink))
}

// factPair is a label with two values side by side.
func factPair(label, first, second string, style theme.Style) fyne.CanvasObject {
	words := []*widgets.Paragraph{widgets.NewParagraph(first, style, theme.Ink), widgets.NewParagraph(second, style, theme.Ink)}
	name := widgets.NewText(label, theme.Body(), theme.Ink2).Shrink()
	line := widgets.NewHairline()
	width := float32(0)
	lead := func() float32 { return min(172*theme.Factor(), width*0.32) }
	height := func() float32 {
		if width == 0 {
			return style.LineHeight()
		}
		half := (width - lead() - 16) / 2
		return max(words[0].HeightFor(half), words[1].HeightFor(half))
	}
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, height()+19) }, func(s fyne.Size) {
		width = s.Width
		half := (s.Width - lead() - 16) / 2
		widgets.Put(name, 0, 9, lead()-12, theme.Body().LineHeight())
		widgets.Put(words[0], lead(), 9, half, height())
		widgets.Put(words[1], lead()+half+16, 9, half, height())
		widgets.Put(line, 0, s.Height-1, s.Width, 1)
	}, name, words[0], words[1], line)
}

func factRow(name fyne.CanvasObject, words *widgets.Paragraph) fyne.CanvasObject {
	width := float32(0)
	lead := func() float32 { return min(172*theme.Factor(), width*0.42) }
	height := func() float32 {
		if width == 0 {
			return theme.Body().LineHeight()
		}
		return words.HeightFor(width - lead())
	}
	line := widgets.NewHairline()
	return widgets.Place(func() fyne.Size { return fyne.NewSize(0, height()+19) }, func(s fyne.Size) {
		width = s.Width
		widgets.Put(name, 0, 9, lead()-12, theme.Body().LineHeight())
		widgets.Put(words, lead(), 9, s.Width-lead(), height())
		widgets.Put(line, 0, s.Height-1, s.Width, 1)
	}, name, words, line)
}

// grown fits a sheet to content that has changed.
func grown(s *widgets.Sheet) {
	if s != nil {
		s.Refresh()
	}
}
