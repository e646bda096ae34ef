package app

import (
	"time"

	"frontdesk/payments"
)

// Snapshot is everything a front end shows, as one immutable value. Revision
// grows with each change; a screen drops a snapshot older than the one it shows.
type Snapshot struct {
	Revision uint64
	Mode     payments.Mode
	Desk     string
	Relay    payments.Proof // last proof of the way from the provider to this desk
	Recent   []Sale         // newest first, at most 20
	Alarms   []Sale         // taken back, paid twice or paid late, not yet answered
	Trouble  []Trouble      // standing conditions worth a banner
	Devices  []DeviceUse    // terminals a payment or refund stands on, by ID
}

// DeviceUse says what stands on a terminal: a payment or refund that runs, or
// one that is not known and blocks it.
type DeviceUse struct {
	ID      string
	Sale    SaleID
	Attempt AttemptID
	State   State // of the attempt; Unknown blocks the device
	Stage   Stage // empty when it does not run in this till
	Refund  bool  // it is a refund that runs or is not known
}

// Trouble is a standing condition, told by a stable code (sentence in app/text).
type Trouble struct {
	Code  string // "relay.silent", "clock.skew", "journal.full"
	Since time.Time
}

// Checkout is what the dialog over Charge shows of one sale: the sale and the
// code to scan. QR is nil until the link exists.
type Checkout struct {
	Sale Sale
	QR   [][]bool // rows of modules, true is black, without quiet zone
}
