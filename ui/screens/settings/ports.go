package settings

import (
	"context"
	"time"

	"frontdesk/app/receipt"
	"frontdesk/app/settings"
	"frontdesk/app/setup"
	"frontdesk/payments"
)

// Account tells what is connected in the mode that is open, and reads what is
// typed. Its methods answer at once, from memory.
type Account interface {
	Connection() setup.Connection
	// Diagnose says what a pasted text is, as if it were used in a mode.
	Diagnose(text string, mode payments.Mode) setup.Diagnosis
	// Check tells which fields cannot be saved. Empty secrets, an empty
	// certificate and an empty pairing code keep what is stored.
	Check(d setup.Draft) []setup.Problem
}

// Tester tries a draft without moving money or keeping anything. row is called
// from any goroutine, in the order of the steps, for every change of a row;
// the rows returned are the last ones. Cancelling ctx ends the test.
type Tester interface {
	TestConnection(ctx context.Context, d setup.Draft, row func(setup.Row)) []setup.Row
}

// Keeper changes what is stored, all or nothing, and notes who did it.
type Keeper interface {
	Save(ctx context.Context, d setup.Draft, operator string) error
	// OpenAttempts counts the payments that may still be paid.
	OpenAttempts(ctx context.Context) (int, error)
	Disconnect(ctx context.Context, operator string) error
	EraseEverything(ctx context.Context, operator string) error
}

// Unlocker opens the vault on a desk without keyring.
type Unlocker interface {
	Unlock(ctx context.Context, passphrase string) error
}

// Desk is all the page asks of the till about the connection.
type Desk interface {
	Account
	Tester
	Keeper
	Unlocker
}

// Printers finds receipt printers and tries one.
type Printers interface {
	Printers(ctx context.Context) ([]receipt.Found, error)
	TestPrinter(ctx context.Context, p settings.Printer) error
}

// Copy is a copy of the journal.
type Copy struct {
	Path  string
	Day   time.Time // its date is the day, its hour means nothing
	Bytes int64
}

// Copies makes copies of the journal and tells which there are, newest first.
// With a passphrase the credentials go into the copy, sealed under it; that needs
// the right to change settings (operator.right).
type Copies interface {
	Copies(ctx context.Context) ([]Copy, error)
	MakeCopy(ctx context.Context, passphrase, operator string) (Copy, error)
}

// FleetDesk is a desk that shares the store at the relay.
type FleetDesk struct {
	ID, Name string
	Here     bool      // this one
	Paired   time.Time // when it joined
	Seen     time.Time // last heard of; zero since the relay started anew
	Revoked  time.Time // zero while it may ask
}

// Fleet are the desks of the store. The pairing code lets one more desk join and
// works until it expires.
type Fleet interface {
	Desks(ctx context.Context) ([]FleetDesk, error)
	PairingCode(ctx context.Context, operator string) (code string, expires time.Time, err error)
	Rename(ctx context.Context, desk, name, operator string) error
	Revoke(ctx context.Context, desk, operator string) error
}

// Phone opens the pages of a charge to a phone in the same network.
type Phone interface {
	// PhoneAddresses lists the private addresses of this computer; none means
	// that no phone can reach it.
	PhoneAddresses() ([]string, error)
	// OpenPhone opens the pages on one of them and returns where, and when
	// they close by themselves.
	OpenPhone(ctx context.Context, address string) (url string, until time.Time, err error)
	// PhoneOpen tells whether they are open now, and where.
	PhoneOpen() (url string, until time.Time, open bool)
	ClosePhone()
}
