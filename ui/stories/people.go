package stories

import (
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui"
)

// peopleStory asks who is there over the till.
func peopleStory(name string, golden bool, s staff, then ...func(*Stage) error) Story {
	return Story{Name: "operators-" + name, Golden: golden, Build: func(st *Stage) error {
		r := live(office{have: connected()})
		r.staff = &s
		return at(st, r, func(w *ui.Window) error {
			w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF10})
			var errs []error
			for _, f := range then {
				errs = append(errs, f(st))
			}
			return errors.Join(errs...)
		})
	}}
}

// withPINs sets whether anybody has a PIN; without one nothing is locked at
// the start.
func withPINs(s staff, v bool) staff {
	s.list = s.List()
	for i := range s.list {
		s.list[i].HasPIN = v && s.list[i].HasPIN
	}
	return s
}

// keysTyped sends runes and then Enter to the focused part.
func keysTyped(words string) func(*Stage) error {
	return func(st *Stage) error {
		f := st.Window.Canvas().Focused()
		if f == nil {
			return errors.New("nothing has the focus")
		}
		for _, r := range words {
			f.TypedRune(r)
		}
		f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		return nil
	}
}

func peopleStories() []Story {
	pins, none := salonStaff(), withPINs(salonStaff(), false)
	waiting := pins
	waiting.wait = 24 * time.Second
	was := live(office{have: connected()})
	reset := none
	reset.reset = now().Add(-26 * time.Hour)
	was.staff = &reset
	nora := live(office{have: connected()})
	nora.staff, nora.who = &none, "Nora"
	bare := live(office{have: connected()})
	bare.staff = &none
	return []Story{
		peopleStory("lock", true, pins),
		peopleStory("wrong", false, pins, keysTyped("1234")),
		peopleStory("wait", false, waiting),
		peopleStory("reset", false, pins, taps("operators.forgot")),
		peopleStory("change", false, none),
		settingsStory("operators-nopin", false, "operators", bare),
		settingsStory("operators-edit", true, "operators", bare, taps("operators.change", "Nora")),
		settingsStory("operators-add", false, "operators", bare, taps("operators.add")),
		settingsStory("operators-remove", false, "operators", bare, taps("operators.change", "Mila"), taps("operators.remove")),
		settingsStory("operators-pin", false, "operators", bare, taps("operators.change", "Elena"), taps("operators.pin.choose")),
		settingsStory("closed", false, "checkout", nora),
		{Name: "operators-was-reset", Build: func(st *Stage) error { return at(st, was, nil) }},
		{Name: "simulated", Build: func(st *Stage) error {
			r := live(office{have: connected()})
			r.staff, r.fake = nil, true
			r.snap = func(s *app.Snapshot) { s.Mode = payments.Live }
			return at(st, r, nil)
		}},
	}
}
