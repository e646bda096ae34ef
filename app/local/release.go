package local

import (
	"context"

	"frontdesk/app"
	"frontdesk/payments"
)

// DevicesRelease tells what a terminal waits with, a Waiting; with the SID of
// that transaction in DevicesArgs it lets go of it.
const DevicesRelease = "release"

// Waiting is a transaction that nobody has completed, of another till or of a
// journal that was lost. SID is empty when the terminal waits with nothing.
type Waiting struct {
	Device   string           `json:"device"`
	SID      string           `json:"sid,omitempty"`
	Outcome  payments.Outcome `json:"outcome,omitempty"`
	Amount   string           `json:"amount,omitempty"`
	Minor    int64            `json:"minor,omitempty"`
	Currency string           `json:"currency,omitempty"`
	RRN      string           `json:"rrn,omitempty"`
	Last4    string           `json:"last4,omitempty"`
	Time     string           `json:"time,omitempty"` // as the terminal writes it
	Released bool             `json:"released"`
}

// release lets go of the transaction the caller has read about, and of no other.
func (p Parts) release(ctx context.Context, device string, a DevicesArgs, emit func(any) error) error {
	about, err := p.Till.Unfinished(ctx, payments.RailTerminal, device)
	if err != nil {
		return err
	}
	w := Waiting{Device: device, SID: about.SID}
	if about.SID != "" {
		w.Outcome, w.RRN, w.Last4, w.Time = about.Outcome, about.Card.RRN, about.Card.Last4, about.Time
		w.Amount, w.Minor, w.Currency = about.Amount.Decimal(), about.Amount.Minor, string(about.Amount.Currency)
	}
	switch {
	case a.SID == "":
		return emit(w)
	case a.SID != about.SID:
		return refused("devices", "release.other")
	}
	if err := p.Till.Release(ctx, payments.RailTerminal, device, about, app.Actor{Operator: a.Operator, PIN: a.PIN}); err != nil {
		return err
	}
	w.Released = true
	return emit(w)
}
