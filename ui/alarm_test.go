package ui_test

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/settings"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/ui"
)

// asked is a till that notes what is asked about alarms.
type asked struct {
	desk
	again []app.AgainRequest
	kept  []app.SaleID
}

func (a *asked) Again(_ context.Context, _ app.SaleID, r app.AgainRequest) (app.Sale, error) {
	a.again = append(a.again, r)
	return app.Sale{}, nil
}

func (a *asked) Keep(_ context.Context, id app.SaleID, _ string) error {
	a.kept = append(a.kept, id)
	return nil
}

func (a *asked) Sale(context.Context, app.SaleID) (app.Sale, []app.Event, error) {
	return app.Sale{}, nil, nil
}

// watch is a till in front of which somebody works, with a clock of its own.
type watch struct {
	*stand
	till *asked
	now  time.Time
	rev  uint64
}

func open24(t *testing.T) *watch {
	t.Helper()
	a := test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	b := &watch{till: &asked{}, now: time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC)}
	b.stand = &stand{keep: &memory{s: settings.Settings{Begun: true, Operator: "Nora"}}, run: &held{}, window: w}
	var err error
	b.Window, err = ui.New(ui.Config{
		Till: b.till, Canvas: w.Canvas(), App: a, Settings: b.keep, Async: b.run,
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: rand.Reader, Now: func() time.Time { return b.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(b.Content())
	w.Resize(fyne.NewSize(1280, 800))
	return b
}

// work does what waits beside the window; what follows the till leaves at once.
func (b *watch) work() {
	for len(b.run.work) > 0 {
		work := b.run.work
		b.run.work = nil
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		for _, f := range work {
			f(ended)
		}
	}
}

// tell brings a newer snapshot with these alarms.
func (b *watch) tell(alarms ...app.Sale) {
	b.rev++
	b.SetSnapshot(app.Snapshot{Revision: b.rev, Mode: payments.Practice, Alarms: alarms})
}

// wait lets time pass, second by second.
func (b *watch) wait(seconds int) {
	for range seconds {
		b.now = b.now.Add(time.Second)
		b.Tick()
	}
}

func (b *watch) over() bool { return b.window.Canvas().Overlays().Top() != nil }

func alarm(id app.SaleID, client string, s app.State) app.Sale {
	return app.Sale{
		ID: id, Client: client, State: s, Amount: eur(7500), Received: eur(7500), Refunded: eur(0), Revision: 9,
		Attempts: []app.Attempt{{ID: "A", Rail: payments.RailLink, State: s, Amount: eur(7500)}},
	}
}

func TestAlarmComesOverTheScreen(t *testing.T) {
	for _, page := range []fyne.KeyName{fyne.KeyF2, fyne.KeyF3} {
		b := open24(t)
		b.key(page)
		b.tell(alarm("N", "Nina Bauer", app.Reversed))
		if !b.over() {
			t.Fatalf("%s: nothing came over the page", page)
		}
		b.shows(t, "TAKEN BACK")
		b.shows(t, "Nina Bauer still owes 75.00 EUR")
		b.wait(1)
		b.key(fyne.KeyReturn)
		b.work()
		if len(b.till.again) != 1 || b.till.again[0].Rail != payments.RailLink {
			t.Errorf("%s: asked %+v", page, b.till.again)
		}
	}
}

// Whoever types an amount and presses Enter while an alarm comes up asks nobody
// for anything: each key that was not for the alarm holds it back a little more.
func TestAlarmStealsNoKeys(t *testing.T) {
	b := open24(t)
	test.TypeOnCanvas(b.window.Canvas(), "45")
	b.tell(alarm("N", "Nina Bauer", app.Reversed))
	for range 8 {
		b.now = b.now.Add(400 * time.Millisecond)
		test.TypeOnCanvas(b.window.Canvas(), "0")
	}
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape, fyne.KeySpace, fyne.KeyReturn} {
		b.now = b.now.Add(650 * time.Millisecond)
		b.key(k)
		if k == fyne.KeySpace {
			b.window.Canvas().Focused().TypedRune(' ')
		}
	}
	b.work()
	if !b.over() || len(b.till.again) != 0 || len(b.till.asked) != 0 || len(b.till.kept) != 0 {
		t.Fatalf("over %v, asked %v %v %v", b.over(), b.till.again, b.till.asked, b.till.kept)
	}
	b.now = b.now.Add(700 * time.Millisecond)
	b.key(fyne.KeyEscape)
	if b.over() {
		t.Error("Esc does not decide later")
	}
	b.shows(t, "Charge 0.45 EUR")
}

// Decide later keeps banner and badge, and the alarm comes up again only when it
// is another one.
func TestDecideLater(t *testing.T) {
	b := open24(t)
	nina := alarm("N", "Nina Bauer", app.Reversed)
	b.tell(nina)
	b.wait(1)
	b.key(fyne.KeyEscape)
	b.wait(3)
	b.tell(nina)
	if b.over() {
		t.Fatal("it comes up again by itself")
	}
	b.shows(t, "Taken back: 75.00 EUR, Nina Bauer")
	for name, steps := range map[string][][]app.Sale{
		"another state":     {{alarm("N", "Nina Bauer", app.Overpaid)}},
		"gone and back":     {nil, {nina}},
		"another sale":      {{nina, alarm("E", "Eva Lang", app.PaidLate)}},
		"another sale only": {{alarm("E", "Eva Lang", app.PaidLate)}},
	} {
		b := open24(t)
		b.tell(nina)
		b.wait(1)
		b.key(fyne.KeyEscape)
		for _, alarms := range steps {
			b.tell(alarms...)
		}
		if !b.over() {
			t.Errorf("%s: nobody is told", name)
		}
	}
}

func TestAlarmsQueue(t *testing.T) {
	b := open24(t)
	b.tell(alarm("N", "Nina Bauer", app.Reversed), alarm("E", "Eva Lang", app.PaidLate), alarm("A", "Anna Berger", app.Overpaid))
	for i, words := range []string{"TAKEN BACK", "PAID AFTER", "PAID TWICE"} {
		b.shows(t, words)
		if more := []string{"Decide later, 2 more", "Decide later, 1 more", "Decide later"}[i]; !strings.Contains(b.words(), more) {
			t.Errorf("%s does not say %q", words, more)
		}
		b.wait(1)
		b.key(fyne.KeyEscape)
		b.wait(1)
	}
	if b.over() {
		t.Error("there is no end to them")
	}
}

// A customer who is asked to pay goes first: the banner tells at once, the alarm
// comes up when the charge has ended.
func TestAlarmWaitsForTheCustomer(t *testing.T) {
	b := open24(t)
	test.TypeOnCanvas(b.window.Canvas(), "4500")
	b.key(fyne.KeyReturn)
	b.work()
	b.shows(t, "PREPARING")
	b.tell(alarm("N", "Nina Bauer", app.Reversed))
	b.wait(5)
	b.shows(t, "PREPARING")
	b.shows(t, "Taken back: 75.00 EUR, Nina Bauer")
	if strings.Contains(b.words(), "TAKEN BACK") {
		t.Fatal("it stands over the charge")
	}
	b.key(fyne.KeyEscape) // asks whether to cancel
	b.key(fyne.KeyReturn) // no
	b.wait(1)
	if strings.Contains(b.words(), "TAKEN BACK") {
		t.Fatal("it stands over the charge")
	}
}

// At the start of the till the alarms that are still open come up, and Enter
// keeps a payment that came late.
func TestAlarmAtTheStart(t *testing.T) {
	b := open24(t)
	b.tell(alarm("L", "", app.PaidLate))
	b.shows(t, "PAID AFTER")
	b.wait(1)
	b.key(fyne.KeyReturn)
	b.work()
	if !slices.Equal(b.till.kept, []app.SaleID{"L"}) {
		t.Errorf("kept %v", b.till.kept)
	}
}

// A lock hides sums and names; the alarm comes up once somebody is there.
func TestAlarmStaysBehindTheLock(t *testing.T) {
	b := openWhole(t, &memory{s: settings.Settings{Begun: true}}, people(), practice(), "")
	b.SetSnapshot(app.Snapshot{Revision: 1, Mode: payments.Practice, Alarms: []app.Sale{alarm("N", "Nina Bauer", app.Reversed)}})
	b.Tick()
	if strings.Contains(b.words(), "TAKEN BACK") {
		t.Fatal("it stands over the lock")
	}
	b.write("4711")
	b.key(fyne.KeyReturn)
	b.Tick()
	b.shows(t, "TAKEN BACK")
}

// With locked secrets the till takes cash and goes over to Practice, nothing else.
func TestLockedVaultTakesCash(t *testing.T) {
	b := openWhole(t, &memory{s: settings.Settings{Begun: true}}, nil, setup.Connection{Mode: payments.Live, Locked: true}, "charge")
	b.SetSnapshot(app.Snapshot{Revision: 1, Mode: payments.Live, Trouble: []app.Trouble{{Code: "vault.locked"}}})
	b.write("4500")
	b.shows(t, "Take 45.00 EUR in cash")
	if strings.Contains(b.words(), "QR code\n") {
		t.Error("a code is offered without a key")
	}
	b.press(t, "Open Practice")
	if !slices.Equal(b.switched, []string{"practice charge"}) {
		t.Errorf("went to %v", b.switched)
	}
}
