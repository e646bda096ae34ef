package practiceterminal

import (
	"context"
	"iter"

	"frontdesk/payments/money"
)

// Terminal is the practice terminal as a person sees and touches it.
type Terminal interface {
	// Watch tells the state, and every later one, until ctx ends or the terminal
	// is closed. A slow reader skips states.
	Watch(ctx context.Context) iter.Seq[State]
	// Press does what a button says. One that is not asked for does nothing.
	Press(b Button) error
}

// Screen is what the display shows. The strings are those of the terminal.
type Screen string

// Screens.
const (
	Off       Screen = "off"
	Boot      Screen = "boot"
	Idle      Screen = "idle"
	Greeting  Screen = "greeting"
	Wait      Screen = "wait"
	Card      Screen = "card"
	PIN       Screen = "pin"
	PINWrong  Screen = "pin-wrong"
	Currency  Screen = "currency"
	Approved  Screen = "approved"
	Declined  Screen = "declined"
	Cancelled Screen = "cancelled"
	Failed    Screen = "failed"
)

// Button is something a person can do to the terminal.
type Button string

// Buttons. The first ones are the customer's and the same words as the
// terminal's own acts; the others are cable and paper.
const (
	Tap         Button = "tap"
	Insert      Button = "insert"
	Unsupported Button = "unsupported" // a card the terminal does not take
	RightPIN    Button = "pin"
	WrongPIN    Button = "pin-wrong"
	Home        Button = "home"  // pay in the card's own currency
	Local       Button = "local" // pay in the salon's
	Cancel      Button = "cancel"

	Unplug   Button = "unplug"
	Plug     Button = "plug"
	PaperOut Button = "paper-out"
	PaperIn  Button = "paper-in"
)

// State is what the terminal shows, and which of the customer's buttons do
// something now.
type State struct {
	Screen    Screen
	Plugged   bool
	Paper     bool
	Amount    money.Amount // zero while none is asked for
	TriesLeft int
	Asks      []Button
}
