package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// MatchWords is a square in the named colour and two words in capitals, the
// same as on the customer's page.
type MatchWords struct {
	widget.BaseWidget
	words string
	style theme.Style
}

// NewMatchWords makes the pair in a type style; the square follows its size.
func NewMatchWords(words string, style theme.Style) *MatchWords {
	m := &MatchWords{words: words, style: style}
	m.ExtendBaseWidget(m)
	return m
}

// SetWords changes the pair.
func (m *MatchWords) SetWords(words string) {
	if m.words != words {
		m.words = words
		m.Refresh()
	}
}

// AccessibilityLabel is the pair.
func (m *MatchWords) AccessibilityLabel() string { return m.words }

// AccessibilityRole says that this is text.
func (m *MatchWords) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// measures of the square: side, gap to the words, corner radius.
func (m *MatchWords) square() (side, gap, radius float32) {
	size := m.style.TextSize()
	if size < 20 {
		return size * 20 / 17, size * 9 / 17, size * 6 / 17
	}
	return size * 40 / 34, size * 14 / 34, size * 11 / 34
}

// CreateRenderer draws square and words.
func (m *MatchWords) CreateRenderer() fyne.WidgetRenderer {
	m.ExtendBaseWidget(m)
	rect, text := newRect(), newText()
	r := &renderer{objects: []fyne.CanvasObject{rect, text}}
	r.paint = func() {
		color, _, _ := strings.Cut(m.words, " ")
		_, _, radius := m.square()
		k := Skin{Fill: theme.Match(color), Radius: radius}
		if theme.IsDark() && m.words != "" {
			k.Stroke, k.Width = theme.Ink, 2
		}
		paintRect(rect, k)
		paintText(text, m.style, theme.Ink)
		text.Text = m.words
	}
	r.minSize = func() fyne.Size {
		side, gap, _ := m.square()
		w := m.style.Measure(m.words)
		return fyne.NewSize(side+gap+w.Width, max(side, m.style.LineHeight()))
	}
	r.place = func(s fyne.Size) {
		side, gap, _ := m.square()
		placeRect(rect, 0, (s.Height-side)/2, side, side)
		placeText(text, side+gap, 0, s.Width-side-gap, s.Height)
	}
	r.paint()
	return r
}
