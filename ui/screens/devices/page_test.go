package devices_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/text"
	"frontdesk/payments"
	"frontdesk/ui/async"
	page "frontdesk/ui/screens/devices"
	"frontdesk/ui/theme"
	"frontdesk/ui/widgets"
)

// desk is a till with a few terminals that writes down what it was asked.
type desk struct {
	list   []devices.Status
	asked  []string
	report devices.Report
	test   error
	refuse map[string]string // code by the first word of what was asked
	ports  []string
	found  []devices.Found
	during func() // called while a test runs
}

func (d *desk) ask(words ...string) error {
	d.asked = append(d.asked, strings.Join(words, " "))
	if code := d.refuse[words[0]]; code != "" {
		return &payments.Error{Op: "desk", Code: code, Err: payments.ErrRefused}
	}
	return nil
}

func (d *desk) Devices() []devices.Status { return slices.Clone(d.list) }

func (d *desk) CheckDevice(draft devices.Draft, _ string) []devices.Problem {
	_, bad := draft.Device()
	return bad
}

func (d *desk) AddDevice(_ context.Context, draft devices.Draft, operator string) (devices.Device, error) {
	if err := d.ask("add", draft.Label, string(draft.Driver), draft.Host+draft.Path, draft.Port, draft.Model, draft.TerminalID, "by", operator); err != nil {
		return devices.Device{}, err
	}
	added, _ := draft.Device()
	added.ID = "NEW00009"
	d.list = append(d.list, devices.Status{Device: added, Health: devices.Untested})
	return added, nil
}

func (d *desk) ChangeDevice(_ context.Context, id string, draft devices.Draft, _ string) (devices.Device, error) {
	i := slices.IndexFunc(d.list, func(s devices.Status) bool { return s.ID == id })
	d.list[i].Label = draft.Label
	return d.list[i].Device, d.ask("change", id, draft.Label)
}

func (d *desk) RemoveDevice(_ context.Context, id, operator string) error {
	return d.ask("remove", id, "by", operator)
}

func (d *desk) EnableDevice(_ context.Context, id string, insist bool, _ string) error {
	if insist {
		return d.ask("insist", id)
	}
	return d.ask("enable", id)
}
func (d *desk) DisableDevice(_ context.Context, id, _ string) error { return d.ask("disable", id) }
func (d *desk) DefaultDevice(_ context.Context, id, _ string) error { return d.ask("default", id) }
func (d *desk) KeepDevice(_ context.Context, id, _ string) error    { return d.ask("keep", id) }
func (d *desk) AcceptDevice(_ context.Context, id, _ string) error  { return d.ask("accept", id) }

func (d *desk) TestDevice(ctx context.Context, id string) (devices.Report, error) {
	_ = d.ask("test", id)
	if d.during != nil {
		d.during()
	}
	if d.test == nil && errors.Is(ctx.Err(), context.Canceled) { // a deadline is that of quick, for tickers
		return devices.Report{}, ctx.Err()
	}
	return d.report, d.test
}
func (d *desk) SerialPorts(context.Context) ([]string, error)           { return d.ports, nil }
func (d *desk) AccountDevices(context.Context) ([]devices.Found, error) { return d.found, nil }

// quick runs short work at once and leaves tickers out: their context has
// ended, that of the work has not.
type quick struct{ async.Inline }

func (q quick) Go(work func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	work(ctx)
}

type bench struct {
	*page.Page
	t      *testing.T
	desk   *desk
	host   *widgets.Host
	window fyne.Window
	opened app.SaleID
	shown  int
}

func newBench(t *testing.T, mode payments.Mode, list ...devices.Status) *bench {
	t.Helper()
	a := test.NewTempApp(t)
	th, err := theme.New(theme.Config{Choice: theme.Light})
	if err != nil {
		t.Fatal(err)
	}
	a.Settings().SetTheme(th)
	b := &bench{t: t, desk: &desk{list: list, refuse: map[string]string{}}, window: a.NewWindow("till")}
	t.Cleanup(b.window.Close)
	b.window.SetPadded(false)
	b.window.Resize(fyne.NewSize(1280, 800))
	b.host = widgets.NewHost(b.window.Canvas())
	b.Page, err = page.New(b.config())
	if err != nil {
		t.Fatal(err)
	}
	b.SetSnapshot(app.Snapshot{Mode: mode})
	b.window.SetContent(b.Content())
	b.window.Resize(fyne.NewSize(1280, 800))
	return b
}

func (b *bench) config() page.Config {
	return page.Config{
		Desk: b.desk, Run: quick{}, Host: b.host, Text: text.New("en"), Now: at, Zone: time.UTC, Operator: func() string { return "Nora" },
		OpenSale: func(id app.SaleID) { b.opened = id }, Practice: func() { b.shown++ },
	}
}

func (b *bench) enter() { b.host.Key(&fyne.KeyEvent{Name: fyne.KeyReturn}) }

// words are all texts of the topmost layer.
func (b *bench) words() string {
	var all []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		switch part := o.(type) {
		case *fyne.Container:
			for _, c := range part.Objects {
				walk(c)
			}
		case *container.Scroll:
			walk(part.Content)
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(part).Objects() {
				walk(c)
			}
		case *canvas.Text:
			all = append(all, part.Text)
		}
	}
	if top := b.window.Canvas().Overlays().Top(); top != nil {
		walk(top)
	} else {
		walk(b.window.Content())
	}
	return strings.Join(all, "|")
}

// press taps the button of the topmost layer that has a name.
func (b *bench) press(name string) {
	b.t.Helper()
	var hit fyne.Tappable
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		if o == nil || !o.Visible() {
			return
		}
		named, ok := o.(interface{ AccessibilityLabel() string })
		if tap, can := o.(fyne.Tappable); ok && can && named.AccessibilityLabel() == name && hit == nil {
			hit = tap
		}
		switch part := o.(type) {
		case *fyne.Container:
			for _, c := range part.Objects {
				walk(c)
			}
		case *container.Scroll:
			walk(part.Content)
		case fyne.Widget:
			for _, c := range test.WidgetRenderer(part).Objects() {
				walk(c)
			}
		}
	}
	if top := b.window.Canvas().Overlays().Top(); top != nil {
		walk(top)
	} else {
		walk(b.window.Content())
	}
	if hit == nil {
		b.t.Fatalf("no %q in %s", name, b.words())
	}
	test.Tap(hit)
}

func (b *bench) asked(want ...string) {
	b.t.Helper()
	if !slices.Equal(b.desk.asked, want) {
		b.t.Errorf("asked %q, want %q", b.desk.asked, want)
	}
	b.desk.asked = nil
}

// field types into the field that has the cursor.
func (b *bench) typed(words string) { test.Type(b.window.Canvas().Focused(), words) }

// From the cell to a terminal that is ready: the fields, the errors beside
// them, the test, and only then the switch.
func TestAddingTestsAndThenSwitchesOn(t *testing.T) {
	b := newBench(t, payments.Live)
	b.press("By network address")
	b.enter()
	if w := b.words(); !strings.Contains(w, "This is no network address") || !strings.Contains(w, "The name does not fit") {
		t.Errorf("no errors at the fields: %s", w)
	}
	b.asked()
	b.typed("Front counter")
	b.window.Canvas().FocusNext()
	b.typed("192.168.1.40")
	b.desk.report = devices.Report{Told: devices.Told{TerminalID: "80012345"}}
	b.enter()
	b.asked("add Front counter ipp-tcp 192.168.1.40 7900 Ultra  by Nora", "test NEW00009", "enable NEW00009")
	if w := b.words(); !strings.Contains(w, "Front counter is ready") || !strings.Contains(w, "80012345") {
		t.Errorf("the result: %s", w)
	}
	b.enter()
	if b.host.Top() != nil || b.Count() != 1 {
		t.Errorf("sheet %v, %d devices", b.host.Top(), b.Count())
	}
}

// A terminal that does not answer is kept, off, and can be changed.
func TestAddingASilentTerminalKeepsItOff(t *testing.T) {
	b := newBench(t, payments.Live)
	b.desk.test = &payments.Error{Op: "t", Code: "terminal.unreachable", Err: payments.ErrUnreachable}
	b.desk.ports = []string{"COM3", "COM7"}
	b.AddBy(devices.Serial)
	b.typed("Bar")
	b.enter()
	b.asked("add Bar ipp-serial COM3  Ultra  by Nora", "test NEW00009")
	if w := b.words(); !strings.Contains(w, "Bar does not answer") || !strings.Contains(w, "It is stored") {
		t.Errorf("the result: %s", w)
	}
	b.press("Change it")
	if w := b.words(); !strings.Contains(w, "Change Bar") {
		t.Errorf("no form: %s", w)
	}
}

func TestRefusalStaysInTheForm(t *testing.T) {
	b := newBench(t, payments.Live)
	b.desk.refuse["add"] = "device.limit"
	b.desk.ports = []string{"COM3"}
	b.AddBy(devices.Serial)
	b.typed("Bar")
	b.enter()
	if w := b.words(); !strings.Contains(w, "64 devices") {
		t.Errorf("no sentence: %s", w)
	}
}

func TestSwitch(t *testing.T) {
	b := newBench(t, payments.Live, ready(nil), ready(func(s *devices.Status) {
		s.ID, s.Label, s.Enabled, s.Tested, s.Health = "NEW00009", "Bar", false, time.Time{}, devices.Untested
	}))
	b.press("Front counter takes charges, On")
	b.asked("disable FRONT001")
	b.desk.refuse["disable"] = "device.in_use"
	b.desk.refuse["enable"] = "device.untested"
	b.Tick()
	b.press("Front counter takes charges, On")
	if w := b.words(); !strings.Contains(w, "running or not known yet") {
		t.Errorf("no reason: %s", w)
	}
	b.desk.asked = nil
	b.press("Bar takes charges, Off")
	b.asked("enable NEW00009")
	if w := b.words(); !strings.Contains(w, "Switch Bar on without a test?") {
		t.Fatalf("no question: %s", w)
	}
	b.enter() // the safe answer
	b.asked()
	b.Tick()
	b.press("Bar takes charges, Off")
	b.press("Switch it on")
	b.asked("enable NEW00009", "insist NEW00009")
}

func TestRemoveAsksAndEnterKeeps(t *testing.T) {
	b := newBench(t, payments.Live, ready(nil))
	b.press("Remove")
	b.enter()
	b.asked()
	b.press("Remove")
	b.press("Remove it")
	b.asked("remove FRONT001 by Nora")
}

func TestAnotherTerminalIsLookedAtBeforeItIsTakenOver(t *testing.T) {
	b := newBench(t, payments.Live, ready(func(s *devices.Status) { s.Other = devices.Told{TerminalID: "80055555"} }))
	b.press("Look at it")
	if w := b.words(); !strings.Contains(w, "80012345") || !strings.Contains(w, "80055555") {
		t.Errorf("not compared: %s", w)
	}
	b.asked()
	b.press("Take the new one over")
	b.asked("accept FRONT001")
}

// A test that is left changes nothing any more, whatever comes of it.
func TestLeavingATestEndsIt(t *testing.T) {
	b := newBench(t, payments.Live, ready(nil))
	b.desk.during = func() { b.host.Key(&fyne.KeyEvent{Name: fyne.KeyEscape}) }
	b.Test("FRONT001")
	if b.host.Top() != nil {
		t.Error("the sheet is still there")
	}
}

func TestAllAreTestedButThoseInUse(t *testing.T) {
	second := ready(func(s *devices.Status) { s.ID, s.Label = "COLOUR02", "Bar" })
	off := ready(func(s *devices.Status) { s.ID, s.Label, s.Enabled = "OLD00005", "Old", false })
	b := newBench(t, payments.Live, ready(nil), second, off)
	b.SetSnapshot(app.Snapshot{Mode: payments.Live, Devices: []app.DeviceUse{{ID: "COLOUR02", Sale: "S1", State: app.Offered}}})
	b.press("Test all")
	b.asked("test FRONT001")
}

// Real terminals have no place in a mode without money, and the other way round.
func TestWaysFollowTheMode(t *testing.T) {
	b := newBench(t, payments.Practice)
	b.press("By network address")
	if b.host.Top() != nil {
		t.Error("a real terminal can be added in Practice")
	}
	b.press("Practice terminal")
	b.asked("add Practice terminal practice     by Nora")
	if b.shown != 1 {
		t.Errorf("the window was shown %d times", b.shown)
	}
	b = newBench(t, payments.Live)
	b.press("Practice terminal")
	b.asked()
}

func TestImportTakesNameAndNumberOver(t *testing.T) {
	b := newBench(t, payments.Live, ready(nil))
	b.desk.found = []devices.Found{
		{Name: "Front counter", Model: "Ultra", TerminalID: "80012345", Known: "Front counter"},
		{Name: "Salon 2", Model: "Carbon", TerminalID: "80012398", SerialNo: "C11"},
	}
	b.Import()
	if w := b.words(); !strings.Contains(w, "Already here as Front counter") {
		t.Errorf("not marked: %s", w)
	}
	b.press("Network")
	b.window.Canvas().FocusNext()
	b.typed("10.0.0.9")
	b.enter()
	if got := b.desk.asked[0]; got != "add Salon 2 ipp-tcp 10.0.0.9 7900 Carbon 80012398 by Nora" {
		t.Errorf("asked %q", got)
	}
}

func TestUnknownPaymentLeadsToItsSale(t *testing.T) {
	b := newBench(t, payments.Live, ready(nil))
	b.SetSnapshot(app.Snapshot{Mode: payments.Live, Devices: []app.DeviceUse{{ID: "FRONT001", Sale: "S9", State: app.Unknown}}})
	b.press("Open the sale")
	if b.opened != "S9" {
		t.Errorf("opened %q", b.opened)
	}
}
