package terminal

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"frontdesk/payments"
)

// Terminal drives one device. It carries out one operation at a time: another
// one gets ErrBusy, except that a heartbeat stands back for whoever comes. All
// methods may be called from any goroutine. It holds no connection and no
// goroutine between operations, so there is nothing to close.
type Terminal struct {
	dial    Dialer
	now     func() time.Time
	entropy io.Reader
	log     *slog.Logger
	timers  Timers

	mu      sync.Mutex
	holder  *hold
	running *flow           // what Cancel is about; nil while nothing can be cancelled
	speaks  int             // protocol version
	heard   time.Time       // the last whole answer
	last    time.Time       // the last end of a talk
	used    map[string]bool // SIDs of operations that may move money
}

// hold is the right to speak to the device.
type hold struct {
	yield context.CancelFunc // ends a heartbeat; nil for what must not be ended
	done  chan struct{}
}

// New returns the driver of the device that Config.Dial reaches. Nothing is
// opened. A missing part gives code terminal.config.
func New(c Config) (*Terminal, error) {
	if c.Dial == nil || c.Now == nil || c.Entropy == nil {
		return nil, problem("new", "terminal.config", payments.ErrRefused, nil)
	}
	log := c.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Terminal{
		dial: c.Dial, now: c.Now, entropy: c.Entropy, log: log,
		timers: c.Timers.orSpec(), speaks: Version, used: map[string]bool{},
	}, nil
}

// take waits for the right to speak. The error is ErrBusy, or that of ctx.
func (t *Terminal) take(ctx context.Context, yield context.CancelFunc) (release func(), err error) {
	for {
		t.mu.Lock()
		holder := t.holder
		if holder == nil {
			mine := &hold{yield: yield, done: make(chan struct{})}
			t.holder = mine
			t.mu.Unlock()
			return func() {
				t.mu.Lock()
				t.holder = nil
				t.mu.Unlock()
				close(mine.done)
			}, nil
		}
		t.mu.Unlock()
		if holder.yield == nil || yield != nil {
			return nil, ErrBusy
		}
		holder.yield()
		select {
		case <-holder.done:
		case <-ctx.Done():
			return nil, problem("wait", "terminal.stopped", payments.ErrUnreachable, ctx.Err())
		}
	}
}

func (t *Terminal) version() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strconv.Itoa(t.speaks)
}

// adopt takes over the version that a reply names (spec 3.4) and reports whether
// it is another one than before. The VERSION of a reply counts only when ours
// was turned down: what works is not changed on an echo.
func (t *Terminal) adopt(r reply) bool {
	v, ok := number(r.frame, "CURRENT_VERSION")
	if !ok && r.status == StatusVersion {
		v, ok = number(r.frame, "VERSION")
	}
	if !ok || v < 100 || v > 999 {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	changed := t.speaks != v
	t.speaks = v
	return changed
}

// spent reports whether a SID has been used before, and marks it used.
func (t *Terminal) spent(sid string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	used := t.used[sid]
	t.used[sid] = true
	return used
}

// answered notes that the terminal is awake.
func (t *Terminal) answered() {
	t.mu.Lock()
	t.heard = t.now()
	t.mu.Unlock()
}

func (t *Terminal) ended() {
	t.mu.Lock()
	t.last = t.now()
	t.mu.Unlock()
}

// stale reports whether the next session may be eaten by the greeting screen
// (spec 3.9 A).
func (t *Terminal) stale() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	idle := t.now().Sub(t.heard)
	return t.heard.IsZero() || idle < 0 || idle >= t.timers.Fresh
}

// rest waits until the gap between two commands has passed.
func (t *Terminal) rest(ctx context.Context) error {
	t.mu.Lock()
	gap := t.timers.Gap
	if since := t.now().Sub(t.last); t.last.IsZero() || since >= gap {
		gap = 0
	} else if since > 0 {
		gap -= since
	}
	t.mu.Unlock()
	return sleep(ctx, gap)
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
