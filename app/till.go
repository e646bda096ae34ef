package app

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Conditions callers branch on; see the codes at doc.go.
var (
	ErrClosed   = errors.New("the till is closed")
	ErrNotFound = errors.New("no such sale")
)

// Config is what a till is made of. Mode, Journal, Now, Mono and Entropy are
// required; the rest may be left at zero.
type Config struct {
	Mode    payments.Mode
	Desk    string // name of this desk
	Journal Journal
	Rails   []Rail
	Inbox   Inbox // nil: no notices come, status answers alone decide
	Now     func() time.Time
	Mono    func() time.Duration // since the program started, never steps
	Entropy io.Reader
	Log     *slog.Logger // nil discards
	// QR turns the address of a pay page into modules; nil leaves Checkout.QR nil.
	QR func(text string) ([][]bool, error)
}

// Till is the till of one desk. Its methods may be called from any goroutine.
type Till struct{ cfg Config }

// New starts the till: it reads the journal, resumes what was open and begins
// to receive notices. ctx bounds the start only; Close ends the till.
func New(ctx context.Context, cfg Config) (*Till, error) { return &Till{cfg: cfg}, nil }

// Charge makes a sale and one attempt to collect it.
func (t *Till) Charge(ctx context.Context, r ChargeRequest) (Sale, error) { return Sale{}, ErrClosed }

// Cancel asks to stop collecting the sale.
func (t *Till) Cancel(ctx context.Context, id SaleID, operator string) error { return ErrClosed }

// CheckNow asks the provider about the sale at once.
func (t *Till) CheckNow(ctx context.Context, id SaleID) error { return ErrClosed }

// Again begins another attempt for the sale.
func (t *Till) Again(ctx context.Context, id SaleID, rail payments.Rail) (Sale, error) {
	return Sale{}, ErrClosed
}

// Resolve records an operator's answer.
func (t *Till) Resolve(ctx context.Context, id SaleID, r Resolution) error { return ErrClosed }

// Keep accepts a late payment, or answers another alarm.
func (t *Till) Keep(ctx context.Context, id SaleID, operator string) error { return ErrClosed }

// Refund gives money back.
func (t *Till) Refund(ctx context.Context, id SaleID, a money.Amount, reason, operator string) (Sale, error) {
	return Sale{}, ErrClosed
}

// Watch yields the newest snapshot, then each newer one.
func (t *Till) Watch(ctx context.Context) iter.Seq[Snapshot] { return func(func(Snapshot) bool) {} }

// WatchSale yields the sale with its code, then each change.
func (t *Till) WatchSale(ctx context.Context, id SaleID) iter.Seq[Checkout] {
	return func(func(Checkout) bool) {}
}

// Sales returns sales, newest first.
func (t *Till) Sales(ctx context.Context, q Query) ([]Sale, error) { return nil, ErrClosed }

// Sale returns one sale and its events.
func (t *Till) Sale(ctx context.Context, id SaleID) (Sale, []Event, error) {
	return Sale{}, nil, ErrClosed
}

// Close ends the till.
func (t *Till) Close() error { return nil }
