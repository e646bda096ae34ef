package operators

import (
	"context"
	"time"

	"frontdesk/app/operators"
)

// Book knows who works here. List and Wait answer at once.
type Book interface {
	// List returns everybody who works here, owners first. Until there is a
	// first operator it holds one Owner without PIN.
	List() []operators.Operator
	// Check answers who it is. A wrong PIN is an error with code operator.pin,
	// a PIN that comes too early one with code operator.wait.
	Check(ctx context.Context, id, pin string) (operators.Operator, error)
	// Wait tells how long the next PIN of an operator must wait.
	Wait(id string) time.Duration
}

// Editor changes who works here. by is the operator who does it; each change
// is noted in the journal.
type Editor interface {
	Add(ctx context.Context, by string, o operators.Operator) (operators.Operator, error)
	Change(ctx context.Context, by string, o operators.Operator) error
	Remove(ctx context.Context, by, id string) error
	// SetPIN sets a PIN of 4 to 8 digits; an empty one takes it away.
	SetPIN(ctx context.Context, by, id, pin string) error
}

// Rescuer lets an owner back in who forgot the PIN.
type Rescuer interface {
	// ResetOwner takes the PIN of all owners away when key is the private key
	// (or pack) that is stored for Live.
	ResetOwner(ctx context.Context, key string) error
	// OwnerReset tells when that was done last; zero for never.
	OwnerReset() time.Time
}

// Desk is all these screens ask of the till.
type Desk interface {
	Book
	Editor
	Rescuer
}
