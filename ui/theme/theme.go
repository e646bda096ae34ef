package theme

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"

	"frontdesk/assets"
)

// Choice is what the person set: follow the system or stay fixed. The strings
// reach disk and never change.
type Choice string

// Choices of variant.
const (
	System Choice = "system"
	Light  Choice = "light"
	Dark   Choice = "dark"
)

// SizeFactor is the theme size that carries the text factor, 1 to 2.
const SizeFactor fyne.ThemeSizeName = "frontdeskTextFactor"

// Factors returns the offered text factors, smallest first.
func Factors() []float32 { return []float32{1, 1.25, 1.5, 1.75, 2} }

// Config chooses a variant and a text factor. The zero value follows the
// system at factor 1; factors outside 1 to 2 are brought inside.
type Config struct {
	Choice Choice
	Factor float32
}

// Theme is the look in one configuration.
type Theme struct {
	choice                  Choice
	factor                  float32
	light, dark             palette
	sizes                   map[fyne.ThemeSizeName]float32
	regular, strong, number fyne.Resource
}

var _ fyne.Theme = (*Theme)(nil)

// New reads the embedded tokens and fonts. An error means that the program was
// built with damaged assets.
func New(c Config) (*Theme, error) {
	light, dark, err := readPalettes(assets.Tokens())
	if err != nil {
		return nil, err
	}
	t := &Theme{choice: c.Choice, factor: min(max(c.Factor, 1), 2), light: light, dark: dark, sizes: fyneSizes()}
	for name, to := range map[string]*fyne.Resource{
		"FrontdeskText-Regular.otf":     &t.regular,
		"FrontdeskText-SemiBold.otf":    &t.strong,
		"FrontdeskDisplay-SemiBold.otf": &t.number,
	} {
		raw, err := assets.Font(name)
		if err != nil {
			return nil, fmt.Errorf("theme: %w", err)
		}
		*to = fyne.NewStaticResource(name, raw)
	}
	return t, nil
}

// With returns the theme in another configuration; fonts and colours are
// shared.
func (t *Theme) With(c Config) *Theme {
	n := *t
	n.choice, n.factor = c.Choice, min(max(c.Factor, 1), 2)
	return &n
}

// Color answers our names and Fyne's. Unknown names get Fyne's default.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p := t.light
	if t.choice == Dark || (t.choice != Light && variant == fynetheme.VariantDark) {
		p = t.dark
	}
	if c, ok := p[name]; ok {
		return c
	}
	return fynetheme.DefaultTheme().Color(name, variant)
}

// Font answers the two text weights; monospace and symbols are Fyne's.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	switch {
	case s.Monospace || s.Symbol:
		return fynetheme.DefaultTheme().Font(s)
	case s.Bold:
		return t.strong
	}
	return t.regular
}

// Icon answers Fyne's icons; ours come from Icon and ColoredIcon.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size answers Fyne's sizes in our numbers and SizeFactor.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	if name == SizeFactor {
		return t.factor
	}
	v, ok := t.sizes[name]
	if !ok {
		return fynetheme.DefaultTheme().Size(name)
	}
	if scalesWithText(name) {
		return v * t.factor
	}
	return v
}

// current is the theme in force, or nil under a foreign one.
func current() *Theme {
	t, _ := fyne.CurrentApp().Settings().Theme().(*Theme)
	return t
}

// Color returns a colour of the theme and variant in force.
func Color(name fyne.ThemeColorName) color.Color {
	s := fyne.CurrentApp().Settings()
	return s.Theme().Color(name, s.ThemeVariant())
}

// IsDark reports whether the dark variant is in force.
func IsDark() bool {
	r, g, b, _ := Color(Canvas).RGBA()
	return r+g+b < 3*0x8000
}

// Factor is the text factor in force: it multiplies text, row heights and
// icons, never gaps and radii.
func Factor() float32 {
	if t := current(); t != nil {
		return t.factor
	}
	return 1
}

// BigFactor is the factor of amounts, state words and keys: 1.25 at most.
func BigFactor() float32 { return min(Factor(), 1.25) }

// Display is the font of amounts, state words and our own titles. It has no
// fallback to other scripts; text that people wrote needs the theme font.
func Display() fyne.Resource {
	if t := current(); t != nil {
		return t.number
	}
	return nil
}
