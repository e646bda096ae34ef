package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Paragraph is text that wraps at words, and inside words longer than a line.
// Its least height is that of the lines at the width it last had.
type Paragraph struct {
	widget.BaseWidget
	text  string
	style theme.Style
	color fyne.ThemeColorName
	align fyne.TextAlign
	lines []string
	width float32
}

// NewParagraph makes a wrapping text.
func NewParagraph(text string, style theme.Style, color fyne.ThemeColorName) *Paragraph {
	p := &Paragraph{text: text, style: style, color: color}
	p.ExtendBaseWidget(p)
	return p
}

// Center centres the lines and returns the paragraph.
func (p *Paragraph) Center() *Paragraph { p.align = fyne.TextAlignCenter; return p }

// Text returns the words.
func (p *Paragraph) Text() string { return p.text }

// SetText changes the words.
func (p *Paragraph) SetText(text string) {
	if p.text != text {
		p.text = text
		p.Refresh()
	}
}

// SetLook changes style and colour.
func (p *Paragraph) SetLook(style theme.Style, color fyne.ThemeColorName) {
	if p.style != style || p.color != color {
		p.style, p.color = style, color
		p.Refresh()
	}
}

// HeightFor returns the height the text needs at a width.
func (p *Paragraph) HeightFor(width float32) float32 {
	return float32(len(wrap(p.text, p.style, width))) * p.style.LineHeight()
}

// AccessibilityLabel is the whole text.
func (p *Paragraph) AccessibilityLabel() string { return p.text }

// AccessibilityRole says that this is text.
func (p *Paragraph) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer draws the lines.
func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	p.ExtendBaseWidget(p)
	r := &renderer{}
	r.minSize = func() fyne.Size {
		if p.text == "" {
			return fyne.Size{}
		}
		n := 1
		if p.width > 0 {
			n = len(wrap(p.text, p.style, p.width))
		}
		return fyne.NewSize(0, float32(n)*p.style.LineHeight())
	}
	r.place = func(s fyne.Size) {
		p.width = s.Width
		p.lines = wrap(p.text, p.style, s.Width)
		for len(r.objects) < len(p.lines) {
			r.objects = append(r.objects, newText())
		}
		r.objects = r.objects[:len(p.lines)]
		h := p.style.LineHeight()
		for i, line := range p.lines {
			t := r.objects[i].(*canvas.Text)
			paintText(t, p.style, p.color)
			t.Text, t.Alignment = line, p.align
			placeText(t, 0, float32(i)*h, s.Width, h)
		}
	}
	return r
}

// wrap breaks text into lines of at most width.
func wrap(text string, s theme.Style, width float32) []string {
	if text == "" {
		return nil
	}
	if width <= 0 {
		return []string{text}
	}
	fits := func(t string) bool { return s.Measure(t).Width <= width+0.5 }
	var lines []string
	for hard := range strings.SplitSeq(text, "\n") {
		line := ""
		for _, word := range words(hard, fits) {
			next := word
			if line != "" {
				next = line + " " + word
			}
			if fits(next) {
				line = next
				continue
			}
			if line != "" {
				lines = append(lines, line)
			}
			line = word
			for !fits(line) && len([]rune(line)) > 1 {
				head := splitWord(line, fits)
				lines = append(lines, head)
				line = line[len(head):]
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// words are what a line is broken between: an amount and its currency stay
// together, unless they are longer than a line.
func words(text string, fits func(string) bool) []string {
	var list []string
	for word := range strings.SplitSeq(text, " ") {
		if n := len(list) - 1; n >= 0 && ofAmount(list[n], word) && fits(list[n]+" "+word) {
			list[n] += " " + word
			continue
		}
		list = append(list, word)
	}
	return list
}

// ofAmount reports whether a word is the currency of the number before it: 45.00 EUR.
func ofAmount(number, word string) bool {
	last, code := number[max(len(number)-1, 0):], strings.TrimRight(word, ".,:;!?)“”\"")
	return strings.Trim(last, "0123456789") == "" && last != "" && len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// splitWord returns the longest head of a word that fits, one rune at least.
func splitWord(word string, fits func(string) bool) string {
	runes := []rune(word)
	n := 1
	for n < len(runes) && fits(string(runes[:n+1])) {
		n++
	}
	return string(runes[:n])
}
