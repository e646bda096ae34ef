package local

import (
	"context"
	"time"

	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// OpDevices lists or changes the terminals: DevicesArgs in; one Device out for
// each listed or changed, a Tested after a test.
const OpDevices = "devices"

// CodeNoDevices says that the till behind the socket drives no terminals.
const CodeNoDevices = "device.none"

// What DevicesArgs may ask for.
const (
	DevicesList    = "list"
	DevicesAdd     = "add"
	DevicesTest    = "test"
	DevicesEnable  = "enable"
	DevicesDisable = "disable"
	DevicesRemove  = "remove"
	DevicesDefault = "default"
)

// DevicesArgs asks for one thing. Device is an id or a label; the fields below
// it describe a device to be added. Insist enables one that was never tested;
// SID is the transaction to be released.
type DevicesArgs struct {
	Do         string         `json:"do"`
	Device     string         `json:"device,omitempty"`
	Label      string         `json:"label,omitempty"`
	Model      string         `json:"model,omitempty"`
	Driver     devices.Driver `json:"driver,omitempty"`
	Host       string         `json:"host,omitempty"`
	Port       string         `json:"port,omitempty"`
	Path       string         `json:"path,omitempty"`
	TerminalID string         `json:"terminal_id,omitempty"` // of a cloud terminal
	Insist     bool           `json:"insist,omitempty"`
	Operator   string         `json:"operator,omitempty"`
	PIN        string         `json:"pin,omitempty"`
	SID        string         `json:"sid,omitempty"`
}

// Device is a terminal as `devices` prints it.
type Device struct {
	ID         string         `json:"id"`
	Label      string         `json:"label"`
	Model      string         `json:"model,omitempty"`
	Driver     devices.Driver `json:"driver"`
	Address    string         `json:"address,omitempty"`
	TerminalID string         `json:"terminal_id,omitempty"`
	Currency   money.Currency `json:"currency,omitempty"`
	Enabled    bool           `json:"enabled"`
	Default    bool           `json:"default"`
	Health     devices.Health `json:"health,omitempty"`
	Code       string         `json:"code,omitempty"` // why it needs help
	Idle       bool           `json:"idle,omitempty"` // not used for 60 days
	LastSeen   time.Time      `json:"last_seen,omitzero"`
	LastUsed   time.Time      `json:"last_used,omitzero"`
}

// Tested is what a test found out. Code is empty when the terminal can take
// money.
type Tested struct {
	Device     string         `json:"device"`
	OK         bool           `json:"ok"`
	Code       string         `json:"code,omitempty"`
	Other      bool           `json:"other,omitempty"` // another terminal answers than the registered one
	TerminalID string         `json:"terminal_id,omitempty"`
	Serial     string         `json:"serial,omitempty"`
	Merchant   string         `json:"merchant,omitempty"`
	Software   string         `json:"software,omitempty"`
	Currency   money.Currency `json:"currency,omitempty"`
	Printer    bool           `json:"printer"`
	LastPaid   bool           `json:"last_paid,omitempty"`
	LastMinor  int64          `json:"last_minor,omitempty"`
	LastAt     string         `json:"last_at,omitempty"` // as the terminal writes it
}

// Shelf stores devices; see ui/screens/devices for what its methods promise.
type Shelf interface {
	Devices() []devices.Status
	AddDevice(ctx context.Context, draft devices.Draft, operator string) (devices.Device, error)
	RemoveDevice(ctx context.Context, id, operator string) error
	TestDevice(ctx context.Context, id string) (devices.Report, error)
}

// Switches says which devices take charges.
type Switches interface {
	EnableDevice(ctx context.Context, id string, insist bool, operator string) error
	DisableDevice(ctx context.Context, id, operator string) error
	DefaultDevice(ctx context.Context, id, operator string) error
}

// Devices is all this operation asks of the till.
type Devices interface {
	Shelf
	Switches
}

func refused(op, code string) error {
	return &payments.Error{Op: op, Code: code, Err: payments.ErrRefused}
}

func (p Parts) devices(ctx context.Context, a DevicesArgs, emit func(any) error) error {
	d := p.Devices
	if d == nil {
		return refused("devices", CodeNoDevices)
	}
	if err := p.mayChange(ctx, a); err != nil {
		return err
	}
	switch a.Do {
	case DevicesList:
		for _, s := range d.Devices() {
			if err := emit(deviceShape(s)); err != nil {
				return err
			}
		}
		return nil
	case DevicesAdd:
		added, err := d.AddDevice(ctx, devices.Draft{
			Label: a.Label, Model: a.Model, Driver: a.Driver, Host: a.Host, Port: a.Port, Path: a.Path, TerminalID: a.TerminalID,
		}, a.Operator)
		if err != nil {
			return err
		}
		return p.oneDevice(added.ID, emit)
	}
	s, err := findDevice(d.Devices(), a.Device)
	if err != nil {
		return err
	}
	switch a.Do {
	case DevicesTest:
		report, err := d.TestDevice(ctx, s.ID)
		if err != nil {
			return err
		}
		return emit(testedShape(s.ID, report))
	case DevicesRelease:
		return p.release(ctx, s.ID, a, emit)
	case DevicesEnable:
		err = d.EnableDevice(ctx, s.ID, a.Insist, a.Operator)
	case DevicesDisable:
		err = d.DisableDevice(ctx, s.ID, a.Operator)
	case DevicesDefault:
		err = d.DefaultDevice(ctx, s.ID, a.Operator)
	case DevicesRemove:
		if err = d.RemoveDevice(ctx, s.ID, a.Operator); err == nil {
			return nil
		}
	default:
		err = refused("devices", CodeOp)
	}
	if err != nil {
		return err
	}
	return p.oneDevice(s.ID, emit)
}

// mayChange refuses who may not change the terminals: one that lies about its
// payments must not be put in place by whoever knows the name of the owner.
func (p Parts) mayChange(ctx context.Context, a DevicesArgs) error {
	switch a.Do {
	case DevicesAdd, DevicesEnable, DevicesDisable, DevicesDefault, DevicesRemove:
		if p.Change != nil {
			return p.Change(ctx, a.Operator, a.PIN)
		}
	}
	return nil
}

// terminal is the id of the terminal a charge names; empty leaves the choice to
// the till.
func (p Parts) terminal(a ChargeArgs) (string, error) {
	if a.Device == "" || p.Devices == nil {
		return a.Device, nil
	}
	s, err := findDevice(p.Devices.Devices(), a.Device)
	return s.ID, err
}

// oneDevice emits a device as it is now.
func (p Parts) oneDevice(id string, emit func(any) error) error {
	s, err := findDevice(p.Devices.Devices(), id)
	if err != nil {
		return err
	}
	return emit(deviceShape(s))
}

// findDevice looks a device up by its id, else by its label.
func findDevice(list []devices.Status, name string) (devices.Status, error) {
	for _, right := range []func(devices.Status) bool{
		func(s devices.Status) bool { return s.ID == name },
		func(s devices.Status) bool { return s.Label == name },
	} {
		for _, s := range list {
			if name != "" && right(s) {
				return s, nil
			}
		}
	}
	return devices.Status{}, refused("devices", "device.missing")
}

func deviceShape(s devices.Status) Device {
	return Device{
		ID: s.ID, Label: s.Label, Model: s.Model, Driver: s.Driver, Address: s.Address(), TerminalID: s.TerminalID, Currency: s.Currency,
		Enabled: s.Enabled, Default: s.Default, Health: s.Health, Code: s.Code, Idle: s.Idle, LastSeen: s.LastSeen, LastUsed: s.LastUsed,
	}
}

func testedShape(id string, r devices.Report) Tested {
	return Tested{
		Device: id, OK: r.Code == "" && !r.Other, Code: r.Code, Other: r.Other, TerminalID: r.TerminalID, Serial: r.SerialNo, Merchant: r.Merchant,
		Software: r.Software, Currency: r.Currency, Printer: r.Printer, LastPaid: r.Last.Paid, LastMinor: r.Last.Amount.Minor, LastAt: r.Last.When,
	}
}
