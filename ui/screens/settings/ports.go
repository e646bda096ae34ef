package settings

import (
	"context"
	"time"

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
