package ui_test

import (
	"context"
	"crypto/rand"
	"errors"
	"iter"
	"net/url"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"go.uber.org/goleak"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/ui"
)

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// desk is a till with one answer; what it is not asked for it does not have.
type desk struct {
	ui.Till
	asked []app.ChargeRequest
	snaps chan app.Snapshot
}

func (d *desk) Charge(_ context.Context, r app.ChargeRequest) (app.Sale, error) {
	d.asked = append(d.asked, r)
	return app.Sale{ID: "SALE000000000001", State: app.Preparing, Amount: eur(4500), Revision: 1}, nil
}

func (d *desk) Sales(context.Context, app.Query) ([]app.Sale, error) { return nil, nil }

func (d *desk) WatchSale(ctx context.Context, _ app.SaleID) iter.Seq[app.Checkout] {
	return func(func(app.Checkout) bool) { <-ctx.Done() }
}

func (d *desk) Watch(ctx context.Context) iter.Seq[app.Snapshot] {
	return func(yield func(app.Snapshot) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case s := <-d.snaps:
				if !yield(s) {
					return
				}
			}
		}
	}
}

type memory struct {
	s   settings.Settings
	err error
}

func (m *memory) Load() (settings.Settings, error) { return m.s, m.err }

func (m *memory) Save(s settings.Settings) error {
	if m.err == nil {
		m.s = s
	}
	return m.err
}

// held runs charges at once and keeps work that waits.
type held struct{ work []func(context.Context) }

func (h *held) Go(w func(context.Context)) { h.work = append(h.work, w) }
func (h *held) Do(f func())                { f() }

type stand struct {
	*ui.Window
	till   *desk
	keep   *memory
	run    *held
	window fyne.Window
}

func open(t *testing.T, keep *memory) *stand {
	t.Helper()
	keep.s.Begun = true
	a := test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	s := &stand{till: &desk{}, keep: keep, run: &held{}, window: w}
	var err error
	s.Window, err = ui.New(ui.Config{
		Till: s.till, Canvas: w.Canvas(), App: a, Settings: keep, Async: s.run,
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: rand.Reader,
		Now: func() time.Time { return time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1280, 800))
	return s
}

// key presses a key as the window does: on the focused part, else on the
// canvas.
func (s *stand) key(name fyne.KeyName) {
	c := s.window.Canvas()
	e := &fyne.KeyEvent{Name: name}
	if f := c.Focused(); f != nil {
		f.TypedKey(e)
		return
	}
	c.OnTypedKey()(e)
}

func (s *stand) words() string {
	var all strings.Builder
	visit := func(o fyne.CanvasObject) {
		if t, ok := o.(*canvas.Text); ok {
			all.WriteString(t.Text + "\n")
		}
	}
	walk(s.window.Content(), visit)
	for _, o := range s.window.Canvas().Overlays().List() {
		walk(o, visit)
	}
	return all.String()
}

func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case fyne.Widget:
		for _, c := range test.WidgetRenderer(o).Objects() {
			walk(c, visit)
		}
	case *fyne.Container:
		for _, c := range o.Objects {
			walk(c, visit)
		}
	}
}

func (s *stand) shows(t *testing.T, words string) {
	t.Helper()
	if !strings.Contains(s.words(), words) {
		t.Errorf("%q cannot be read in:\n%s", words, s.words())
	}
}

func TestAChargeWithoutAMouse(t *testing.T) {
	s := open(t, &memory{})
	test.TypeOnCanvas(s.window.Canvas(), "4500")
	s.key(fyne.KeyReturn)
	s.key(fyne.KeyReturn)
	work := s.run.work
	s.run.work = nil
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, w := range work {
		w(ended)
	}
	if len(s.till.asked) != 1 || s.till.asked[0].Lines[0].Amount != eur(4500) {
		t.Fatalf("asked %+v", s.till.asked)
	}
	if s.window.Canvas().Overlays().Top() == nil {
		t.Error("the dialog is not shown")
	}
	s.shows(t, "PREPARING")
}

func TestKeysOfTheWindow(t *testing.T) {
	s := open(t, &memory{})
	s.key(fyne.KeyF1)
	s.shows(t, "Add another line.")
	test.TypeOnCanvas(s.window.Canvas(), "5") // belongs to the sheet now
	s.key(fyne.KeyEscape)
	if s.window.Canvas().Overlays().Top() != nil {
		t.Error("Esc leaves the help open")
	}
	s.shows(t, "0.00")
	s.key(fyne.KeyF3)
	s.shows(t, "Payments")
	test.TypeOnCanvas(s.window.Canvas(), "45")
	s.key(fyne.KeyF2)
	s.shows(t, "This sale")
	test.TypeOnCanvas(s.window.Canvas(), "1200")
	s.shows(t, "Charge 12.00 EUR")
	s.key(fyne.KeyF2)
	s.shows(t, "Sale cleared")
	s.Undo()
	s.shows(t, "Charge 12.00 EUR")
}

func TestSnapshots(t *testing.T) {
	s := open(t, &memory{})
	at := time.Date(2026, 11, 21, 14, 31, 48, 0, time.UTC)
	nina := app.Sale{ID: "N", Client: "Nina Bauer", State: app.Reversed, Amount: eur(7500), Created: at}
	s.SetSnapshot(app.Snapshot{
		Revision: 7, Mode: payments.Live, Desk: "Main desk", Relay: payments.Proof{At: at},
		Recent: []app.Sale{nina}, Alarms: []app.Sale{nina},
		Trouble: []app.Trouble{{Code: "relay.silent"}},
	})
	for _, w := range []string{"Relay proven 12 s ago", "Nina Bauer", "Taken back: 75.00 EUR, Nina Bauer", "QR codes are paused", "Main desk", "Live"} {
		s.shows(t, w)
	}
	if strings.Contains(s.words(), "PRACTICE") || s.Title() != "Frontdesk" {
		t.Error("Live wears the frame of Practice")
	}
	s.SetSnapshot(app.Snapshot{Revision: 6, Mode: payments.Practice})
	s.shows(t, "Nina Bauer")
	s.SetSnapshot(app.Snapshot{Revision: 8, Mode: payments.Practice, Relay: payments.Proof{At: at, Err: "no"}})
	s.shows(t, "PRACTICE: no real money")
	s.shows(t, "Relay silent for 12 s")
	if strings.Contains(s.words(), "Taken back: ") || !strings.Contains(s.Title(), "Practice") {
		t.Error("an answered alarm stays, or the title does not tell the mode")
	}
}

func TestManyAlarmsFold(t *testing.T) {
	s := open(t, &memory{})
	snap := app.Snapshot{Revision: 1, Mode: payments.Practice}
	for _, id := range []app.SaleID{"A", "B", "C", "D"} {
		snap.Alarms = append(snap.Alarms, app.Sale{ID: id, State: app.PaidLate, Amount: eur(100)})
	}
	s.SetSnapshot(snap)
	s.shows(t, "3 more need a look")
	if n := strings.Count(s.words(), "Paid after cancel: "); n != 1 {
		t.Errorf("%d alarms are told one by one", n)
	}
}

func TestLanguageAndSizeKeepWhatWasTyped(t *testing.T) {
	keep := &memory{s: settings.Settings{Language: "de", TextSize: 1.5, Theme: "dark"}}
	s := open(t, keep)
	test.TypeOnCanvas(s.window.Canvas(), "4500")
	s.shows(t, "45,00 EUR kassieren")
	s.shows(t, "ÜBUNG")
	s.press(t, "Optionen")
	s.press(t, "Sprache und Aussehen")
	s.press(t, "English")
	if keep.s.Language != "en" {
		t.Errorf("kept language %q", keep.s.Language)
	}
	s.press(t, "Charge")
	s.shows(t, "Charge 45.00 EUR")
}

// press taps the first visible part with a name.
func (s *stand) press(t *testing.T, name string) {
	t.Helper()
	var found fyne.Tappable
	walk(s.window.Content(), func(o fyne.CanvasObject) {
		a, named := o.(fyne.Accessible)
		b, tappable := o.(fyne.Tappable)
		if named && tappable && found == nil && a.AccessibilityLabel() == name {
			found = b
		}
	})
	if found == nil {
		t.Fatalf("nothing named %q can be pressed", name)
	}
	test.Tap(found)
}

func TestUnreadableSettingsDoNotStopTheTill(t *testing.T) {
	s := open(t, &memory{err: errors.New("damaged")})
	s.shows(t, "The settings could not be read")
	test.TypeOnCanvas(s.window.Canvas(), "45")
	s.shows(t, "0.45")
}

func TestFillTakesAnEmptyPadOnly(t *testing.T) {
	s := open(t, &memory{})
	if !s.Fill(eur(4500), "Booking 12") {
		t.Error("an empty pad was not filled")
	}
	s.shows(t, "Booking 12")
	if s.Fill(eur(100), "") {
		t.Error("a filled pad was overwritten")
	}
	s.shows(t, "Charge 45.00 EUR")
}

// Work beside the window ends with the context given to Start.
func TestStartEnds(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	a := test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	till := &desk{snaps: make(chan app.Snapshot)}
	u, err := ui.New(ui.Config{
		Till: till, Canvas: w.Canvas(), App: a, Settings: &memory{}, Open: func(*url.URL) error { return nil },
		Copy: func(string) {}, Entropy: rand.Reader, Now: func() time.Time { return time.Unix(0, 0) },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	u.Start(ctx)
	till.snaps <- app.Snapshot{Revision: 1, Mode: payments.Practice}
	cancel()
	u.Wait()
	if _, err := ui.New(ui.Config{}); err == nil {
		t.Error("an empty Config was accepted")
	}
}
