package app

import (
	"slices"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// SaleID and AttemptID are 16 Crockford base-32 characters, drawn at random.
type (
	SaleID    string
	AttemptID string
)

// State is the state of an attempt or a sale. The strings reach disk, --json
// and wire and never change (product.md 3).
type State string

// States of attempts and sales.
const (
	Preparing    State = "preparing"
	Offered      State = "offered"
	Opened       State = "opened"
	Paid         State = "paid"
	Declined     State = "declined"
	Withdrawn    State = "withdrawn"
	Expired      State = "expired"
	NotCharged   State = "not_charged"
	Cancelling   State = "cancelling"
	Unknown      State = "unknown"
	Reversed     State = "reversed"
	PaidLate     State = "paid_late"
	Overpaid     State = "overpaid"
	PartRefunded State = "part_refunded"
	Refunded     State = "refunded"
	Found        State = "found"
)

// Line is one thing sold. Label may be empty; Amount may be negative for a
// discount.
type Line struct {
	Label  string       `json:"label"`
	Amount money.Amount `json:"amount"`
}

// Sale is what is owed and how far it has come. Values are immutable: a change
// is a new Sale with a higher Revision.
type Sale struct {
	ID       SaleID
	Seq      int64 // of its first event: orders sales and is the cursor of Query.Before
	Revision int64 // highest event sequence folded in
	State    State
	Amount   money.Amount
	Received money.Amount // proven and not given back
	Refunded money.Amount
	Lines    []Line
	Note     string
	Client   string
	Operator string
	Created  time.Time
	Attempts []Attempt // oldest first
	Answered bool      // somebody has answered the alarm this sale raised
	// Added is what customers added on terminals to what was asked for: tips. Part
	// of Amount, in no line.
	Added  money.Amount `json:",omitzero"`
	Erased time.Time    `json:",omitzero"` // when the customer's words were erased; zero while they are kept
}

// Attempt is one try to collect a sale on one rail.
type Attempt struct {
	ID        AttemptID
	Rail      payments.Rail
	State     State
	OrderID   string
	Reference string // IPC_Trnref once known
	Amount    money.Amount
	Link      string // address of the pay page; empty before it is offered
	Words     string // match words, e.g. "BLUE TULIP"
	CardLast4 string
	Offered   time.Time // zero before
	Expires   time.Time // when the page closes; zero before it is offered
	Checked   time.Time // last answered status query; zero before the first
	NextCheck time.Time // zero when none is planned
	Unsure    time.Time // since when the state is Unknown; zero otherwise
	Reason    string    // stable code behind the state ("status.21", "relay.unreachable"); text by app/text
	Refunds   []Refund  // oldest first

	// RequestStatus is the number myPOS gives a payment request, as told last in
	// this run; 0 before. Its meaning is not published: it is shown, never believed.
	RequestStatus int

	// Of terminals only. Stage and Cancellable are live: they are told while the
	// payment runs in this till and never read from the journal.
	Device      string
	DeviceLabel string // as it was then
	SID         string // name of the payment at the terminal
	Stage       Stage
	Cancellable bool
	Dirty       bool // ended, but the terminal was not told yet that we know

	// What the terminal told about the card.
	Approval        string // the issuer's answer
	AuthCode        string
	RRN             string
	CardName        string // "Maestro"
	EntryMode       string
	TerminalID      string
	SignatureNeeded bool
	NoPaper         bool         // paid, but the receipt could not be printed
	Tip             money.Amount // part of Amount
	Added           money.Amount `json:",omitzero"` // of Tip: what the customer added on the terminal to what was asked for
}

// RefundState says how far a refund has come. The strings reach disk.
type RefundState string

// States of refunds. All but RefundFailed count against what may still be
// refunded (product.md 4 rule 4).
const (
	RefundPending RefundState = "pending"
	RefundDone    RefundState = "done"
	RefundFailed  RefundState = "failed"
	RefundUnknown RefundState = "unknown"
)

// Refund is money asked back for one attempt.
type Refund struct {
	OrderID   string // its own, never that of the purchase
	Amount    money.Amount
	State     RefundState
	Reason    string // as typed by the operator
	Operator  string
	Code      string    // stable code behind the state
	Reference string    // the provider's, once known
	Asked     time.Time // when it was intended
	Settled   time.Time // zero while pending

	// Of terminals only.
	Way    RefundWay
	Device string
	SID    string
	Dirty  bool // ended, but the terminal was not told yet that we know
}

// Surplus is the payment of an overpaid sale that is to be given back, and how
// much of it: the one that came in late, else the newest. A refund that runs or
// is not known counts as given back.
func (s Sale) Surplus() (Attempt, money.Amount, bool) {
	over := s.Received.Minor - s.Amount.Minor
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if r.open() {
				over -= r.Amount.Minor
			}
		}
	}
	if over <= 0 {
		return Attempt{}, money.Amount{}, false
	}
	var second Attempt
	for _, a := range s.Attempts {
		if a.Left() > 0 && (a.State == PaidLate || second.State != PaidLate) {
			second = a
		}
	}
	if second.ID == "" {
		return Attempt{}, money.Amount{}, false
	}
	return second, money.Amount{Minor: min(over, second.Left()), Currency: s.Amount.Currency}, true
}

// Live reports whether the attempt still waits for the customer or an answer. A
// declined link does: its page is still open; a declined terminal does not.
func (a Attempt) Live() bool {
	return a.State.Live() && (a.State != Declined || a.Device == "")
}

// Live reports whether an attempt of the sale is.
func (s Sale) Live() bool { return slices.ContainsFunc(s.Attempts, Attempt.Live) }

// Live reports whether the state may still wait for the customer or an answer;
// Declined does on a link only, see Attempt.Live.
func (s State) Live() bool {
	switch s {
	case Preparing, Offered, Opened, Declined, Cancelling, Unknown:
		return true
	}
	return false
}
