package rails

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/money"
)

// CloudDevices is the register, as far as cloud terminals need it.
type CloudDevices interface {
	// Find returns the device of an ID that may take a charge; "" is the default
	// one. Codes device.missing, device.disabled.
	Find(id string) (devices.Device, error)
	// Get returns a device, also one that takes no charges any more.
	Get(id string) (devices.Device, bool)
}

// Gateway takes payments on terminals through the cloud.
type Gateway interface {
	Create(ctx context.Context, s epos.Sale) (epos.Payment, error)
	Payment(ctx context.Context, id string) (epos.Payment, error)
	Cancel(ctx context.Context, id string) error
	Lookup(ctx context.Context, terminalID, reference string) (epos.Payment, error)
}

// GatewayRefunds is a Gateway that gives money back.
type GatewayRefunds interface {
	Reverse(ctx context.Context, id, terminalID, description string) (epos.Payment, error)
	Refund(ctx context.Context, terminalID string, amount money.Amount, description string) (epos.Payment, error)
}

// CloudConfig is what the rail of cloud terminals is made of. Gateway returns
// nil while the gateway is not connected.
type CloudConfig struct {
	Devices CloudDevices
	Gateway func() Gateway
	Now     func() time.Time
}

// Cloud collects money on terminals that are reached through the gateway of
// myPOS.
type Cloud struct {
	cfg CloudConfig

	mu      sync.Mutex
	running map[string]string // OrderID to payment id
}

var (
	_ app.Presenter   = (*Cloud)(nil)
	_ app.Refunder    = (*Cloud)(nil)
	_ app.Conditional = (*Cloud)(nil)
)

// Rhythm of polling (spec/terminals 4.4).
const (
	pollEvery = 2 * time.Second
	// abandoned is when a payment that nobody waits for is asked to end: the
	// gateway itself keeps it open for a month.
	abandoned = 2 * time.Minute
)

// NewCloud returns the rail.
func NewCloud(cfg CloudConfig) (*Cloud, error) {
	if cfg.Devices == nil || cfg.Gateway == nil || cfg.Now == nil {
		return nil, errors.New("rails: cloud terminals need devices, a gateway and a clock")
	}
	return &Cloud{cfg: cfg, running: map[string]string{}}, nil
}

// Name returns payments.RailCloud.
func (c *Cloud) Name() payments.Rail { return payments.RailCloud }

// Ready says whether the gateway is connected: code cloud.account.
func (c *Cloud) Ready() error {
	if c.cfg.Gateway() == nil {
		return refuse("rails.cloud.ready", "cloud.account")
	}
	return nil
}

// Device finds the device of a charge.
func (c *Cloud) Device(id string) (app.Device, error) {
	d, err := c.cfg.Devices.Find(id)
	return app.Device{ID: d.ID, Label: d.Label}, err
}

// Offer is refused: a terminal shows no page.
func (c *Cloud) Offer(context.Context, app.Offer) (app.Page, error) {
	return app.Page{}, refuse("rails.cloud.offer", "rail.missing")
}

// Prepare checks what can be checked without the terminal: the gateway tells
// nothing about it beforehand.
func (c *Cloud) Prepare(_ context.Context, o app.Offer) (string, error) {
	if err := c.Ready(); err != nil {
		return "", err
	}
	d, ok := c.cfg.Devices.Get(o.Device)
	_, wire := o.Amount.EPOS()
	switch {
	case !ok:
		return "", refuse("rails.cloud.prepare", "device.missing")
	case wire != nil, d.Currency != "" && d.Currency != o.Amount.Currency:
		return "", refuse("rails.cloud.prepare", "terminal.currency")
	}
	return "", nil
}

func (c *Cloud) sale(d devices.Device, orderID string, amount money.Amount) epos.Sale {
	return epos.Sale{Reference: orderID, Amount: amount, TerminalID: d.TerminalID}
}

// Collect asks for the payment once and polls until it has ended. A poll that
// fails says nothing about the payment.
func (c *Cloud) Collect(ctx context.Context, o app.Offer, stage func(app.Stage)) (payments.Answer, error) {
	d, ok := c.cfg.Devices.Get(o.Device)
	g := c.cfg.Gateway()
	if !ok || g == nil {
		return payments.Answer{}, refuse("rails.cloud.collect", "cloud.account")
	}
	// A tip of the desk stands in the amount already. It is not told apart: whether
	// the gateway takes its "tip" out of the value or on top is not published.
	s := c.sale(d, o.OrderID, o.Amount)
	p, err := g.Create(ctx, s)
	if err != nil {
		return payments.Answer{}, err
	}
	c.mu.Lock()
	c.running[o.OrderID] = p.ID
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.running, o.OrderID)
		c.mu.Unlock()
	}()
	stage(app.Stage{Name: app.StageSent, Cancellable: true})
	if p, err = poll(ctx, g, p, epos.Payment.Final); err != nil {
		return payments.Answer{}, err
	}
	return cloudAnswer(s, p)
}

// poll asks until the payment has ended.
func poll(ctx context.Context, g Gateway, p epos.Payment, ended func(epos.Payment) bool) (epos.Payment, error) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !ended(p) {
		select {
		case <-ctx.Done():
			return p, unsure(ctx.Err())
		case <-tick.C:
		}
		if now, err := g.Payment(ctx, p.ID); err == nil {
			p = now
		}
	}
	return p, nil
}

// cloudAnswer is what a payment of ours says, once it has ended.
func cloudAnswer(s epos.Sale, p epos.Payment) (payments.Answer, error) {
	if err := p.Proves(s); err != nil {
		return payments.Answer{}, unsure(err)
	}
	a := payments.Answer{
		Outcome: p.Outcome, OrderID: s.Reference, Reference: p.RRN, Amount: p.Amount, Provider: p.When, Raw: p.Raw,
		Card: payments.Card{
			Approval: p.ResponseCode, AuthCode: p.AuthCode, RRN: p.RRN, STAN: p.STAN, Last4: p.CardLast4, Name: p.CardName,
			TerminalID: p.TerminalID, SignatureNeeded: p.SignatureNeeded, Tip: p.Tip,
		},
	}
	if p.Outcome == payments.Declined {
		a.Reason = "payment.declined"
		if strings.HasPrefix(strings.ToLower(p.Status), "cancel") {
			a.Outcome, a.Reason = payments.NotCharged, "terminal.cancelled"
		}
	}
	return a, nil
}

// Withdraw asks the gateway for the end of the running payment. Its outcome
// decides.
func (c *Cloud) Withdraw(ctx context.Context, orderID string) error {
	c.mu.Lock()
	id := c.running[orderID]
	c.mu.Unlock()
	g := c.cfg.Gateway()
	if id == "" || g == nil {
		return nil
	}
	return g.Cancel(ctx, id)
}

// Complete has nothing to do: the gateway waits for nothing.
func (c *Cloud) Complete(context.Context, app.Offer) error { return nil }

// Status finds the payment by our reference. That the list does not hold it is
// told as Absent and proves nothing. One that is still open after nobody has
// waited for it any more is asked to end.
func (c *Cloud) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	d, ok := c.cfg.Devices.Get(q.Device)
	g := c.cfg.Gateway()
	if !ok || g == nil {
		return payments.Answer{}, refuseUnknown("rails.cloud.status", "cloud.account")
	}
	p, err := g.Lookup(ctx, d.TerminalID, q.OrderID)
	switch {
	case errors.Is(err, epos.ErrAbsent):
		return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
	case err != nil:
		return payments.Answer{}, unsure(err)
	case !p.Final():
		if c.cfg.Now().Sub(q.Begun) > abandoned {
			_ = g.Cancel(ctx, p.ID) // asked again with the next look
		}
		return payments.Answer{Outcome: payments.Pending, OrderID: q.OrderID}, nil
	}
	return cloudAnswer(c.sale(d, q.OrderID, q.Amount), p)
}

// withoutTip is what was asked for of a payment to which the customer has added a
// tip.
func withoutTip(whole money.Amount, p epos.Payment) money.Amount {
	if sum, err := p.Amount.Add(p.Tip); err == nil && sum == whole {
		return p.Amount
	}
	return whole
}

// Refund gives money back: the whole payment without a card, else with the
// customer's card.
func (c *Cloud) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	const op = "rails.cloud.refund"
	d, ok := c.cfg.Devices.Get(r.Device)
	g := c.cfg.Gateway()
	gives, can := g.(GatewayRefunds)
	switch {
	case !ok || !can:
		return payments.Answer{}, refuse(op, "cloud.account")
	case r.Way == app.RefundOnline:
		return payments.Answer{}, refuse(op, "refund.account")
	case r.Way == app.RefundReversal && !r.Whole:
		return payments.Answer{}, refuse(op, "refund.whole")
	}
	var p epos.Payment
	var err error
	ended, want := epos.Payment.Final, r.Amount
	if r.Whole && r.Way != app.RefundCard {
		if p, err = g.Lookup(ctx, d.TerminalID, r.PurchaseOrderID); err != nil {
			return payments.Answer{}, refuse(op, payments.CodeOf(err)) // a question only: nothing was asked back
		}
		if err := p.Proves(c.sale(d, r.PurchaseOrderID, withoutTip(r.Amount, p))); err != nil {
			return payments.Answer{}, refuse(op, payments.CodeOf(err)) // a reversal gives all of it back
		}
		original := p
		want = original.Amount
		p, err = gives.Reverse(ctx, original.ID, d.TerminalID, r.OrderID)
		// The payment itself stays a success until it was reversed.
		ended = func(now epos.Payment) bool {
			return now.Outcome == payments.Reversed || now.Final() && now.ID != original.ID
		}
	} else {
		p, err = gives.Refund(ctx, d.TerminalID, r.Amount, r.OrderID)
	}
	if err != nil {
		return payments.Answer{}, err
	}
	r.Stage(app.Stage{Name: app.StageSent})
	if p, err = poll(ctx, g, p, ended); err != nil {
		return payments.Answer{}, err
	}
	a := payments.Answer{Outcome: p.Outcome, OrderID: r.OrderID, Reference: p.RRN, Amount: r.Amount, Raw: p.Raw}
	switch {
	case p.Outcome != payments.Paid && p.Outcome != payments.Reversed:
		return a, nil
	case !p.Amount.IsZero() && p.Amount != want:
		return payments.Answer{}, refuseUnknown(op, "answer.amount")
	case other(d.TerminalID, p.TerminalID):
		return payments.Answer{}, refuseUnknown(op, "answer.other")
	}
	a.Outcome = payments.Refunded
	return a, nil
}
