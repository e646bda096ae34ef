package simulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// ErrClosed means that the stand-in was closed.
var ErrClosed = errors.New("the stand-in is closed")

const defaultNotifyTimeout = 10 * time.Second

// Config says where the stand-in keeps its truth and how it reaches the world.
type Config struct {
	// StateFile is the append-only file of the truth. Beside it lie
	// StateFile.keys (both key pairs) and StateFile.lock. Required.
	StateFile string
	// Store is the merchant's store; the zero value has one drawn at the first
	// Open and kept.
	Store Store
	// Now is the clock; required.
	Now func() time.Time
	// Entropy makes keys and the names of pages; required.
	Entropy io.Reader
	// HTTP posts the notices; required. Redirects are never followed.
	HTTP *http.Client
	// NotifyTimeout is how long an answer to a notice may take; 0 is 10 s.
	NotifyTimeout time.Duration
	// RollbackPauses are the waits between the tries to post a rollback; nil is
	// 1 s, 5 s, 30 s, 2 min, 10 min. What is still owed then is tried again
	// after the next Open.
	RollbackPauses []time.Duration
	// RecoverPauses are the waits between the tries to reach a merchant that
	// cannot be connected to after a restart; nil is 0.5, 1, 2, 4 s.
	RecoverPauses []time.Duration
	// AllowPrivate lets addresses of this machine or a private network into
	// forms, over http too. Without it only https to other hosts is taken.
	AllowPrivate bool
	// Log takes what happened, without card numbers; nil discards it.
	Log *slog.Logger
}

// Simulator is a running stand-in. Make it with Open, end it with Close.
type Simulator struct {
	now     func() time.Time
	entropy io.Reader
	client  *http.Client
	timeout time.Duration
	pauses  []time.Duration // between tries of a rollback
	patient []time.Duration // between tries to connect after a restart
	private bool
	log     *slog.Logger
	keyLock sync.RWMutex // guards the rotated pairs of keys
	keys    keys
	pages   *pages
	faults  script
	account *account.Account

	context context.Context // ends with Close
	stop    context.CancelFunc
	jobs    sync.WaitGroup

	mu        sync.Mutex // guards what follows
	ledger    *ledger
	book      *book
	ending    bool            // Close began: no terminal is opened any more
	closed    bool            // nothing is committed any more
	terminals []*pos.Terminal // card terminals, in the order they were opened
}

// Open reads the truth back, finishes what a crash left in between (in the
// background) and returns the running stand-in. Errors: ErrLocked, ErrDamaged,
// ErrNewer, ErrOtherStore, those of the disk, and a missing part of Config.
func Open(c Config) (*Simulator, error) {
	if c.StateFile == "" || c.Now == nil || c.Entropy == nil || c.HTTP == nil {
		return nil, errors.New("simulator: StateFile, Now, Entropy and HTTP are required")
	}
	pages, err := loadPages()
	if err != nil {
		return nil, err
	}
	s := &Simulator{
		now: c.Now, entropy: c.Entropy, client: posting(c.HTTP), private: c.AllowPrivate,
		timeout: c.NotifyTimeout, pauses: c.RollbackPauses, patient: c.RecoverPauses,
		log: c.Log, pages: pages, book: newBook(),
	}
	s.defaults()
	if s.ledger, err = openLedger(c.StateFile, s.book.apply); err != nil {
		return nil, err
	}
	if s.keys, err = s.openKeys(c); err != nil {
		return nil, errors.Join(err, s.ledger.close())
	}
	if s.ledger.torn > 0 {
		s.log.Warn("the last line of the state file was torn and is cut off", "bytes", s.ledger.torn)
	}
	if err := s.openAccount(); err != nil {
		return nil, errors.Join(err, s.ledger.close())
	}
	s.context, s.stop = context.WithCancel(context.Background())
	s.recover()
	return s, nil
}

// openKeys reads the keys, or makes them for a truth that is still empty.
// Payments under keys that are gone could never be announced again.
func (s *Simulator) openKeys(c Config) (keys, error) {
	path := c.StateFile + ".keys"
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) && len(s.book.sessions) > 0 {
		return keys{}, fmt.Errorf("%s is missing: %w", filepath.Base(path), ErrDamaged)
	}
	return openKeys(path, c.Store, s.now(), s.entropy)
}

func (s *Simulator) defaults() {
	if s.timeout <= 0 {
		s.timeout = defaultNotifyTimeout
	}
	if s.pauses == nil {
		s.pauses = []time.Duration{time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute}
	}
	if s.patient == nil {
		s.patient = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second, 4 * time.Second}
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
}

// Pack returns the merchant's newest configuration pack: SID, wallet, key index,
// the merchant's private key and the certificate that verifies our notices.
func (s *Simulator) Pack() ([]byte, error) {
	s.keyLock.RLock()
	defer s.keyLock.RUnlock()
	return s.keys.newest().store.Pack()
}

// SetFaults replaces the fault script; none clears it. An error (ErrFault)
// changes nothing.
func (s *Simulator) SetFaults(faults ...Fault) error { return s.faults.set(faults) }

// Faults returns the fault script with what each line has seen so far.
func (s *Simulator) Faults() []FaultState { return s.faults.states() }

// Close stops posting, waits for the goroutines and releases the state file.
// Later requests are answered with 503.
func (s *Simulator) Close() error {
	s.mu.Lock()
	if s.ending {
		s.mu.Unlock()
		return nil
	}
	s.ending = true
	terminals := slices.Clone(s.terminals)
	s.mu.Unlock()
	var errs []error
	for _, t := range terminals {
		errs = append(errs, t.Close())
	}
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.stop()
	s.account.Close()
	s.jobs.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(append(errs, s.ledger.close())...)
}

// commit makes one record durable and then true. The caller holds s.mu.
func (s *Simulator) commit(r record) error {
	if s.closed && r.Kind != kindNotified && r.Kind != kindRolledBack {
		return ErrClosed
	}
	if r.At.IsZero() {
		r.At = s.now()
	}
	if err := s.ledger.append(r); err != nil {
		return err
	}
	return s.book.apply(r)
}

// record commits from a goroutine that does not hold s.mu, and logs a failure.
func (s *Simulator) record(r record) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.commit(r); err != nil {
		s.log.Error("not recorded", "kind", r.Kind, "reference", r.Reference, "error", err)
		return false
	}
	return true
}

// wait sleeps; false means that Close came first.
func (s *Simulator) wait(d time.Duration) bool {
	if d <= 0 {
		return s.context.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.context.Done():
		return false
	}
}
