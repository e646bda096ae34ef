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
		// What was missing when the list was read may have found its sale since.
		if err := c.again(ctx); err != nil {
			return err
		}
		result := c.Matched().Result
		key := func(l reconcile.Loose) bool { return l.Key == e.Key }
		if i := slices.IndexFunc(result.RefundNotHere, key); i >= 0 {
			id, err = c.adoptRefund(ctx, result.RefundNotHere[i], e, by)
			return errors.Join(err, c.again(ctx))
		}
		i := slices.IndexFunc(result.NotHere, key)
		if i < 0 || result.NotHere[i].Amount != e.Amount {
			return refused("till.adopt", "adopt.gone")
		}
		if id, err = c.cfg.Till.Adopt(ctx, c.adoption(result.NotHere[i].Line), by); err != nil {
			return err
		}
		return c.again(ctx)
	})
	return id, err
}

// adoptRefund adds a line as a refund of its sale.
func (c *Comparer) adoptRefund(ctx context.Context, l reconcile.Loose, e day.Entry, by app.Actor) (app.SaleID, error) {
	switch {
	case l.Sale == "":
		return "", refused("till.adopt", "adopt.refund")
	case l.Amount != e.Amount:
		return "", refused("till.adopt", "adopt.gone")
	}
	return l.Sale, c.cfg.Till.AdoptRefund(ctx, l.Sale, c.adoption(l.Line), by)
}

// adoption is a line as a sale to be made.
func (c *Comparer) adoption(l reconcile.Line) app.Adoption {
	ad := app.Adoption{
		Reference: l.Reference, Amount: l.Amount, Rail: payments.RailLink, Last4: l.Last4, Provider: l.When, Raw: l.Raw,
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
