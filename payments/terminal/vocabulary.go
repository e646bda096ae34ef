package terminal

import (
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Class is what one end of an operation says about the money (spec 3.7). The
// strings reach disk.
type Class string

// Money classes.
const (
	Charged    Class = "charged"     // money was taken (or, for a refund, given back)
	Declined   Class = "declined"    // the issuer said no
	NotCharged Class = "not_charged" // begun, and ended without money
	NotStarted Class = "not_started" // turned down before it began
	Unclear    Class = "unknown"     // only a look-up can tell
)

// StageName says what the terminal shows its customer. The strings reach disk.
type StageName string

// Stages as people know them (spec 3.6).
const (
	StageSent        StageName = "sent"
	StagePresentCard StageName = "present_card"
	StageCardRead    StageName = "card_read"
	StagePIN         StageName = "pin"
	StagePINWrong    StageName = "pin_wrong"
	StageDCC         StageName = "dcc"
	StageAuthorising StageName = "authorising"
)

// Stage is one step of a running operation.
type Stage struct {
	Name        StageName
	TriesLeft   int    // of the PIN; 0 while not told and for a PIN checked online
	Cancellable bool   // Cancel would be sent now
	Cancelling  bool   // Cancel was sent and not turned down; the outcome decides
	Code        string // why the step is here again: terminal.unsupported_card, terminal.fallback
	DCC         DCC    // at StageDCC
}

// DCC is an offer to pay in the card's own currency, as the terminal words it.
type DCC struct {
	Amount   string // "13.37"
	Currency string // letters, else the ISO number
	Rate     string
	Used     bool // the customer has taken it
}

// Printout says what the terminal prints by itself (spec 3.8).
type Printout int

// Printouts.
const (
	PrintAutomatic  Printout = 0
	PrintAsk        Printout = 1 // the second copy after confirmation
	PrintMerchant   Printout = 2
	PrintNothing    Printout = 3
	maxPrintout              = PrintNothing
	maxSID                   = 127
	maxReference             = 50
	maxOperatorCode          = 4
)

// Purchase is one sale to be taken. SID is made by the caller (NewSID), is on
// its disk before the call, and is never used twice.
type Purchase struct {
	SID       string
	Amount    money.Amount // above 0, without the tip
	Tip       money.Amount // zero-valued for none; otherwise in the same currency
	Reference string       // at most 50 printable ASCII characters; empty for none
	Operator  string       // up to 4 digits; empty for none
	Printout  Printout
	Handheld  bool   // the terminal can be handed to the customer
	Language  string // as the terminal writes it, e.g. "EN"; empty leaves it to the terminal
	Password  string // after terminal.password; never logged
}

// Refund is money to be given back to a card that the customer presents. The
// terminal does not tie it to a sale; the caller compares the amounts.
type Refund struct {
	SID       string
	Amount    money.Amount
	Reference string // as in Purchase
	Operator  string
	Printout  Printout
	Handheld  bool
	Language  string
	Password  string
}

// Result is what is known about one operation. Every field but Outcome, Class,
// SID and Code may be missing.
type Result struct {
	SID string // whose result this is; in a look-up perhaps another's (see Lookup)

	// Outcome is Paid or Refunded for Charged, Declined for Declined, NotCharged
	// and NotStarted, Absent when the record before ours is still the last, and
	// Unknown otherwise.
	Outcome    payments.Outcome
	Class      Class
	NotStarted bool   // Class is NotStarted
	Code       string // the sentence: approval.51, terminal.cancelled, ...; empty for Charged
	Unfinished bool   // the terminal waits for Complete before it takes another payment

	Status   int    // STATUS that decided; -1 when none did
	TxStatus string // TX_STATUS as received
	Approval string // the issuer's answer: "00", "51"
	AuthCode string
	RRN      string
	STAN     string
	Amount   money.Amount // as the terminal told it, else as asked; in a look-up zero when not told
	Tip      money.Amount
	TipText  string // TIP_AMOUNT as received
	// AmountText and CurrencyText are AMOUNT and CURRENCY, or CURRENCY_NAME, as
	// received: Amount is zero where they cannot be read.
	AmountText, CurrencyText string

	CardLast4 string
	CardName  string // "Maestro"
	EntryMode string

	TerminalID string
	MerchantID string
	Reference  string // REFERENCE_NUMBER, else REFERENCE, as echoed
	Operator   string
	Date       string // the terminal's own clock: 2026-11-21
	Time       string // 14:03:59
	DCC        DCC

	SignatureNeeded bool
	NoPaper         bool // taken, and nothing could be printed
	Raw             []byte
}

// Last is the terminal's record of its last transaction.
type Last struct {
	SID  string // empty when the terminal told none
	Type string // LAST_TX_TYPE: 00 sale, 20 refund, 02 void, ...
	Result
}

// Info is what a terminal says about itself.
type Info struct {
	At         time.Time // when it answered
	TerminalID string
	SerialNo   string
	Merchant   string
	MerchantID string
	Name       string
	Software   string
	Version    int // protocol version spoken from now on
	Printer    bool
	Currency   money.Currency // empty when not told
	Last       Last
	Status     int    // STATUS of GET_STATUS
	Code       string // why no payment can be taken now: terminal.needs_update, ...; empty when usable
}
