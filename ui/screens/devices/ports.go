package devices

import (
	"context"

	"frontdesk/app/devices"
)

// Lister tells the devices that were not removed, oldest first, with their live
// state. It answers at once, from memory; the page asks with every snapshot and
// every second.
type Lister interface {
	Devices() []devices.Status
}

// Keeper stores devices. operator is who does it; each change is noted in the
// journal. Refusals carry the codes of package app/devices.
type Keeper interface {
	// CheckDevice says at once which fields cannot be stored; id is the device
	// being changed, empty for a new one.
	CheckDevice(draft devices.Draft, id string) []devices.Problem
	// AddDevice stores a new device, switched off; the page tests it next and
	// enables it when it can take money. The practice terminal is on at once.
	AddDevice(ctx context.Context, draft devices.Draft, operator string) (devices.Device, error)
	ChangeDevice(ctx context.Context, id string, draft devices.Draft, operator string) (devices.Device, error)
	RemoveDevice(ctx context.Context, id, operator string) error
}

// Switcher says which devices take charges.
type Switcher interface {
	EnableDevice(ctx context.Context, id string, insist bool, operator string) error
	DisableDevice(ctx context.Context, id, operator string) error
	DefaultDevice(ctx context.Context, id, operator string) error
	// KeepDevice answers "not used for 60 days: disable?" with no.
	KeepDevice(ctx context.Context, id, operator string) error
}

// Tester asks terminals who they are. No money moves.
type Tester interface {
	// TestDevice tests a device and notes what it told. An error means that no
	// terminal answered as one should; its code has sentences in app/text.
	TestDevice(ctx context.Context, id string) (devices.Report, error)
	// AcceptDevice registers the other terminal that answers at the address.
	AcceptDevice(ctx context.Context, id, operator string) error
}

// Finder lists what could be added.
type Finder interface {
	// SerialPorts lists the serial ports of this computer as it names them.
	SerialPorts(ctx context.Context) ([]string, error)
	// AccountDevices lists the terminals of the myPOS account; without REST
	// credentials it fails with code rest.missing.
	AccountDevices(ctx context.Context) ([]devices.Found, error)
}

// Desk is all the page asks of the till. What runs on a device comes with
// app.Snapshot.Devices.
type Desk interface {
	Lister
	Keeper
	Switcher
	Tester
	Finder
}
