package widgets

import (
	"image/color"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"frontdesk/ui/theme"
)

func app(t *testing.T, c theme.Config) {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(c)
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
}

func window(t *testing.T, o fyne.CanvasObject, w, h float32) fyne.Window {
	t.Helper()
	win := test.NewTempWindow(t, o)
	win.SetPadded(false)
	win.Resize(fyne.NewSize(w, h))
	return win
}

func TestMarkup(t *testing.T) {
	none := func() {}
	busy := NewButton(ButtonConfig{Label: "Charge", OnTap: none})
	off := NewButton(ButtonConfig{Label: "Charge", OnTap: none})
	focused := NewButton(ButtonConfig{Label: "Charge", OnTap: none})
	pressed := NewPadKey(DigitKey, "5", "", "5", none)
	failed := NewField(FieldConfig{Label: "Wallet number", Hint: "11 digits"})
	parts := map[string]fyne.CanvasObject{
		"button-primary":   NewButton(ButtonConfig{Label: "Charge 45.00 EUR", Key: "Enter", Height: 72, OnTap: none}),
		"button-secondary": NewButton(ButtonConfig{Kind: Secondary, Icon: "devices", Label: "Use terminal", OnTap: none}),
		"button-busy":      busy,
		"button-reason":    off,
		"button-focus":     focused,
		"key-pressed":      pressed,
		"chip":             NewChip(Mark{theme.Green, "check"}, "PAID"),
		"segments":         NewSegments([]Segment{{"QR code", "qr"}, {"Link", "mail"}}, 0, nil),
		"field-error":      failed,
		"tile":             NewTile(TileConfig{Name: "Cut", Price: "25.00", Icon: "scissors", Color: theme.Blush}, none),
		"banner":           NewBanner(BannerConfig{Kind: AmberSolid, Icon: "return", Title: "75.00 EUR went back", Sentence: "She still owes it.", Action: "Ask again", OnAction: none}),
		"undo":             NewUndoBar("Sale cleared", "Undo", none),
		"words":            NewMatchWords("BLUE TULIP", theme.Words()),
		"amount":           NewAmount("45.00", "EUR", 96),
	}
	for name, o := range parts {
		t.Run(name, func(t *testing.T) {
			app(t, theme.Config{Choice: theme.Light})
			w := window(t, o, 396, 96)
			switch name {
			case "button-busy":
				busy.SetBusy("Sending…")
			case "button-reason":
				off.SetReason("Type the PIN first")
			case "button-focus":
				w.Canvas().Focus(focused)
			case "key-pressed":
				pressed.MouseDown(&desktop.MouseEvent{})
			case "field-error":
				failed.SetError("One digit is missing.")
			}
			test.AssertRendersToMarkup(t, name+".xml", w.Canvas())
		})
	}
}

func TestControls(t *testing.T) {
	app(t, theme.Config{})
	n := 0
	b := NewButton(ButtonConfig{Label: "Charge", OnTap: func() { n++ }})
	w := window(t, b, 200, 60)
	c := w.Canvas()
	test.Tap(b)
	c.Focus(b)
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	b.TypedRune(' ')
	if n != 3 {
		t.Errorf("a tap, Enter and Space pressed %d times", n)
	}
	b.SetBusy("Sending…")
	test.Tap(b)
	b.Press()
	b.SetBusy("")
	b.SetReason("No amount")
	test.Tap(b)
	if n != 3 || b.AccessibilityLabel() != "Charge, No amount" || !b.Disabled() {
		t.Errorf("a busy or disabled button was pressed (%d), or hides its reason: %q", n, b.AccessibilityLabel())
	}
	b.SetReason("")
	if b.Disabled() {
		t.Error("the reason went, the lock stayed")
	}
	var keys []fyne.KeyName
	var runes string
	c.SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	c.SetOnTypedRune(func(r rune) { runes += string(r) })
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF2})
	b.TypedRune('7')
	if len(keys) != 1 || keys[0] != fyne.KeyF2 || runes != "7" {
		t.Errorf("unused keys did not reach the window: %v %q", keys, runes)
	}
}

func TestFieldPassesOnFunctionKeys(t *testing.T) {
	app(t, theme.Config{})
	submitted := ""
	f := NewField(FieldConfig{OnSubmit: func(s string) { submitted = s }})
	w := window(t, f, 300, 60)
	var keys []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { keys = append(keys, e.Name) })
	f.Focus()
	if !f.Focused() {
		t.Fatal("the cursor is not in the box")
	}
	test.Type(f.Entry(), "45")
	f.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyF1})
	f.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	f.Entry().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(keys) != 2 || f.Text() != "45" || submitted != "45" {
		t.Errorf("keys %v, text %q, submitted %q", keys, f.Text(), submitted)
	}
}

func TestSheets(t *testing.T) {
	app(t, theme.Config{})
	w := window(t, Body("page"), 800, 600)
	h := NewHost(w.Canvas())
	may, closed := false, 0
	s := NewSheet(SheetConfig{
		Width: 400, Content: Body("sheet"), CloseName: "Close",
		MayClose: func() bool { return may }, OnClosed: func() { closed++ },
	})
	if h.Key(&fyne.KeyEvent{Name: fyne.KeyF1}) {
		t.Error("a key was used without a sheet")
	}
	h.Show(s)
	h.Show(s)
	h.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if !s.Open() || closed != 0 {
		t.Error("Esc closed a sheet that may not be closed")
	}
	may = true
	h.Key(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.Open() || closed != 1 || w.Canvas().Overlays().Top() != nil {
		t.Error("Esc does not close the sheet")
	}
}

// Every module is the same whole number of pixels, the quiet zone is white
// card and the code sits in the middle.
func TestCodeIsDrawnInWholePixels(t *testing.T) {
	modules := [][]bool{{true, false, true}, {false, true, false}, {true, true, false}}
	for _, side := range []int{66, 110, 117, 370} {
		img := drawCode(modules, side, side)
		px := side / (3 + 2*quietZone)
		left := (side - 3*px) / 2
		for y := range side {
			for x := range side {
				mx, my := x-left, y-left
				want := color.NRGBA{}
				if mx >= 0 && my >= 0 && mx < 3*px && my < 3*px {
					want = color.NRGBA{255, 255, 255, 255}
					if modules[my/px][mx/px] {
						want = color.NRGBA{0, 0, 0, 255}
					}
				}
				if got := img.At(x, y); got != want {
					t.Fatalf("side %d at %d,%d: %v, want %v", side, x, y, got, want)
				}
			}
		}
	}
	if drawCode(nil, 10, 10).Bounds().Dx() != 10 {
		t.Error("no code gives no picture")
	}
}

func TestTextsFit(t *testing.T) {
	app(t, theme.Config{})
	s := theme.Body()
	long := "Zahlung am Terminal abbrechen"
	for _, width := range []float32{20, 60, 120, 400} {
		if got := ellipsis(long, s, width); s.Measure(got).Width > width+1 {
			t.Errorf("%q is wider than %v", got, width)
		}
		for _, line := range wrap(long, s, width) {
			if len([]rune(line)) > 1 && s.Measure(line).Width > width+1 {
				t.Errorf("the line %q is wider than %v", line, width)
			}
		}
	}
	amount := "Only 60,00 EUR. Then 1.045,00 EUR, 4500 of HUF and 12 EURO"
	for width := float32(40); width < 400; width += 7 {
		for _, line := range wrap(amount, s, width) {
			fits := s.Measure("1.045,00 EUR,").Width <= width
			if first, _, _ := strings.Cut(line, " "); fits && strings.HasPrefix(first, "EUR") && first != "EURO" {
				t.Errorf("at %v a line begins with the currency: %q", width, line)
			}
			if s.Measure(line).Width > width+0.5 {
				t.Errorf("at %v %q is too long", width, line)
			}
		}
	}
	if got := strings.Join(wrap(long, s, 120), " "); got != long {
		t.Errorf("wrapping lost something: %q", got)
	}
	if got := ellipsis(long, s, 400); got != long {
		t.Errorf("a text that fits was cut: %q", got)
	}
	for _, width := range []float32{140, 200, 260, 396} {
		style, lines := fitLabel(long, theme.ButtonXL(), width)
		for _, l := range lines {
			if style.Measure(l).Width > width+1 || strings.Contains(l, "…") {
				t.Errorf("at %v the button says %q", width, lines)
			}
		}
	}
}

func TestAmountStepsDown(t *testing.T) {
	app(t, theme.Config{})
	a := NewAmount("999,999.99", "", 96).Right()
	window(t, a, 396, 104)
	num := test.WidgetRenderer(a).Objects()[0].(*canvas.Text)
	if num.TextSize >= 96 || num.TextSize < 48 || num.MinSize().Width > 396 {
		t.Errorf("size %v, %v wide", num.TextSize, num.MinSize().Width)
	}
	a.SetAmount("45.00", "")
	if num.TextSize != 96 {
		t.Errorf("a short amount is %v high", num.TextSize)
	}
}

// A change of theme repaints parts that exist already.
func TestThemeChange(t *testing.T) {
	app(t, theme.Config{Choice: theme.Light})
	b := NewButton(ButtonConfig{Label: "Charge", Icon: "qr"})
	w := window(t, b, 200, 60)
	light := w.Canvas().Capture()
	base, err := theme.New(theme.Config{Choice: theme.Dark})
	if err != nil {
		t.Fatal(err)
	}
	test.ApplyTheme(t, base)
	dark := w.Canvas().Capture()
	differ := 0
	for y := range 60 {
		for x := range 200 {
			if light.At(x, y) != dark.At(x, y) {
				differ++
			}
		}
	}
	if differ < 60*200/2 {
		t.Errorf("%d pixels changed with the theme", differ)
	}
}
