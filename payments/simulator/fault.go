package simulator

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"frontdesk/payments/checkout"
)

// FaultKind names one mishap. The strings are on the wire of /_sim/faults and
// never change.
type FaultKind string

// Faults of notices. They are matched once per payment, when the card is
// approved.
const (
	// NotifyLate sends the browser to URL_OK first and posts the notice Delay
	// later; status says 1 meanwhile.
	NotifyLate FaultKind = "notify_late"
	// NotifyTwice posts an answered notice once more, byte for byte, Delay later.
	NotifyTwice FaultKind = "notify_twice"
	// NotifyFirst holds the browser back for Delay after the notice was
	// answered, so the desk knows long before the phone does.
	NotifyFirst FaultKind = "notify_before_browser"
	// NotifyLost never posts the notice; nothing answers, so the payment is
	// reversed and rolled back.
	NotifyLost FaultKind = "notify_lost"
	// NotifyLostKept never posts the notice and takes it for answered: the
	// money stays and only a status query can tell.
	NotifyLostKept FaultKind = "notify_lost_kept"
	// NotifySlow reads the answer Delay after it was made. From NotifyTimeout
	// on it came too late, and the payment is reversed.
	NotifySlow FaultKind = "notify_slow"
	// OKCut reads only the first At bytes of the answer, status line and
	// headers counted; less than all of it is no "OK".
	OKCut FaultKind = "ok_cut"
	// StatusThenReversed says status 1 for Delay while the notice is not
	// answered (it is lost), then reverses and rolls back.
	StatusThenReversed FaultKind = "status_then_reversed"
	// RollbackTwice takes no answer of the notice for "OK", reverses, and posts
	// the rollback twice.
	RollbackTwice FaultKind = "rollback_twice"
)

// Faults of answers. They are matched once per request; Method narrows them.
const (
	// AnswerLost does what was asked and cuts the connection instead of
	// answering.
	AnswerLost FaultKind = "answer_lost"
	// HTTPError answers with the HTTP status Status (500 to 599). Nothing was
	// done, unless Done is set.
	HTTPError FaultKind = "http_error"
	// UnsignedError answers with the IPC status Status and no Signature;
	// nothing was done.
	UnsignedError FaultKind = "unsigned_error"
)

// ClockSkew moves the clock of the stand-in by Delay (negative: back) in the
// matched message: RequestDateTime of a payment, or the Date header of an
// answer.
const ClockSkew FaultKind = "clock_skew"

// Fault is one line of the fault script. It applies to the matching events
// number Skip+1 to Skip+Count, counted from the moment the script was set.
type Fault struct {
	Kind   FaultKind `json:"kind"`
	Order  string    `json:"order,omitempty"`    // this OrderID only; "" is any
	Method string    `json:"method,omitempty"`   // answers only: this IPCmethod; "" is any
	Skip   int       `json:"skip,omitempty"`     // matches let through first
	Count  int       `json:"count,omitempty"`    // matches it applies to; 0 is 1, -1 all
	Delay  int64     `json:"delay_ms,omitempty"` // milliseconds
	At     int       `json:"at,omitempty"`       // OKCut: bytes read
	Status int       `json:"status,omitempty"`   // HTTPError: HTTP; UnsignedError: IPC
	Done   bool      `json:"done,omitempty"`     // HTTPError: after the work was done
}

// FaultState is a fault with what it has seen so far.
type FaultState struct {
	Fault
	Matched int `json:"matched"`
	Fired   int `json:"fired"`
}

// ErrFault means that a line of the script makes no sense.
var ErrFault = errors.New("fault script")

// check fills in defaults and refuses a line that could do nothing.
func (f Fault) check() (Fault, error) {
	refuse := func(why string) (Fault, error) {
		return Fault{}, fmt.Errorf("%w: %q: %s", ErrFault, f.Kind, why)
	}
	if f.Count == 0 {
		f.Count = 1
	}
	if f.Skip < 0 || f.Count < -1 || f.At < 0 {
		return refuse("skip, count and at cannot be negative")
	}
	switch f.Kind {
	case NotifyLate, NotifyTwice, NotifyLost, NotifyLostKept, OKCut, RollbackTwice:
	case NotifyFirst, NotifySlow, StatusThenReversed:
		if f.Delay <= 0 {
			return refuse("delay_ms must be above 0")
		}
	case ClockSkew:
		if f.Delay == 0 {
			return refuse("delay_ms must not be 0")
		}
		return f, nil
	case AnswerLost:
		return f, nil
	case HTTPError:
		if f.Status == 0 {
			f.Status = 503
		}
		if f.Status < 500 || f.Status > 599 {
			return refuse("status must be 500 to 599")
		}
		return f, nil
	case UnsignedError:
		if f.Status == 0 {
			f.Status = int(checkout.StatusGeneralError)
		}
		if f.Status < 1 || f.Status > 99 {
			return refuse("status must be 1 to 99")
		}
		return f, nil
	default:
		if why, known := f.checkRest(); !known || why != "" {
			return refuse(why)
		}
		return f.filledRest(), nil
	}
	if f.Delay < 0 {
		return refuse("delay_ms cannot be negative")
	}
	if f.Method != "" {
		return refuse("method is for faults of answers")
	}
	return f, nil
}

// script is the fault script. It lives in memory only: a restart clears it.
type script struct {
	mu    sync.Mutex
	lines []FaultState
}

// set replaces the script as a whole, or changes nothing on an error.
func (s *script) set(faults []Fault) error {
	lines := make([]FaultState, 0, len(faults))
	for _, f := range faults {
		checked, err := f.check()
		if err != nil {
			return err
		}
		lines = append(lines, FaultState{Fault: checked})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = lines
	return nil
}

func (s *script) states() []FaultState {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]FaultState{}, s.lines...)
}

// take counts one event against every line of the kind, and returns the first
// line that fires for it.
func (s *script) take(kind FaultKind, order, method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hit Fault
	var found bool
	for i := range s.lines {
		l := &s.lines[i]
		if l.Kind != kind || (l.Order != "" && l.Order != order) || (l.Method != "" && l.Method != method) {
			continue
		}
		l.Matched++
		if l.Matched <= l.Skip || (l.Count >= 0 && l.Matched > l.Skip+l.Count) || found {
			continue
		}
		l.Fired++
		hit, found = l.Fault, true
	}
	return hit, found
}

// plan is what the script decided for one payment.
type plan struct {
	late, twice, first, slow, early, skew time.Duration
	isLate, isTwice                       bool
	lost, kept, refuse, rollbackTwice     bool
	cut                                   int // bytes of the answer read; -1 is all
}

func (s *script) plan(order string) plan {
	p := plan{cut: -1}
	delay := func(kind FaultKind) (time.Duration, bool) {
		f, ok := s.take(kind, order, "")
		return time.Duration(f.Delay) * time.Millisecond, ok
	}
	p.late, p.isLate = delay(NotifyLate)
	p.twice, p.isTwice = delay(NotifyTwice)
	p.first, _ = delay(NotifyFirst)
	p.slow, _ = delay(NotifySlow)
	p.early, _ = delay(StatusThenReversed)
	p.skew = s.skew(order, checkout.MethodPurchase)
	_, p.lost = s.take(NotifyLost, order, "")
	_, p.kept = s.take(NotifyLostKept, order, "")
	_, p.rollbackTwice = s.take(RollbackTwice, order, "")
	if f, ok := s.take(OKCut, order, ""); ok {
		p.cut = f.At
	}
	p.lost = p.lost || p.early > 0
	p.refuse = p.rollbackTwice
	return p
}

func (s *script) skew(order, method string) time.Duration {
	f, _ := s.take(ClockSkew, order, method)
	return time.Duration(f.Delay) * time.Millisecond
}
