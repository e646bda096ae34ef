package rails

import (
	"frontdesk/app"
	"frontdesk/payments"
)

var (
	_ app.RefundPlanner = (*Link)(nil)
	_ app.RefundPlanner = (*Terminal)(nil)
	_ app.RefundPlanner = (*Cloud)(nil)
)

// RefundWays has no ways to choose from: a link gives back by one signed call.
func (l *Link) RefundWays(app.RefundOrder) ([]app.RefundWay, error) { return nil, nil }

// RefundWays says how the terminal could give the money back. Only as a whole can
// a payment be taken back; through the account only while that is connected.
func (t *Terminal) RefundWays(r app.RefundOrder) ([]app.RefundWay, error) {
	d, _, err := t.cfg.Devices.Terminal(r.Device)
	if err != nil {
		return nil, err
	}
	ways := onTerminal(r)
	if t.cfg.Ledger() != nil && d.TerminalID != "" && r.PurchaseSID != "" {
		ways = append(ways, app.RefundOnline)
	}
	return ways, nil
}

// onTerminal are the ways on the terminal itself. A payment that was typed on it
// by hand and added as a sale has no name there: it goes back with the card.
func onTerminal(r app.RefundOrder) []app.RefundWay {
	if r.Whole && r.PurchaseSID != "" {
		return []app.RefundWay{app.RefundReversal, app.RefundCard}
	}
	return []app.RefundWay{app.RefundCard}
}

// RefundWays says how a cloud terminal could give the money back.
func (c *Cloud) RefundWays(r app.RefundOrder) ([]app.RefundWay, error) {
	if _, ok := c.cfg.Devices.Get(r.Device); !ok {
		return nil, &payments.Error{Op: "rails.cloud.refund", Code: "device.missing", Err: payments.ErrRefused}
	}
	if _, can := c.cfg.Gateway().(GatewayRefunds); !can {
		return nil, refuse("rails.cloud.refund", "cloud.account")
	}
	return onTerminal(r), nil
}
