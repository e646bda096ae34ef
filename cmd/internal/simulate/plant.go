package simulate

import (
	"context"
	"errors"

	"frontdesk/app"
	"frontdesk/payments"
)

// plant is a bug that is put between the till and what it stands on, to see that
// the day finds it. Never in the product itself.
type plant int

const (
	// forgetfulRefund takes a refund whose answer was lost for one that was turned
	// down: then it may be made again.
	forgetfulRefund plant = iota + 1
	plants                // how many there are, one more
)

// journal returns the journal of the till.
func (p plant) journal(d *disk) app.Journal { return d }

// rails returns the rails of the till.
func (p plant) rails(all []app.Rail) []app.Rail {
	if p != forgetfulRefund {
		return all
	}
	for i, r := range all {
		if link, ok := r.(linkRail); ok {
			all[i] = forgetful{link}
		}
	}
	return all
}

type linkRail interface {
	app.Rail
	app.Refunder
}

type forgetful struct{ linkRail }

func (f forgetful) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	a, err := f.linkRail.Refund(ctx, r)
	if errors.Is(err, payments.ErrUnknown) && !errors.Is(err, payments.ErrRefused) {
		err = &payments.Error{Op: "plant", Code: "plant.forgotten", Err: payments.ErrRefused}
	}
	return a, err
}
