package setup_test

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/payments/money"
	"frontdesk/ui/screens/setup"
	"frontdesk/ui/theme"
)

type answer struct {
	way setup.Way
	got setup.Choices
	n   int
}

func open(t *testing.T, c setup.Choices) (*setup.Screen, fyne.Canvas, *answer) {
	t.Helper()
	a := test.NewTempApp(t)
	look, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(look)
	said := &answer{}
	s := setup.New(setup.Config{Choices: c, Done: func(w setup.Way, got setup.Choices) {
		said.way, said.got = w, got
		said.n++
	}})
	w := test.NewTempWindow(t, s.Content())
	w.Resize(fyne.NewSize(1280, 800))
	w.Canvas().SetOnTypedKey(s.TypedKey)
	return s, w.Canvas(), said
}

// hit presses a key on the focused part.
func hit(c fyne.Canvas, names ...fyne.KeyName) {
	for _, n := range names {
		c.Focused().TypedKey(&fyne.KeyEvent{Name: n})
	}
}

// write types into the focused part.
func write(c fyne.Canvas, words string) {
	for _, r := range words {
		c.Focused().TypedRune(r)
	}
}

func TestKeyboardAlone(t *testing.T) {
	_, c, said := open(t, setup.Choices{Language: "en", Currency: money.EUR})
	c.FocusNext()
	write(c, "Salon Mirabelle")
	c.FocusNext() // language
	hit(c, fyne.KeyDown)
	c.FocusNext() // currency
	hit(c, fyne.KeyReturn)
	hit(c, fyne.KeyHome, fyne.KeyReturn)
	c.FocusNext() // try it now
	hit(c, fyne.KeyReturn)
	want := setup.Choices{Salon: "Salon Mirabelle", Language: "de", Currency: money.CHF}
	if said.n != 1 || said.way != setup.Try || said.got != want {
		t.Errorf("%d answers, way %d, %+v; want %+v", said.n, said.way, said.got, want)
	}
}

func TestEnterInTheNameGoesOn(t *testing.T) {
	_, c, said := open(t, setup.Choices{Language: "en"})
	c.FocusNext()
	write(c, "  Mira ")
	hit(c, fyne.KeyReturn)
	if said.n != 1 || said.got.Salon != "Mira" || said.got.Currency != money.EUR {
		t.Errorf("%d answers, %+v", said.n, said.got)
	}
}

func TestEscapeSkips(t *testing.T) {
	s, _, said := open(t, setup.Choices{Language: "bg"})
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if said.n != 1 || said.way != setup.Try || said.got.Salon != "" || said.got.Language != "bg" {
		t.Errorf("%d answers, way %d, %+v", said.n, said.way, said.got)
	}
}

func TestTheOtherWays(t *testing.T) {
	for tabs, way := range map[int]setup.Way{5: setup.Connect, 6: setup.Terminal} {
		_, c, said := open(t, setup.Choices{Language: "en"})
		for range tabs {
			c.FocusNext()
		}
		hit(c, fyne.KeyReturn)
		if said.n != 1 || said.way != way {
			t.Errorf("after %d tabs: %d answers, way %d, want %d", tabs, said.n, said.way, way)
		}
	}
}

func TestANameThatIsTooLongStays(t *testing.T) {
	_, c, said := open(t, setup.Choices{Language: "en"})
	c.FocusNext()
	write(c, strings.Repeat("x", 41))
	hit(c, fyne.KeyReturn)
	if said.n != 0 {
		t.Error("41 letters were taken")
	}
	hit(c, fyne.KeyBackspace, fyne.KeyReturn)
	if said.n != 1 || len(said.got.Salon) != 40 {
		t.Errorf("%d answers with %d letters", said.n, len(said.got.Salon))
	}
}
