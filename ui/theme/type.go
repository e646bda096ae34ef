package theme

import "fyne.io/fyne/v2"

// Style is a type style: size and line height at factor 1, weight and font.
type Style struct {
	Size, Line float32
	Bold       bool // text SemiBold
	Number     bool // Display SemiBold; digits and our own words only
	Big        bool // grows by 1.25 at most
}

// Type styles (tokens.json "type").
func Caption() Style       { return Style{Size: 13, Line: 18} }
func CaptionStrong() Style { return Style{Size: 13, Line: 18, Bold: true} }
func Body() Style          { return Style{Size: 15, Line: 22} }
func BodyStrong() Style    { return Style{Size: 15, Line: 22, Bold: true} }
func Lead() Style          { return Style{Size: 17, Line: 24} }
func LeadStrong() Style    { return Style{Size: 17, Line: 24, Bold: true} }
func LeadLarge() Style     { return Style{Size: 20, Line: 28} }
func Heading() Style       { return Style{Size: 18, Line: 24, Bold: true} }
func Title() Style         { return Style{Size: 26, Line: 32, Number: true} }
func ButtonXL() Style      { return Style{Size: 24, Line: 30, Number: true} }
func ButtonL() Style       { return Style{Size: 20, Line: 26, Number: true} }
func Key() Style           { return Style{Size: 30, Line: 36, Number: true, Big: true} }
func Words() Style         { return Style{Size: 34, Line: 41, Number: true, Big: true} }
func Status() Style        { return Style{Size: 48, Line: 56, Number: true, Big: true} }
func StatusPanel() Style   { return Style{Size: 56, Line: 64, Number: true, Big: true} }
func AmountCard() Style    { return Style{Size: 56, Line: 64, Number: true, Big: true} }
func AmountPanel() Style   { return Style{Size: 64, Line: 72, Number: true, Big: true} }
func AmountCharge() Style  { return Style{Size: 96, Line: 104, Number: true, Big: true} }

// Scaled returns the style at another size, its line in proportion.
func (s Style) Scaled(size float32) Style {
	s.Line *= size / s.Size
	s.Size = size
	return s
}

// TextSize is the size in force, text factor included.
func (s Style) TextSize() float32 { return s.Size * s.factor() }

// LineHeight is the line height in force, text factor included.
func (s Style) LineHeight() float32 { return s.Line * s.factor() }

func (s Style) factor() float32 {
	if s.Big {
		return BigFactor()
	}
	return Factor()
}

// TextStyle is Fyne's style for the theme font.
func (s Style) TextStyle() fyne.TextStyle { return fyne.TextStyle{Bold: s.Bold} }

// Font is the font to set outright, or nil for the theme font.
func (s Style) Font() fyne.Resource {
	if s.Number {
		return Display()
	}
	return nil
}

// Measure returns the size of a text in the style as it is drawn.
func (s Style) Measure(text string) fyne.Size {
	size, _ := fyne.CurrentApp().Driver().RenderedTextSize(text, s.TextSize(), s.TextStyle(), s.Font())
	return size
}
