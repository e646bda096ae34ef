package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"frontdesk/payments"
)

// Conditions callers branch on.
var (
	ErrClosed   = errors.New("the till is closed")
	ErrNotFound = errors.New("no such sale")               // code sale.missing
	ErrMoved    = errors.New("the journal has more since") // code adopt.gone: compare again
)

// Config is what a till is made of. Mode, Journal, Now, Mono and Entropy are
// required; the rest may be left at zero.
type Config struct {
	Mode    payments.Mode
	Desk    string // name of this desk, shown only
	Journal Journal
	Rails   []Rail
	Inbox   Inbox // nil: no notices come, status answers alone decide
	Now     func() time.Time
	Mono    func() time.Duration // since the program started, never steps
	Entropy io.Reader            // read by one goroutine at a time
	Log     *slog.Logger         // nil discards
	// Conditions returns the codes of standing conditions below the till (a locked
	// vault). It is asked at each beat and answers at once; nil knows none.
	Conditions func() []string
	// Verifier checks the notices of an Evidence again; nil leaves them unchecked.
	Verifier Verifier
	// Returns knows of money that was given back without this desk; nil knows of none.
	Returns Returns
	// Authority says who may do what; nil means one owner who may do everything.
	Authority Authority
	// QR turns the address of a pay page into modules, rows first, true is
	// black, no quiet zone; nil leaves Checkout.QR nil. Any goroutine calls it.
	QR func(text string) ([][]bool, error)
}

// Till is the till of one desk. Its methods may be called from any goroutine.
type Till struct {
	cfg   Config
	life  context.Context // ends when the till closes
	end   context.CancelFunc
	work  chan func() // runs on the owner of the state
	tasks sync.WaitGroup
	board *board
	desk  *desk // touched by the owner only
}

// New starts the till: it reads the journal, resumes what was open and begins
// to receive notices. ctx bounds the start only; Close ends the till.
func New(ctx context.Context, cfg Config) (*Till, error) {
	if cfg.Journal == nil || cfg.Now == nil || cfg.Mono == nil || cfg.Entropy == nil || cfg.Mode.OrderLetter() == 0 {
		return nil, errors.New("app: Mode, Journal, Now, Mono and Entropy are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	t := &Till{cfg: cfg, life: life, end: end, work: make(chan func()), board: newBoard()}
	d, err := newDesk(ctx, t)
	if err != nil {
		end()
		return nil, err
	}
	t.desk = d
	t.tasks.Go(t.own)
	if cfg.Inbox != nil {
		cursor := d.cursor
		t.tasks.Go(func() { t.receive(cursor) })
	}
	return t, nil
}

// closeWait is how long Close lets a terminal hear of an outcome.
const closeWait = 3 * time.Second

// Close ends the till and waits for everything it started. Calls that wait
// return ErrClosed; what was committed stays and is resumed by the next New. A
// terminal that is just being told of an outcome is told first, for three
// seconds at most.
func (t *Till) Close() error {
	t.lastWords()
	t.end()
	t.tasks.Wait()
	t.board.close()
	return nil
}

// lastWords waits until no terminal is being told of an outcome any more.
func (t *Till) lastWords() {
	limit := time.NewTimer(closeWait)
	defer limit.Stop()
	for {
		_, _, changed, _ := t.board.look()
		telling := false
		if t.do(context.Background(), func() error { telling = t.desk.telling(); return nil }) != nil || !telling {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			return
		}
	}
}

// own is the goroutine that owns the state.
func (t *Till) own() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-t.life.Done():
			return
		case f := <-t.work:
			f()
		case <-timer.C:
		}
		timer.Reset(t.desk.step())
	}
}

// do runs f on the owner and returns its error. When ctx ends before f was
// accepted, f never runs; once accepted, do waits for it.
func (t *Till) do(ctx context.Context, f func() error) error {
	done := make(chan error, 1)
	select {
	case t.work <- func() { done <- f() }:
	case <-ctx.Done():
		return ctx.Err()
	case <-t.life.Done():
		return ErrClosed
	}
	return <-done
}

// task runs slow work outside the owner and hands the result to after, which
// runs on the owner. A closing till drops the result: the journal knows that
// the work was under way.
func (t *Till) task(limit time.Duration, slow func(context.Context) func()) context.CancelFunc {
	ctx, cancel := context.WithTimeout(t.life, limit)
	t.tasks.Go(func() {
		defer cancel()
		after := slow(ctx)
		t.tell(after)
	})
	return cancel
}

// tell hands f to the owner and does not wait for it to run. A closing till
// drops it.
func (t *Till) tell(f func()) {
	select {
	case t.work <- f:
	case <-t.life.Done():
	}
}

// receive takes notices until the till closes.
func (t *Till) receive(cursor payments.Position) {
	const first, longest = time.Second, 30 * time.Second
	pause := first
	for t.life.Err() == nil {
		err := t.cfg.Inbox.Receive(t.life, cursor, func(ctx context.Context, at payments.Position, n payments.Notice) error {
			err := t.do(ctx, func() error { return t.desk.notice(at, n) })
			if err == nil {
				cursor, pause = at, first
			}
			return err
		})
		if t.life.Err() != nil {
			return
		}
		t.cfg.Log.Warn("inbox ended", "err", err)
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-t.life.Done():
			wait.Stop()
		}
		pause = min(2*pause, longest)
	}
}
