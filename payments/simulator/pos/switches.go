package pos

import (
	"fmt"
	"slices"
)

// How frames leave the terminal.
const (
	LineWhole   = ""        // one write a frame
	LineSplit   = "split"   // every frame in drawn pieces
	LineMerge   = "merge"   // what comes within Pace.Merge in one write
	LineDribble = "dribble" // byte by byte
	LineChaos   = "chaos"   // gathered, then cut in drawn pieces
)

// What happens to a second client.
const (
	SecondRefused = ""       // its connection is closed at once
	SecondSilent  = "silent" // it is taken and never answered
)

// What a cancel from the till does while the terminal waits for a card.
const (
	CancelHonoured = ""         // the operation ends with 5/13
	CancelAnswered = "answered" // the same, and the cancel gets an answer of its own first
	CancelBusy     = "busy"
	CancelRace     = "race"   // the card was faster: the payment goes on
	CancelIgnored  = "ignore" // nothing at all
)

// Automatic customers.
const (
	CustomerNone   = ""       // the buttons decide
	CustomerTap    = "tap"    // taps by itself after a moment
	CustomerInsert = "insert" // inserts and types the PIN
)

// Switches are how the terminal behaves until they are changed. The zero value
// is a well-behaved terminal of today in cash-register mode.
type Switches struct {
	Line     string `json:"line,omitempty"`
	Second   string `json:"second,omitempty"`
	Cancel   string `json:"cancel,omitempty"`
	Customer string `json:"customer,omitempty"`

	// Greeting shows a greeting in the first connection after a while: PING is
	// answered there, financial requests are swallowed.
	Greeting bool `json:"greeting,omitempty"`
	// CompleteAll asks for COMPLETE_TX after declines, cancels and reversals too.
	CompleteAll bool `json:"complete_all,omitempty"`
	// DeclinedIsLast makes what was not charged the last transaction too.
	DeclinedIsLast bool `json:"declined_is_last,omitempty"`
	// Condition is 0, 1 (busy), 25, 26, 34 or 36: what is said to financial
	// requests and (but for 1) by GET_STATUS. With 34 payments go on.
	Condition int `json:"condition,omitempty"`
	// Forbidden are the methods answered with 50.
	Forbidden []string `json:"forbidden,omitempty"`
	// Protected are the methods that need Password.
	Protected []string `json:"protected,omitempty"`
	Password  string   `json:"password,omitempty"`
	// NotEnabled is an account without cash-register use (spec 3.9-D).
	NotEnabled bool `json:"not_enabled,omitempty"`
	// Slave asks the till to relay the bank's bytes (spec 3.5).
	Slave     bool `json:"slave,omitempty"`
	NoPrinter bool `json:"no_printer,omitempty"`
	NoPaper   bool `json:"no_paper,omitempty"`
	// Information ends COMPLETE_TX with 100 instead of 0.
	Information bool `json:"information,omitempty"`
	// Version is the newest protocol version taken; 0 is 202.
	Version int `json:"version,omitempty"`
	// NoTriggers makes amounts mean nothing.
	NoTriggers bool `json:"no_triggers,omitempty"`
}

func (s Switches) check() error {
	for _, c := range []struct {
		name, value string
		of          []string
	}{
		{"line", s.Line, []string{LineWhole, LineSplit, LineMerge, LineDribble, LineChaos}},
		{"second", s.Second, []string{SecondRefused, SecondSilent}},
		{"cancel", s.Cancel, []string{CancelHonoured, CancelAnswered, CancelBusy, CancelRace, CancelIgnored}},
		{"customer", s.Customer, []string{CustomerNone, CustomerTap, CustomerInsert}},
	} {
		if !slices.Contains(c.of, c.value) {
			return fmt.Errorf("%w: switch %s cannot be %q", ErrScript, c.name, c.value)
		}
	}
	conditions := []int{statusOK, statusBusy, statusActivate, statusUpdate, statusOptional, statusNotFinished}
	if !slices.Contains(conditions, s.Condition) {
		return fmt.Errorf("%w: condition %d", ErrScript, s.Condition)
	}
	if len(s.Protected) > 0 && s.Password == "" {
		return fmt.Errorf("%w: protected methods need a password", ErrScript)
	}
	if s.Version != 0 && !knownVersion(s.Version, 202) {
		return fmt.Errorf("%w: version %d", ErrScript, s.Version)
	}
	return nil
}

// version is the newest protocol version the terminal takes.
func (s Switches) version() int {
	if s.Version == 0 {
		return 202
	}
	return s.Version
}

// knownVersion reports whether a documented version is not above the newest.
func knownVersion(v, newest int) bool {
	return ((v >= 100 && v <= 106) || (v >= 200 && v <= 202)) && v <= newest
}

// Switches returns how the terminal behaves.
func (t *Terminal) Switches() Switches {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.switches.copy()
}

// Change changes the switches in one step. An error (ErrScript) changes nothing.
func (t *Terminal) Change(edit func(*Switches)) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.switches.copy()
	edit(&s)
	if err := s.check(); err != nil {
		return err
	}
	t.switches = s
	t.show(func(*State) {})
	return nil
}

func (s Switches) copy() Switches {
	s.Forbidden, s.Protected = slices.Clone(s.Forbidden), slices.Clone(s.Protected)
	return s
}
