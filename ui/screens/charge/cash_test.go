package charge_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/screens/charge"
)

// pressed sends a key as a window does: to what has the focus, else to the
// window.
func (s *stand) pressed(names ...fyne.KeyName) {
	for _, name := range names {
		e := &fyne.KeyEvent{Name: name}
		if f := s.window.Canvas().Focused(); f != nil {
			f.TypedKey(e)
			continue
		}
		s.window.Canvas().OnTypedKey()(e)
	}
}

func withCash(c *charge.Config) {
	c.Ways = func() []payments.Rail { return []payments.Rail{payments.RailLink, payments.RailCash} }
}

// chooseCash goes to the way with the keyboard alone.
func chooseCash(t *testing.T, s *stand) {
	t.Helper()
	for range 60 {
		s.window.Canvas().FocusNext()
		if f, ok := s.window.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "Cash" {
			s.window.Canvas().Focused().TypedRune(' ')
			s.window.Canvas().Unfocus()
			return
		}
	}
	t.Fatal("cash cannot be reached by keyboard")
}

func TestCashByKeyboard(t *testing.T) {
	s := openWith(t, withCash)
	s.keys("4500")
	chooseCash(t, s)
	if !shows(s.window, "Take 45.00 EUR in cash") {
		t.Fatal("the button does not say what it does")
	}
	s.pressed(fyne.KeyReturn)
	s.pressed(fyne.KeyReturn) // a double press takes no cash
	s.run.run()
	if len(s.desk.asked) != 0 || s.host.Top() == nil {
		t.Fatalf("asked %v", s.desk.asked)
	}
	s.now = s.now.Add(time.Second)
	for _, r := range "5000" {
		s.window.Canvas().Focused().TypedRune(r)
	}
	if got := test.RenderToMarkup(s.window.Canvas()); !strings.Contains(got, "Give back 5.00 EUR") {
		t.Error("what goes back is not told")
	}
	s.pressed(fyne.KeyReturn)
	s.run.run()
	if len(s.desk.asked) != 1 || s.desk.asked[0].Rail != payments.RailCash || s.desk.asked[0].Device != "" || s.host.Top() != nil {
		t.Errorf("asked %+v", s.desk.asked)
	}
	if len(s.opened) != 1 {
		t.Errorf("opened %v", s.opened)
	}
}

// A till that could take cash alone goes to the first way as soon as there is one, unless cash was
// chosen by hand, also when it was gone for a while; cash that is being counted is noted as cash.
func TestCashAloneIsNoChoice(t *testing.T) {
	for _, by := range []string{"itself", "hand", "counting"} {
		t.Run(by, func(t *testing.T) {
			alone, both := []payments.Rail{payments.RailCash}, []payments.Rail{payments.RailLink, payments.RailCash}
			rails := alone
			if by == "hand" {
				rails = both
			}
			s := openWith(t, func(c *charge.Config) { c.Ways = func() []payments.Rail { return rails } })
			s.keys("4500")
			switch by {
			case "hand":
				rails = []payments.Rail{payments.RailLink, payments.RailCash}
				s.SetSnapshot(app.Snapshot{})
				chooseCash(t, s)
				rails = []payments.Rail{payments.RailLink}
				s.SetSnapshot(app.Snapshot{})
			case "counting":
				s.pressed(fyne.KeyReturn)
				s.now = s.now.Add(time.Second)
			}
			rails = []payments.Rail{payments.RailLink, payments.RailCash}
			s.SetSnapshot(app.Snapshot{Revision: 1})
			want := payments.RailLink
			if by != "itself" {
				want = payments.RailCash
			}
			s.pressed(fyne.KeyReturn)
			if by == "hand" {
				s.now = s.now.Add(time.Second)
				s.pressed(fyne.KeyReturn)
			}
			s.run.run()
			if len(s.desk.asked) != 1 || s.desk.asked[0].Rail != want {
				t.Errorf("asked %+v, want %s", s.desk.asked, want)
			}
		})
	}
}

// Less than is due is no cash, and leaving the question leaves the sale.
func TestTooLittleCash(t *testing.T) {
	s := openWith(t, withCash)
	s.keys("4500")
	chooseCash(t, s)
	s.pressed(fyne.KeyReturn)
	s.now = s.now.Add(time.Second)
	for _, r := range "40,00" {
		s.window.Canvas().Focused().TypedRune(r)
	}
	s.pressed(fyne.KeyReturn)
	if got := test.RenderToMarkup(s.window.Canvas()); !strings.Contains(got, "5.00 EUR are missing") || !strings.Contains(got, "less than the sale") {
		t.Error("too little is not told")
	}
	s.pressed(fyne.KeyEscape)
	s.run.run()
	if len(s.desk.asked) != 0 || s.host.Top() != nil || s.Pad().Empty() {
		t.Errorf("asked %v, pad empty %v", s.desk.asked, s.Pad().Empty())
	}
}

// With locked secrets there is cash and Practice, and no way to charge a card.
func TestLockedVault(t *testing.T) {
	for _, height := range []float32{744, 480} { // in a low window it is behind the arrow
		lockedVault(t, height)
	}
}

func lockedVault(t *testing.T, height float32) {
	t.Helper()
	practice := 0
	s := openWith(t, func(c *charge.Config) {
		c.Ways = func() []payments.Rail { return []payments.Rail{payments.RailCash} }
		c.Locked = func() bool { return true }
		c.Practice = func() { practice++ }
	})
	s.window.Resize(fyne.NewSize(1192, height))
	s.keys("1200")
	if !shows(s.window, "Take 12.00 EUR in cash") {
		t.Fatal("the till does not say that it takes cash only")
	}
	for range 60 {
		s.window.Canvas().FocusNext()
		f, ok := s.window.Canvas().Focused().(fyne.Accessible)
		if !ok {
			continue
		}
		if f.AccessibilityLabel() == "How does the customer pay?" && s.host.Top() == nil {
			s.window.Canvas().Focused().TypedRune(' ')
		} else if strings.HasPrefix(f.AccessibilityLabel(), "Open Practice") {
			s.window.Canvas().Focused().TypedRune(' ')
			break
		}
	}
	if practice != 1 {
		t.Errorf("Practice was opened %d times", practice)
	}
}

// In a low window the ways to pay are behind an arrow, and the button shows
// which one is chosen.
func TestLowWindowFoldsTheWays(t *testing.T) {
	s := openWith(t, withCash)
	s.keys("4500")
	s.window.Resize(fyne.NewSize(1192, 480))
	s.SetSnapshot(app.Snapshot{Revision: 1})
	found := false
	for range 60 {
		s.window.Canvas().FocusNext()
		if f, ok := s.window.Canvas().Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == "How does the customer pay?" {
			s.window.Canvas().Focused().TypedRune(' ')
			found = true
			break
		}
	}
	if !found || s.host.Top() == nil {
		t.Fatal("the ways cannot be reached")
	}
	var names []string
	for range 6 {
		if f, ok := s.window.Canvas().Focused().(fyne.Accessible); ok {
			names = append(names, f.AccessibilityLabel())
			if strings.HasPrefix(f.AccessibilityLabel(), "Cash") {
				s.window.Canvas().Focused().TypedRune(' ')
				break
			}
		}
		s.window.Canvas().FocusNext()
	}
	if !slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "Cash") }) || s.host.Top() != nil {
		t.Fatalf("no cash among %q", names)
	}
	if !shows(s.window, "Take 45.00 EUR in cash") {
		t.Error("the way was not taken")
	}
}
