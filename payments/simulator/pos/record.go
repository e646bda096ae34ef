package pos

import (
	"fmt"
	"time"

	"frontdesk/payments/money"
)

// Kinds of records. The strings are on disk and never change.
const (
	KindOutcome   = "outcome"   // a transaction reached its end: Tx
	KindCompleted = "completed" // COMPLETE_TX for SID
	KindReversed  = "reversed"  // the money of SID went back
	KindReleased  = "released"  // the pre-authorisation of SID was given up
	KindCaptured  = "captured"  // the pre-authorisation of SID was charged
)

// Record is one line of the truth.
type Record struct {
	Kind string    `json:"kind"`
	TID  string    `json:"tid"`
	At   time.Time `json:"at"`
	SID  string    `json:"sid,omitempty"`
	Tx   *Tx       `json:"tx,omitempty"`
}

// Types of transactions as LAST_TX_TYPE has them.
const (
	typeSale   = "00"
	typeVoid   = "02"
	typeRefund = "20"
)

// Tx is a transaction that reached its end inside the terminal, whether or not
// anybody was told.
type Tx struct {
	SID    string       `json:"sid"`
	Method string       `json:"method"`
	Type   string       `json:"type"`
	Amount money.Amount `json:"amount"`
	Tip    int64        `json:"tip,omitempty"` // minor units, on top of Amount

	// Moved says that money moved at the bank; the rest is what the terminal says.
	Moved    bool   `json:"moved"`
	Status   int    `json:"status"`
	Approval string `json:"approval,omitempty"`
	AuthCode string `json:"auth_code,omitempty"`
	RRN      string `json:"rrn,omitempty"`
	STAN     int64  `json:"stan,omitempty"`
	Last4    string `json:"last4,omitempty"`
	App      string `json:"app,omitempty"`
	Entry    string `json:"entry,omitempty"`
	CVM      string `json:"cvm,omitempty"`
	Sign     bool   `json:"sign,omitempty"`
	DCC      bool   `json:"dcc,omitempty"`

	Reference       string `json:"reference,omitempty"`
	ReferenceNumber string `json:"reference_number,omitempty"`
	ReferenceType   string `json:"reference_type,omitempty"`
	Operator        string `json:"operator,omitempty"`
	Original        string `json:"original,omitempty"` // REVERSAL: the SID it undid
	Preauth         string `json:"preauth,omitempty"`  // PREAUTH_CODE

	// Pending says that COMPLETE_TX is owed, Last that GET_STATUS shows it.
	Pending bool `json:"pending,omitempty"`
	Last    bool `json:"last,omitempty"`
}

// entry is a transaction and what became of it.
type entry struct {
	Tx
	tid       string
	at        time.Time
	completed bool
	reversed  bool
	released  bool
	captured  bool
}

// book is the truth in memory: the fold of all records.
type book struct {
	entries []*entry
	latest  map[string]*entry // by TID and SID
	last    *entry
	pending *entry
}

func newBook() *book { return &book{latest: map[string]*entry{}} }

func (b *book) find(tid, sid string) *entry { return b.latest[tid+" "+sid] }

// apply adds one record. It is the only way the truth changes.
func (b *book) apply(r Record) error {
	if r.Kind == KindOutcome {
		if r.Tx == nil {
			return fmt.Errorf("%w: outcome without transaction", ErrRecord)
		}
		e := &entry{Tx: *r.Tx, tid: r.TID, at: r.At}
		b.entries = append(b.entries, e)
		b.latest[r.TID+" "+e.SID] = e
		if e.Last {
			b.last = e
		}
		if e.Pending {
			b.pending = e
		}
		return nil
	}
	e := b.find(r.TID, r.SID)
	if e == nil {
		return fmt.Errorf("%w: %s of an unknown transaction", ErrRecord, r.Kind)
	}
	switch r.Kind {
	case KindCompleted:
		e.completed = true
		if b.pending == e {
			b.pending = nil
		}
	case KindReversed:
		e.reversed = true
		if b.pending == e {
			b.pending = nil
		}
	case KindReleased:
		e.released = true
	case KindCaptured:
		e.captured = true
	default:
		return fmt.Errorf("%w: kind %q", ErrRecord, r.Kind)
	}
	return nil
}

// What a Charge is.
const (
	ChargeSale   = "sale"
	ChargeRefund = "refund"
	ChargeHold   = "hold" // a pre-authorisation: nothing taken yet
)

// States of a Charge.
const (
	StateApproved = "approved"
	StateReversed = "reversed"
	StateReleased = "released" // holds only
	StateCaptured = "captured" // holds only: the sale stands beside it
)

// Charge is one movement of money that really happened.
type Charge struct {
	TID             string    `json:"tid"`
	SID             string    `json:"sid"`
	Kind            string    `json:"kind"`
	State           string    `json:"state"`
	Amount          string    `json:"amount"` // "45.00", without the tip
	Minor           int64     `json:"minor"`
	TipMinor        int64     `json:"tip_minor,omitempty"`
	Currency        string    `json:"currency"`
	Reference       string    `json:"reference,omitempty"`
	ReferenceNumber string    `json:"reference_number,omitempty"`
	RRN             string    `json:"rrn"`
	AuthCode        string    `json:"auth_code"`
	Last4           string    `json:"last4,omitempty"`
	Completed       bool      `json:"completed"` // COMPLETE_TX came
	At              time.Time `json:"at"`
}

// Charges folds records, of one or more terminals, into what really happened,
// oldest first. Records that do not fit are left out.
func Charges(records []Record) []Charge {
	b := newBook()
	for _, r := range records {
		if b.apply(r) != nil {
			continue
		}
	}
	return b.charges()
}

func (b *book) charges() []Charge {
	all := []Charge{}
	for _, e := range b.entries {
		if !e.Moved || e.Type == typeVoid {
			continue
		}
		c := Charge{
			TID: e.tid, SID: e.SID, Kind: ChargeSale, State: StateApproved,
			Amount: e.Amount.Decimal(), Minor: e.Amount.Minor, TipMinor: e.Tip, Currency: string(e.Amount.Currency),
			Reference: e.Reference, ReferenceNumber: e.ReferenceNumber,
			RRN: e.RRN, AuthCode: e.AuthCode, Last4: e.Last4, Completed: e.completed, At: e.at,
		}
		switch {
		case e.hold():
			c.Kind = ChargeHold
		case e.Type == typeRefund:
			c.Kind = ChargeRefund
		}
		switch {
		case e.reversed:
			c.State = StateReversed
		case e.released:
			c.State = StateReleased
		case e.captured:
			c.State = StateCaptured
		}
		all = append(all, c)
	}
	return all
}

// hold reports whether the transaction only set money aside.
func (e *entry) hold() bool { return e.Method == "PURCHASE" && e.Preauth != "" }

// Charges returns what this terminal really did, oldest first.
func (t *Terminal) Charges() []Charge {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.book.charges()
}

// Totals adds charges up, in minor units. What was reversed counts as neither.
type Totals struct {
	Sales     int   `json:"sales"`
	Taken     int64 `json:"taken"` // tips included
	Refunds   int   `json:"refunds"`
	GivenBack int64 `json:"given_back"`
}

// Total adds charges up. Holds are no charges.
func Total(charges []Charge) (sum Totals) {
	for _, c := range charges {
		switch {
		case c.State != StateApproved:
		case c.Kind == ChargeSale:
			sum.Sales++
			sum.Taken += c.Minor + c.TipMinor
		case c.Kind == ChargeRefund:
			sum.Refunds++
			sum.GivenBack += c.Minor
		}
	}
	return sum
}

// commit makes a record durable and then true. The caller holds t.mu.
func (t *Terminal) commit(r Record) error {
	r.TID, r.At = t.TID, t.Now()
	if t.Journal != nil {
		if err := t.Journal.Append(r); err != nil {
			return err
		}
	}
	return t.book.apply(r)
}
