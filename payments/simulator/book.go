package simulator

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// errRecord means that a record does not fit what came before it.
var errRecord = errors.New("record out of place")

// firstReference is the number of the first payment; references count up from
// it, over payments and refunds alike.
const firstReference = 700001

// book is the truth in memory: the fold of all records. It is guarded by the
// mutex of its Simulator.
type book struct {
	sessions map[string]*session
	orders   map[string]*order
	byRef    map[string]*payment
	payments []*payment
	refunds  []refundEntry
	reversed []reversalEntry
	terminal []pos.Record     // of every card terminal
	account  []account.Record // as read at Open; the account keeps its own from then on
	next     int64            // next reference
}

// order is everything that happened under one OrderID.
type order struct {
	id       string
	sessions []*session
	payments []*payment
	declines []decline
	log      []logRow
}

// session is one hosted page.
type session struct {
	purchase
	order     *order
	at        time.Time
	cancelled bool
	declined  string   // code of the last decline, "" when none
	payment   *payment // the last one made on this page

	busy      chan struct{} // closed when the browser may go on; nil when idle
	challenge *challenge    // a card that waits for 3-D Secure
}

// payment is an approved charge and what became of it.
type payment struct {
	charge
	order      *order
	page       *session
	at         time.Time
	notified   bool   // the notice was answered with OK
	kept       bool   // the notice was lost and taken for answered
	reason     string // why it was reversed, "" when it was not
	rolledBack bool
	refunded   money.Amount
	early      bool // reported as successful before the notice was answered
}

type decline struct {
	code string
	at   time.Time
}

// logRow is one row of IPCGetTxnLog.
type logRow struct {
	at             time.Time
	action, result string
}

type refundEntry struct {
	refund
	at time.Time
}

type reversalEntry struct {
	payment *payment
	reason  string
	at      time.Time
}

func newBook() *book {
	return &book{
		sessions: map[string]*session{},
		orders:   map[string]*order{},
		byRef:    map[string]*payment{},
		next:     firstReference,
	}
}

// settled reports whether the payment is final as far as notices go.
func (p *payment) settled() bool { return p.notified || p.kept || p.reason != "" }

// owesRollback reports whether the merchant was not yet told of a reversal.
func (p *payment) owesRollback() bool { return p.reason == reasonNotice && !p.rolledBack }

// left is what may still be refunded.
func (p *payment) left() int64 { return p.page.Amount.Minor - p.refunded.Minor }

// last returns the newest payment of the order, nil when there is none.
func (o *order) last() *payment {
	if o == nil || len(o.payments) == 0 {
		return nil
	}
	return o.payments[len(o.payments)-1]
}

// taken reports whether the order is paid or being paid: another payment for it
// would be a duplicate.
func (o *order) taken() bool {
	p := o.last()
	return p != nil && p.reason == ""
}

func (o *order) note(at time.Time, action, result string) {
	o.log = append(o.log, logRow{at, action, result})
}

// apply adds one record. It is the only way the truth changes, alive and at
// start.
func (b *book) apply(r record) error {
	switch r.Kind {
	case kindBegin:
		return nil
	case kindOpened:
		return b.open(r)
	case kindDeclined, kindCancelled:
		return b.ended(r)
	case kindApproved:
		return b.approve(r)
	case kindNotified, kindKept, kindReversed, kindRolledBack:
		return b.settle(r)
	case kindRefunded:
		return b.refund(r)
	case kindTerminal:
		if r.Terminal == nil {
			return errRecord
		}
		b.terminal = append(b.terminal, *r.Terminal)
		return nil
	case kindAccount:
		return b.keep(r)
	}
	return fmt.Errorf("%w: kind %q", errRecord, r.Kind)
}

func (b *book) open(r record) error {
	if r.Purchase == nil || b.sessions[r.Purchase.Session] != nil {
		return errRecord
	}
	o := b.orders[r.Purchase.OrderID]
	if o == nil {
		o = &order{id: r.Purchase.OrderID}
		b.orders[o.id] = o
	}
	s := &session{purchase: *r.Purchase, order: o, at: r.At}
	b.sessions[s.Session] = s
	o.sessions = append(o.sessions, s)
	o.note(r.At, "Check the URLs", "OK")
	o.note(r.At, "Check cart", "OK")
	return nil
}

func (b *book) ended(r record) error {
	s := b.sessions[r.Session]
	if s == nil {
		return errRecord
	}
	if r.Kind == kindCancelled {
		s.cancelled = true
		s.order.note(r.At, "Cancelled by the customer", "OK")
		return nil
	}
	s.declined = r.Code
	s.order.declines = append(s.order.declines, decline{r.Code, r.At})
	s.order.note(r.At, "Authorise the card", "Declined "+r.Code)
	return nil
}

func (b *book) approve(r record) error {
	if r.Payment == nil || b.byRef[r.Payment.Reference] != nil {
		return errRecord
	}
	s := b.sessions[r.Payment.Session]
	if s == nil || s.order.taken() {
		return errRecord
	}
	p := &payment{charge: *r.Payment, order: s.order, page: s, at: r.At}
	p.refunded.Currency = s.Amount.Currency
	s.payment = p
	s.order.payments = append(s.order.payments, p)
	s.order.note(r.At, "Authorise the card", "Approved")
	b.payments = append(b.payments, p)
	b.byRef[p.Reference] = p
	return b.used(p.Reference)
}

func (b *book) settle(r record) error {
	p := b.byRef[r.Reference]
	if p == nil {
		return errRecord
	}
	switch r.Kind {
	case kindNotified:
		p.notified = true
		p.order.note(r.At, "Send IPCPurchaseNotify", "OK")
	case kindKept:
		p.kept = true
		p.order.note(r.At, "Send IPCPurchaseNotify", "Not answered, payment kept")
	case kindRolledBack:
		p.rolledBack = true
		p.order.note(r.At, "Send IPCPurchaseRollback", "OK")
	case kindReversed:
		if p.reason != "" {
			return errRecord
		}
		p.reason = r.Reason
		b.reversed = append(b.reversed, reversalEntry{p, r.Reason, r.At})
		p.order.note(r.At, "Reverse the payment", "OK")
	}
	return nil
}

func (b *book) refund(r record) error {
	if r.Refund == nil {
		return errRecord
	}
	p := b.byRef[r.Refund.Payment]
	if p == nil || p.reason != "" || r.Refund.Amount.Minor <= 0 || r.Refund.Amount.Minor > p.left() {
		return errRecord
	}
	sum, err := p.refunded.Add(r.Refund.Amount)
	if err != nil {
		return err
	}
	p.refunded = sum
	b.refunds = append(b.refunds, refundEntry{*r.Refund, r.At})
	p.order.note(r.At, "Refund "+r.Refund.Amount.String(), "OK")
	return b.used(r.Refund.Reference)
}

// used moves the counter past a reference.
func (b *book) used(reference string) error {
	n, err := strconv.ParseInt(reference, 10, 64)
	if err != nil {
		return errRecord
	}
	b.next = max(b.next, n+1)
	return nil
}

func (b *book) reference() string { return strconv.FormatInt(b.next, 10) }
