package theme_test

import (
	"encoding/json"
	"image/color"
	"math"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	fynetheme "fyne.io/fyne/v2/theme"

	"frontdesk/assets"
	"frontdesk/ui/theme"
)

func newTheme(t *testing.T, c theme.Config) *theme.Theme {
	t.Helper()
	th, err := theme.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func names() []fyne.ThemeColorName {
	all := []fyne.ThemeColorName{
		theme.Canvas, theme.Rail, theme.Paper, theme.Shell, theme.ShellHover, theme.ShellPressed, theme.Hairline,
		theme.Border, theme.Ink, theme.Ink2, theme.Ink3, theme.InkDisabled, theme.DisabledFill, theme.Primary,
		theme.PrimaryHover, theme.PrimaryPressed, theme.OnPrimary, theme.OnPrimary2, theme.PrimaryTint,
		theme.PrimaryTintHover, theme.OnPrimaryTint, theme.FocusRing, theme.Scrim, theme.ShadowCard,
		theme.ShadowDialog, theme.Chart, theme.ChartStrong, theme.ChartTrack, theme.Selection, theme.QRModule,
		theme.QRGround, theme.PracticeFill, theme.PracticeStripe, theme.PracticeText, theme.TestFill,
		theme.TestLabel, theme.TestText,
	}
	for _, f := range theme.Families() {
		all = append(all, f.Text(), f.Tint(), f.Line(), f.Solid(), f.On(), f.On2())
	}
	for _, tile := range theme.Tiles() {
		all = append(all, tile.Fill(), tile.Icon())
	}
	for _, w := range []string{"BLUE", "GREEN", "RED", "ORANGE", "PURPLE", "PINK", "YELLOW", "BROWN"} {
		all = append(all, theme.Match(w))
	}
	return all
}

// A name without a token would fall through to Fyne's default colour.
func TestEveryNameHasAToken(t *testing.T) {
	th := newTheme(t, theme.Config{})
	def := fynetheme.DefaultTheme()
	for _, n := range names() {
		for _, v := range []fyne.ThemeVariant{fynetheme.VariantLight, fynetheme.VariantDark} {
			c := th.Color(n, v)
			if c == nil || (c == def.Color(n, v) && n != theme.QRGround && n != theme.QRModule && n != theme.Primary) {
				t.Errorf("%s (variant %d) has no token", n, v)
			}
		}
	}
	if theme.Match("MAUVE") != theme.None {
		t.Error("an unknown match word has a colour")
	}
}

func TestChoiceRulesTheVariant(t *testing.T) {
	light := color.NRGBA{0xF5, 0xF1, 0xEC, 0xFF}
	dark := color.NRGBA{0x17, 0x12, 0x15, 0xFF}
	tests := []struct {
		choice theme.Choice
		system fyne.ThemeVariant
		want   color.Color
	}{
		{theme.System, fynetheme.VariantLight, light},
		{theme.System, fynetheme.VariantDark, dark},
		{"", fynetheme.VariantDark, dark},
		{theme.Light, fynetheme.VariantDark, light},
		{theme.Dark, fynetheme.VariantLight, dark},
	}
	for _, tt := range tests {
		th := newTheme(t, theme.Config{Choice: tt.choice})
		if got := th.Color(fynetheme.ColorNameBackground, tt.system); got != tt.want {
			t.Errorf("%q under %d: %v, want %v", tt.choice, tt.system, got, tt.want)
		}
	}
}

func TestFactor(t *testing.T) {
	for _, tt := range []struct{ set, text, big, padding float32 }{
		{0, 15, 96, 4}, {1, 15, 96, 4}, {1.75, 26.25, 120, 4}, {2, 30, 120, 4}, {9, 30, 120, 4},
	} {
		app := test.NewTempApp(t)
		th := newTheme(t, theme.Config{Factor: tt.set})
		app.Settings().SetTheme(th)
		if got := th.Size(fynetheme.SizeNameText); got != tt.text {
			t.Errorf("factor %v: text %v, want %v", tt.set, got, tt.text)
		}
		if got := theme.AmountCharge().TextSize(); got != tt.big {
			t.Errorf("factor %v: amount %v, want %v", tt.set, got, tt.big)
		}
		if got := th.Size(fynetheme.SizeNamePadding); got != tt.padding {
			t.Errorf("factor %v: padding %v, want %v", tt.set, got, tt.padding)
		}
	}
}

// Digits must have one width, or the amount jumps while it is typed.
func TestDigitsHaveOneWidth(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(newTheme(t, theme.Config{}))
	for name, s := range map[string]theme.Style{"number": theme.AmountCharge(), "text": theme.Body(), "strong": theme.LeadStrong()} {
		want := s.Measure("00.00").Width
		for _, digits := range []string{"11.11", "44.44", "78.91"} {
			if got := s.Measure(digits).Width; math.Abs(float64(got-want)) > 0.5 {
				t.Errorf("%s: %s is %v wide, 00.00 is %v", name, digits, got, want)
			}
		}
	}
}

// The contrasts promised in the tokens hold for the colours in the tokens.
func TestContrast(t *testing.T) {
	var f struct {
		Contrast []struct {
			Theme, Pair, Fg, Bg string
			Ratio, Need         float64
		}
	}
	if err := json.Unmarshal(assets.Tokens(), &f); err != nil || len(f.Contrast) < 80 {
		t.Fatalf("%d pairs, %v", len(f.Contrast), err)
	}
	for _, c := range f.Contrast {
		got := ratio(luminance(t, c.Fg), luminance(t, c.Bg))
		if math.Abs(got-c.Ratio) > 0.06 || got < c.Need {
			t.Errorf("%s, %s: %.2f, promised %.2f, needs %.1f", c.Theme, c.Pair, got, c.Ratio, c.Need)
		}
	}
}

func ratio(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// luminance is the relative luminance of WCAG 2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	v, err := strconv.ParseUint(hex[1:7], 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift uint) float64 {
		c := float64(v>>shift&0xFF) / 255
		if c <= 0.03928 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
