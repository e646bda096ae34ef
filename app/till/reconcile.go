package till

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/rails"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
)

// comparer compares the journal with myPOS's list, one comparison at a time, and
// keeps the newest. It never holds the till: what it reads is committed, and what
// it hands in is weighed like every other answer.
type comparer struct {
	desk *Desk
	list *rails.List
	turn chan struct{} // taken by who compares
	// grace is how long the list may lag; 0 means that of package reconcile.
	grace time.Duration

	mu       sync.Mutex
	matched  day.Matched
	input    reconcile.Input              // of the newest comparison
	moves    map[app.SaleID]revisionMoves // of sales, as long as they do not change
	practice *practiceAccount
}

// revisionMoves are the movements of a sale at one revision.
type revisionMoves struct {
	revision int64
	moves    []reconcile.Move
}

var _ day.Matcher = (*comparer)(nil)

func newComparer(d *Desk) *comparer {
	c := &comparer{
		desk: d, turn: make(chan struct{}, 1), moves: map[app.SaleID]revisionMoves{},
		matched: day.Matched{State: day.MatchNever}, practice: &practiceAccount{desk: d},
	}
	c.list = rails.NewList(c.statement)
	return c
}

// Reconcile asks about everything that is not settled, compares the journal with
// myPOS's list now and settles what the list settles. The result stands in the
// reports of Days, a failure too; an account that is not connected is none. When
// another comparison runs, it is waited for.
func (d *Desk) Reconcile(ctx context.Context) error { return d.compare.Reconcile(ctx) }

// Reconcile implements day.Matcher.
func (c *comparer) Reconcile(ctx context.Context) error {
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
func (c *comparer) Matched() day.Matched {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.matched
}

// alone does something while nobody else compares.
func (c *comparer) alone(ctx context.Context, do func() error) error {
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
func (c *comparer) compare(ctx context.Context) error {
	before := c.Matched()
	if c.statement() == nil {
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

func (c *comparer) tell(m day.Matched) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.matched = m
}

// read reads the list, then the journal, so that what is listed can be known
// here, and settles what the list settles.
func (c *comparer) read(ctx context.Context) (day.Matched, error) {
	state, err := c.desk.journal.State(ctx)
	if err != nil {
		return day.Matched{}, err
	}
	since, err := c.since(ctx)
	if err != nil {
		return day.Matched{}, err
	}
	in := reconcile.Input{Now: c.desk.cfg.Now(), Since: since, Grace: c.grace, Alone: c.alonely(ctx)}
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
func (c *comparer) match(ctx context.Context, in *reconcile.Input) (reconcile.Result, error) {
	moves, err := c.gather(ctx, *in)
	if err != nil {
		return reconcile.Result{}, err
	}
	in.Moves, in.Terminals = moves, c.terminals(moves)
	return reconcile.Match(*in), nil
}

// again compares what was read last with the journal as it is now.
func (c *comparer) again(ctx context.Context) error {
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

// reach is how far back is compared: over a weekend, and over the closings in it.
const reach = 3 * 24 * time.Hour

// since is from when on is compared: not before this journal began to take money,
// for what a salon did without it is no difference.
func (c *comparer) since(ctx context.Context) (time.Time, error) {
	since := c.desk.cfg.Now().Add(-reach)
	closed, err := c.desk.journal.Days(ctx, "", 1)
	if err != nil || len(closed) > 0 && closed[0].Until.Add(-24*time.Hour).Before(since) {
		return since, err
	}
	first, err := c.desk.journal.FirstSale(ctx)
	if err == nil && first.After(since) {
		since = first.Truncate(time.Minute) // lists know no fractions of a second
	}
	return since, err
}

// settleAfter is how old an online payment must be before its line counts: until
// then myPOS may still wait for our OK and take the money back.
const settleAfter = 10 * time.Minute

// settle hands in what the list says of movements that are not known here, and
// asks myPOS about those for which a line is not evidence enough.
func (c *comparer) settle(ctx context.Context, asOf int64, now time.Time, r reconcile.Result) (int, error) {
	returned := map[app.SaleID]bool{}
	for _, l := range r.RefundNotHere {
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
	news, err := c.desk.till.HearList(ctx, asOf, heard)
	ask = append(ask, doubtful(r)...)
	slices.Sort(ask)
	ask = slices.Compact(ask)
	for _, id := range ask[:min(len(ask), maxDoubts)] {
		if err == nil && c.desk.till.CheckNow(ctx, id) == nil {
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
	for _, l := range r.RefundNotHere {
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

// Adopt adds a line at myPOS that nobody here has begun as a sale, or as a refund of
// the sale it names, by the key of its entry. The line is used once. Codes adopt.gone
// (it is not missing here any more), adopt.refund (a refund of no sale here), and
// those of app.Till.Adopt and AdoptRefund.
func (d *Desk) Adopt(ctx context.Context, e day.Entry, by app.Actor) (id app.SaleID, err error) {
	err = d.compare.alone(ctx, func() error {
		if d.compare.Matched().At.IsZero() {
			return refused("till.adopt", "adopt.gone")
		}
		// What was missing when the list was read may have found its sale since.
		if err := d.compare.again(ctx); err != nil {
			return err
		}
		result := d.compare.Matched().Result
		key := func(l reconcile.Loose) bool { return l.Key == e.Key }
		if i := slices.IndexFunc(result.RefundNotHere, key); i >= 0 {
			id, err = d.adoptRefund(ctx, result.RefundNotHere[i], e, by)
			return errors.Join(err, d.compare.again(ctx))
		}
		i := slices.IndexFunc(result.NotHere, key)
		if i < 0 || result.NotHere[i].Amount != e.Amount {
			return refused("till.adopt", "adopt.gone")
		}
		if id, err = d.till.Adopt(ctx, d.adoption(result.NotHere[i].Line), by); err != nil {
			return err
		}
		return d.compare.again(ctx)
	})
	return id, err
}

// adoptRefund adds a line as a refund of its sale.
func (d *Desk) adoptRefund(ctx context.Context, l reconcile.Loose, e day.Entry, by app.Actor) (app.SaleID, error) {
	switch {
	case l.Sale == "":
		return "", refused("till.adopt", "adopt.refund")
	case l.Amount != e.Amount:
		return "", refused("till.adopt", "adopt.gone")
	}
	return l.Sale, d.till.AdoptRefund(ctx, l.Sale, d.adoption(l.Line), by)
}

// adoption is a line as a sale to be made.
func (d *Desk) adoption(l reconcile.Line) app.Adoption {
	ad := app.Adoption{
		Reference: l.Reference, Amount: l.Amount, Rail: payments.RailLink, Last4: l.Last4, Provider: l.When, Raw: l.Raw,
	}
	if orders := reconcile.Orders(l); len(orders) == 1 {
		ad.OrderID = orders[0]
	}
	if l.Terminal == "" {
		return ad
	}
	ad.Rail, ad.DeviceLabel = payments.RailTerminal, l.Terminal
	for _, dev := range d.fleet.register.List() {
		if dev.TerminalID == l.Terminal {
			ad.Device, ad.DeviceLabel, ad.Rail = dev.ID, dev.Label, railOf(dev)
		}
	}
	return ad
}
