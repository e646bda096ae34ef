package terminaltest

import (
	"context"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Charger takes money on a terminal.
type Charger interface {
	// Prepare greets the terminal and tells its last record, which is stored
	// before Charge and handed to Find. An error means that it cannot take a sale.
	Prepare(ctx context.Context) (previous string, err error)
	// Charge takes amount once under id. Without an error Answer says Paid or
	// Declined (the terminal's own word, charged or not). payments.ErrRefused and
	// ErrUnreachable mean that nothing can have been taken, ErrUnknown all else.
	Charge(ctx context.Context, id string, amount money.Amount, stage func(Stage)) (Answer, error)
	// Cancel asks the running Charge to stop.
	Cancel(ctx context.Context) error
	// Complete ends the bookkeeping of a sale on the terminal.
	Complete(ctx context.Context, id string) error
}

// Finder finds out what became of a sale.
type Finder interface {
	// Find answers Paid, Declined, or Absent while the record before is still the
	// last one. Every error is payments.ErrUnknown.
	Find(ctx context.Context, id, previous string) (Answer, error)
}

// Driver is what the suite drives.
type Driver interface {
	Charger
	Finder
}

// Stage is a step that the driver told.
type Stage struct {
	Name        string
	Cancellable bool
}

// Answer is what the driver says about a sale.
type Answer struct {
	Outcome payments.Outcome
	Amount  money.Amount
	Code    string // of the sentence; not empty unless Paid or Absent
}

// Scene is what a terminal does with the next sale.
type Scene string

// Scenes.
const (
	Approves       Scene = "approves"
	Declines       Scene = "declines"
	NoCard         Scene = "no card"         // nobody presents one in time
	CustomerStops  Scene = "customer stops"  // the red key, before a card was read
	TurnsDown      Scene = "turns down"      // the request, before it begins
	DropsThenPays  Scene = "drops, charges"  // the line goes before the outcome is told
	DropsGivesUp   Scene = "drops, gives up" // the same, and nothing is charged
	FreezesCharged Scene = "freezes"         // no word any more, and it is charged
	LostBankPaid   Scene = "bank lost, paid" // says that it does not know
	LostBankUnpaid Scene = "bank lost, unpaid"
	WaitsForCard   Scene = "waits"           // for a card, and stops when asked
	PaysDespite    Scene = "ignores cancels" // and approves
)

// Scenes lists all of them.
func Scenes() []Scene {
	return []Scene{
		Approves, Declines, NoCard, CustomerStops, TurnsDown, DropsThenPays, DropsGivesUp,
		FreezesCharged, LostBankPaid, LostBankUnpaid, WaitsForCard, PaysDespite,
	}
}

// Terminal is the other side, told what to do.
type Terminal interface {
	// Play makes the next sale go by the scene.
	Play(t testing.TB, s Scene)
	// Charged is how often the customer paid under the id.
	Charged(id string) int
	// Vanish makes the terminal unreachable from now on.
	Vanish(t testing.TB)
}

// Rig is one terminal with one driver.
type Rig struct {
	Driver   Driver
	Terminal Terminal
	NewID    func() string
	Now      func() time.Time
	// Patience is the longest that one call may take, in the time of the test.
	Patience time.Duration
	// Pause is how long to wait between two questions about an unknown sale.
	Pause time.Duration
}

// Around runs one test with a fresh rig.
type Around func(t *testing.T, test func(t *testing.T, r Rig))
