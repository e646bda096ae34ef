package receipt

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Measures of a drawn paper in dp.
const (
	paperMargin = 14
	largest     = 14  // of the letters, in dp
	lineFactor  = 1.4 // of a line, by the size of its letters
)

// Paper shows the lines of a receipt in letters of one width, white in both
// themes, as wide as its box gives room for.
type Paper struct {
	widget.BaseWidget
	columns int
	lines   []string
}

// NewPaper makes a paper with columns letters in a line.
func NewPaper(columns int, lines []string) *Paper {
	p := &Paper{columns: columns, lines: lines}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes what stands on the paper.
func (p *Paper) Set(columns int, lines []string) {
	p.columns, p.lines = columns, lines
	p.Refresh()
}

// AccessibilityLabel is the whole receipt.
func (p *Paper) AccessibilityLabel() string { return strings.Join(p.lines, "\n") }

// AccessibilityRole says that this is text.
func (p *Paper) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// size is that of the letters at a width.
func (p *Paper) size(width float32) float32 {
	const probe = 100
	one := fyne.MeasureText("0", probe, fyne.TextStyle{Monospace: true}).Width / probe
	if p.columns < 1 || one <= 0 {
		return largest
	}
	return min((width-2*paperMargin)/(float32(p.columns)+0.5)/one, largest*theme.BigFactor())
}

// MinSize is the height at the width it last had.
func (p *Paper) MinSize() fyne.Size {
	p.ExtendBaseWidget(p)
	width := p.Size().Width
	if width <= 0 {
		width = 300
	}
	return fyne.NewSize(0, p.size(width)*lineFactor*float32(len(p.lines))+2*paperMargin)
}

// CreateRenderer draws the lines.
func (p *Paper) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &paperDrawing{p: p, sheet: canvas.NewRectangle(theme.Color(theme.QRGround))}
	r.Refresh()
	return r
}

type paperDrawing struct {
	p     *Paper
	sheet *canvas.Rectangle
	texts []*canvas.Text
}

func (r *paperDrawing) Destroy() {}

func (r *paperDrawing) MinSize() fyne.Size { return r.p.MinSize() }

func (r *paperDrawing) Objects() []fyne.CanvasObject {
	list := []fyne.CanvasObject{r.sheet}
	for _, t := range r.texts {
		list = append(list, t)
	}
	return list
}

func (r *paperDrawing) Refresh() {
	r.sheet.FillColor = theme.Color(theme.QRGround)
	r.sheet.StrokeColor, r.sheet.StrokeWidth, r.sheet.CornerRadius = theme.Color(theme.Hairline), 1, 6
	r.texts = r.texts[:0]
	for _, words := range r.p.lines {
		t := canvas.NewText(words, theme.Color(theme.QRModule))
		t.TextStyle = fyne.TextStyle{Monospace: true}
		r.texts = append(r.texts, t)
	}
	r.Layout(r.p.Size())
	canvas.Refresh(r.p)
}

func (r *paperDrawing) Layout(s fyne.Size) {
	size := r.p.size(s.Width)
	line := size * lineFactor
	one := fyne.MeasureText("0", size, fyne.TextStyle{Monospace: true}).Width
	width := one * float32(r.p.columns)
	left := (s.Width - width) / 2
	r.sheet.Resize(s)
	for i, t := range r.texts {
		t.TextSize = size
		t.Move(fyne.NewPos(left, paperMargin+float32(i)*line))
		t.Resize(fyne.NewSize(max(width, t.MinSize().Width), line))
	}
}
