package app

import (
	"context"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Rail collects money one way. Its methods may be called from any goroutine
// and speak the errors of package payments: ErrUnreachable (no byte left),
// ErrRefused (turned down, nothing moved), anything else counts as unknown.
type Rail interface {
	Name() payments.Rail
	// Offer makes the order payable and returns where. Repeating the same
	// Offer is harmless and gives the same page.
	Offer(ctx context.Context, o Offer) (Page, error)
	// Withdraw closes the pay page of the order early. An order that is
	// unknown or already closed is no error.
	Withdraw(ctx context.Context, orderID string) error
	// Status asks the provider about the order. The answer is verified.
	Status(ctx context.Context, q StatusQuery) (payments.Answer, error)
}

// Conditional is a Rail or an Inbox that is not always set up. Ready says with a
// code why it is not, before anything is written down, and opens no connection;
// an Inbox that is not ready is treated as none.
type Conditional interface {
	Ready() error
}

// Marker is a Rail whose orders remember a short mark of the moment at which
// they began, such as the key index they are signed under. It comes back in
// Offer.Mark and RefundOrder.Mark, whatever the mark of later orders is.
type Marker interface {
	Mark() string
}

// Refunder is a Rail that can give money back. On a terminal this is one long
// call: the customer may have to present the card, and RefundOrder.Stage is
// told how far it is.
type Refunder interface {
	Refund(ctx context.Context, r RefundOrder) (payments.Answer, error)
}

// RefundPlanner is a Refunder that says beforehand what it could do. RefundWays
// returns the ways that are open for this refund now, the default first, or with
// a code why there is none. It opens no connection; Way, OrderID and SID of the
// order are empty.
type RefundPlanner interface {
	RefundWays(r RefundOrder) ([]RefundWay, error)
}

// Seeker is a Refunder that can find out what became of a refund whose answer
// was lost. It sends nothing that moves money.
type Seeker interface {
	RefundStatus(ctx context.Context, r RefundOrder) (payments.Answer, error)
}

// Presenter is a Rail on which the customer pays in one long call: a card
// terminal, near or in the cloud. The till calls Prepare, commits what it
// returned, calls Collect once and never again, commits the outcome, and calls
// Complete until it succeeded. Status is the recovery of a payment whose
// outcome was lost: Absent then means that the terminal's last transaction is
// still the one before ours. Withdraw asks the running payment to stop; the
// outcome decides.
type Presenter interface {
	Rail
	// Device finds the device a charge asks for by its ID; empty means the
	// default one. It opens no connection. Codes device.missing, device.disabled.
	Device(id string) (Device, error)
	// Prepare looks at the device right before a payment and returns the name of
	// its last transaction. No money can move. Its errors refuse the payment:
	// terminal.busy, terminal.unfinished, terminal.currency, terminal.changed...
	Prepare(ctx context.Context, o Offer) (previous string, err error)
	// Collect asks for the money and waits for the end. Offer.Previous holds what
	// Prepare returned. Stage is called from one goroutine, in order, and returns
	// soon. A nil error comes with Paid, Declined or NotCharged.
	Collect(ctx context.Context, o Offer, stage func(Stage)) (payments.Answer, error)
	// Complete tells the device that the outcome is on disk. "Nothing to
	// complete" is no error.
	Complete(ctx context.Context, o Offer) error
}

// Device is a card terminal as a charge names it.
type Device struct {
	ID    string
	Label string
}

// StageName says what a terminal is doing. The strings stand in --json.
type StageName string

// Stages of a payment on a terminal, not always in this order.
const (
	StageSent        StageName = "sent"         // the terminal has taken the amount
	StagePresentCard StageName = "present_card" // it asks for the card
	StageCardRead    StageName = "card_read"
	StageCurrency    StageName = "dcc" // the customer chooses the currency
	StagePIN         StageName = "pin"
	StagePINWrong    StageName = "pin_wrong"
	StageAuthorising StageName = "authorising"
)

// Stage is where a payment on a terminal stands now. Name is empty while none
// runs.
type Stage struct {
	Name        StageName
	TriesLeft   int    // of the PIN, after a wrong one
	Cancellable bool   // asking it to stop may still work
	Code        string // why the stage is here again: terminal.unsupported_card...
	Offer       string // at StageCurrency, as the terminal words it: "13.37 USD"
	Since       time.Time
}

// Authority says who may do what at this desk. Allow takes as long as a PIN
// takes to check and is called from any goroutine. The PIN is passed for
// refunds, resolutions and charges despite an unknown payment; for everything
// else it is empty and the right alone decides. Refunds ask for
// operators.RefundUpTo with their amount, which operators.RefundAny includes. An
// empty operator means whoever stands for the desk. Its errors carry a code
// (operator.right, operator.pin, operator.wait, operator.missing...).
type Authority interface {
	Allow(ctx context.Context, operator, pin string, right operators.Right, amount money.Amount) error
}

// Namer is an Authority that knows the names of operators. What is written down
// is the name as it was that day; without a Namer it is what the caller gave.
type Namer interface {
	Name(operator string) string
}

// PINAsker is an Authority that knows who will be asked for a PIN. Without one
// a PIN is asked for wherever there is an Authority.
type PINAsker interface {
	NeedsPIN(operator string, right operators.Right) bool
}

// Verifier proves again what the provider has signed, exactly as it came in, with
// any certificate that ever belonged to the store. A nil error says that the
// signature is valid; one that wraps payments.ErrUnreachable that nothing could be
// checked now.
type Verifier interface {
	VerifyNotice(raw []byte) error
	VerifyAnswer(raw []byte) error // of the hosted checkout, to a question of ours
}

// Returns knows what the newest list of the provider shows as given back.
type Returns interface {
	// Await returns at once, except where the journal may not know of refunds of its
	// own, as after an older one was put back: then it waits for the first list, for
	// a while or until ctx ends. It may call the till.
	Await(ctx context.Context)
	// Unnoted answers at once, on the goroutine that owns the till, and does not call
	// it. It reports whether the list shows money given back for the sale of these events that
	// no refund among them stands for. Without a list there is none.
	Unnoted(events []Event) bool
}

// Inbox delivers verified notices of the store.
type Inbox interface {
	// Receive delivers notices after from until ctx ends or the way breaks for
	// good. A notice is acknowledged only after deliver returned nil; a notice
	// whose delivery failed comes again.
	Receive(ctx context.Context, from payments.Position, deliver func(context.Context, payments.Position, payments.Notice) error) error
	// Proof is the last moment at which the way was shown to work.
	Proof() payments.Proof
}

// Journal remembers events. Append is all or nothing and durable when it
// returns; the others read what is committed.
type Journal interface {
	// Append gives Seq to the events and commits them, with the cursor when it
	// is not nil. An event that repeats attempt, source, reference and kind of
	// a committed one is left out; the result holds what was appended.
	Append(ctx context.Context, events []Event, cursor *payments.Position) ([]Event, error)
	// Sale returns the events of one sale ordered by Seq; none for an unknown one.
	Sale(ctx context.Context, id SaleID) ([]Event, error)
	// Sales returns folded sales, newest first.
	Sales(ctx context.Context, q Query) ([]Sale, error)
	// State returns where the journal stands.
	State(ctx context.Context) (JournalState, error)
	// Notes returns events of the desk itself, newest first: at most limit of
	// those before the Seq, 0 for the newest.
	Notes(ctx context.Context, before int64, limit int) ([]Event, error)
}

// Prover is a Journal whose lines are chained by hash.
type Prover interface {
	// Hashes returns the hash of each line of a sale by Seq, and the end of the chain.
	Hashes(ctx context.Context, id SaleID) (map[int64][]byte, ChainHead, error)
	// Whole walks the chain and returns "whole", or what is wrong with it.
	Whole(ctx context.Context) (string, error)
}

// ChainWhole is what Whole says of a chain that holds.
const ChainWhole = "whole"

// Wiper is a Journal that makes sure that what was erased is nowhere on the disk
// any more. Its error says that it must be tried again; it holds nobody up.
type Wiper interface {
	Forget(ctx context.Context) error
}

// ChainHead is the last line of the chain.
type ChainHead struct {
	Seq  int64
	Hash []byte
}

// JournalState is where a journal stands. Head is the highest Seq, 0 when empty.
type JournalState struct {
	Head   int64
	Cursor payments.Position
}

// Query selects sales, newest first; zero fields select everything. Text is
// searched in notes, clients, amounts, last four, order ids and references,
// all words must match. OrderID, Reference and Device (of an attempt), Key
// and Operator match exactly.
type Query struct {
	Text      string
	States    []State
	Rail      payments.Rail
	From, To  time.Time // by Created, From inclusive, To exclusive
	OrderID   string
	Key       string
	Reference string
	Device    string
	Operator  string // as it was written down
	Refunding bool   // only sales with a refund that has no result yet
	Dirty     bool   // only sales with a terminal payment that was not completed yet
	Unsettled bool   // only sales with a refund whose result is not known
	Worded    bool   // only sales whose words lie in the journal and can be erased
	Before    int64  // Sale.Seq of the last row of the page before; 0 for the first page
	Limit     int    // 0 means 50
}

// SaleSum is what the sales of one currency come to.
type SaleSum struct {
	Count              int
	Received, Refunded money.Amount
	Unknown, Reversed  int // how many of them
}

// Summer is a Journal that adds up everything a query selects.
type Summer interface {
	Sums(ctx context.Context, q Query) ([]SaleSum, error)
}

// Offer is what a rail needs to make an order payable.
type Offer struct {
	OrderID  string
	Link     string // 26 Crockford characters, never derived from OrderID
	Amount   money.Amount
	Lines    []Line
	Note     string
	Language string
	Words    string
	Expires  time.Time
	Mark     string // as Marker gave it when the attempt was intended; "" without one

	// Of terminals only.
	Device   string
	SID      string       // name of this payment at the terminal
	Previous string       // name of the one before, as Prepare returned it
	Tip      money.Amount // part of Amount that is a tip; zero for none
}

// Page is where an offer can be paid.
type Page struct {
	URL     string
	Expires time.Time
}

// StatusQuery names the order to ask about and what it must be worth. Device,
// SID and Previous belong to terminals.
type StatusQuery struct {
	OrderID string
	Amount  money.Amount
	Begun   time.Time // when the attempt was intended; bounds the search in lists

	Device   string
	SID      string
	Previous string
}

// RefundOrder asks for money back. OrderID is fresh and belongs to the refund,
// Reference and PurchaseOrderID to the payment.
type RefundOrder struct {
	OrderID         string
	PurchaseOrderID string
	Reference       string
	Amount          money.Amount
	Reason          string
	Begun           time.Time // when the refund was intended; bounds the search in lists
	Mark            string    // of the payment, as Marker gave it; "" without one

	// Of terminals only.
	Way         RefundWay
	Whole       bool // all that was paid goes back at once
	Device      string
	SID         string // name of the refund at the terminal
	PurchaseSID string
	Stage       func(Stage) // never nil; as that of Presenter.Collect
}

// RefundWay is how a terminal gives money back. The strings reach disk.
type RefundWay string

// Ways of refunds. Empty lets the rail choose: a reversal when the payment is
// the terminal's last and goes back whole, else with the card.
const (
	RefundReversal RefundWay = "reversal" // takes the terminal's last payment back, no card
	RefundCard     RefundWay = "card"     // the customer presents the card
	RefundOnline   RefundWay = "online"   // through the myPOS account, no card
	RefundCash     RefundWay = "cash"     // out of the drawer; of payments noted as cash
)
