package till

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/app/day"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
)

// CompareConfig says what is compared. Grace alone may be missing.
type CompareConfig struct {
	Journal   CompareJournal
	Till      CompareTill
	Statement func() rails.Statement // the list of the account; nil while none is connected
	Devices   CompareDevices
	// Alone reports whether no other desk shares the store: its orders are then all
	// ours. When that cannot be told, it is not so.
	Alone func(ctx context.Context) bool
	Now   func() time.Time
	Mono  func() time.Duration // since the program started
	Log   *slog.Logger
	Grace time.Duration // how long the list may lag; 0 means that of package reconcile
	// Restored tells of an older journal that was put back; zero when none was.
	Restored backup.Mark
}

// CompareSales are the sales of a journal.
type CompareSales interface {
	State(ctx context.Context) (app.JournalState, error)
	Sale(ctx context.Context, id app.SaleID) ([]app.Event, error)
	Sales(ctx context.Context, q app.Query) ([]app.Sale, error)
	FirstSale(ctx context.Context) (time.Time, error)
}

// CompareJournal is what is read of a journal.
type CompareJournal interface {
	CompareSales
	Postings(ctx context.Context, p app.Period, each func(app.Posting) error) error
	Days(ctx context.Context, before string, limit int) ([]app.ClosedDay, error)
}

// CompareTill weighs what the list says, and asks about what it does not settle.
type CompareTill interface {
	CompareTeller
	CheckNow(ctx context.Context, id app.SaleID) error
	Sale(ctx context.Context, id app.SaleID) (app.Sale, []app.Event, error)
	Sales(ctx context.Context, q app.Query) ([]app.Sale, error)
}

// CompareTeller is told what the list says.
type CompareTeller interface {
	HearList(ctx context.Context, asOf int64, heard []app.Heard) (news int, err error)
	Adopt(ctx context.Context, ad app.Adoption, by app.Actor) (app.SaleID, error)
	AdoptRefund(ctx context.Context, sale app.SaleID, ad app.Adoption, by app.Actor) error
}

// CompareDevices are the terminals of a desk.
type CompareDevices interface {
	List() []devices.Device
	Get(id string) (devices.Device, bool)
}

// Comparer compares the journal with myPOS's list, one comparison at a time, and
// keeps the newest. It never holds the till: what it reads is committed, and what
// it hands in is weighed like every other answer. It may be used from several
// goroutines and starts none.
type Comparer struct {
	cfg  CompareConfig
	list *rails.List
	turn chan struct{} // taken by who compares

	mu      sync.Mutex
	matched day.Matched
	input   reconcile.Input              // of the newest comparison
	moves   map[app.SaleID]revisionMoves // of sales, as long as they do not change
}

// revisionMoves are the movements of a sale at one revision.
type revisionMoves struct {
	revision int64
	moves    []reconcile.Move
}

var _ day.Matcher = (*Comparer)(nil)

// NewComparer returns a comparer that has not compared yet.
func NewComparer(cfg CompareConfig) *Comparer {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Comparer{
		cfg: cfg, list: rails.NewList(cfg.Statement), turn: make(chan struct{}, 1),
		moves: map[app.SaleID]revisionMoves{}, matched: day.Matched{State: day.MatchNever},
	}
}

// Reconcile implements day.Matcher.
func (c *Comparer) Reconcile(ctx context.Context) error {
	return c.alone(ctx, func() error {
		asking, cancel := ctx, context.CancelFunc(func() {})
		if _, bounded := ctx.Deadline(); bounded { // the list is to be read in it, too
			asking, cancel = context.WithTimeout(ctx, askLimit)
		}
		defer cancel()
		return errors.Join(c.askOpen(asking), c.compare(ctx))
	})
}

// Matched returns the newest comparison.
func (c *Comparer) Matched() day.Matched {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.matched
}

// alone does something while nobody else compares.
func (c *Comparer) alone(ctx context.Context, do func() error) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	return do()
}

// compare reads the list and matches. What it says about the state is told even
// when it fails; the figures of before stay.
func (c *Comparer) compare(ctx context.Context) error {
	before := c.Matched()
	if c.cfg.Statement() == nil {
		c.tell(day.Matched{State: day.MatchOff, Code: "match.off"})
		return nil
	}
	running := before
	running.State = day.MatchRunning
	c.tell(running)
	now, err := c.read(ctx)
	if err == nil {
		c.tell(now)
		return nil
	}
	failed := before
	failed.State, failed.Code = day.MatchFailed, payments.CodeOf(err)
	if ctx.Err() != nil || failed.Code == "" {
		failed.Code = "match.clock"
	}
	c.tell(failed)
	return err
}

func (c *Comparer) tell(m day.Matched) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.matched = m
}

// read reads the list, then the journal, so that what is listed can be known
// here, and settles what the list settles.
func (c *Comparer) read(ctx context.Context) (day.Matched, error) {
	state, err := c.cfg.Journal.State(ctx)
	if err != nil {
		return day.Matched{}, err
	}
	since, err := c.since(ctx)
	if err != nil {
		return day.Matched{}, err
	}
	in := reconcile.Input{Now: c.cfg.Now(), Since: since, Grace: c.cfg.Grace, Alone: c.cfg.Alone(ctx)}
	if in.Lines, err = c.list.Read(ctx, since); err != nil {
		return day.Matched{}, err
	}
	result, err := c.match(ctx, &in)
	if err != nil {
		return day.Matched{}, err
	}
	news, err := c.settle(ctx, state.Head, in.Now, result)
	if err == nil && news > 0 {
		result, err = c.match(ctx, &in)
	}
	if err != nil {
		return day.Matched{}, err
	}
	c.mu.Lock()
	c.input = in
	c.mu.Unlock()
	return day.Matched{State: day.MatchDone, At: in.Now, Result: result, Labels: c.labels()}, nil
}

// match gathers the movements of the journal and compares.
func (c *Comparer) match(ctx context.Context, in *reconcile.Input) (reconcile.Result, error) {
	moves, err := c.gather(ctx, *in)
	if err != nil {
		return reconcile.Result{}, err
	}
	in.Moves, in.Terminals = moves, c.terminals(moves)
	return reconcile.Match(*in), nil
}

// again compares what was read last with the journal as it is now.
func (c *Comparer) again(ctx context.Context) error {
	c.mu.Lock()
	in, m := c.input, c.matched
	c.mu.Unlock()
	result, err := c.match(ctx, &in)
	if err != nil {
		return err
	}
	m.Result, m.Labels = result, c.labels()
	c.tell(m)
	return nil
}

// settleAfter is how old an online payment must be before its line counts: until
// then myPOS may still wait for our OK and take the money back.
const settleAfter = 10 * time.Minute

// settle hands in what the list says of movements that are not known here, and
// asks myPOS about those for which a line is not evidence enough.
func (c *Comparer) settle(ctx context.Context, asOf int64, now time.Time, r reconcile.Result) (int, error) {
	returned := map[app.SaleID]bool{}
	for _, l := range slices.Concat(r.RefundNotHere, r.Undone) {
		returned[l.Sale] = true
	}
	var heard []app.Heard
	var ask []app.SaleID
	for _, p := range r.Settled {
		one, ok := hear(p)
		switch {
		case p.Move.Kind == reconcile.In && (!ok || young(p, now) || returned[p.Move.Sale]):
			ask = append(ask, p.Move.Sale)
		case ok:
			heard = append(heard, one)
		}
	}
	news, err := c.cfg.Till.HearList(ctx, asOf, heard)
	ask = append(ask, doubtful(r)...)
	slices.Sort(ask)
	ask = slices.Compact(ask)
	for _, id := range ask[:min(len(ask), maxDoubts)] {
		if err == nil && c.cfg.Till.CheckNow(ctx, id) == nil {
			news++
		}
	}
	return news, errors.Join(err, ctx.Err())
}

// young reports whether myPOS may still take an online payment back. The line's
// own time does not decide alone: its zone is not told, and it may be missing.
func young(p reconcile.Pair, now time.Time) bool {
	return p.Move.Rail == payments.RailLink && (now.Sub(p.Line.At) < settleAfter || now.Sub(p.Move.At) < settleAfter)
}

// maxDoubts is how many sales one comparison asks about.
const maxDoubts = 20

// doubtful are the sales of which the list says something else: given back behind
// our back, or not there at all. An answer may know that money was taken back.
func doubtful(r reconcile.Result) (ids []app.SaleID) {
	for _, l := range slices.Concat(r.RefundNotHere, r.Undone) {
		if l.Sale != "" {
			ids = append(ids, l.Sale)
		}
	}
	for _, v := range r.NotListed {
		ids = append(ids, v.Sale)
	}
	return ids
}

// hear is a line as evidence; false when it cannot be one. A link's payment goes
// by the number that notices and answers give it, which the list may not tell.
func hear(p reconcile.Pair) (app.Heard, bool) {
	h := app.Heard{Sale: p.Move.Sale, Attempt: p.Move.Attempt, Answer: payments.Answer{
		Outcome: payments.Paid, OrderID: p.Move.Order, Reference: p.Line.Reference, Amount: p.Line.Amount, Provider: p.Line.When,
		Listed: true, Card: payments.Card{Last4: p.Line.Last4, TerminalID: p.Line.Terminal}, Raw: p.Line.Raw,
	}}
	if p.Move.Kind == reconcile.Out {
		h.Refund, h.Answer.Outcome = p.Move.Order, payments.Refunded
		return h, true
	}
	if p.Move.Rail == payments.RailLink {
		h.Answer.Reference = p.Move.Reference
	}
	return h, h.Answer.Reference != ""
}
