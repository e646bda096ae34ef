package charge_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/screens/charge"
)

// named finds the part of a layer that has a name and can be tapped.
func named(o fyne.CanvasObject, name string) fyne.Tappable {
	if o == nil || !o.Visible() {
		return nil
	}
	var inside []fyne.CanvasObject
	switch part := o.(type) {
	case *fyne.Container:
		inside = part.Objects
	case *container.Scroll:
		inside = []fyne.CanvasObject{part.Content}
	case fyne.Widget:
		inside = test.WidgetRenderer(part).Objects()
	}
	a, ok := o.(interface{ AccessibilityLabel() string })
	if tap, can := o.(fyne.Tappable); ok && can && a.AccessibilityLabel() == name {
		return tap
	}
	for _, c := range inside {
		if hit := named(c, name); hit != nil {
			return hit
		}
	}
	return nil
}

// tap presses a part by its name and reports whether there is one.
func (s *stand) tap(name string) bool {
	layer := s.window.Content()
	if top := s.window.Canvas().Overlays().Top(); top != nil {
		layer = top
	}
	hit := named(layer, name)
	if hit == nil {
		return false
	}
	test.Tap(hit)
	return true
}

// fleet is the terminals and rails of a desk, which may change.
type fleet struct {
	list []devices.Status
	ways []payments.Rail
}

func terminal(id, label string, preferred bool) devices.Status {
	return devices.Status{Device: devices.Device{ID: id, Label: label, Driver: devices.TCP, Enabled: true, Default: preferred}, Health: devices.Ready}
}

func openFleet(t *testing.T, f *fleet) *stand {
	t.Helper()
	return openWith(t, func(c *charge.Config) {
		c.Devices = func() []devices.Status { return slices.Clone(f.list) }
		c.Ways = func() []payments.Rail { return f.ways }
	})
}

func (s *stand) last(t *testing.T) app.ChargeRequest {
	t.Helper()
	s.run.run()
	if len(s.desk.asked) == 0 {
		t.Fatal("nothing was asked")
	}
	return s.desk.asked[len(s.desk.asked)-1]
}

func TestChargeOnTheDefaultTerminal(t *testing.T) {
	f := &fleet{list: []devices.Status{terminal("FRONT001", "Front counter", false)}, ways: []payments.Rail{payments.RailLink, payments.RailTerminal}}
	s := openFleet(t, f)
	s.keys("4500")
	if !s.tap("Terminal") {
		t.Fatal("no terminal among the ways")
	}
	s.Charge()
	if r := s.last(t); r.Rail != payments.RailTerminal || r.Device != "FRONT001" || r.Validity != 0 {
		t.Errorf("%+v", r)
	}
	f.list = nil // it was switched off
	s.SetSnapshot(app.Snapshot{})
	if s.tap("Terminal") {
		t.Error("a terminal is offered that is not there")
	}
}

// Where there are several the segment names the one that would be charged, and
// pressed again asks which.
func TestSeveralTerminals(t *testing.T) {
	f := &fleet{
		list: []devices.Status{terminal("FRONT001", "Front counter", true), terminal("COLOUR02", "Bar", false)},
		ways: []payments.Rail{payments.RailLink, payments.RailTerminal},
	}
	s := openFleet(t, f)
	s.keys("4500")
	s.tap("Front counter")
	s.tap("Front counter")
	if s.host.Top() == nil || !s.tap("Bar, READY") {
		t.Fatal("nothing to choose from")
	}
	s.Charge()
	if r := s.last(t); r.Device != "COLOUR02" {
		t.Errorf("%+v", r)
	}
}

func TestNoDefaultAsksBeforeTheCharge(t *testing.T) {
	f := &fleet{
		list: []devices.Status{terminal("FRONT001", "Front counter", false), terminal("COLOUR02", "Bar", false)},
		ways: []payments.Rail{payments.RailTerminal},
	}
	s := openFleet(t, f)
	s.keys("4500")
	s.Charge()
	s.run.run()
	if len(s.desk.asked) != 0 || s.host.Top() == nil {
		t.Errorf("asked %+v, sheet %v", s.desk.asked, s.host.Top())
	}
}

// A terminal in the cloud is charged on its own rail, and only where that is on.
func TestCloudTerminal(t *testing.T) {
	cloud := terminal("CLOUD001", "Chair 4", true)
	cloud.Driver = devices.Cloud
	f := &fleet{list: []devices.Status{cloud}, ways: []payments.Rail{payments.RailLink, payments.RailTerminal}}
	if s := openFleet(t, f); s.tap("Terminal") {
		t.Error("a terminal is offered whose rail is off")
	}
	f.ways = append(f.ways, payments.RailCloud)
	s := openFleet(t, f)
	s.keys("4500")
	s.tap("Terminal")
	s.Charge()
	if r := s.last(t); r.Rail != payments.RailCloud || r.Device != "CLOUD001" {
		t.Errorf("%+v", r)
	}
}

// Without a relay the code is that of a payment request.
func TestCodeOfARequest(t *testing.T) {
	s := openFleet(t, &fleet{ways: []payments.Rail{payments.RailRequest}})
	s.keys("4500")
	s.Charge()
	if r := s.last(t); r.Rail != payments.RailRequest {
		t.Errorf("%+v", r)
	}
}

// Another terminal is another charge: the key of the first is never used for it.
func TestAnotherTerminalIsAnotherCharge(t *testing.T) {
	f := &fleet{
		list: []devices.Status{terminal("FRONT001", "Front counter", true), terminal("COLOUR02", "Bar", false)},
		ways: []payments.Rail{payments.RailLink, payments.RailTerminal},
	}
	s := openFleet(t, f)
	s.desk.err = &payments.Error{Op: "t", Code: "terminal.busy", Err: payments.ErrRefused}
	s.keys("4500")
	s.tap("Front counter")
	s.Charge()
	first := s.last(t)
	s.tap("Front counter")
	s.tap("Bar, READY")
	s.Charge()
	if second := s.last(t); second.Key == first.Key || second.Device == first.Device {
		t.Errorf("%+v after %+v", second, first)
	}
}
