package ui_test

import (
	"context"
	"crypto/rand"
	"iter"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/screens/practiceterminal"
)

type unasked = ui.Devices

// rack is a desk's terminals, of which nothing but the list is asked here.
type rack struct {
	unasked
	list []devices.Status
}

func (r *rack) Devices() []devices.Status { return r.list }

func terminal(id, label string, h devices.Health) devices.Status {
	return devices.Status{Device: devices.Device{ID: id, Label: label, Driver: devices.TCP, Enabled: true}, Health: h}
}

// plaything is a practice terminal that shows nothing.
type plaything struct{}

func (plaything) Watch(context.Context) iter.Seq[practiceterminal.State] {
	return func(func(practiceterminal.State) bool) {}
}
func (plaything) Press(practiceterminal.Button) error { return nil }

func openRack(t *testing.T, r *rack) (*stand, fyne.App) {
	t.Helper()
	a := test.NewTempApp(t)
	w := test.NewTempWindow(t, nil)
	w.SetPadded(false)
	keep := &memory{}
	keep.s.Begun = true
	s := &stand{till: &desk{}, keep: keep, run: &held{}, window: w}
	var err error
	s.Window, err = ui.New(ui.Config{
		Till: s.till, Devices: r, PracticeTerminal: plaything{}, Canvas: w.Canvas(), App: a, Settings: keep, Async: s.run,
		Open: func(*url.URL) error { return nil }, Copy: func(string) {}, Entropy: rand.Reader,
		Now: func() time.Time { return time.Date(2026, 11, 21, 14, 32, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.SetContent(s.Content())
	w.Resize(fyne.NewSize(1280, 800))
	return s, a
}

func TestDevicesPageAndStrip(t *testing.T) {
	r := &rack{list: []devices.Status{terminal("FRONT001", "Front counter", devices.Ready), terminal("COLOUR02", "Colour bar", devices.Unreachable)}}
	s, _ := openRack(t, r)
	s.shows(t, "Front counter ready")
	s.shows(t, "Colour bar not reached")
	s.key(fyne.KeyF6)
	s.shows(t, "Wake the terminal")
	s.SetSnapshot(app.Snapshot{Revision: 2, Mode: payments.Live, Devices: []app.DeviceUse{{ID: "FRONT001", Sale: "S1", State: app.Unknown}}})
	s.shows(t, "Front counter: payment not known")
	r.list = r.list[:1]
	s.Tick()
	if w := s.words(); strings.Contains(w, "Colour bar") {
		t.Errorf("a terminal that was removed still stands there: %s", w)
	}
}

// Where there is no room for every terminal one entry speaks for all, the sick
// ones first.
func TestManyTerminalsFold(t *testing.T) {
	r := &rack{}
	for i := range 9 {
		r.list = append(r.list, terminal("T"+strconv.Itoa(i), "Terminal number "+strconv.Itoa(i), devices.Ready))
	}
	s, _ := openRack(t, r)
	s.shows(t, "9 terminals ready")
	r.list[3].Health = devices.Unreachable
	s.Tick()
	s.shows(t, "Terminal number 3 not reached")
	r.list[4].Health = devices.NeedsHelp
	s.Tick()
	s.shows(t, "2 terminals need a look")
}

func TestATillWithoutTerminalsHasNoPageOfThem(t *testing.T) {
	s := open(t, &memory{})
	s.key(fyne.KeyF6)
	if w := s.words(); strings.Contains(w, "Devices") {
		t.Errorf("Devices in %s", w)
	}
}

// The first charge on the practice terminal opens its window: somebody has to
// play the customer. Later ones leave a window alone that was closed.
func TestPracticeTerminalComesUpOnce(t *testing.T) {
	practice := terminal("PRACTICE", "Practice terminal", devices.Ready)
	practice.Driver = devices.Practice
	s, a := openRack(t, &rack{list: []devices.Status{practice}})
	windows := func() int { return len(a.Driver().AllWindows()) }
	before := windows()
	sale := func(id app.SaleID) app.Sale {
		attempt := app.Attempt{ID: "A", Rail: payments.RailTerminal, Device: "PRACTICE", State: app.Offered, Amount: eur(4500)}
		return app.Sale{ID: id, Revision: 2, State: app.Offered, Amount: eur(4500), Attempts: []app.Attempt{attempt}}
	}
	s.SetSnapshot(app.Snapshot{Revision: 3, Mode: payments.Practice, Recent: []app.Sale{sale("S1")}})
	var row fyne.Tappable
	walk(s.window.Content(), func(o fyne.CanvasObject) {
		a, named := o.(fyne.Accessible)
		b, tappable := o.(fyne.Tappable)
		if named && tappable && strings.Contains(a.AccessibilityLabel(), "45.00") {
			row = b
		}
	})
	if row == nil {
		t.Fatal("the sale cannot be pressed")
	}
	test.Tap(row)
	if windows() != before+1 {
		t.Fatalf("%d windows, %d before", windows(), before)
	}
	a.Driver().AllWindows()[before].Close()
	s.key(fyne.KeyEscape)
	test.Tap(row)
	if windows() != before {
		t.Error("a window that was closed came back")
	}
}
