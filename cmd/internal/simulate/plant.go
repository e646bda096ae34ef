package simulate

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"

	"frontdesk/app"
	"frontdesk/app/rails"
	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// plant is a bug that is put between the till and what it stands on, to see that
// the day finds it. Never in the product itself.
type plant int

const (
	// forgetfulRefund takes a refund whose answer was lost for one that was turned
	// down: then it may be made again.
	forgetfulRefund plant = iota + 1
	// gullibleStatus believes that an order is paid when the answer about it came
	// without a signature.
	gullibleStatus
	// impatientTerminal hands the amount to the terminal once more, under a new
	// name, when the answer did not come.
	impatientTerminal
	// forgetfulMatch takes a line of the list that another sale has used: which line
	// it made a sale of is not kept.
	forgetfulMatch
	plants // how many there are, one more
)

// journal returns the journal of the till.
func (p plant) journal(d *disk) app.Journal { return d }

// rails returns the rails of the till.
func (p plant) rails(all []app.Rail) []app.Rail {
	for i, r := range all {
		link, isLink := r.(*rails.Link)
		near, isNear := r.(*rails.Terminal)
		switch {
		case p == forgetfulRefund && isLink:
			all[i] = forgetful{link}
		case p == gullibleStatus && isLink:
			all[i] = gullible{link}
		case p == impatientTerminal && isNear:
			all[i] = impatient{near}
		}
	}
	return all
}

type forgetful struct{ *rails.Link }

// Refund implements app.Refunder.
func (f forgetful) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	a, err := f.Link.Refund(ctx, r)
	if errors.Is(err, payments.ErrUnknown) {
		err = &payments.Error{Op: "plant", Code: "plant.forgotten", Err: payments.ErrRefused}
	}
	return a, err
}

type gullible struct{ *rails.Link }

// Status implements app.Rail.
func (g gullible) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	a, err := g.Link.Status(ctx, q)
	if errors.Is(err, checkout.ErrUnsigned) {
		return payments.Answer{Outcome: payments.Paid, OrderID: q.OrderID, Reference: "unsigned", Amount: q.Amount}, nil
	}
	return a, err
}

type impatient struct{ *rails.Terminal }

// Collect implements app.Presenter.
func (t impatient) Collect(ctx context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
	a, err := t.Terminal.Collect(ctx, o, stage)
	if errors.Is(err, payments.ErrUnknown) {
		o.SID = o.SID[:len(o.SID)-1] + other(o.SID)
		return t.Terminal.Collect(ctx, o, stage)
	}
	return a, err
}

// told returns what is told of the list.
func (p plant) told(t *app.Till) till.CompareTill {
	if p == forgetfulMatch {
		return &unused{Till: t}
	}
	return t
}

type unused struct {
	*app.Till
	n atomic.Int64
}

// Adopt implements till.CompareTeller.
func (u *unused) Adopt(ctx context.Context, ad app.Adoption, by app.Actor) (app.SaleID, error) {
	ad.Reference = "line" + strconv.FormatInt(u.n.Add(1), 10)
	return u.Till.Adopt(ctx, ad, by)
}

// other is another last digit than that of a name.
func other(name string) string {
	if name[len(name)-1] == '0' {
		return "1"
	}
	return "0"
}
