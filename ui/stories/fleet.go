package stories

import (
	"context"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
)

// fleet is a desk with invented terminals, on which nothing changes.
type fleet struct {
	list   []devices.Status
	ports  []string
	found  []devices.Found
	report devices.Report
	err    error // of tests and of asking the account
}

func (f fleet) Devices() []devices.Status { return slices.Clone(f.list) }

func (f fleet) CheckDevice(draft devices.Draft, id string) []devices.Problem {
	d, bad := draft.Device()
	for _, o := range f.list {
		if o.ID != id && o.Driver == d.Driver && d.Address() != "" && o.Address() == d.Address() {
			bad = append(bad, devices.Problem{Field: devices.FieldHost, Code: "device.used_address"})
		}
	}
	return bad
}

func (f fleet) AddDevice(context.Context, devices.Draft, string) (devices.Device, error) {
	return f.list[0].Device, nil
}

func (f fleet) ChangeDevice(context.Context, string, devices.Draft, string) (devices.Device, error) {
	return devices.Device{}, nil
}
func (fleet) RemoveDevice(context.Context, string, string) error { return nil }

func (fleet) EnableDevice(_ context.Context, _ string, insist bool, _ string) error {
	if !insist {
		return &payments.Error{Op: "story", Code: "device.untested", Err: payments.ErrRefused}
	}
	return nil
}
func (fleet) DisableDevice(context.Context, string, string) error { return nil }
func (fleet) DefaultDevice(context.Context, string, string) error { return nil }
func (fleet) KeepDevice(context.Context, string, string) error    { return nil }
func (fleet) AcceptDevice(context.Context, string, string) error  { return nil }

func (f fleet) TestDevice(context.Context, string) (devices.Report, error) { return f.report, f.err }
func (f fleet) SerialPorts(context.Context) ([]string, error)              { return f.ports, nil }
func (f fleet) AccountDevices(context.Context) ([]devices.Found, error)    { return f.found, f.err }

// Unfinished is a payment of another till.
func (fleet) Unfinished(context.Context, string) (app.Unfinished, error) {
	return app.Unfinished{
		SID: "of-another-till", Outcome: payments.Paid, Amount: eur(700), Time: "21.11. 13:58",
		Card: payments.Card{RRN: "623100000017", Last4: "4417"},
	}, nil
}
func (fleet) ReleaseDevice(context.Context, string, app.Unfinished, app.Actor) error { return nil }

// terminal is a tested and enabled terminal, seen a while ago.
func terminal(id, label, model string, driver devices.Driver, seen time.Duration) devices.Status {
	d := devices.Device{
		ID: id, Label: label, Model: model, Driver: driver, TerminalID: "80012345", SerialNo: "N96-2214-0071", Merchant: "Salon Mirabelle",
		Software: "2.3.3", Printer: true, Currency: "EUR", Enabled: true, Added: now().AddDate(0, -3, 0),
		Tested: now().AddDate(0, -1, 0), LastSeen: now().Add(-seen), LastUsed: now().Add(-seen),
	}
	switch driver {
	case devices.TCP:
		d.Host, d.Port = "192.168.1.40", 7900
	case devices.Serial:
		d.Path = "COM3"
	}
	return devices.Status{Device: d, Health: devices.Ready}
}

// with changes a terminal.
func with(s devices.Status, change func(*devices.Status)) devices.Status {
	change(&s)
	return s
}

// salonFleet is the terminals of a busy salon.
func salonFleet() fleet {
	front := with(terminal("FRONT001", "Front counter", "Ultra", devices.TCP, 4*time.Second), func(s *devices.Status) { s.Default = true })
	bar := with(terminal("COLOUR02", "Colour bar", "Go 2", devices.Serial, 41*time.Minute), func(s *devices.Status) { s.Health = devices.Unreachable })
	chair := terminal("CHAIR004", "Chair 4", "Carbon", devices.Cloud, 18*time.Second)
	old := with(terminal("OLD00005", "Old terminal", "Sigma", devices.Serial, 0), func(s *devices.Status) {
		s.Enabled, s.Path, s.Health, s.LastUsed = false, "COM5", devices.Disabled, now().AddDate(0, -1, -18)
	})
	fresh := with(terminal("NEW00006", "Nail corner", "Ultra", devices.TCP, 0), func(s *devices.Status) {
		s.Enabled, s.Host, s.Port, s.Health, s.Tested, s.LastSeen = false, "192.168.1.52", 7901, devices.Untested, time.Time{}, time.Time{}
	})
	return fleet{list: []devices.Status{front, bar, chair, old, fresh}}
}

// calmFleet is two terminals of which one does not answer, as the strip of a
// usual day shows them.
func calmFleet() fleet {
	return fleet{list: salonFleet().list[:2]}
}

// troubledFleet is everything that can stand in the way, at once.
func troubledFleet() fleet {
	usual := func(id, label string) devices.Status { return terminal(id, label, "Ultra", devices.TCP, time.Minute) }
	return fleet{list: []devices.Status{
		usual("BLOCKED1", "Front counter"),
		with(usual("CHANGED2", "Colour bar"), func(s *devices.Status) {
			s.Health, s.Other = devices.Changed, devices.Told{TerminalID: "80055555", SerialNo: "N96-9", Merchant: "Nail bar"}
		}),
		with(usual("UPDATE03", "Chair 4"), func(s *devices.Status) { s.Health, s.Code = devices.NeedsHelp, "terminal.needs_update" }),
		with(usual("IDLE0004", "Wash place"), func(s *devices.Status) {
			s.Idle, s.LastUsed, s.LastSeen = true, now().AddDate(0, -3, 0), now().Add(-9*time.Second)
		}),
		with(usual("SILENT05", "Friseurplatz am Fenster hinten links"), func(s *devices.Status) { s.Health, s.Host = devices.Unreachable, "kartenterminal-fenster.salon.local" }),
	}}
}

// usualReport is what a healthy terminal tells.
func usualReport() devices.Report {
	d := salonFleet().list[0].Device
	return devices.Report{
		Told: devices.Told{TerminalID: d.TerminalID, SerialNo: d.SerialNo, Merchant: d.Merchant, Software: d.Software, Printer: true, Currency: "EUR"},
		Last: devices.Last{Paid: true, Amount: eur(2800), When: "21.11.2026 14:02", CardLast4: "4417", Reference: "632514000123"},
	}
}
