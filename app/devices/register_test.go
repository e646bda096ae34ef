package devices_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app/devices"
	"frontdesk/payments"
)

// bench is a register in a folder with a clock and a payment that can be put
// on a device.
type bench struct {
	*devices.Register
	t     *testing.T
	dir   string
	now   time.Time
	inUse string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	b.open()
	return b
}

func (b *bench) config() devices.Config {
	return devices.Config{
		Dir: b.dir, Now: func() time.Time { return b.now }, Entropy: &counting{},
		InUse: func(id string) bool { return id == b.inUse },
	}
}

func (b *bench) open() {
	b.t.Helper()
	r, err := devices.Open(b.config())
	if err != nil {
		b.t.Fatal(err)
	}
	b.Register = r
}

// counting is entropy that never repeats itself.
type counting struct{ n byte }

func (c *counting) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 0
	}
	c.n++
	p[len(p)-1] = c.n
	return len(p), nil
}

func front() devices.Draft {
	return devices.Draft{Label: "Front counter", Model: "Ultra", Driver: devices.TCP, Host: "192.168.1.40"}
}

func bar() devices.Draft {
	return devices.Draft{Label: "Colour bar", Model: "Go 2", Driver: devices.Serial, Path: "COM3"}
}

func told() devices.Told {
	return devices.Told{TerminalID: "80012345", SerialNo: "N96-1", Merchant: "Salon Mirabelle", Software: "2.3.3", Printer: true, Currency: "EUR"}
}

func (b *bench) add(d devices.Draft) devices.Device {
	b.t.Helper()
	got, err := b.Add(d)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// ready adds a device, tests and enables it.
func (b *bench) ready(d devices.Draft, t devices.Told) devices.Device {
	b.t.Helper()
	got := b.add(d)
	if _, err := b.Seen(got.ID, t); err != nil {
		b.t.Fatal(err)
	}
	got, err := b.Enable(got.ID, false)
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if payments.CodeOf(err) != code || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestLifeOfATerminal(t *testing.T) {
	b := newBench(t)
	d := b.add(front())
	if d.Port != devices.DefaultPort || len(d.ID) != 8 || d.Enabled {
		t.Errorf("added: %+v", d)
	}
	_, err := b.Enable(d.ID, false)
	wantCode(t, err, "device.untested")

	needsUpdate := told()
	needsUpdate.Code = "terminal.needs_update"
	if d, err = b.Seen(d.ID, needsUpdate); err != nil || !d.Tested.IsZero() || d.Merchant == "" {
		t.Errorf("an answer that is no success: %+v, %v", d, err)
	}
	_, err = b.Enable(d.ID, false)
	wantCode(t, err, "device.untested")

	if d, err = b.Seen(d.ID, told()); err != nil || d.Tested != b.now || d.TerminalID != "80012345" || d.Currency != "EUR" {
		t.Errorf("tested: %+v, %v", d, err)
	}
	if d, err = b.Enable(d.ID, false); err != nil || !d.Enabled || !d.Default {
		t.Errorf("enabled: %+v, %v", d, err)
	}
	b.now = b.now.Add(time.Hour)
	if d, err = b.Used(d.ID); err != nil || d.LastUsed != b.now || d.LastSeen != b.now {
		t.Errorf("used: %+v, %v", d, err)
	}
	if err = b.Remove(d.ID); err != nil {
		t.Fatal(err)
	}
	if got, ok := b.Get(d.ID); !ok || got.Label != "Front counter" || got.Enabled || got.Removed != b.now {
		t.Errorf("removed: %+v, %v", got, ok)
	}
	if left := b.List(); len(left) != 0 {
		t.Errorf("listed after removing: %+v", left)
	}
	_, err = b.Enable(d.ID, true)
	wantCode(t, err, "device.missing")
	if !errors.Is(err, devices.ErrMissing) {
		t.Errorf("not ErrMissing: %v", err)
	}
	if again := b.add(front()); again.ID == d.ID {
		t.Error("an id was given twice")
	}
}

func TestOwnerMayInsist(t *testing.T) {
	b := newBench(t)
	d := b.add(bar())
	if d, err := b.Enable(d.ID, true); err != nil || !d.Enabled {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestPracticeTerminalIsReadyAtOnceAndOnlyOnce(t *testing.T) {
	b := newBench(t)
	d := b.add(devices.Draft{Label: "Practice terminal", Driver: devices.Practice})
	if !d.Enabled || !d.Default || d.Address() != "" {
		t.Errorf("%+v", d)
	}
	_, err := b.Add(devices.Draft{Label: "Another", Driver: devices.Practice})
	wantCode(t, err, "device.used_practice")
}

// Nothing takes a terminal away while a payment on it runs or is not known;
// its name may change, and others are free.
func TestInUse(t *testing.T) {
	b := newBench(t)
	d, o := b.ready(front(), told()), b.ready(bar(), devices.Told{TerminalID: "80099999"})
	if _, err := b.Seen(d.ID, devices.Told{TerminalID: "80055555"}); err != nil {
		t.Fatal(err)
	}
	b.inUse = d.ID
	moved, renamed := front(), front()
	moved.Host, renamed.Label = "192.168.1.41", "Reception"
	for name, try := range map[string]func() error{
		"disable": func() error { _, err := b.Disable(d.ID); return err },
		"remove":  func() error { return b.Remove(d.ID) },
		"move":    func() error { _, err := b.Change(d.ID, moved); return err },
		"accept":  func() error { _, err := b.Accept(d.ID); return err },
	} {
		t.Run(name, func(t *testing.T) { wantCode(t, try(), "device.in_use") })
	}
	if got, err := b.Change(d.ID, renamed); err != nil || got.Label != "Reception" || !got.Enabled {
		t.Errorf("renamed: %+v, %v", got, err)
	}
	if _, err := b.Disable(o.ID); err != nil {
		t.Error(err)
	}
	b.inUse = ""
	if got, err := b.Disable(d.ID); err != nil || got.Enabled {
		t.Errorf("disabled afterwards: %+v, %v", got, err)
	}
}

func TestDefault(t *testing.T) {
	b := newBench(t)
	if _, ok := b.Default(); ok {
		t.Error("an empty register has a default")
	}
	first, second := b.ready(front(), told()), b.ready(bar(), devices.Told{TerminalID: "80099999"})
	wantDefault := func(id string) {
		t.Helper()
		if d, ok := b.Default(); d.ID != id || ok != (id != "") {
			t.Errorf("default is %q, want %q", d.ID, id)
		}
	}
	wantDefault(first.ID)
	if _, err := b.SetDefault(second.ID); err != nil {
		t.Fatal(err)
	}
	wantDefault(second.ID)
	if _, err := b.Disable(second.ID); err != nil {
		t.Fatal(err)
	}
	wantDefault(first.ID) // the only one left
	_, err := b.SetDefault(second.ID)
	wantCode(t, err, "device.disabled")
	third := b.ready(devices.Draft{Label: "Chair 4", Driver: devices.TCP, Host: "192.168.1.44"}, devices.Told{TerminalID: "80077777"})
	wantDefault(third.ID) // nothing was chosen, so the next one enabled is
	if _, err := b.Disable(third.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Enable(second.ID, false); err != nil {
		t.Fatal(err)
	}
	wantDefault(second.ID)
}

func TestAnotherTerminalAnswers(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	stranger := devices.Told{TerminalID: "80055555", SerialNo: "N96-2", Merchant: "Nail bar", Software: "2.4.0", Currency: "BGN"}
	for name, answer := range map[string]devices.Told{
		"terminal id": {TerminalID: "80055555", SerialNo: "N96-1"},
		"serial":      {TerminalID: "80012345", SerialNo: "N96-2"},
	} {
		if got, err := b.Seen(d.ID, answer); err != nil || !got.Changed() || got.TerminalID != "80012345" || got.SerialNo != "N96-1" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if got, err := b.Seen(d.ID, told()); err != nil || got.Changed() {
		t.Errorf("the right one is back: %+v, %v", got, err)
	}
	if _, err := b.Seen(d.ID, stranger); err != nil {
		t.Fatal(err)
	}
	b.open()
	if got, _ := b.Get(d.ID); got.Other != stranger {
		t.Errorf("forgotten by a restart: %+v", got)
	}
	got, err := b.Accept(d.ID)
	if err != nil || got.Changed() || got.TerminalID != "80055555" || got.Merchant != "Nail bar" || got.Currency != "BGN" || got.Printer || got.Label != "Front counter" {
		t.Errorf("accepted: %+v, %v", got, err)
	}
}

func TestAnotherAddressIsAnotherTest(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	moved := front()
	moved.Port = "7901"
	got, err := b.Change(d.ID, moved)
	if err != nil || got.Enabled || got.Default || !got.Tested.IsZero() || got.TerminalID != "" || got.Port != 7901 || got.ID != d.ID {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestUnusedForSixtyDays(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	idle := func() bool {
		got, _ := b.Get(d.ID)
		return got.Idle(b.now)
	}
	b.now = b.now.Add(devices.IdleAfter - time.Second)
	if idle() {
		t.Error("a second too early")
	}
	b.now = b.now.Add(time.Second)
	if !idle() {
		t.Error("60 days without a charge")
	}
	for name, act := range map[string]func(string) (devices.Device, error){"kept": b.Keep, "used": b.Used, "disabled": b.Disable} {
		b.now = b.now.Add(devices.IdleAfter)
		if _, err := act(d.ID); err != nil || idle() {
			t.Errorf("%s: still asked about (%v)", name, err)
		}
		if _, err := b.Enable(d.ID, true); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnswersAreWrittenDownOnceAMinute(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	file := filepath.Join(b.dir, "devices.json")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(59 * time.Second)
	if _, err := b.Seen(d.ID, devices.Told{}); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(file); !bytes.Equal(before, after) {
		t.Error("written again within the minute")
	}
	b.now = b.now.Add(time.Second)
	if got, err := b.Seen(d.ID, devices.Told{}); err != nil || got.LastSeen != b.now || got.TerminalID == "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRestartFindsEverything(t *testing.T) {
	b := newBench(t)
	b.ready(front(), told())
	gone := b.ready(bar(), devices.Told{TerminalID: "80099999"})
	if err := b.Remove(gone.ID); err != nil {
		t.Fatal(err)
	}
	before := b.List()
	b.open()
	if diff := cmp.Diff(before, b.List()); diff != "" {
		t.Error(diff)
	}
	if _, ok := b.Get(gone.ID); !ok {
		t.Error("the label of a removed device is lost")
	}
}

// A crash between writing and renaming leaves the register of before.
func TestCrashBetweenWriteAndRename(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	file := filepath.Join(b.dir, "devices.json")
	if err := os.WriteFile(file+".new", []byte(`{"version":1,"devices":[{"id":"HALF`), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open()
	if got := b.List(); len(got) != 1 || got[0].ID != d.ID {
		t.Fatalf("after the crash: %+v", got)
	}
	if _, err := b.Disable(d.ID); err != nil {
		t.Error(err)
	}
}

// A change that cannot be written did not happen.
func TestFullDisk(t *testing.T) {
	b := newBench(t)
	d := b.ready(front(), told())
	if err := os.Mkdir(filepath.Join(b.dir, "devices.json.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	got, err := b.Disable(d.ID)
	if payments.CodeOf(err) != "devices.save" || !got.Enabled {
		t.Errorf("%+v, %v", got, err)
	}
	if now, _ := b.Get(d.ID); !now.Enabled {
		t.Error("in force, but not on disk")
	}
}

func TestNothingUnreadableIsOverwritten(t *testing.T) {
	for name, content := range map[string]string{
		"newer":   `{"version":2,"devices":[]}`,
		"damaged": `{"version":1,"devices":[`,
		"foreign": `[]`,
		"huge":    strings.Repeat(" ", 1<<20+1),
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			file := filepath.Join(b.dir, "devices.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := devices.Open(b.config())
			want := "devices.load"
			if name == "newer" {
				want = "devices.newer"
			}
			if payments.CodeOf(err) != want || errors.Is(err, devices.ErrNewer) != (name == "newer") {
				t.Errorf("got %v", err)
			}
			if left, _ := os.ReadFile(file); string(left) != content {
				t.Error("the file was touched")
			}
		})
	}
}
