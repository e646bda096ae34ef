package account

import (
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"frontdesk/payments/money"
)

// Movement is money that moved on the account.
type Movement struct {
	At              time.Time
	Reference       string // payment_reference
	Operation       string
	Out             bool // out of the account
	Fee, Reversal   bool
	Amount          money.Amount
	ReferenceNumber string
	TerminalID      string
	Serial          string
	RRN, STAN       string
	Last4           string
	Details         []Line
}

// Line is one line of the details of a movement.
type Line struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

// id is the number of a movement: the same at every look.
func (m Movement) id() int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(m.Reference + "/" + strconv.FormatBool(m.Out)))
	return 1_000_000_000 + int64(h.Sum64()>>16) // exact as a JSON number
}

// Types of transactions. Only 001 is published; the others are our own.
const (
	typeFee    = "001"
	typeCredit = "008"
	typeDebit  = "013"
)

func (m Movement) kind() string {
	switch {
	case m.Fee:
		return typeFee
	case m.Out:
		return typeDebit
	}
	return typeCredit
}

// fee is what myPOS keeps of a credit: 1.5 %, in whole minor units.
func (m Movement) fee() (Movement, bool) {
	minor := m.Amount.Minor * 15 / 1000
	if step := m.Amount.Currency.Step(); step > 0 {
		minor -= minor % step
	}
	f := Movement{
		At: m.At, Reference: "FEE" + m.Reference, Operation: "Fee", Out: true, Fee: true,
		Amount: money.Amount{Minor: minor, Currency: m.Amount.Currency},
	}
	return f, !m.Out && minor > 0
}

// movements are all movements with their fees, oldest first. The caller holds
// a.mu.
func (a *Account) movements() []Movement {
	var all []Movement
	for _, m := range append(a.Others(), a.book.moves...) {
		all = append(all, m)
		if f, ok := m.fee(); ok {
			all = append(all, f)
		}
	}
	slices.SortStableFunc(all, func(x, y Movement) int { return x.At.Compare(y.At) })
	return all
}

// listed are the movements as the lists show them: what the switches leave of
// them. The caller holds a.mu.
func (a *Account) listed() []Movement {
	var list []Movement
	for _, m := range a.movements() {
		if _, off := a.Switch(Unlisted, callLines, m.order()); !off {
			list = append(list, a.misstate(m))
		}
	}
	return list
}

// callLines is the call whose name lists have in the fault script.
const callLines = "rest.transactions"

// misstate lists a movement with a wrong amount when a switch says so.
func (a *Account) misstate(m Movement) Movement {
	if _, on := a.Switch(Misstated, callLines, m.order()); on {
		m.Amount.Minor += max(m.Amount.Currency.Step(), 1)
	}
	return m
}

// order is the order the movement is of, as it is listed.
func (m Movement) order() string {
	for _, l := range m.Details {
		if l.Title == "Order ID" {
			return l.Value
		}
	}
	return m.ReferenceNumber
}

// TruthRequest is a payment request and what became of it.
type TruthRequest struct {
	Code        string    `json:"code"`
	BookingText string    `json:"booking_text"`
	Amount      string    `json:"amount"` // "45.00"
	Minor       int64     `json:"minor"`
	Currency    string    `json:"currency"`
	Status      int       `json:"status"` // 1 open, 2 paid, 3 over
	Paid        bool      `json:"paid"`
	Reference   string    `json:"reference,omitempty"` // payment_reference of the credit
	Reminded    int       `json:"reminded,omitempty"`
	At          time.Time `json:"at"`
	PaidAt      time.Time `json:"paid_at,omitzero"`
}

// TruthCloud is one cloud payment, reversal or refund.
type TruthCloud struct {
	ID              string    `json:"id"`
	Kind            string    `json:"kind"`
	TID             string    `json:"tid"`
	ReferenceNumber string    `json:"reference_number"`
	Amount          string    `json:"amount"`
	Minor           int64     `json:"minor"`
	Currency        string    `json:"currency"`
	Status          string    `json:"status"`
	Charged         bool      `json:"charged"`             // money moved
	Reversed        bool      `json:"reversed,omitempty"`  // and went back
	Reference       string    `json:"reference,omitempty"` // payment_reference
	RefundedMinor   int64     `json:"refunded_minor,omitempty"`
	At              time.Time `json:"at"`
}

// Requests returns every payment request, oldest first.
func (a *Account) Requests() []TruthRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []TruthRequest{}
	for _, q := range a.book.inOrder {
		list = append(list, TruthRequest{
			Code: q.Code, BookingText: q.BookingText,
			Amount: q.Amount.Decimal(), Minor: q.Amount.Minor, Currency: string(q.Amount.Currency),
			Status: q.status(a.Now()), Paid: !q.paid.IsZero(), Reference: q.reference, Reminded: q.reminded, At: q.at, PaidAt: q.paid,
		})
	}
	return list
}

// Charges returns what happened on cloud terminals, oldest first.
func (a *Account) Charges() []TruthCloud {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settle()
	list := []TruthCloud{}
	for _, c := range a.book.clouded {
		list = append(list, TruthCloud{
			ID: c.ID, Kind: c.Kind, TID: c.TID, ReferenceNumber: c.Reference,
			Amount: c.Amount.Decimal(), Minor: c.Amount.Minor, Currency: string(c.Amount.Currency),
			Status: c.status, Charged: c.reference != "", Reversed: c.status == statusReversed,
			Reference: c.reference, RefundedMinor: a.book.refunded[c.Reference], At: c.at,
		})
	}
	return list
}
