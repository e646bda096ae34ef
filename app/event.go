package app

import (
	"encoding/json"
	"time"

	"frontdesk/payments/money"
)

// Source says where an event came from. Later sources outrank earlier ones
// when they speak of the same money: notice, status, list.
type Source string

// Sources of events.
const (
	FromDesk     Source = "desk"
	FromOperator Source = "operator"
	FromRelay    Source = "relay"  // our own relay: opened
	FromNotice   Source = "notice" // signed by the provider
	FromStatus   Source = "status" // verified answer to our query
	FromList     Source = "list"   // the provider's list of transactions
	FromTerminal Source = "terminal"
)

// Kind says what happened. The strings are on disk and never change.
type Kind string

// Kinds of events.
const (
	SaleOpened       Kind = "sale_opened"      // Data: SaleData
	AttemptIntended  Kind = "attempt_intended" // Data: IntentData; committed before any byte leaves
	AttemptOffered   Kind = "attempt_offered"  // Data: OfferData
	OfferFailed      Kind = "offer_failed"     // nothing was shown to anybody; Data: ReasonData
	CustomerOpened   Kind = "customer_opened"
	PaymentSeen      Kind = "payment_seen"    // the provider says paid; Data: EvidenceData
	RollbackSeen     Kind = "rollback_seen"   // Data: EvidenceData; Reference is the place in the relay's queue
	StatusAnswered   Kind = "status_answered" // Data: StatusData; Reference is the query number
	AttemptDeclined  Kind = "attempt_declined"
	CancelAsked      Kind = "cancel_asked"
	AttemptWithdrawn Kind = "attempt_withdrawn" // Data: ReasonData
	AttemptExpired   Kind = "attempt_expired"
	Resolved         Kind = "resolved"        // an operator's answer with evidence; Data: ResolveData
	LateKept         Kind = "late_kept"       // a late payment was accepted
	AlarmAnswered    Kind = "alarm_answered"  // somebody has seen that money was taken back or paid twice
	NoticeOddity     Kind = "notice_oddity"   // a verified notice that changes nothing: wrong amount, unknown method
	FoundPayment     Kind = "found_payment"   // signed payment of an order this journal does not know; Data: EvidenceData
	RefundIntended   Kind = "refund_intended" // Data: RefundData; Reference is the refund's OrderID
	RefundSettled    Kind = "refund_settled"  // Data: RefundData with Outcome; Reference as in RefundIntended

	TerminalSending   Kind = "terminal_sending"   // Data: SendingData; committed before the amount leaves for the terminal
	TerminalOutcome   Kind = "terminal_outcome"   // Data: OutcomeData; Reference is the query number, empty for the running payment
	TerminalCompleted Kind = "terminal_completed" // the terminal knows that we know; Reference is the refund's OrderID or empty
	DespiteUnknown    Kind = "despite_unknown"    // of the sale: another attempt was begun although one is not known
	CashNoted         Kind = "cash_noted"         // by an operator: the customer paid in cash; committed with the intent
	ReceiptPrinted    Kind = "receipt_printed"    // of the sale: Data: ReceiptData; Reference is drawn
	WordsErased       Kind = "words_erased"       // of the sale: the key of all its words so far is gone
	DayClosed         Kind = "day_closed"         // of the desk, no sale: Data: DayData; Reference is the day and the Seq before
	DayReopened       Kind = "day_reopened"       // of the desk, no sale: Data: DayData with Day only; Reference as in DayClosed
	DeskNoted         Kind = "desk_noted"         // of the desk, no sale: Data: NoteData
)

// Event is one line of the journal. Seq is given by the journal, starts at 1
// and has no gaps; Seq alone orders events, clocks never do. Data is the JSON
// of the type named beside the kind.
type Event struct {
	Seq       int64
	Sale      SaleID
	Attempt   AttemptID // empty for events of the sale
	Source    Source
	Kind      Kind
	Reference string // the provider's, or a query number; part of the uniqueness key
	Amount    money.Amount
	Wall      time.Time     // the desk's clock, UTC milliseconds
	Mono      time.Duration // since the program started
	Provider  string        // the provider's own time text
	Operator  string
	Data      json.RawMessage
}
