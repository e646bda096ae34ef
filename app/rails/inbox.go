package rails

import (
	"context"
	"errors"
	"log/slog"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// Stream is the way from the relay to this desk.
type Stream interface {
	Run(ctx context.Context, from payments.Position, deliver func(context.Context, relay.Delivery) error) error
	Proof() payments.Proof
}

// InboxConfig is what an inbox is made of. Log nil discards; the rest is
// required.
type InboxConfig struct {
	Stream Stream
	SID    string
	// Certificates are all that ever belonged to the store: a rotated one still
	// verifies what was signed under it.
	Certificates []*checkout.Certificate
	Log          *slog.Logger
}

// Inbox delivers verified notices of one store.
type Inbox struct{ cfg InboxConfig }

var _ app.Inbox = (*Inbox)(nil)

// NewInbox returns the inbox.
func NewInbox(cfg InboxConfig) (*Inbox, error) {
	if cfg.Stream == nil || cfg.SID == "" || len(cfg.Certificates) == 0 {
		return nil, errors.New("rails: an inbox needs a stream, a store and its certificates")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Inbox{cfg: cfg}, nil
}

// Proof is the last moment at which the way was shown to work.
func (i *Inbox) Proof() payments.Proof { return i.cfg.Stream.Proof() }

// Receive hands on what verifies. What does not is acknowledged and dropped: it
// would not verify the next time either, and a relay must not be able to block
// the desk with it.
func (i *Inbox) Receive(ctx context.Context, from payments.Position, deliver func(context.Context, payments.Position, payments.Notice) error) error {
	return i.cfg.Stream.Run(ctx, from, func(ctx context.Context, d relay.Delivery) error {
		notice, ok := i.read(d)
		if !ok {
			return nil
		}
		return deliver(ctx, d.Position, notice)
	})
}

func (i *Inbox) read(d relay.Delivery) (payments.Notice, bool) {
	switch d.Kind {
	case relay.KindOpened:
		return payments.Notice{Kind: payments.NoticeOpened, OrderID: d.OrderID}, d.OrderID != ""
	case relay.KindNotice:
		n, err := i.notice(d.Body)
		if err != nil {
			i.cfg.Log.Warn("notice from the relay dropped", "code", payments.CodeOf(err), "bytes", len(d.Body))
			return payments.Notice{}, false
		}
		return n, true
	}
	return payments.Notice{}, false
}

// notice verifies a body exactly as posted.
func (i *Inbox) notice(body []byte) (payments.Notice, error) {
	m, err := checkout.VerifyForm(body, i.cfg.Certificates...)
	if err != nil {
		return payments.Notice{}, err
	}
	if m.SID != i.cfg.SID {
		return payments.Notice{}, &payments.Error{Op: "inbox", Code: "notice.store", Err: checkout.ErrMissing}
	}
	n := payments.Notice{
		Kind: payments.NoticeOther, Method: m.Method, OrderID: m.OrderID, Reference: m.Reference,
		CardLast4: m.PANLast4, Provider: m.DateTime, Raw: body,
	}
	switch m.Method {
	case checkout.MethodNotify:
		n.Kind = payments.NoticePaid
	case checkout.MethodRollback:
		n.Kind, n.Reference = payments.NoticeRollback, ""
	}
	if n.Kind != payments.NoticeOther {
		if n.Amount, err = m.Money(); err != nil {
			return payments.Notice{}, &payments.Error{Op: "inbox", Code: "notice.amount", Err: err}
		}
	}
	return n, nil
}
