package app

import (
	"encoding/json"
	"fmt"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// SaleData belongs to SaleOpened. The amount owed stands in the event.
type SaleData struct {
	Lines    []Line `json:"lines"`
	Note     string `json:"note,omitempty"`
	Client   string `json:"client,omitempty"`
	Language string `json:"language,omitempty"`
	Key      string `json:"key,omitempty"` // idempotency key of the charge
}

// IntentData belongs to AttemptIntended: everything that is needed to repeat
// the offer byte by byte after a restart.
type IntentData struct {
	Rail    payments.Rail `json:"rail"`
	OrderID string        `json:"order_id"`
	Link    string        `json:"link,omitempty"` // 26 Crockford characters, the secret of the pay page
	Words   string        `json:"words,omitempty"`
	Expires time.Time     `json:"expires,omitzero"`
	Mark    string        `json:"mark,omitempty"` // of the rail, see Marker

	Device      string       `json:"device,omitempty"`
	DeviceLabel string       `json:"device_label,omitempty"` // as it is now
	SID         string       `json:"sid,omitempty"`          // name of the payment at the terminal
	Tip         money.Amount `json:"tip,omitzero"`
}

// SendingData belongs to TerminalSending. Previous is the name of the terminal's
// last transaction right before: when it still is the last one afterwards, ours
// never became one.
type SendingData struct {
	Previous string `json:"previous,omitempty"`
}

// OutcomeData belongs to TerminalOutcome. Unknown means that the outcome was
// lost, Absent that the terminal, asked again, has no record of the payment;
// neither settles anything.
type OutcomeData struct {
	Outcome    payments.Outcome `json:"outcome"`
	Code       string           `json:"code,omitempty"` // stable, behind the outcome
	Status     int              `json:"status,omitempty"`
	Card       payments.Card    `json:"card,omitzero"`
	NotStarted bool             `json:"not_started,omitempty"` // the terminal never began, there is nothing to complete
	Asked      bool             `json:"asked,omitempty"`       // answer to a question afterwards, not the end of the payment
	AsOf       int64            `json:"as_of,omitempty"`       // when asked: highest Seq before the question
	Raw        []byte           `json:"raw,omitempty"`
}

// NoteData belongs to DeskNoted.
type NoteData struct {
	Kind string            `json:"kind"`
	Data map[string]string `json:"data,omitempty"`
}

// OfferData belongs to AttemptOffered.
type OfferData struct {
	URL     string    `json:"url"`
	Expires time.Time `json:"expires"`
}

// ReasonData belongs to OfferFailed and AttemptWithdrawn.
type ReasonData struct {
	Code string `json:"code,omitempty"`
}

// EvidenceData belongs to PaymentSeen, RollbackSeen, FoundPayment and
// NoticeOddity. Raw is the body exactly as posted.
type EvidenceData struct {
	OrderID   string `json:"order_id,omitempty"`
	Method    string `json:"method,omitempty"`
	CardLast4 string `json:"card_last4,omitempty"`
	Place     string `json:"place,omitempty"` // epoch/seq/index in the relay's queue
	Code      string `json:"code,omitempty"`  // why a notice is an oddity
	Raw       []byte `json:"raw,omitempty"`
}

// StatusData belongs to StatusAnswered. AsOf is the highest Seq of the journal
// when the question was asked: what the answer can have known. Run names the
// run of the program, within which Event.Mono can be compared.
type StatusData struct {
	AsOf      int64            `json:"as_of"`
	Run       string           `json:"run"`
	Outcome   payments.Outcome `json:"outcome"`
	Reference string           `json:"reference,omitempty"`
	Code      int              `json:"code,omitempty"`
	Raw       []byte           `json:"raw,omitempty"`
}

// ResolveData belongs to Resolved. Refund is the OrderID of a refund when the
// answer is about one; Paid then means refunded.
type ResolveData struct {
	Paid     bool   `json:"paid"`
	Evidence string `json:"evidence"`
	Refund   string `json:"refund,omitempty"`
}

// RefundData belongs to RefundIntended (Outcome empty) and RefundSettled.
type RefundData struct {
	OrderID    string           `json:"order_id"`
	Reason     string           `json:"reason,omitempty"`
	Way        RefundWay        `json:"way,omitempty"`
	Device     string           `json:"device,omitempty"`
	SID        string           `json:"sid,omitempty"`
	Outcome    payments.Outcome `json:"outcome,omitempty"` // refunded, declined or unknown
	Code       string           `json:"code,omitempty"`
	NotStarted bool             `json:"not_started,omitempty"` // a terminal never began
	Reference  string           `json:"reference,omitempty"`   // the provider's
	Raw        []byte           `json:"raw,omitempty"`
}

// ReceiptData belongs to ReceiptPrinted. Failed is the code of why nothing came
// out; empty when it was handed over.
type ReceiptData struct {
	Kind   string `json:"kind"`
	Refund string `json:"refund,omitempty"` // OrderID of the refund; empty for the sale
	Way    string `json:"way"`
	Failed string `json:"failed,omitempty"`
}

// encode returns the JSON of an event's data. The types above always encode.
func encode(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("app: encode %T: %v", v, err))
	}
	return b
}

// decode reads an event's data; a line that cannot be read yields the zero
// value, which proves nothing.
func decode[T any](e Event) T {
	var v T
	if len(e.Data) == 0 || json.Unmarshal(e.Data, &v) != nil {
		var zero T
		return zero
	}
	return v
}
