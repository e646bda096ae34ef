package till

import (
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/payments"
)

// Simulated reports whether Live is not live: the build with tag simlive.
func (d *Desk) Simulated() bool { return simulated }

// Connection tells what is stored for the mode, without its secrets.
func (d *Desk) Connection() setup.Connection {
	return setup.Connection{Mode: d.cfg.Mode, Online: true}
}

// Diagnose says what a pasted text is, as if it were used in the mode.
func (d *Desk) Diagnose(text string, mode payments.Mode) setup.Diagnosis {
	if text == "" {
		return setup.Diagnosis{Kind: setup.KindEmpty}
	}
	return setup.Diagnosis{Kind: setup.KindUnknown, Code: "mode.unset"}
}

// Check tells which fields of a draft cannot be saved.
func (d *Desk) Check(setup.Draft) []setup.Problem { return nil }

// TestConnection tries a draft step by step. No money moves and nothing is kept
// but a pairing, which Save then uses. row is called from any goroutine for
// every change of a row; the rows returned are the last ones.
func (d *Desk) TestConnection(context.Context, setup.Draft, func(setup.Row)) []setup.Row { return nil }

// Save stores a draft, all or nothing, and works with it at once.
func (d *Desk) Save(context.Context, setup.Draft, string) error { return unwired("till.save") }

// OpenAttempts counts the payments that may still be paid.
func (d *Desk) OpenAttempts(context.Context) (int, error) { return 0, unwired("till.open_attempts") }

// Disconnect erases what can sign or take money; what recognises payments stays
// (product.md 6).
func (d *Desk) Disconnect(context.Context, string) error { return unwired("till.disconnect") }

// EraseEverything erases all that is stored for the connection of the mode.
func (d *Desk) EraseEverything(context.Context, string) error { return unwired("till.erase") }

// Unlock opens the vault with a passphrase where there is no keyring.
func (d *Desk) Unlock(context.Context, string) error { return unwired("till.unlock") }

// Staff returns who works here, with every change noted in the journal.
func (d *Desk) Staff() *Staff { return &Staff{desk: d} }

// Staff is the book of operators of the desk.
type Staff struct{ desk *Desk }

// List returns everybody who works here, owners first.
func (s *Staff) List() []operators.Operator {
	return []operators.Operator{{ID: "OWNER000", Name: app.DefaultOperator, Owner: true}}
}

// Check answers who it is. Codes operator.pin, operator.wait.
func (s *Staff) Check(context.Context, string, string) (operators.Operator, error) {
	return s.List()[0], nil
}

// Wait tells how long the next PIN of an operator must wait.
func (s *Staff) Wait(string) time.Duration { return 0 }

// Add takes somebody in.
func (s *Staff) Add(context.Context, string, operators.Operator) (operators.Operator, error) {
	return operators.Operator{}, unwired("operators.add")
}

// Change gives an operator another name or other rights.
func (s *Staff) Change(context.Context, string, operators.Operator) error {
	return unwired("operators.change")
}

// Remove lets an operator go; old sales keep the name.
func (s *Staff) Remove(context.Context, string, string) error { return unwired("operators.remove") }

// SetPIN sets a PIN; an empty one takes it away.
func (s *Staff) SetPIN(context.Context, string, string, string) error {
	return unwired("operators.pin")
}

// ResetOwner takes the PIN of all owners away when key is the private key, or
// the pack, that is stored for Live.
func (s *Staff) ResetOwner(context.Context, string) error { return unwired("operators.reset") }

// OwnerReset tells when that was done last; zero for never.
func (s *Staff) OwnerReset() time.Time { return time.Time{} }

func unwired(op string) error {
	return &payments.Error{Op: op, Code: "mode.unset", Err: payments.ErrRefused}
}
