package payments

import (
	"time"

	"frontdesk/payments/money"
)

// Mode says whose money moves. The strings reach disk and never change.
type Mode string

// The three modes of the till (product.md 2).
const (
	Practice Mode = "practice"
	Test     Mode = "test"
	Live     Mode = "live"
)

// OrderLetter is the first character of every OrderID made in the mode, so
// that an order can never be taken for one of another mode. It is 0 for an
// unknown mode.
func (m Mode) OrderLetter() byte {
	switch m {
	case Practice:
		return 'P'
	case Test:
		return 'T'
	case Live:
		return 'L'
	}
	return 0
}

// Rail is a way to collect money. The strings reach disk and wire.
type Rail string

// The rails of product.md 1.
const (
	RailLink     Rail = "link"
	RailRequest  Rail = "request"
	RailTerminal Rail = "terminal"
	RailCloud    Rail = "cloud"
	RailCash     Rail = "cash"
)

// Outcome is what one piece of evidence says about the money of one order.
type Outcome string

// Outcomes. Only Paid, Reversed and Refunded are positive evidence; Unknown
// is never a failure (product.md 4 rule 4).
const (
	Paid     Outcome = "paid"     // the money was taken
	Pending  Outcome = "pending"  // begun, not finished
	Declined Outcome = "declined" // an attempt to pay failed; another may follow
	Reversed Outcome = "reversed" // the money was taken and given back by the provider
	Refunded Outcome = "refunded" // the money asked back was given back
	Absent   Outcome = "absent"   // the provider knows no payment for the order; proves nothing
	Unknown  Outcome = "unknown"  // no trustworthy answer
	// NotCharged is final on terminals: the payment ended before money moved
	// (cancelled, no card, never started).
	NotCharged Outcome = "not_charged"
)

// NoticeKind says what the provider told us through the relay.
type NoticeKind string

// Kinds of notices. NoticeOpened comes from our own relay (the customer
// pressed Pay), all others were signed by the provider.
const (
	NoticePaid     NoticeKind = "paid"     // IPCPurchaseNotify
	NoticeRollback NoticeKind = "rollback" // IPCPurchaseRollback
	NoticeOpened   NoticeKind = "opened"   // POST /p/LINK/go
	NoticeOther    NoticeKind = "other"    // any other signed method
)

// Notice is one verified message about an order. Amount is zero-valued for
// NoticeOpened. Raw is the body exactly as posted and is kept as evidence.
type Notice struct {
	Kind      NoticeKind
	Method    string // IPCmethod as posted
	OrderID   string
	Reference string // IPC_Trnref; empty for rollbacks
	Amount    money.Amount
	CardLast4 string
	Provider  string // the provider's own time text, its zone is not documented
	Raw       []byte
}

// Answer is one verified status answer about an order.
type Answer struct {
	Outcome   Outcome
	OrderID   string
	Reference string
	Amount    money.Amount
	Provider  string
	Code      int    // Status of the answer (spec 5.1), for the log
	Reason    string // stable code behind the outcome ("terminal.cancelled"); empty where the outcome says all
	Listed    bool   // read from the provider's list of transactions; Reference is the one of the entry
	Card      Card   // of payments with a card present
	Raw       []byte // as received, kept as evidence
}

// Card is what a terminal tells about a payment with the card present. Any of
// it may be missing; nothing of it is secret. The JSON reaches disk.
type Card struct {
	Approval        string       `json:"approval,omitempty"` // the issuer's answer, "00" approved
	AuthCode        string       `json:"auth_code,omitempty"`
	RRN             string       `json:"rrn,omitempty"` // retrieval reference number, 12 digits
	STAN            string       `json:"stan,omitempty"`
	Last4           string       `json:"last4,omitempty"`
	Name            string       `json:"name,omitempty"`       // "Maestro"
	EntryMode       string       `json:"entry_mode,omitempty"` // as the terminal names it
	TerminalID      string       `json:"terminal_id,omitempty"`
	SignatureNeeded bool         `json:"signature_needed,omitempty"`
	NoPaper         bool         `json:"no_paper,omitempty"` // paid, but the receipt could not be printed
	Tip             money.Amount `json:"tip,omitzero"`
}

// Position is where a delivered notice stands in the relay's queue. Positions
// of one epoch are ordered by Seq, then Index; positions of different epochs
// cannot be compared.
type Position struct {
	Epoch string
	Seq   uint64
	Index int
}

// Proof is the last moment at which a path was shown to work end to end.
type Proof struct {
	At   time.Time     // zero before the first proof
	Err  string        // why it does not work now; empty while it works and before it was tried
	Skew time.Duration // how far the desk's clock is ahead of the other side's; 0 while not measured
}
