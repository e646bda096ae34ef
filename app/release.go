package app

import (
	"context"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Releaser is a Presenter whose devices may hold a transaction that nobody has
// completed: of another till, or of a journal that was lost.
type Releaser interface {
	// Unfinished asks the device what it waits with. The zero Unfinished means
	// that it waits with nothing.
	Unfinished(ctx context.Context, device string) (Unfinished, error)
	// Release tells the device that this transaction is known.
	Release(ctx context.Context, device, sid string) error
}

// Unfinished is a transaction that keeps a terminal from taking another one.
type Unfinished struct {
	SID     string
	Outcome payments.Outcome // paid: the customer's money was taken
	Amount  money.Amount
	Card    payments.Card
	Time    string // the terminal's own clock
}

// Unfinished asks a terminal which transaction of somebody else it waits with,
// so that a person can look into it before Release. No money can move.
func (t *Till) Unfinished(ctx context.Context, rail payments.Rail, device string) (Unfinished, error) {
	r, err := t.releaser(ctx, rail, device)
	if err != nil {
		return Unfinished{}, err
	}
	return r.Unfinished(ctx, device)
}

// Release makes a terminal take payments again that waits with a transaction
// this desk has not begun. Whoever asks for it has read what Unfinished told: the
// transaction stays as it is, and the desk writes down who let go of it.
func (t *Till) Release(ctx context.Context, rail payments.Rail, device string, about Unfinished, who Actor) error {
	name, err := t.allow(ctx, "release", who, operators.Resolve, money.Amount{})
	if err != nil {
		return err
	}
	r, err := t.releaser(ctx, rail, device)
	if err != nil {
		return err
	}
	err = t.Note(ctx, DeskEvent{Kind: DeviceReleased, Operator: name, Data: map[string]string{
		"device": device, "sid": about.SID, "outcome": string(about.Outcome), "amount": about.Amount.String(), "rrn": about.Card.RRN, "time": about.Time,
	}})
	if err != nil {
		return err
	}
	return r.Release(ctx, device, about.SID)
}

// releaser finds the rail of a device on which nothing of ours stands.
func (t *Till) releaser(ctx context.Context, rail payments.Rail, device string) (r Releaser, err error) {
	err = t.do(ctx, func() error {
		found, ok := t.desk.rails[rail].(Releaser)
		if !ok {
			return refuse("release", "rail.missing", nil)
		}
		r = found
		return t.desk.free("release", device, "")
	})
	return r, err
}
