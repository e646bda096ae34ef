package rails

import (
	"context"
	"errors"
	"fmt"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// Provider is what a link asks of myPOS, server to server.
type Provider interface {
	PaymentStatus(ctx context.Context, orderID string) (checkout.PaymentStatus, error)
	Refund(ctx context.Context, r checkout.RefundRequest) (checkout.RefundAnswer, error)
}

// Desk is what a link asks of the relay.
type Desk interface {
	Register(ctx context.Context, r relay.Registration) (relay.Registered, error)
	Close(ctx context.Context, orderID string) error
}

// Addresses are where the browser and the provider find things.
type Addresses struct {
	Page   string // base address of pay pages; empty means what the relay answers
	OK     string // where the browser lands after paying
	Cancel string // where it lands otherwise
	Notify string // where the provider posts notices
	Action string // where the form is posted: the hosted checkout
	// Until is when these addresses close; a page ends with them. Zero means that
	// they stay.
	Until time.Time
}

// LinkConfig is what a link is made of. Everything but Source is
// required.
type LinkConfig struct {
	Store    checkout.Store
	StoreID  string // 26 characters, of this store at the relay
	DeskID   string
	Salon    func() string // name on the pay page, asked at each offer
	Source   string        // "Frontdesk x.y.z"
	Provider Provider
	Relay    Desk
	// Addresses is asked at each offer, so that a new link carries addresses
	// that are open now. Its errors are those of a rail.
	Addresses func(ctx context.Context) (Addresses, error)
	Now       func() time.Time
}

// Link collects money on the hosted checkout.
type Link struct{ cfg LinkConfig }

var (
	_ app.Rail     = (*Link)(nil)
	_ app.Refunder = (*Link)(nil)
)

// NewLink returns the rail.
func NewLink(cfg LinkConfig) (*Link, error) {
	if err := cfg.Store.Check(); err != nil {
		return nil, err
	}
	if cfg.StoreID == "" || cfg.Salon == nil || cfg.DeskID == "" || cfg.Provider == nil || cfg.Relay == nil || cfg.Addresses == nil || cfg.Now == nil {
		return nil, errors.New("rails: a link needs store, salon, desk, provider, relay, addresses and a clock")
	}
	return &Link{cfg: cfg}, nil
}

// Name returns payments.RailLink.
func (l *Link) Name() payments.Rail { return payments.RailLink }

// expiryStep rounds expires_in up, so that an offer repeated after a restart
// still has the same bytes. Nobody relies on the field.
const expiryStep = 15 * time.Minute

// Offer signs the form of the order and registers it with the relay.
func (l *Link) Offer(ctx context.Context, o app.Offer) (app.Page, error) {
	at, err := l.cfg.Addresses(ctx)
	if err != nil {
		return app.Page{}, err
	}
	if !at.Until.IsZero() && at.Until.Before(o.Expires) {
		o.Expires = at.Until.In(o.Expires.Location())
	}
	form, err := l.form(o, at)
	if err != nil {
		return app.Page{}, &payments.Error{
			Op: "link.offer", Code: payments.CodeOf(err), Err: errors.Join(payments.ErrRefused, err),
		}
	}
	done, err := l.cfg.Relay.Register(ctx, l.registration(o, at, form))
	if err != nil {
		return app.Page{}, err
	}
	url := done.URL
	if at.Page != "" {
		url = at.Page + relay.PathPage + o.Link
	}
	return app.Page{URL: url, Expires: o.Expires}, nil
}

func (l *Link) form(o app.Offer, at Addresses) (checkout.Fields, error) {
	left := o.Expires.Sub(l.cfg.Now())
	left = max((left+expiryStep-1)/expiryStep*expiryStep, expiryStep)
	p := checkout.Purchase{
		OrderID: o.OrderID, Amount: o.Amount, Note: o.Note, Language: o.Language, Source: l.cfg.Source,
		URLOK: at.OK, URLCancel: at.Cancel, URLNotify: at.Notify,
		ExpiresIn: left,
	}
	for _, line := range o.Lines {
		if line.Amount.Minor != 0 {
			p.Cart = append(p.Cart, checkout.CartRow{Article: line.Label, Price: line.Amount})
		}
	}
	return l.cfg.Store.PurchaseForm(p)
}

func (l *Link) registration(o app.Offer, at Addresses, form checkout.Fields) relay.Registration {
	r := relay.Registration{
		Store: l.cfg.StoreID, Desk: l.cfg.DeskID, OrderID: o.OrderID, SID: l.cfg.Store.SID,
		Currency: string(o.Amount.Currency), Amounts: []string{o.Amount.Decimal()},
		Action: at.Action, Salon: l.cfg.Salon(), AmountText: o.Amount.String(), Words: o.Words,
		Language: o.Language, Link: o.Link, ExpiresAt: o.Expires,
	}
	for _, f := range form {
		r.Form = append(r.Form, relay.Field{Name: f.Name, Value: f.Value})
	}
	return r
}

// Withdraw closes the pay page. A page that was never registered is no error.
func (l *Link) Withdraw(ctx context.Context, orderID string) error {
	return l.cfg.Relay.Close(ctx, orderID)
}

// Status asks myPOS about the order. An answer that names another amount or
// currency than the order's is no answer: the error wraps payments.ErrUnknown.
func (l *Link) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	s, err := l.cfg.Provider.PaymentStatus(ctx, q.OrderID)
	if err != nil {
		return payments.Answer{}, err
	}
	moved := s.Outcome == payments.Paid || s.Outcome == payments.Reversed
	if moved && s.Amount != q.Amount {
		return payments.Answer{}, &payments.Error{
			Op: "link.status", Code: "answer.amount",
			Err: fmt.Errorf("%w: the answer names another amount", payments.ErrUnknown),
		}
	}
	return payments.Answer{
		Outcome: s.Outcome, OrderID: s.OrderID, Reference: s.Reference, Amount: s.Amount,
		Provider: s.DateTime, Code: int(s.Status), Raw: s.Raw,
	}, nil
}

// Refund gives money back. Only a nil error says that it was given.
func (l *Link) Refund(ctx context.Context, r app.RefundOrder) (payments.Answer, error) {
	a, err := l.cfg.Provider.Refund(ctx, checkout.RefundRequest{
		Reference: r.Reference, OrderID: r.OrderID, Amount: r.Amount, Source: l.cfg.Source,
	})
	if err != nil {
		return payments.Answer{}, err
	}
	return payments.Answer{
		Outcome: payments.Refunded, OrderID: r.OrderID, Reference: a.Reference, Amount: a.Amount, Raw: a.Raw,
	}, nil
}
