package app

import (
	"context"
	"strconv"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// PostingKind says how money moved. The strings are on disk and never change.
type PostingKind string

// Kinds of postings. Unsure takes a payment out while it is not known any more
// and puts it back when it is known again.
const (
	PostedPayment   PostingKind = "payment"
	PostedRefund    PostingKind = "refund"
	PostedTakenBack PostingKind = "taken_back"
	PostedUnsure    PostingKind = "unsure"
)

// Takings is money that moved in one quarter of an hour, in one way.
type Takings struct {
	Kind     PostingKind
	Rail     payments.Rail
	Device   string // its label; empty on rails without one
	Operator string
	Quarter  time.Time // its beginning, UTC
	Count    int
	Amount   money.Amount // signed: refunds and what was taken back are negative
	Tip      money.Amount // part of Amount
}

// Posting is one line of Takings, not added up.
type Posting struct {
	Seq       int64 // of the event that moved the money
	Kind      PostingKind
	Sale      SaleID
	Rail      payments.Rail
	Device    string
	Operator  string
	At        time.Time
	Amount    money.Amount
	Tip       money.Amount
	OrderID   string
	Reference string
	Day       string // of the closing; empty while it is open
}

// Period selects postings: those of a closed day, or the ones not closed yet
// that happened from From until before To.
type Period struct {
	Day      string // YYYY-MM-DD of a closed day; empty for what is not closed
	From, To time.Time
}

// DayData belongs to DayClosed and, with Day and Reason only, to DayReopened. Until ends
// the day: postings before it that belong to no earlier closed day are its own.
type DayData struct {
	Day    string     `json:"day"`            // YYYY-MM-DD
	Zone   string     `json:"zone,omitempty"` // IANA name of the salon's zone
	Until  time.Time  `json:"until,omitzero"`
	Totals []DayTotal `json:"totals,omitempty"`
	Open   int        `json:"open,omitempty"` // differences that were left open, knowingly
	Match  *MatchData `json:"match,omitempty"`
	Reason string     `json:"reason,omitempty"` // of an opening, as typed
}

// MatchData is how the day compared with myPOS's list when it was closed. State
// is one of package day's.
type MatchData struct {
	State       string    `json:"state"`
	At          time.Time `json:"at,omitzero"`
	Code        string    `json:"code,omitempty"`
	Agree       int       `json:"agree"`
	Probable    int       `json:"probable,omitempty"`
	Fresh       int       `json:"fresh,omitempty"`
	Noticed     int       `json:"noticed,omitempty"`
	Listed      int       `json:"listed"`
	Here        int       `json:"here"`
	Elsewhere   int       `json:"elsewhere,omitempty"`
	Differences int       `json:"differences"` // with the list, left when the day was closed
}

// DayTotal is what one currency came to.
type DayTotal struct {
	Currency money.Currency `json:"currency"`
	Payments int64          `json:"payments"` // minor units, all of them
	Refunds  int64          `json:"refunds"`  // negative
	Back     int64          `json:"taken_back"`
	Unsure   int64          `json:"unsure"`
	Tips     int64          `json:"tips"`
	Count    int            `json:"count"` // payments
}

// Net is what stays.
func (d DayTotal) Net() int64 { return d.Payments + d.Refunds + d.Back + d.Unsure }

// ClosedDay is a day that was closed and not opened again.
type ClosedDay struct {
	DayData
	Seq      int64 // of the closing
	At       time.Time
	Operator string
	Head     []byte // hash of the chain with the closing as its last line
}

// NoteDay closes a day or opens it again (kind DayClosed or DayReopened). tally
// is called while nothing else can be written, so that what it adds up is what
// is sealed; its error ends it and nothing is written. Codes operator.*, those
// of tally.
func (t *Till) NoteDay(ctx context.Context, by Actor, kind Kind, tally func() (DayData, error)) error {
	name, err := t.allow(ctx, "day", by, operators.CloseDay, money.Amount{})
	if err != nil {
		return err
	}
	return t.do(ctx, func() error {
		data, err := tally()
		if err != nil {
			return err
		}
		return t.desk.commit([]Event{{
			Source: FromOperator, Kind: kind, Operator: name, Data: encode(data),
			Reference: data.Day + "/" + strconv.FormatInt(t.desk.head, 10),
		}}, nil)
	})
}

// MayExport says whether the actor may take the lines of a day out of the till.
// Codes operator.*.
func (t *Till) MayExport(ctx context.Context, by Actor) error {
	_, err := t.allow(ctx, "export", by, operators.Export, money.Amount{})
	return err
}
