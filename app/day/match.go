package day

import (
	"time"

	"frontdesk/app"
	"frontdesk/payments/money"
)

// MatchState says how far the match with myPOS's list is. The strings stand in
// --json and in the journal.
type MatchState string

// States of a match.
const (
	MatchOff     MatchState = "off"   // no list can be read: the account is not connected
	MatchNever   MatchState = "never" // it was not read in this run
	MatchRunning MatchState = "running"
	MatchDone    MatchState = "done"
	MatchFailed  MatchState = "failed" // Code says why; figures, if any, are those of At
)

// Match is how the journal, the notices and myPOS's list compare for the sales
// of one day. The figures of a closed day are those that were sealed.
type Match struct {
	State MatchState
	At    time.Time // when the list was read; zero before
	Code  string    // behind MatchFailed and MatchOff
	// Agree counts sales whose payments and refunds all stand in the list;
	// Probable of them are recognised by amount, time and terminal only.
	Agree, Probable int
	Fresh           int // sales too new to be listed yet
	Noticed         int // of Agree: with a signed notice of each link payment, or paid where myPOS sends none
	Listed          int // payments and refunds of this desk in the list
	Here            int // payments and refunds that should be in it
	Elsewhere       int // lines of other desks, terminals and shops of the account
}

// Entry is a line of myPOS's list.
type Entry struct {
	Key       string // names the line in Desk.Adopt
	Reference string
	At        time.Time // zero when it is not understood
	Amount    money.Amount
	Last4     string // of the card; empty when not told
	Device    string // label of the terminal; empty for online payments
	Kind      EntryKind
}

// EntryKind says what a line is. The strings stand in --json.
type EntryKind string

// Kinds of lines.
const (
	EntryPayment EntryKind = "payment"
	EntryRefund  EntryKind = "refund"
)

// Do is what the button of a difference does. The strings stand in --json.
type Do string

// What can be done about a difference.
const (
	DoCheck    Do = "check"     // ask myPOS now
	DoAskAgain Do = "ask_again" // charge the sale again
	DoRefund   Do = "refund"    // give the second payment back
	DoKeep     Do = "keep"      // accept a late payment
	DoResolve  Do = "resolve"   // answer with evidence, unknown for longer than a day
	DoAdopt    Do = "adopt"     // add the line at myPOS as a sale
	DoOpen     Do = "open"      // look at the sale

	DoAdoptRefund Do = "adopt_refund" // add the line at myPOS as a refund of the sale it names
)

// How a difference of the day was answered. The strings stand in --json; the
// sentence is app/text day.settled.HOW.
type How string

// Ways in which differences are answered.
const (
	HowPaidAgain How = "paid_again" // taken back, and paid again since
	HowRefunded  How = "refunded"   // paid twice, and one given back
	HowKept      How = "kept"       // somebody has accepted it as it is
	HowKnown     How = "known"      // it was not known, and is by now
	HowAdded     How = "added"      // it stood at myPOS only, and was added as a sale
)

// unanswered reports whether somebody still has to look at the sale.
func unanswered(s app.Sale) bool { return !s.Answered }
