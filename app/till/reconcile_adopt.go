package till

import (
	"context"
	"errors"
	"slices"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
)

// Adopt adds a line at myPOS that nobody here has begun as a sale, or as a refund of
// the sale it names, by the key of its entry. The line is used once. Codes adopt.gone
// (it is not missing here any more), adopt.refund (a refund of no sale here), and
// those of app.Till.Adopt and AdoptRefund.
func (c *Comparer) Adopt(ctx context.Context, e day.Entry, by app.Actor) (id app.SaleID, err error) {
	err = c.alone(ctx, func() error {
		if c.Matched().At.IsZero() {
			return refused("till.adopt", "adopt.gone")
		}
		for range adoptTries {
			if id, err = c.adopt(ctx, e, by); !errors.Is(err, app.ErrMoved) {
				break
			}
		}
		if err != nil {
			return err
		}
		return c.again(ctx)
	})
	return id, err
}

// adoptTries is how often a line is compared again because something else was
// written down meanwhile.
const adoptTries = 5

// adopt compares and adds. What was missing when the list was read may have found
// its sale since, up to the moment in which it is added.
func (c *Comparer) adopt(ctx context.Context, e day.Entry, by app.Actor) (app.SaleID, error) {
	state, err := c.cfg.Journal.State(ctx)
	if err == nil {
		err = c.again(ctx)
	}
	if err != nil {
		return "", err
	}
	result := c.Matched().Result
	key := func(l reconcile.Loose) bool { return l.Key == e.Key }
	if i := slices.IndexFunc(result.RefundNotHere, key); i >= 0 {
		return c.adoptRefund(ctx, result.RefundNotHere[i], e, by, state.Head)
	}
	i := slices.IndexFunc(result.NotHere, key)
	if i < 0 || result.NotHere[i].Amount != e.Amount {
		return "", refused("till.adopt", "adopt.gone")
	}
	return c.cfg.Till.Adopt(ctx, c.adoption(result.NotHere[i].Line, state.Head), by)
}

// adoptRefund adds a line as a refund of its sale, and of the payment it names.
func (c *Comparer) adoptRefund(ctx context.Context, l reconcile.Loose, e day.Entry, by app.Actor, asOf int64) (app.SaleID, error) {
	switch {
	case l.Sale == "":
		return "", refused("till.adopt", "adopt.refund")
	case l.Amount != e.Amount:
		return "", refused("till.adopt", "adopt.gone")
	}
	events, err := c.cfg.Journal.Sale(ctx, l.Sale)
	if err != nil {
		return "", err
	}
	ad := c.adoption(l.Line, asOf)
	ad.Attempt = reconcile.Payment(l.Line, reconcile.Moves(events, c.terminalOf))
	return l.Sale, c.cfg.Till.AdoptRefund(ctx, l.Sale, ad, by)
}

// adoption is a line as a sale to be made, as compared with the journal up to asOf.
func (c *Comparer) adoption(l reconcile.Line, asOf int64) app.Adoption {
	ad := app.Adoption{
		Reference: l.Reference, Amount: l.Amount, Rail: payments.RailLink, Last4: l.Last4, Provider: l.When, Raw: l.Raw, AsOf: asOf,
	}
	if orders := reconcile.Orders(l); len(orders) == 1 {
		ad.OrderID = orders[0]
	}
	if l.Terminal == "" {
		return ad
	}
	ad.Rail, ad.DeviceLabel = payments.RailTerminal, l.Terminal
	for _, dev := range c.cfg.Devices.List() {
		if dev.TerminalID == l.Terminal {
			ad.Device, ad.DeviceLabel, ad.Rail = dev.ID, dev.Label, railOf(dev)
		}
	}
	return ad
}
