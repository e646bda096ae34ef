package pos

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"frontdesk/payments/money"
)

// Conditions callers branch on.
var (
	// ErrClosed means that the terminal was closed.
	ErrClosed = errors.New("the terminal is closed")
	// ErrOff means that the terminal has no power, is starting, or is unplugged.
	ErrOff = errors.New("the terminal does not answer")
	// ErrNotAsked means that the terminal shows nothing this would answer.
	ErrNotAsked = errors.New("the terminal does not ask for that")
	// ErrUnsupported means that this system has no pseudo serial ports.
	ErrUnsupported = errors.New("no pseudo serial ports on this system")
	// ErrScript means that a scenario, fault or switch makes no sense.
	ErrScript = errors.New("terminal script")
	// ErrRecord means that the history does not fit together.
	ErrRecord = errors.New("record out of place")
)

// Journal makes a record durable. It returns only when the record is on disk;
// an error means that what the record says did not happen.
type Journal interface {
	Append(Record) error
}

// DefaultTID is the id of a terminal that was given none.
const DefaultTID = "80000001"

// Config says who the terminal is and what it keeps.
type Config struct {
	// TID is the terminal id, eight digits; "" is 80000001.
	TID string
	// Serial, Merchant, MerchantID, Name and Software are shown by GET_STATUS;
	// "" is a stand-in's value.
	Serial, Merchant, MerchantID, Name, Software string
	// Currency is the only one taken; "" is EUR.
	Currency money.Currency
	// Now is the clock for times in records and outcomes; required.
	Now func() time.Time
	// Entropy draws where frames are cut (LineSplit, LineChaos); required.
	Entropy io.Reader
	// Journal keeps the truth; nil keeps it in memory only.
	Journal Journal
	// History are the records the Journal holds of this terminal, oldest first.
	History []Record
	// Pace says how long things take; zero values are real life.
	Pace Pace
	// Speed divides every duration of Pace and of faults, so 100 plays a minute
	// in 0.6 s; 0 is 1. TIMEOUT fields stay what they are.
	Speed float64
	// Switches are how it behaves from the start.
	Switches Switches
	// Log takes what happened; nil discards it.
	Log *slog.Logger
}

// Pace says how long things take at Speed 1.
type Pace struct {
	Step     time.Duration // between two frames of one operation; 0 is 200 ms
	Host     time.Duration // the bank's answer; 0 is 1.2 s
	Customer time.Duration // what the automatic customer takes for a step; 0 is 1.5 s
	Patience time.Duration // how long the terminal waits for the customer; 0 is 60 s
	Print    time.Duration // a receipt; 0 is 3 s
	Boot     time.Duration // from reboot until the port opens; 0 is 20 s
	Stall    time.Duration // a frame that was begun must end by then; 0 is 5 s
	Greeting time.Duration // idle time after which the greeting shows; 0 is 60 s
	Merge    time.Duration // how long frames are gathered (LineMerge, LineChaos); 0 is 30 ms
	Dribble  time.Duration // between two bytes (LineDribble); 0 is 1 ms
}

func (p *Pace) defaults() {
	for _, d := range []struct {
		at *time.Duration
		or time.Duration
	}{
		{&p.Step, 200 * time.Millisecond},
		{&p.Host, 1200 * time.Millisecond},
		{&p.Customer, 1500 * time.Millisecond},
		{&p.Patience, time.Minute},
		{&p.Print, 3 * time.Second},
		{&p.Boot, 20 * time.Second},
		{&p.Stall, 5 * time.Second},
		{&p.Greeting, time.Minute},
		{&p.Merge, 30 * time.Millisecond},
		{&p.Dribble, time.Millisecond},
	} {
		if *d.at <= 0 {
			*d.at = d.or
		}
	}
}

// Terminal is a running terminal. Make it with Open, end it with Close.
type Terminal struct {
	Config  // as completed by Open; never changed after
	methods map[string]method

	context context.Context // ends with Close
	stop    context.CancelFunc
	jobs    sync.WaitGroup
	dice    sync.Mutex // held while Entropy is read

	mu       sync.Mutex // guards what follows
	closed   bool
	powered  bool
	plugged  bool
	book     *book
	switches Switches
	faults   []FaultState
	plays    []Scenario
	op       *operation
	lines    map[*line]bool
	client   *line // the one that may talk on TCP or in memory
	ports    []port
	touched  time.Time // the last frame came or went
	state    State
	changed  chan struct{} // closed at the next change of state
}

// Open folds the history and returns a terminal that is switched on, with no
// way to reach it yet: Listen, ListenPTY, Serve and Dial give it one. Errors:
// ErrRecord, ErrScript, and a missing part of Config.
func Open(c Config) (*Terminal, error) {
	if c.Now == nil || c.Entropy == nil {
		return nil, errors.New("pos: Now and Entropy are required")
	}
	c.defaults()
	if err := c.Switches.check(); err != nil {
		return nil, err
	}
	t := &Terminal{
		Config: c, book: newBook(), powered: true, plugged: true, switches: c.Switches,
		lines: map[*line]bool{}, changed: make(chan struct{}),
	}
	for _, r := range c.History {
		if err := t.book.apply(r); err != nil {
			return nil, err
		}
	}
	t.methods = methods()
	t.context, t.stop = context.WithCancel(context.Background())
	t.state = State{Screen: ScreenIdle, Powered: true, Plugged: true, Revision: 1}
	return t, nil
}

func (c *Config) defaults() {
	for _, d := range []struct {
		at *string
		or string
	}{
		{&c.TID, DefaultTID},
		{&c.Serial, "SIM0000001"},
		{&c.Merchant, "Practice Salon"},
		{&c.MerchantID, "000000080000001"},
		{&c.Name, "Practice terminal"},
		{&c.Software, "2.3.3"},
	} {
		if *d.at == "" {
			*d.at = d.or
		}
	}
	if c.Currency == "" {
		c.Currency = money.EUR
	}
	if c.Speed <= 0 {
		c.Speed = 1
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Pace.defaults()
}

// Close cuts every line, ends what runs and waits for it.
func (t *Terminal) Close() error {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return nil
	}
	t.closed = true
	ports, lines := slices.Clone(t.ports), t.allLines()
	t.mu.Unlock()
	t.stop()
	var errs []error
	for _, p := range ports {
		errs = append(errs, p.shut())
	}
	for _, l := range lines {
		l.cut()
	}
	t.jobs.Wait()
	return errors.Join(errs...)
}

// scale turns a duration of real life into one at the terminal's speed.
func (t *Terminal) scale(d time.Duration) time.Duration {
	return time.Duration(float64(d) / t.Speed)
}
