package pos

import (
	"fmt"
	"slices"
	"time"
)

// FaultKind names one mishap. The strings are on the wire and never change.
type FaultKind string

// Mishaps.
const (
	// FaultDrop cuts the connection; what runs inside goes on, unless Abandon.
	FaultDrop FaultKind = "drop"
	// FaultFreeze sends nothing more of this operation and keeps the connection;
	// what runs inside goes on, unless Abandon.
	FaultFreeze FaultKind = "freeze"
	// FaultDelay waits Delay before the frame; 0 is longer than any TIMEOUT.
	FaultDelay FaultKind = "delay"
	// FaultDuplicate sends the frame twice.
	FaultDuplicate FaultKind = "duplicate"
	// FaultForeign sends a frame of another SID before it.
	FaultForeign FaultKind = "foreign"
	// FaultReset resets a new connection (Method and Stage do not count).
	FaultReset FaultKind = "reset"
	// FaultReboot restarts the terminal; an operation without an outcome is lost,
	// at stage 5 the outcome is kept and not told.
	FaultReboot FaultKind = "reboot"
)

// endless is longer than a till waits: the highest TIMEOUT with its grace.
const endless = 200 * time.Second

// Fault is one line of the fault script. It applies to the matching frames
// number Skip+1 to Skip+Count.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Method  string    `json:"method,omitempty"`   // "" is any
	Stage   int       `json:"stage,omitempty"`    // of the frame about to be sent; 0 is any
	After   bool      `json:"after,omitempty"`    // drop, freeze, reboot: once the frame is sent
	Abandon bool      `json:"abandon,omitempty"`  // drop, freeze: the operation is given up
	Skip    int       `json:"skip,omitempty"`     // matches let through first
	Count   int       `json:"count,omitempty"`    // matches it applies to; 0 is 1, -1 all
	Delay   int64     `json:"delay_ms,omitempty"` // milliseconds of real life
}

// FaultState is a fault with what it has seen so far.
type FaultState struct {
	Fault
	Matched int `json:"matched"`
	Fired   int `json:"fired"`
}

func (f Fault) check() (Fault, error) {
	if f.Count == 0 {
		f.Count = 1
	}
	switch f.Kind {
	case FaultDrop, FaultFreeze, FaultDelay, FaultDuplicate, FaultForeign, FaultReset, FaultReboot:
	default:
		return f, fmt.Errorf("%w: no fault is called %q", ErrScript, f.Kind)
	}
	if f.Skip < 0 || f.Count < -1 || f.Delay < 0 || f.Stage < 0 {
		return f, fmt.Errorf("%w: %s: skip, count, delay_ms and stage cannot be negative", ErrScript, f.Kind)
	}
	return f, nil
}

// wait is how long FaultDelay lasts in real life.
func (f Fault) wait() time.Duration {
	if f.Delay == 0 {
		return endless
	}
	return time.Duration(f.Delay) * time.Millisecond
}

// SetFaults replaces the fault script; none clears it. An error (ErrScript)
// changes nothing.
func (t *Terminal) SetFaults(faults ...Fault) error {
	lines := make([]FaultState, 0, len(faults))
	for _, f := range faults {
		checked, err := f.check()
		if err != nil {
			return err
		}
		lines = append(lines, FaultState{Fault: checked})
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = lines
	return nil
}

// Faults returns the fault script with what each line has seen so far.
func (t *Terminal) Faults() []FaultState {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.faults)
}

// take counts one frame against every line and returns those that fire.
func take(lines []FaultState, method string, stage int) []Fault {
	var hit []Fault
	for i := range lines {
		l := &lines[i]
		if l.Kind == FaultReset || (l.Method != "" && l.Method != method) || (l.Stage != 0 && l.Stage != stage) {
			continue
		}
		if l.count() {
			hit = append(hit, l.Fault)
		}
	}
	return hit
}

func (l *FaultState) count() bool {
	l.Matched++
	if l.Matched <= l.Skip || (l.Count >= 0 && l.Matched > l.Skip+l.Count) {
		return false
	}
	l.Fired++
	return true
}

// resets reports whether a new connection is to be reset.
func (t *Terminal) resets() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	hit := false
	for i := range t.faults {
		if t.faults[i].Kind == FaultReset && t.faults[i].count() {
			hit = true
		}
	}
	return hit
}
