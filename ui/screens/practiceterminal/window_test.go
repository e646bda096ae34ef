package practiceterminal_test

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/practiceterminal"
	"frontdesk/ui/theme"
)

func screens() []practiceterminal.Screen {
	return []practiceterminal.Screen{
		practiceterminal.Off, practiceterminal.Boot, practiceterminal.Idle, practiceterminal.Greeting, practiceterminal.Wait,
		practiceterminal.Card, practiceterminal.PIN, practiceterminal.PINWrong, practiceterminal.Currency, practiceterminal.Approved,
		practiceterminal.Declined, practiceterminal.Cancelled, practiceterminal.Failed,
	}
}

func TestEveryScreenHasWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		for _, s := range screens() {
			for _, plugged := range []bool{true, false} {
				m := practiceterminal.View(practiceterminal.State{Screen: s, Plugged: plugged, TriesLeft: 2}, text.New(lang))
				words := m.Word + m.Sentence
				for _, k := range m.Keys {
					words += k.Label
				}
				if strings.ContainsAny(words, "[{") || m.Word == "" || m.Sentence == "" || m.Icon == "" {
					t.Errorf("%s %s: %q", lang, s, words)
				}
			}
		}
	}
}

// Only what the display asks for can be pressed, and one button stands out.
func TestKeysFollowTheDisplay(t *testing.T) {
	t.Parallel()
	for _, asks := range [][]practiceterminal.Button{
		nil,
		{practiceterminal.Tap, practiceterminal.Insert, practiceterminal.Unsupported, practiceterminal.Cancel},
		{practiceterminal.RightPIN, practiceterminal.WrongPIN, practiceterminal.Cancel},
		{practiceterminal.Local, practiceterminal.Home},
	} {
		m := practiceterminal.View(practiceterminal.State{Asks: asks, Plugged: true}, text.New("en"))
		var can []practiceterminal.Button
		main := 0
		for _, k := range m.Keys {
			if k.Can {
				can = append(can, k.Button)
			}
			if k.Main {
				main++
			}
		}
		slices.Sort(can)
		want := slices.Sorted(slices.Values(asks))
		if !slices.Equal(can, want) || main != min(len(asks), 1) {
			t.Errorf("asks %v: can %v, %d main", asks, can, main)
		}
	}
}

// stand is a terminal that shows two states and writes down what was pressed.
type stand struct {
	watched int
	pressed []practiceterminal.Button
}

func (s *stand) Watch(context.Context) iter.Seq[practiceterminal.State] {
	s.watched++
	return func(yield func(practiceterminal.State) bool) {
		card := practiceterminal.State{Screen: practiceterminal.Card, Plugged: true, Paper: true, Amount: money.Amount{Minor: 2800, Currency: "EUR"}}
		card.Asks = []practiceterminal.Button{practiceterminal.Tap}
		_ = yield(practiceterminal.State{Screen: practiceterminal.Idle, Plugged: true, Paper: true}) && yield(card)
	}
}

func (s *stand) Press(b practiceterminal.Button) error {
	s.pressed = append(s.pressed, b)
	return nil
}

func TestWindowOpensOnceByItself(t *testing.T) {
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	s := &stand{}
	w := practiceterminal.New(a, s, async.Inline{}, payments.Practice, text.New("en"))
	w.ShowOnce()
	if !w.Open() || s.watched != 1 {
		t.Fatalf("open %v, watched %d", w.Open(), s.watched)
	}
	w.Close()
	w.ShowOnce()
	if w.Open() {
		t.Error("a window that was closed came back by itself")
	}
	w.Show()
	w.Show()
	if !w.Open() || s.watched != 2 {
		t.Errorf("open %v, watched %d", w.Open(), s.watched)
	}
	w.Close()
}

// The button with the focus is the one the display asks for.
func TestContentPresses(t *testing.T) {
	test.NewTempApp(t)
	var pressed []practiceterminal.Button
	s := practiceterminal.State{Screen: practiceterminal.Card, Plugged: true, Asks: []practiceterminal.Button{practiceterminal.Insert, practiceterminal.Cancel}}
	_, first := practiceterminal.Content(practiceterminal.View(s, text.New("en")), payments.Practice, text.New("en"), func(b practiceterminal.Button) {
		pressed = append(pressed, b)
	})
	if first == nil {
		t.Fatal("nothing to press")
	}
	first.TypedRune(' ')
	if !slices.Equal(pressed, []practiceterminal.Button{practiceterminal.Insert}) {
		t.Errorf("pressed %v", pressed)
	}
}
