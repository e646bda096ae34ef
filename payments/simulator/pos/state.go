package pos

import (
	"context"
	"iter"
	"slices"

	"frontdesk/payments/money"
)

// Screen is what the terminal's display shows. The strings are on the wire of
// the control surface and never change.
type Screen string

// Screens.
const (
	ScreenOff       Screen = "off"
	ScreenBoot      Screen = "boot"
	ScreenIdle      Screen = "idle"
	ScreenGreeting  Screen = "greeting"
	ScreenWait      Screen = "wait" // working: the bank, the printer
	ScreenCard      Screen = "card" // present, insert or swipe
	ScreenPIN       Screen = "pin"
	ScreenPINWrong  Screen = "pin-wrong" // and again
	ScreenCurrency  Screen = "currency"  // which currency?
	ScreenApproved  Screen = "approved"
	ScreenDeclined  Screen = "declined"
	ScreenCancelled Screen = "cancelled"
	ScreenFailed    Screen = "failed" // no card, chip error, no line to the bank
)

// State is what an onlooker sees: the display, and which buttons do something.
type State struct {
	Revision  int64        `json:"revision"` // grows with every change
	Screen    Screen       `json:"screen"`
	Powered   bool         `json:"powered"`
	Plugged   bool         `json:"plugged"`
	Busy      bool         `json:"busy"`      // an operation runs
	Connected int          `json:"connected"` // lines to a till
	Paper     bool         `json:"paper"`
	Method    string       `json:"method,omitempty"`
	SID       string       `json:"sid,omitempty"`
	Stage     int          `json:"stage,omitempty"` // last stage told
	Amount    money.Amount `json:"amount,omitzero"`
	Reference string       `json:"reference,omitempty"`
	TriesLeft int          `json:"tries_left,omitempty"`
	Approval  string       `json:"approval,omitempty"`
	Status    int          `json:"status,omitempty"`  // of the outcome shown
	Asks      []Act        `json:"asks,omitempty"`    // what Do takes now
	Pending   string       `json:"pending,omitempty"` // SID that waits for COMPLETE_TX
}

// State returns what an onlooker sees, and a channel that is closed at the next
// change.
func (t *Terminal) State() (State, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.state
	s.Asks = slices.Clone(s.Asks)
	s.Connected = len(t.lines)
	s.Paper = !t.switches.NoPaper && !t.switches.NoPrinter
	if t.book.pending != nil {
		s.Pending = t.book.pending.SID
	}
	return s, t.changed
}

// Await returns the first state that is ready, or the last one when ctx ends or
// the terminal is closed.
func (t *Terminal) Await(ctx context.Context, ready func(State) bool) (State, error) {
	for {
		s, changed := t.State()
		if ready(s) {
			return s, nil
		}
		select {
		case <-changed:
		case <-t.context.Done():
			return s, ErrClosed
		case <-ctx.Done():
			return s, ctx.Err()
		}
	}
}

// Watch yields what an onlooker sees, at once and after every change, until ctx
// ends, the terminal is closed or the loop breaks. A slow reader misses what is
// in between, never the newest.
func (t *Terminal) Watch(ctx context.Context) iter.Seq[State] {
	return func(yield func(State) bool) {
		for {
			s, changed := t.State()
			if !yield(s) {
				return
			}
			select {
			case <-changed:
			case <-t.context.Done():
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// show changes the state and tells onlookers. The caller holds t.mu.
func (t *Terminal) show(edit func(*State)) {
	edit(&t.state)
	t.state.Powered, t.state.Plugged, t.state.Busy = t.powered, t.plugged, t.op != nil
	t.state.Revision++
	close(t.changed)
	t.changed = make(chan struct{})
}
