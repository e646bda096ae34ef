package devices

import (
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
	Enabled  bool           `json:"enabled"`
	Default  bool           `json:"default,omitempty"`
	Added    time.Time      `json:"added"`
	Tested   time.Time      `json:"tested,omitzero"`    // last successful test
	LastSeen time.Time      `json:"last_seen,omitzero"` // last answer of any kind
	LastUsed time.Time      `json:"last_used,omitzero"` // last charge
	Removed  time.Time      `json:"removed,omitzero"`
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
