package account

import (
	"fmt"
	"time"

	"frontdesk/payments/money"
)

// Kinds of records. The strings are on disk and never change.
const (
	kindRequest     = "request"      // a payment request was made: Request
	kindPaid        = "paid"         // a request or link was paid: Code, Reference, Hidden
	kindReminded    = "reminded"     // Code
	kindLink        = "link"         // a link was made or changed: Link
	kindLinkDeleted = "link_deleted" // Code
	kindCloud       = "cloud"        // a cloud payment, reversal or refund was begun: Cloud
	kindCloudAsked  = "cloud_asked"  // its end was asked for: Code
	kindCloudEnded  = "cloud_ended"  // Code, Status, Reference
	kindGivenBack   = "given_back"   // a refund through a device: Refund
)

// Record is one line of the truth.
type Record struct {
	Kind      string    `json:"kind"`
	At        time.Time `json:"at"`
	Code      string    `json:"code,omitempty"` // of a request, link or cloud payment
	Reference string    `json:"reference,omitempty"`
	Status    string    `json:"status,omitempty"`
	Hidden    bool      `json:"hidden,omitempty"`
	Request   *Request  `json:"request,omitempty"`
	Link      *Link     `json:"link,omitempty"`
	Cloud     *Cloud    `json:"cloud,omitempty"`
	Refund    *Refund   `json:"refund,omitempty"`
}

// Request is a payment request as it was asked for.
type Request struct {
	Code        string       `json:"code"`
	Amount      money.Amount `json:"amount"`
	QR          bool         `json:"qr"`
	ClientName  string       `json:"client_name,omitempty"`
	Language    string       `json:"language,omitempty"`
	Reason      string       `json:"reason,omitempty"`
	BookingText string       `json:"booking_text,omitempty"`
	DBA         string       `json:"dba,omitempty"`
	Expires     string       `json:"expires,omitempty"` // last day
}

// Link is a payment link.
type Link struct {
	Code     string       `json:"code"`
	Article  string       `json:"article"`
	Price    money.Amount `json:"price"`
	Account  string       `json:"account,omitempty"`
	Language string       `json:"language,omitempty"`
	Name     string       `json:"name"`
	Quantity int          `json:"quantity"`
	Website  string       `json:"website,omitempty"`
	SMS      bool         `json:"sms,omitempty"`
	Email    bool         `json:"email,omitempty"`
	AskName  bool         `json:"ask_name,omitempty"`
	Hide     bool         `json:"hide_quantity,omitempty"`
	Expires  string       `json:"expires,omitempty"`
	Enabled  bool         `json:"enabled"`
}

// What a Cloud is.
const (
	CloudSale     = "sale"
	CloudReversal = "reversal"
	CloudRefund   = "refund"
)

// Cloud is a payment, reversal or refund on a cloud terminal.
type Cloud struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"`
	Of          string       `json:"of,omitempty"` // reversal: the payment
	TID         string       `json:"tid"`
	Reference   string       `json:"reference,omitempty"` // reference_number
	Amount      money.Amount `json:"amount"`
	Tip         int64        `json:"tip,omitempty"`
	Description string       `json:"description,omitempty"`
	Operator    string       `json:"operator,omitempty"`
	Due         time.Time    `json:"due"`
}

// Refund is money given back through a device.
type Refund struct {
	TID       string       `json:"tid"`
	Reference string       `json:"reference"` // reference_number of the sale
	Amount    money.Amount `json:"amount"`
}

// request is a Request and what became of it.
type request struct {
	Request
	at        time.Time
	paid      time.Time
	reference string
	hidden    bool
	reminded  int
}

type link struct {
	Link
	at      time.Time
	deleted bool
	paid    int
}

// cloud is a Cloud and what became of it.
type cloud struct {
	Cloud
	at, changed time.Time
	status      string
	asked       bool // its end was asked for
	reference   string
	number      int
}

func (c *cloud) open() bool { return c.status == statusOpen }

// book is the truth in memory: the fold of all records.
type book struct {
	requests map[string]*request
	inOrder  []*request
	links    map[string]*link
	linked   []*link
	clouds   map[string]*cloud
	clouded  []*cloud
	moves    []Movement
	refunded map[string]int64 // by reference number, minor units
}

func newBook() *book {
	return &book{
		requests: map[string]*request{}, links: map[string]*link{}, clouds: map[string]*cloud{}, refunded: map[string]int64{},
	}
}

// apply adds one record. It is the only way the truth changes.
func (b *book) apply(r Record) error {
	bad := fmt.Errorf("%w: %q", ErrRecord, r.Kind)
	switch r.Kind {
	case kindRequest:
		if r.Request == nil || b.requests[r.Request.Code] != nil {
			return bad
		}
		q := &request{Request: *r.Request, at: r.At}
		b.requests[q.Code] = q
		b.inOrder = append(b.inOrder, q)
	case kindReminded:
		if b.requests[r.Code] == nil {
			return bad
		}
		b.requests[r.Code].reminded++
	case kindLink, kindLinkDeleted:
		return b.linkRecord(r)
	case kindPaid:
		return b.pay(r)
	case kindCloud, kindCloudAsked, kindCloudEnded:
		return b.cloudRecord(r)
	case kindGivenBack:
		if r.Refund == nil {
			return bad
		}
		b.refunded[r.Refund.Reference] += r.Refund.Amount.Minor
		b.move(Movement{
			At: r.At, Reference: r.Reference, Operation: "POS refund", Out: true, Amount: r.Refund.Amount,
			ReferenceNumber: r.Refund.Reference, TerminalID: r.Refund.TID,
		})
	default:
		return bad
	}
	return nil
}

func (b *book) linkRecord(r Record) error {
	if r.Kind == kindLinkDeleted {
		l := b.links[r.Code]
		if l == nil {
			return ErrRecord
		}
		l.deleted = true
		return nil
	}
	if r.Link == nil {
		return ErrRecord
	}
	if l := b.links[r.Link.Code]; l != nil {
		l.Link = *r.Link
		return nil
	}
	l := &link{Link: *r.Link, at: r.At}
	b.links[l.Code] = l
	b.linked = append(b.linked, l)
	return nil
}

func (b *book) pay(r Record) error {
	if q := b.requests[r.Code]; q != nil {
		if !q.paid.IsZero() {
			return ErrRecord
		}
		q.paid, q.reference, q.hidden = r.At, r.Reference, r.Hidden
		m := Movement{
			At: r.At, Reference: r.Reference, Operation: "Payment request", Amount: q.Amount,
			Details: []Line{{"Booking text", q.BookingText}, {"Reason", q.Reason}, {"Client", q.ClientName}},
		}
		if !r.Hidden {
			m.ReferenceNumber = q.BookingText
		}
		b.move(m)
		return nil
	}
	l := b.links[r.Code]
	if l == nil {
		return ErrRecord
	}
	l.paid++
	b.move(Movement{
		At: r.At, Reference: r.Reference, Operation: "Payment link", Amount: l.Price,
		Details: []Line{{"Link", l.Name}, {"Item", l.Article}},
	})
	return nil
}

func (b *book) move(m Movement) { b.moves = append(b.moves, m) }
