package day

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// figures puts numbers with their names in columns of equal width, as many rows
// as they need.
type figures struct {
	widget.BaseWidget
	parts []fyne.CanvasObject
}

// figureGap is the least room between two of them.
const figureGap = 18

func newFigures(parts ...fyne.CanvasObject) *figures {
	f := &figures{parts: parts}
	f.ExtendBaseWidget(f)
	return f
}

// CreateRenderer puts them.
func (f *figures) CreateRenderer() fyne.WidgetRenderer {
	f.ExtendBaseWidget(f)
	return widget.NewSimpleRenderer(&fyne.Container{Layout: figureLayout{f}, Objects: f.parts})
}

// MinSize is the height at the width it last had.
func (f *figures) MinSize() fyne.Size { return fyne.NewSize(0, f.arrange(f.Size().Width, nil)) }

type figureLayout struct{ f *figures }

func (l figureLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.f.MinSize() }

func (l figureLayout) Layout(_ []fyne.CanvasObject, s fyne.Size) { l.f.arrange(s.Width, widgets.Put) }

func (f *figures) cell() fyne.Size {
	var m fyne.Size
	for _, p := range f.parts {
		m = m.Max(p.MinSize())
	}
	return m
}

// inOneRow is the width at which all stand beside each other.
func (f *figures) inOneRow() float32 {
	n := float32(len(f.parts))
	return f.cell().Width*n + figureGap*(n-1)
}

func (f *figures) arrange(width float32, put func(o fyne.CanvasObject, x, y, w, h float32)) float32 {
	if len(f.parts) == 0 {
		return 0
	}
	cell := f.cell()
	columns := min(max(int((width+figureGap)/(cell.Width+figureGap)), 1), len(f.parts))
	rows := (len(f.parts) + columns - 1) / columns
	columns = (len(f.parts) + rows - 1) / rows
	step := (width + figureGap) / float32(columns)
	if put != nil {
		for i, p := range f.parts {
			put(p, float32(i%columns)*step, float32(i/columns)*(cell.Height+10), step-figureGap, cell.Height)
		}
	}
	return float32(rows)*(cell.Height+10) - 10
}

// newEnds puts one part at the left and one at the right edge, below each other
// where there is no room.
func newEnds(left, right fyne.CanvasObject) fyne.CanvasObject {
	var width float32
	fits := func() bool { return left.MinSize().Width+24+right.MinSize().Width <= width }
	return widgets.Place(func() fyne.Size {
		l, r := left.MinSize(), right.MinSize()
		if fits() {
			return fyne.NewSize(0, max(l.Height, r.Height))
		}
		return fyne.NewSize(0, l.Height+6+r.Height)
	}, func(s fyne.Size) {
		width = s.Width
		l, r := left.MinSize(), right.MinSize()
		if fits() {
			widgets.Put(left, 0, (s.Height-l.Height)/2, l.Width, l.Height)
			widgets.Put(right, s.Width-r.Width, (s.Height-r.Height)/2, r.Width, r.Height)
			return
		}
		widgets.Put(left, 0, 0, min(l.Width, s.Width), l.Height)
		widgets.Put(right, 0, l.Height+6, min(r.Width, s.Width), r.Height)
	}, left, right)
}

// dialog is the content of a sheet: as tall as it needs to be, and scrolled where
// the window has no room for that, above a foot that stays in sight.
func dialog(content, foot fyne.CanvasObject) fyne.CanvasObject {
	const side, edge = 40, 32
	inner := widgets.Pad(widgets.Insets{Top: edge, Right: side, Left: side}, content)
	scroll := widgets.NewScroll(inner)
	var width float32
	low := func() float32 {
		foot.Resize(fyne.NewSize(width-2*side, foot.Size().Height))
		return foot.MinSize().Height
	}
	return widgets.Place(func() fyne.Size {
		if width > 0 {
			inner.Resize(fyne.NewSize(width, inner.Size().Height))
		}
		return fyne.NewSize(0, inner.MinSize().Height+low()+edge)
	}, func(s fyne.Size) {
		width = s.Width
		h := low()
		widgets.Put(scroll, 0, 0, s.Width, s.Height-edge-h)
		widgets.Put(foot, side, s.Height-edge-h, s.Width-2*side, h)
	}, scroll, foot)
}

// seal is the card of a closed day: what it says, and the code.
func (s *Screen) seal(v Sealed, m Match) fyne.CanvasObject {
	c := s.cfg.Text
	dot := widgets.NewDisc(widgets.DiscConfig{Size: 40, Fill: theme.Green.Tint(), Color: theme.Green.Text(), Icon: "lock", IconSize: 20})
	again := widgets.NewButton(widgets.ButtonConfig{Kind: widgets.Secondary, Label: c.T("day.reopen"), OnTap: s.Reopen})
	words := widgets.Col(0,
		widgets.Row(14, dot, widgets.Grow(widgets.NewParagraph(v.Title, theme.Heading(), theme.Ink))), gap(8),
		widgets.NewParagraph(v.Sentence, theme.Body(), theme.Ink2), gap(10),
		widgets.Row(9, widgets.NewIcon(m.Mark.Icon, 20, m.Mark.Family.Text()), widgets.Grow(widgets.NewParagraph(m.Words, theme.BodyStrong(), m.Mark.Family.Text()))),
		gap(14),
		widgets.Caption(c.T("day.closed.head")), widgets.NewText(v.Head, theme.ButtonXL(), theme.Ink), gap(16),
		widgets.Row(0, again))
	code := widgets.NewQRCard(200)
	if s.cfg.QR != nil {
		if modules, err := s.cfg.QR(v.Code); err == nil {
			code.SetModules(modules)
		}
	}
	var width float32
	below := func() bool { return width/theme.Factor() < 560 }
	body := widgets.Place(func() fyne.Size {
		q := code.MinSize()
		w := width - q.Width - 28
		if below() {
			w = width
		}
		words.Resize(fyne.NewSize(max(w, 60), words.Size().Height))
		h := words.MinSize().Height
		if below() {
			return fyne.NewSize(0, h+20+q.Height)
		}
		return fyne.NewSize(0, max(h, q.Height))
	}, func(size fyne.Size) {
		width = size.Width
		q := code.MinSize()
		if below() {
			h := words.MinSize().Height
			widgets.Put(words, 0, 0, size.Width, h)
			widgets.Put(code, 0, h+20, q.Width, q.Height)
			return
		}
		widgets.Put(words, 0, 0, size.Width-q.Width-28, size.Height)
		widgets.Put(code, size.Width-q.Width, (size.Height-q.Height)/2, q.Width, q.Height)
	}, words, code)
	return widgets.NewCard(widgets.Insets{Top: 24, Right: 26, Bottom: 24, Left: 26}, body)
}
