package charge_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/screens/charge"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk is a till that answers when it is told to.
type desk struct {
	asked []app.ChargeRequest
	err   error
}

func (d *desk) Charge(_ context.Context, r app.ChargeRequest) (app.Sale, error) {
	d.asked = append(d.asked, r)
	if d.err != nil {
		return app.Sale{}, d.err
	}
	// As the till does: one sale per key.
	return app.Sale{ID: app.SaleID("SALE" + r.Key[:4]), State: app.Offered}, nil
}

// held keeps work until it is let go; timers are work too and stay held.
type held struct{ work []func(context.Context) }

func (h *held) Go(w func(context.Context)) { h.work = append(h.work, w) }
func (h *held) Do(f func())                { f() }

// run does the work asked for so far; waiting work sees an ended context.
func (h *held) run() {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	work := h.work
	h.work = nil
	for _, w := range work {
		w(ctx)
	}
}

type stand struct {
	*charge.Screen
	desk   *desk
	run    *held
	opened []app.Sale
	saved  []charge.Favourite
	window fyne.Window
	host   *widgets.Host
	now    time.Time
}

func open(t *testing.T) *stand {
	t.Helper()
	return openWith(t, func(*charge.Config) {})
}

func openWith(t *testing.T, change func(*charge.Config)) *stand {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	s := &stand{desk: &desk{}, run: &held{}, window: w, host: widgets.NewHost(w.Canvas()), now: time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC)}
	words := text.New("en")
	entropy := make([]byte, 4096)
	for i := range entropy {
		entropy[i] = byte(i / 20 * 7)
	}
	cfg := charge.Config{
		Till: s.desk, Async: s.run, Text: words, Host: s.host, Entropy: bytes.NewReader(entropy),
		Favourites: charge.StartFavourites("EUR", func(k string) string { return words.T(k) }),
		Zone:       time.UTC, Operator: "Nora", Language: "en",
		SaveFavourites: func(l []charge.Favourite) error { s.saved = l; return nil },
		Charged:        func(sale app.Sale) { s.opened = append(s.opened, sale) },
		Now:            func() time.Time { return s.now },
	}
	change(&cfg)
	s.Screen, err = charge.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1192, 744))
	w.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) {
		if !s.host.Key(e) {
			s.TypedKey(e)
		}
	})
	w.Canvas().SetOnTypedRune(s.TypedRune)
	return s
}

func (s *stand) keys(text string) {
	for _, r := range text {
		s.TypedRune(r)
	}
}

func (s *stand) key(name fyne.KeyName) { s.TypedKey(&fyne.KeyEvent{Name: name}) }

func TestAWholeChargeOnTheKeyboard(t *testing.T) {
	s := open(t)
	s.keys("25,00+2000")
	s.key(fyne.KeyReturn)
	s.run.run()
	want := []app.Line{{Amount: eur(2500)}, {Amount: eur(2000)}}
	if len(s.desk.asked) != 1 {
		t.Fatalf("%d requests", len(s.desk.asked))
	}
	r := s.desk.asked[0]
	if d := cmp.Diff(want, r.Lines); d != "" {
		t.Error(d)
	}
	if r.Operator != "Nora" || r.Rail != payments.RailLink || r.Key == "" || r.Validity != 0 {
		t.Errorf("request %+v", r)
	}
	if len(s.opened) != 1 {
		t.Errorf("opened %d dialogs", len(s.opened))
	}
}

func TestADoubleClickMakesOneSale(t *testing.T) {
	s := open(t)
	s.keys("4500")
	s.Charge()
	s.Charge()
	s.key(fyne.KeyReturn)
	s.run.run()
	if len(s.desk.asked) != 1 {
		t.Fatalf("%d requests for one sale", len(s.desk.asked))
	}
	// A later press of the same content is the same sale: same key.
	s.Charge()
	s.run.run()
	if len(s.desk.asked) != 2 || s.desk.asked[0].Key != s.desk.asked[1].Key {
		t.Errorf("the living sale got another key: %+v", s.desk.asked)
	}
	if s.opened[0].ID != s.opened[1].ID {
		t.Error("a second sale was opened")
	}
}

func TestTypingAfterASaleBeginsTheNext(t *testing.T) {
	s := open(t)
	s.keys("4500")
	s.Charge()
	s.run.run()
	s.keys("1200")
	s.Charge()
	s.run.run()
	if len(s.desk.asked) != 2 || s.desk.asked[0].Key == s.desk.asked[1].Key {
		t.Fatalf("two sales share a key: %+v", s.desk.asked)
	}
	if got := s.desk.asked[1].Lines; len(got) != 1 || got[0].Amount != eur(1200) {
		t.Errorf("the second sale is %+v", got)
	}
}

func TestAnErrorKeepsContentAndKey(t *testing.T) {
	s := open(t)
	s.desk.err = &payments.Error{Op: "charge", Code: "relay.unreachable", Err: payments.ErrUnreachable}
	s.keys("4500")
	s.Charge()
	s.run.run()
	if !shows(s.window, "The relay cannot be reached") {
		t.Error("the reason does not stand at the number")
	}
	s.desk.err = nil
	s.Charge()
	s.run.run()
	if len(s.desk.asked) != 2 || s.desk.asked[0].Key != s.desk.asked[1].Key {
		t.Errorf("the repeated press has another key: %+v", s.desk.asked)
	}
	if shows(s.window, "The relay cannot be reached") {
		t.Error("the old reason still stands there")
	}
}

func TestWithoutRandomnessNothingIsSent(t *testing.T) {
	s := open(t)
	_, err := charge.New(charge.Config{})
	if err == nil {
		t.Error("an empty Config was accepted")
	}
	broken, err := charge.New(charge.Config{
		Till: s.desk, Async: s.run, Text: text.New("en"), Host: s.host, Zone: time.UTC, Entropy: badReader{}, Now: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	broken.TypedRune('5')
	broken.Charge()
	s.run.run()
	if len(s.desk.asked) != 0 {
		t.Error("a request without a key was sent")
	}
}

type badReader struct{}

func (badReader) Read([]byte) (int, error) { return 0, errors.New("no entropy") }

func TestBadAmountsStayHere(t *testing.T) {
	for keys, words := range map[string]string{
		"":           "The amount is zero.",
		"500-":       "The sum is below zero.",
		"99999999+1": "One sale can be 999,999.99 EUR at most.",
	} {
		s := open(t)
		s.keys(keys)
		s.Charge()
		s.run.run()
		if len(s.desk.asked) != 0 {
			t.Errorf("%q was sent", keys)
		}
		if !shows(s.window, words) {
			t.Errorf("%q: the sentence %q is missing", keys, words)
		}
	}
	s := open(t)
	s.keys("4x")
	if !shows(s.window, "Only digits and one comma") {
		t.Error("a letter gets no sentence")
	}
	s.keys("25") // 4x25 is not 4.25
	if !shows(s.window, "Only digits and one comma") || s.Pad().Items[0].Amount() != eur(4) {
		t.Errorf("digits behind a letter make %v", s.Pad().Items[0].Amount())
	}
	s.key(fyne.KeyBackspace)
	s.keys("5")
	if shows(s.window, "Only digits and one comma") || s.Pad().Items[0].Amount() != eur(45) {
		t.Errorf("when the letter is taken back it is %v", s.Pad().Items[0].Amount())
	}
}

// TestWhatDidNotFitIsLookedAt types a German thousand, and Enter behind it
// without a look at the screen.
func TestWhatDidNotFitIsLookedAt(t *testing.T) {
	s := open(t)
	s.keys("1.234")
	s.key(fyne.KeyReturn)
	s.key(fyne.KeyReturn)
	s.run.run()
	if len(s.desk.asked) != 0 {
		t.Fatalf("1.234 was charged as %v", s.desk.asked[0].Lines)
	}
	if s.Pad().Trouble != "amount.look" {
		t.Errorf("the screen says %q", s.Pad().Trouble)
	}
	s.key(fyne.KeyEscape) // it is 1.23 indeed
	s.key(fyne.KeyReturn)
	s.run.run()
	if len(s.desk.asked) != 1 || s.desk.asked[0].Lines[0].Amount != eur(123) {
		t.Errorf("after a look: %v", s.desk.asked)
	}
}

func TestUndoAndClear(t *testing.T) {
	s := open(t)
	s.keys("45")
	s.Fresh()
	if !s.Pad().Empty() || !shows(s.window, "Sale cleared") {
		t.Error("F2 leaves something, or does not say so")
	}
	s.Undo()
	if total, _ := s.Pad().Total(); total != eur(45) {
		t.Errorf("undo gave %v", total)
	}
	s.Undo()
	s.Undo()
	s.Undo()
	if !s.Pad().Empty() {
		t.Error("undoing everything leaves something")
	}
}

func TestPaidClearsAndCancelledStays(t *testing.T) {
	for state, empty := range map[app.State]bool{app.Paid: true, app.PaidLate: true, app.Withdrawn: false, app.Expired: false} {
		s := open(t)
		s.keys("4500")
		s.Charge()
		s.run.run()
		s.SetSnapshot(app.Snapshot{Revision: 1, Recent: []app.Sale{{ID: s.opened[0].ID, State: state, Amount: eur(4500)}}})
		if s.Pad().Empty() != empty {
			t.Errorf("%s: pad empty is %v", state, s.Pad().Empty())
		}
	}
}

func TestNoteAndClient(t *testing.T) {
	s := open(t)
	s.keys("4500")
	c := s.window.Canvas()
	typeInto(t, s, "Add a client", "Anna Berger")
	typeInto(t, s, "Add a note", "Fringe left long")
	if c.Focused() != nil {
		t.Error("Enter leaves the cursor in the field")
	}
	s.key(fyne.KeyReturn)
	s.run.run()
	if len(s.desk.asked) != 1 || s.desk.asked[0].Client != "Anna Berger" || s.desk.asked[0].Note != "Fringe left long" {
		t.Errorf("requests %+v", s.desk.asked)
	}
}

// typeInto presses a part by its name with the keyboard alone, types and
// presses Enter.
func typeInto(t *testing.T, s *stand, name, words string) {
	t.Helper()
	c := s.window.Canvas()
	c.Unfocus()
	for range 60 {
		c.FocusNext()
		if f, ok := c.Focused().(fyne.Accessible); ok && f.AccessibilityLabel() == name {
			c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			test.Type(c.Focused(), words)
			c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
			return
		}
	}
	t.Fatalf("no part named %q can be reached with Tab", name)
}

// Tab goes through everything that can be pressed and comes back.
func TestFocusOrder(t *testing.T) {
	s := open(t)
	c := s.window.Canvas()
	var names []string
	for range 60 {
		c.FocusNext()
		f, ok := c.Focused().(fyne.Accessible)
		if !ok {
			t.Fatalf("%T has no name", c.Focused())
		}
		names = append(names, f.AccessibilityLabel())
		if len(names) > 1 && names[len(names)-1] == names[0] {
			break
		}
	}
	all := strings.Join(names, " > ")
	last := -1
	for _, want := range []string{"Edit", "Cut 25.00", "Gift card 50.00", "Add a client", "Add a note", "> 1 >", "> 00 >", "QR code", "> Charge"} {
		at := strings.Index(all, want)
		if at <= last {
			t.Errorf("%q comes at %d, after %d, in %s", want, at, last, all)
		}
		last = at
	}
}

func TestDigitsReachThePadFromAnyFocus(t *testing.T) {
	s := open(t)
	c := s.window.Canvas()
	c.FocusNext()
	c.FocusNext()
	test.TypeOnCanvas(c, "45")
	if f := c.Focused(); f != nil {
		f.TypedRune('7')
	}
	if total, _ := s.Pad().Total(); total != eur(457) {
		t.Errorf("typed 457 with the focus on a tile, got %v", total)
	}
}

func TestFavouritesEditor(t *testing.T) {
	s := open(t)
	tap(t, s, "Edit")
	tap(t, s, "Remove Cut")
	if len(s.saved) != 7 {
		t.Fatalf("%d favourites saved", len(s.saved))
	}
	tap(t, s, "Add a favourite")
	c := s.window.Canvas()
	test.Type(c.Focused(), "Balayage")
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(s.saved) != 7 || !shows(s.window, "Type a price, like 25 or 25,50.") {
		t.Error("a favourite without a price was saved, or nothing was said")
	}
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyTab})
	c.FocusNext()
	for _, no := range []string{"1.234", "12 ,5", "25 EUR"} {
		test.Type(c.Focused(), no)
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
		if len(s.saved) != 7 {
			t.Fatalf("%q is a price of %v", no, s.saved[7].Amount)
		}
		for range no {
			c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
		}
	}
	test.Type(c.Focused(), "2500")
	if !shows(s.window, "2,500.00 EUR") {
		t.Error("it is not seen that 2500 are read as whole units here")
	}
	for range 4 {
		c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyBackspace})
	}
	test.Type(c.Focused(), "120,50")
	c.Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(s.saved) != 8 || s.saved[7].Label != "Balayage" || s.saved[7].Amount != eur(12050) {
		t.Fatalf("saved %+v", s.saved)
	}
	s.host.CloseAll()
	tap(t, s, "Balayage 120.50")
	if total, _ := s.Pad().Total(); total != eur(12050) {
		t.Errorf("the new favourite put %v in", total)
	}
}
