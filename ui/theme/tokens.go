package theme

import (
	"encoding/json"
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
)

// palette answers colour names for one variant.
type palette map[fyne.ThemeColorName]color.Color

type pair struct{ Light, Dark string }

type family struct {
	Light, Dark struct{ Text, Tint, Line string }
	Solid       struct{ Fill, On, On2 string }
}

type tokenFile struct {
	Color struct {
		Roles  map[string]pair
		States map[string]family
		Tiles  map[string]struct {
			Light, Dark struct{ Fill, Icon string }
		}
		MatchWords map[string]string
		Modes      struct {
			Practice struct{ Fill, Stripe, Text string }
			Test     struct{ Fill, Label, Text string }
		}
		QR struct{ Module, Ground string }
	}
}

// readPalettes turns the tokens into the colours of the light and dark
// variants, our own names and Fyne's.
func readPalettes(raw []byte) (light, dark palette, err error) {
	var f tokenFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, nil, fmt.Errorf("theme: tokens: %w", err)
	}
	b := builder{light: palette{}, dark: palette{}}
	for name, p := range f.Color.Roles {
		if name == "focus" {
			name = string(FocusRing)
		}
		b.set(name, p.Light, p.Dark)
	}
	for name, s := range f.Color.States {
		b.set(name+"Text", s.Light.Text, s.Dark.Text)
		b.set(name+"Tint", s.Light.Tint, s.Dark.Tint)
		b.set(name+"Line", s.Light.Line, s.Dark.Line)
		b.both(name+"Solid", s.Solid.Fill)
		b.both(name+"On", s.Solid.On)
		b.both(name+"On2", s.Solid.On2)
	}
	for name, t := range f.Color.Tiles {
		b.set(name+"Fill", t.Light.Fill, t.Dark.Fill)
		b.set(name+"Icon", t.Light.Icon, t.Dark.Icon)
	}
	for word, c := range f.Color.MatchWords {
		b.both("match"+word, c)
	}
	m := f.Color.Modes
	b.both(string(PracticeFill), m.Practice.Fill)
	b.both(string(PracticeStripe), m.Practice.Stripe)
	b.both(string(PracticeText), m.Practice.Text)
	b.both(string(TestFill), m.Test.Fill)
	b.both(string(TestLabel), m.Test.Label)
	b.both(string(TestText), m.Test.Text)
	b.both(string(QRModule), f.Color.QR.Module)
	b.both(string(QRGround), f.Color.QR.Ground)
	b.both(string(None), "#00000000")
	b.fyneNames()
	return b.light, b.dark, b.err
}

type builder struct {
	light, dark palette
	err         error
}

func (b *builder) both(name, hex string) { b.set(name, hex, hex) }

func (b *builder) set(name, light, dark string) {
	l, err := parseColor(light)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("theme: colour %s: %w", name, err)
	}
	d, err := parseColor(dark)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("theme: colour %s: %w", name, err)
	}
	b.light[fyne.ThemeColorName(name)] = l
	b.dark[fyne.ThemeColorName(name)] = d
}

// parseColor reads #RRGGBB or #RRGGBBAA.
func parseColor(s string) (color.Color, error) {
	digits, ok := strings.CutPrefix(s, "#")
	if !ok || (len(digits) != 6 && len(digits) != 8) {
		return color.Transparent, fmt.Errorf("%q is not #RRGGBB or #RRGGBBAA", s)
	}
	if len(digits) == 6 {
		digits += "FF"
	}
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return color.Transparent, fmt.Errorf("%q is not a colour", s)
	}
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}, nil
}
