package app

import (
	"context"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Rail collects money one way. Its methods may be called from any goroutine
// and speak the errors of package payments: ErrUnreachable (no byte left),
// ErrRefused (turned down, nothing moved), anything else counts as unknown.
type Rail interface {
	Name() payments.Rail
	// Offer makes the order payable and returns where. Repeating the same
	// Offer is harmless and gives the same page.
	Offer(ctx context.Context, o Offer) (Page, error)
	// Withdraw closes the pay page of the order early. An order that is
	// unknown or already closed is no error.
	Withdraw(ctx context.Context, orderID string) error
	// Status asks the provider about the order. The answer is verified.
	Status(ctx context.Context, q StatusQuery) (payments.Answer, error)
}

// Refunder is a Rail that can give money back.
type Refunder interface {
	Refund(ctx context.Context, r RefundOrder) (payments.Answer, error)
}

// Inbox delivers verified notices of the store.
type Inbox interface {
	// Receive delivers notices after from until ctx ends or the way breaks for
	// good. A notice is acknowledged only after deliver returned nil; a notice
	// whose delivery failed comes again.
	Receive(ctx context.Context, from payments.Position, deliver func(context.Context, payments.Position, payments.Notice) error) error
	// Proof is the last moment at which the way was shown to work.
	Proof() payments.Proof
}

// Journal remembers events. Append is all or nothing and durable when it
// returns; the others read what is committed.
type Journal interface {
	// Append gives Seq to the events and commits them, with the cursor when it
	// is not nil. An event that repeats attempt, source, reference and kind of
	// a committed one is left out; the result holds what was appended.
	Append(ctx context.Context, events []Event, cursor *payments.Position) ([]Event, error)
	// Sale returns the events of one sale ordered by Seq; none for an unknown one.
	Sale(ctx context.Context, id SaleID) ([]Event, error)
	// Sales returns folded sales, newest first.
	Sales(ctx context.Context, q Query) ([]Sale, error)
	// State returns where the journal stands.
	State(ctx context.Context) (JournalState, error)
}

// JournalState is where a journal stands. Head is the highest Seq, 0 when empty.
type JournalState struct {
	Head   int64
	Cursor payments.Position
}

// Query selects sales, newest first; zero fields select everything. Text is
// searched in notes, clients, amounts, last four, order ids and references,
// all words must match. OrderID (of an attempt) and Key match exactly.
type Query struct {
	Text      string
	States    []State
	Rail      payments.Rail
	From, To  time.Time // by Created, From inclusive, To exclusive
	OrderID   string
	Key       string
	Refunding bool  // only sales with a refund that has no result yet
	Before    int64 // Sale.Seq of the last row of the page before; 0 for the first page
	Limit     int   // 0 means 50
}

// Offer is what a rail needs to make an order payable.
type Offer struct {
	OrderID  string
	Link     string // 26 Crockford characters, never derived from OrderID
	Amount   money.Amount
	Lines    []Line
	Note     string
	Language string
	Words    string
	Expires  time.Time
}

// Page is where an offer can be paid.
type Page struct {
	URL     string
	Expires time.Time
}

// StatusQuery names the order to ask about and what it must be worth.
type StatusQuery struct {
	OrderID string
	Amount  money.Amount
}

// RefundOrder asks for money back. OrderID is fresh and belongs to the refund,
// Reference and PurchaseOrderID to the payment.
type RefundOrder struct {
	OrderID         string
	PurchaseOrderID string
	Reference       string
	Amount          money.Amount
	Reason          string
}
