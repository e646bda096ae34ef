package reconcile

import (
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Kind says which way money went.
type Kind string

// Kinds of lines; movements are In or Out.
const (
	In    Kind = "in"    // a payment
	Out   Kind = "out"   // given back, or taken back
	Fee   Kind = "fee"   // what myPOS keeps
	Other Kind = "other" // payouts, transfers, cash, and what cannot be understood
)

// Line is one line of the list.
type Line struct {
	Key       string // its name in the list, unique
	Reference string // by which myPOS knows it
	Kind      Kind
	Reversal  bool
	Amount    money.Amount // before conversion, never negative
	At        time.Time    // zero when not understood
	When      string       // as sent
	Terminal  string       // terminal id; empty online
	Last4     string       // of the card; empty when not told
	Texts     []string     // everything the line says, references and details
	Raw       []byte       // as received
}

// Expect says what the list should hold of a movement.
type Expect string

// What is expected.
const (
	Must  Expect = "must"  // the journal is sure that money moved
	May   Expect = "may"   // it is not known, or did not happen as far as the journal knows
	Gone  Expect = "gone"  // a payment that was taken back: with its return, or not at all
	Taken Expect = "taken" // the return of a payment that is Gone
	Never Expect = "never" // a refund that failed
)

// Move is one movement of money in the journal.
type Move struct {
	ID      string // unique: the attempt's, or the refund's OrderID
	Sale    app.SaleID
	Attempt app.AttemptID
	Order   string // OrderID it is asked for by: of the attempt or the refund
	Kind    Kind   // In or Out
	Expect  Expect
	Amount  money.Amount
	At      time.Time // when the journal learned of it

	Own    []string // names of this movement alone
	Shared []string // names it shares with others of its payment: count with the same amount only
	// Proof says that Shared names prove, too: what we asked for looks like that.
	Proof    bool
	Unsure   bool   // not known: what looks like it is not anybody else's
	Terminal string // id; empty online or when not told
	// Reference is what notices and answers call the payment; empty when not known.
	Reference string
	Rail      payments.Rail
	Noticed   bool // a signed notice told of it, or its rail has none
}

// By says how a line was recognised.
type By string

// Ways of recognising, strongest first.
const (
	ByName   By = "name"   // a name of the movement alone
	ByShared By = "shared" // a name of its payment and the amount
	ByGuess  By = "guess"  // amount, terminal and time
)

// Pair is a line and the movement it belongs to.
type Pair struct {
	Line Line
	Move Move
	By   By
}

// Loose is a line without a movement. Sale is the one whose names it carries,
// empty for none.
type Loose struct {
	Line
	Sale app.SaleID
}

// Result says where everything belongs. Lists are ordered by time.
type Result struct {
	Agree   []Pair // both sides say the same
	Differs []Pair // recognised by name, with another amount
	Settled []Pair // not known or unpaid here, and listed: evidence
	Doubt   []Pair // looks like something that is not known here: neither evidence nor anybody else's

	NotHere       []Loose // a payment nobody here has begun
	RefundNotHere []Loose // given back without a refund here
	Undone        []Loose // a payment of an order here and its reversal, both unknown here: money that moved nowhere
	Elsewhere     []Line  // of other desks, terminals or shops
	Aside         []Line  // fees, payouts, lines before the time compared

	NotListed       []Move
	RefundNotListed []Move
	Fresh           []Move // too new to be called not listed
	Quiet           []Move // expected nowhere, and not listed
}

// Input is what is compared.
type Input struct {
	Lines []Line
	Moves []Move
	Now   time.Time
	Since time.Time     // lines and movements before it are not judged
	Grace time.Duration // how long the list may lag; 0 means DefaultGrace

	Terminals []string // terminal ids of this desk, those removed included
	// Alone says that no other desk shares the account's store: an order of ours
	// that the journal does not know is then missing here.
	Alone bool
}

const (
	// DefaultGrace is how long a movement may be missing from the list. How long
	// the list lags is not published.
	DefaultGrace = time.Hour
	// guessWithin is how far apart a line and a movement may be that are taken for
	// the same by amount and terminal.
	guessWithin = 10 * time.Minute
	// shortest is the least length of a name: shorter ones occur by chance.
	shortest = 6
)
