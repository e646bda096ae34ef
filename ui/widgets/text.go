package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"frontdesk/ui/theme"
)

// Text is one line in a type style. A text that is too long for its box ends
// in "…"; with Shrink its least width is 0, else its own width.
type Text struct {
	widget.BaseWidget
	text   string
	style  theme.Style
	color  fyne.ThemeColorName
	align  fyne.TextAlign
	shrink bool
}

// NewText makes a line of text.
func NewText(text string, style theme.Style, color fyne.ThemeColorName) *Text {
	t := &Text{text: text, style: style, color: color}
	t.ExtendBaseWidget(t)
	return t
}

// Shortcuts for the usual texts; all can be changed later.

// Body is 15 regular in ink.
func Body(text string) *Text { return NewText(text, theme.Body(), theme.Ink) }

// Strong is 15 semibold in ink.
func Strong(text string) *Text { return NewText(text, theme.BodyStrong(), theme.Ink) }

// Caption is 13 regular in ink2.
func Caption(text string) *Text { return NewText(text, theme.Caption(), theme.Ink2) }

// Heading is 18 semibold in ink, for cards.
func Heading(text string) *Text { return NewText(text, theme.Heading(), theme.Ink) }

// Title is 26 display, for pages and dialogs.
func Title(text string) *Text { return NewText(text, theme.Title(), theme.Ink) }

// RowAmount is 17 semibold and right-aligned, for amounts in rows.
func RowAmount(text string) *Text {
	return NewText(text, theme.LeadStrong(), theme.Ink).Right()
}

// Right aligns the text at the right edge and returns it.
func (t *Text) Right() *Text { t.align = fyne.TextAlignTrailing; return t }

// Center centres the text and returns it.
func (t *Text) Center() *Text { t.align = fyne.TextAlignCenter; return t }

// Shrink lets the text be narrower than its words and returns it.
func (t *Text) Shrink() *Text { t.shrink = true; return t }

// Text returns the whole words, shortened on screen or not.
func (t *Text) Text() string { return t.text }

// SetText changes the words.
func (t *Text) SetText(text string) {
	if t.text != text {
		t.text = text
		t.Refresh()
	}
}

// SetLook changes style and colour.
func (t *Text) SetLook(style theme.Style, color fyne.ThemeColorName) {
	if t.style != style || t.color != color {
		t.style, t.color = style, color
		t.Refresh()
	}
}

// AccessibilityLabel is the whole text.
func (t *Text) AccessibilityLabel() string { return t.text }

// AccessibilityRole says that this is text.
func (t *Text) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer draws the line.
func (t *Text) CreateRenderer() fyne.WidgetRenderer {
	t.ExtendBaseWidget(t)
	line := newText()
	r := &renderer{objects: []fyne.CanvasObject{line}}
	r.paint = func() { paintText(line, t.style, t.color) }
	r.minSize = func() fyne.Size {
		if t.shrink {
			return fyne.NewSize(0, t.style.LineHeight())
		}
		return fyne.NewSize(t.style.Measure(t.text).Width, t.style.LineHeight())
	}
	r.place = func(s fyne.Size) {
		line.Text = ellipsis(t.text, t.style, s.Width)
		line.Alignment = t.align
		placeText(line, 0, 0, s.Width, s.Height)
	}
	r.paint()
	return r
}
