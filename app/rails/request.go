package rails

import (
	"context"
	"errors"
	"strconv"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
)

// Account is what a payment request asks of the myPOS account.
type Account interface {
	CreateRequest(ctx context.Context, r merchant.Request) (merchant.Created, error)
	Requests(ctx context.Context, q merchant.RequestQuery) ([]merchant.PaymentRequest, merchant.Paging, error)
	FindCredit(ctx context.Context, w merchant.Want) ([]merchant.Transaction, error)
}

// RequestConfig is what the rail of payment requests is made of. Account returns
// nil while the account is not connected.
type RequestConfig struct {
	Account func() Account
	Now     func() time.Time // in the zone of the desk: a request ends with its day
}

// Request collects money by a payment request of the myPOS account: a page with
// a QR code that needs no relay. What proves a payment is a credit in the list
// of transactions that carries our order; the status number of the request is
// never believed.
type Request struct{ cfg RequestConfig }

var (
	_ app.Rail        = (*Request)(nil)
	_ app.Conditional = (*Request)(nil)
)

// NewRequest returns the rail.
func NewRequest(cfg RequestConfig) (*Request, error) {
	if cfg.Account == nil || cfg.Now == nil {
		return nil, errors.New("rails: payment requests need an account and a clock")
	}
	return &Request{cfg: cfg}, nil
}

// Name returns payments.RailRequest.
func (r *Request) Name() payments.Rail { return payments.RailRequest }

// Ready says whether the account is connected: code request.account.
func (r *Request) Ready() error {
	if r.cfg.Account() == nil {
		return refuse("rails.request.ready", "request.account")
	}
	return nil
}

// Offer makes the request, or finds the one that a lost answer has left behind:
// the booking text is our order and stands in one request only.
func (r *Request) Offer(ctx context.Context, o app.Offer) (app.Page, error) {
	account := r.cfg.Account()
	if account == nil {
		return app.Page{}, r.Ready()
	}
	end := r.dayEnd()
	made, _, err := account.Requests(ctx, merchant.RequestQuery{BookingText: o.OrderID, Currency: o.Amount.Currency, Size: listSize})
	if err != nil {
		return app.Page{}, err
	}
	for _, m := range made {
		if m.BookingText == o.OrderID && m.URL != "" && (m.Amount.IsZero() || m.Amount == o.Amount) {
			return app.Page{URL: m.URL, Expires: end}, nil
		}
	}
	created, err := account.CreateRequest(ctx, merchant.Request{
		Amount: o.Amount, BookingText: o.OrderID, Reason: o.Note, Expires: end.Add(-time.Second),
	})
	if err != nil {
		return app.Page{}, err
	}
	return app.Page{URL: created.URL, Expires: end}, nil
}

// dayEnd is midnight: requests know days only.
func (r *Request) dayEnd() time.Time {
	now := r.cfg.Now()
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
}

// Withdraw says that a request stays: no call exists that takes it back.
func (r *Request) Withdraw(context.Context, string) error {
	return refuse("rails.request.withdraw", app.ReasonStays)
}

// Status looks for the credit. Several of them are one payment and something to
// be looked into by a person: the oldest counts.
func (r *Request) Status(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
	account := r.cfg.Account()
	if account == nil {
		return payments.Answer{}, refuseUnknown("rails.request.status", "request.account")
	}
	found, err := account.FindCredit(ctx, merchant.Want{Text: q.OrderID, Amount: q.Amount, Since: q.Begun})
	if err != nil {
		return payments.Answer{}, unsure(err)
	}
	for _, t := range found {
		reference := t.Reference
		if reference == "" {
			reference = t.ID
		}
		if reference != "" {
			return payments.Answer{
				Outcome: payments.Paid, OrderID: q.OrderID, Reference: reference, Amount: q.Amount, Provider: t.When, Listed: true, Raw: t.Raw,
			}, nil
		}
	}
	return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID, Code: status(ctx, account, q)}, nil
}

// status is the number myPOS gives the request, 0 when it cannot be told. It is
// information only.
func status(ctx context.Context, account Account, q app.StatusQuery) int {
	made, _, err := account.Requests(ctx, merchant.RequestQuery{BookingText: q.OrderID, Currency: q.Amount.Currency, Size: listSize})
	if err != nil {
		return 0
	}
	for _, m := range made {
		if m.BookingText != q.OrderID {
			continue
		}
		if n, err := strconv.Atoi(m.Status); err == nil {
			return n
		}
	}
	return 0
}
