package devices

import (
	"net"
	"strconv"
	"time"

	"frontdesk/payments/money"
)

// Driver says how a terminal is spoken to. The strings reach disk.
type Driver string

// Drivers.
const (
	TCP      Driver = "ipp-tcp"
	Serial   Driver = "ipp-serial"
	Cloud    Driver = "epos-cloud"
	Practice Driver = "practice" // the terminal inside the program
)

// DefaultPort is the usual port of a terminal in cash-register mode.
const DefaultPort = 7900

// Device is one terminal. TerminalID, Serial, Currency, Merchant, Software and
// Printer are what the terminal told at its last test.
type Device struct {
	ID         string `json:"id"` // 8 Crockford characters, kept for ever
	Label      string `json:"label"`
	Model      string `json:"model,omitempty"` // "Go 2", "Sigma", "Ultra", "Carbon", "Other"
	Driver     Driver `json:"driver"`
	Host       string `json:"host,omitempty"` // TCP
	Port       int    `json:"port,omitempty"`
	Path       string `json:"path,omitempty"` // serial port as the system names it
	TerminalID string `json:"terminal_id,omitempty"`
	SerialNo   string `json:"serial,omitempty"`
	Merchant   string `json:"merchant,omitempty"`
	Software   string `json:"software,omitempty"`
	Printer    bool   `json:"printer,omitempty"`

	Currency money.Currency `json:"currency,omitempty"`
	Other    Told           `json:"other,omitzero"` // what another terminal told that answers here now
	Enabled  bool           `json:"enabled"`
	Default  bool           `json:"default,omitempty"`
	Added    time.Time      `json:"added"`
	Tested   time.Time      `json:"tested,omitzero"`    // last successful test
	LastSeen time.Time      `json:"last_seen,omitzero"` // last answer of any kind
	LastUsed time.Time      `json:"last_used,omitzero"` // last charge
	Kept     time.Time      `json:"kept,omitzero"`      // when the owner said that an unused one stays
	Removed  time.Time      `json:"removed,omitzero"`
}

// Told is what a terminal tells of itself. Currency is empty when it did not
// say. Code is empty when it can take money, else a code of app/text.
type Told struct {
	TerminalID string         `json:"terminal_id,omitempty"`
	SerialNo   string         `json:"serial,omitempty"`
	Merchant   string         `json:"merchant,omitempty"`
	Software   string         `json:"software,omitempty"`
	Printer    bool           `json:"printer,omitempty"`
	Currency   money.Currency `json:"currency,omitempty"`
	Code       string         `json:"-"`
}

// IdleAfter is how long an enabled terminal may take no charge before the
// owner is asked whether to disable it.
const IdleAfter = 60 * 24 * time.Hour

// Idle reports whether a device is enabled and has taken no charge for 60
// days, counted from when it was added or last said to stay.
func (d Device) Idle(now time.Time) bool {
	last := d.Added
	for _, t := range []time.Time{d.LastUsed, d.Kept} {
		if t.After(last) {
			last = t
		}
	}
	return d.Enabled && now.Sub(last) >= IdleAfter
}

// Changed reports whether another terminal answers at the address than the
// one that is registered.
func (d Device) Changed() bool { return d.Other != Told{} }

// Address says where the device is, as it is stored and compared: "host:port",
// the serial port, the terminal id of a cloud terminal; empty for the practice
// terminal.
func (d Device) Address() string {
	switch d.Driver {
	case TCP:
		return net.JoinHostPort(d.Host, strconv.Itoa(d.Port))
	case Serial:
		return d.Path
	case Cloud:
		return d.TerminalID
	}
	return ""
}

// Health is the live state of a device. The strings stand in --json and find
// their words in app/text (device.health.NAME).
type Health string

// States of a device.
const (
	Untested    Health = "untested"
	Ready       Health = "ready"
	Busy        Health = "busy"        // a payment is running
	Unreachable Health = "unreachable" // a hint; it never blocks a payment
	Blocked     Health = "blocked"     // a payment on it is not known
	Changed     Health = "changed"     // another terminal answers at this address
	Disabled    Health = "disabled"
	NeedsHelp   Health = "needs_help" // it answers, but cannot take money: see Code
)

// Status is a device with its live state. Code finds the sentence and the fix.
type Status struct {
	Device
	Health Health
	Code   string
	Idle   bool // not used for 60 days: "disable?"
}
