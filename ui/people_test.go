package ui_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/settings"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui"
)

// staff knows one PIN for everybody who has one.
type staff struct {
	list  []operators.Operator
	reset time.Time
}

func (s *staff) List() []operators.Operator { return slices.Clone(s.list) }

func (s *staff) Check(_ context.Context, id, pin string) (operators.Operator, error) {
	for _, o := range s.list {
		if o.ID == id && (!o.HasPIN || pin == "4711") {
			return o, nil
		}
	}
	return operators.Operator{}, &payments.Error{Op: "check", Code: "operator.pin", Err: errors.New("wrong")}
}

func (*staff) Wait(string) time.Duration { return 0 }
func (*staff) Add(_ context.Context, _ string, o operators.Operator) (operators.Operator, error) {
	return o, nil
}
func (*staff) Change(context.Context, string, operators.Operator) error { return nil }
func (*staff) Remove(context.Context, string, string) error             { return nil }
func (*staff) SetPIN(context.Context, string, string, string) error     { return nil }
func (*staff) ResetOwner(context.Context, string) error                 { return nil }
func (s *staff) OwnerReset() time.Time                                  { return s.reset }

// wired is a desk with nothing but a connection.
type wired struct {
	ui.Desk
	have setup.Connection
}

func (w *wired) Connection() setup.Connection { return w.have }

// whole is a window with everything setup needs.
type whole struct {
	*stand
	staff    *staff
	desk     *wired
	switched []string
	now      time.Time
}

// atOnce runs work that is asked for by a press, and keeps none.
type atOnce struct{}

func (atOnce) Go(w func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w(ctx)
}
func (atOnce) Do(f func()) { f() }

func openWhole(t *testing.T, keep *memory, s *staff, c setup.Connection, begin string) *whole {
	t.Helper()
	a := test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	out := &whole{staff: s, desk: &wired{have: c}, now: time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC)}
	out.stand = &stand{till: &desk{}, keep: keep, window: w}
	cfg := ui.Config{
		Till: out.till, Canvas: w.Canvas(), App: a, Settings: keep, Async: atOnce{}, Desk: out.desk, Begin: begin,
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: rand.Reader, Now: func() time.Time { return out.now },
		Switch: func(to payments.Mode, begin string) { out.switched = append(out.switched, string(to)+" "+begin) },
	}
	if s != nil {
		cfg.Operators = s
	}
	var err error
	if out.Window, err = ui.New(cfg); err != nil {
		t.Fatal(err)
	}
	w.SetContent(out.Content())
	w.Resize(fyne.NewSize(1280, 800))
	return out
}

func (w *whole) write(words string) {
	c := w.window.Canvas()
	for _, r := range words {
		if f := c.Focused(); f != nil {
			f.TypedRune(r)
		} else {
			c.OnTypedRune()(r)
		}
	}
}

func people() *staff {
	return &staff{list: []operators.Operator{
		{ID: "ELENA000", Name: "Elena", Owner: true, HasPIN: true},
		{ID: "NORA0000", Name: "Nora", Rights: []operators.Right{operators.Cancel}, HasPIN: true},
	}}
}

func practice() setup.Connection { return setup.Connection{Mode: payments.Practice, Online: true} }

func TestFirstStartByKeyboard(t *testing.T) {
	keep := &memory{}
	w := openWhole(t, keep, nil, practice(), "")
	w.shows(t, "Your first payment")
	w.window.Canvas().FocusNext()
	w.write("Salon Mirabelle")
	w.window.Canvas().FocusNext()
	w.key(fyne.KeyDown) // German
	w.shows(t, "Die erste Zahlung")
	w.window.Canvas().Unfocus()
	w.key(fyne.KeyReturn)
	w.shows(t, "ÜBUNG: kein echtes Geld")
	if s := keep.s; !s.Begun || s.Salon != "Salon Mirabelle" || s.Language != "de" || s.Currency != "EUR" {
		t.Errorf("kept %+v", s)
	}
	w.write("4500")
	w.shows(t, "45,00 EUR kassieren")
	again := openWhole(t, keep, nil, practice(), "")
	if again.words(); len(again.switched) != 0 {
		t.Error("switched unasked")
	}
	again.shows(t, "Salon Mirabelle")
	again.write("100")
	again.shows(t, "1,00 EUR")
}

func TestFirstStartLeadsToMyPOS(t *testing.T) {
	for name, want := range map[string]string{"Connect myPOS": "live " + ui.BeginAtCheckout, "Use a card terminal": "live " + ui.BeginAtDevices} {
		w := openWhole(t, &memory{}, nil, practice(), "")
		w.press(t, name)
		if !slices.Equal(w.switched, []string{want}) {
			t.Errorf("%s leads to %q", name, w.switched)
		}
	}
}

func TestAnUnconnectedModeBeginsWhereItIsConnected(t *testing.T) {
	begun := &memory{s: settings.Settings{Begun: true}}
	w := openWhole(t, begun, nil, setup.Connection{Mode: payments.Live, Online: true}, "")
	w.shows(t, "Have a configuration pack?")
	if begun.s.Mode != payments.Live {
		t.Errorf("the mode to open next time is %q", begun.s.Mode)
	}
	w = openWhole(t, begun, nil, setup.Connection{Mode: payments.Live, SID: "1", Online: true}, "")
	if w.words(); w.Title() != "Frontdesk" {
		t.Errorf("title %q", w.Title())
	}
	w.shows(t, "To pay")
}

func TestTheDeskBeginsLockedAndF10Changes(t *testing.T) {
	w := openWhole(t, &memory{s: settings.Settings{Begun: true}}, people(), practice(), "")
	w.shows(t, "Type your PIN.")
	w.key(fyne.KeyEscape)
	w.key(fyne.KeyF2)
	w.write("1111")
	w.key(fyne.KeyReturn)
	w.shows(t, "The PIN is wrong.")
	w.write("4711")
	w.key(fyne.KeyReturn)
	w.shows(t, "To pay")
	w.write("4500")
	w.press(t, "Charge 45.00 EUR")
	if len(w.till.asked) != 1 || w.till.asked[0].Operator != "ELENA000" {
		t.Errorf("asked %+v", w.till.asked)
	}
	w.window.Canvas().Unfocus()
}

func TestWhatIsNotAllowedSaysWhy(t *testing.T) {
	s := people()
	w := openWhole(t, &memory{s: settings.Settings{Begun: true, Operator: "Nora"}}, s, practice(), "")
	w.write("4711")
	w.key(fyne.KeyReturn)
	w.shows(t, "Nora may not charge. F10 changes who is there.")
	w.write("4500")
	w.window.Canvas().Unfocus()
	w.key(fyne.KeyReturn)
	if len(w.till.asked) != 0 {
		t.Error("Nora charged")
	}
	w.press(t, "Settings")
	w.shows(t, "Settings are closed for Nora")
	w.press(t, "Somebody else (F10)")
	w.key(fyne.KeyUp)
	w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	w.write("4711")
	w.key(fyne.KeyReturn)
	w.shows(t, "What the till works with.")
}

func TestAutoLock(t *testing.T) {
	s := people()
	w := openWhole(t, &memory{s: settings.Settings{Begun: true, AutoLock: 5}}, s, practice(), "")
	w.write("4711")
	w.key(fyne.KeyReturn)
	w.Tick()
	w.now = w.now.Add(4 * time.Minute)
	w.window.Canvas().Unfocus()
	w.write("1")
	w.Tick()
	w.now = w.now.Add(4 * time.Minute)
	w.Tick()
	if w.window.Canvas().Overlays().Top() != nil {
		t.Fatal("locked although somebody typed 4 minutes ago")
	}
	w.now = w.now.Add(2 * time.Minute)
	w.Tick()
	w.shows(t, "Type your PIN.")
	w.write("4711")
	w.key(fyne.KeyReturn)
	w.shows(t, "0.01")
}

func TestBannersLeadToWhereItIsMended(t *testing.T) {
	s := &staff{list: []operators.Operator{{ID: "ELENA000", Name: "Elena", Owner: true}}}
	c := setup.Connection{Mode: payments.Live, SID: "1048207", Online: true}
	w := openWhole(t, &memory{s: settings.Settings{Begun: true}}, s, c, "")
	w.SetSnapshot(app.Snapshot{Revision: 1, Mode: payments.Live, Trouble: []app.Trouble{{Code: "notify.lost"}}})
	w.press(t, "Open Settings")
	w.shows(t, "Address of the relay")
	w.SetSnapshot(app.Snapshot{Revision: 2, Mode: payments.Live, Trouble: []app.Trouble{{Code: "vault.locked"}}})
	w.shows(t, "notices wait at the relay")
	w.press(t, "Unlock")
	w.shows(t, "Passphrase")
	w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.reset = w.now.Add(-24 * time.Hour)
	w.SetSnapshot(app.Snapshot{Revision: 3, Mode: payments.Live})
	w.shows(t, "The owner PIN was taken away on 20 November")
	w.press(t, "Open Settings")
	w.shows(t, "Who works here, and what each may do")
}
