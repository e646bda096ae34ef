package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"frontdesk/payments"
)

// Rhythm of the desk.
const (
	beat      = 5 * time.Second  // looks at clocks and at the relay
	jump      = 10 * time.Second // a beat that far off means that the PC slept or the clock was set
	proofAge  = 2 * time.Minute  // an older proof of the relay is none
	skewWarn  = 30 * time.Second
	skewStop  = 5 * time.Minute
	callLimit = 20 * time.Second // one call to a rail
	recents   = 20
	watchFor  = 8 * 24 * time.Hour // how far back the start looks for links still watched
)

// Codes of standing conditions and refusals that more than one place tells.
const (
	codeSilent = "relay.silent"
	codeSkew   = "clock.skew"
	codeFull   = "journal.full"
)

// desk is the state of a till. One goroutine owns it; nothing here locks.
type desk struct {
	t       *Till
	rails   map[payments.Rail]Rail
	run     string // names this run of the program
	head    int64
	cursor  payments.Position
	sales   map[SaleID]*held
	asking  bool // one status query at a time
	queries int
	trouble map[string]time.Time
	told    []string  // conditions below the till, as they told last
	unsaved [][]Event // facts a failed commit left behind
	beatAt  time.Time
	beatAge time.Duration
	dirty   bool
}

// held is a sale in hand with its events and what is under way for it.
type held struct {
	sale   Sale
	events []Event
	jobs   map[AttemptID]*job
}

func newDesk(ctx context.Context, t *Till) (*desk, error) {
	d := &desk{t: t, rails: map[payments.Rail]Rail{}, sales: map[SaleID]*held{}, trouble: map[string]time.Time{}}
	for _, r := range t.cfg.Rails {
		d.rails[r.Name()] = r
	}
	var err error
	if d.run, err = payments.Draw(t.cfg.Entropy, idLength); err != nil {
		return nil, err
	}
	state, err := t.cfg.Journal.State(ctx)
	if err != nil {
		return nil, err
	}
	d.head, d.cursor = state.Head, state.Cursor
	d.beatAt, d.beatAge = t.cfg.Now(), t.cfg.Mono()
	if err := d.load(ctx); err != nil {
		return nil, err
	}
	d.below()
	d.publish()
	return d, nil
}

// load takes in hand what was open, unsure, recent or still watched.
func (d *desk) load(ctx context.Context) error {
	now := d.t.cfg.Now()
	queries := []Query{
		{Limit: recents},
		{States: []State{Preparing, Offered, Opened, Declined, Cancelling, Unknown}},
		{States: []State{Reversed, PaidLate, Overpaid}},
		{Refunding: true},
		{Unsettled: true},
		{Dirty: true},
		{From: now.Add(-watchFor)},
	}
	for i, q := range queries {
		for {
			page, err := d.t.cfg.Journal.Sales(ctx, q)
			if err != nil {
				return err
			}
			for _, s := range page {
				if i > 0 && !worthHolding(s, now) {
					continue
				}
				if _, err := d.hold(ctx, s.ID); err != nil {
					return err
				}
			}
			if len(page) == 0 || i == 0 {
				break
			}
			q.Before = page[len(page)-1].Seq
		}
	}
	for _, h := range d.inHand() {
		d.resumeRefunds(h)
		d.resumeDevices(h)
		h.resumeJobs(now)
	}
	return nil
}

// worthHolding reports whether something may still have to be done.
func worthHolding(s Sale, now time.Time) bool {
	if s.Live() || alarming(s) {
		return true
	}
	for _, a := range s.Attempts {
		if a.Owes() || now.Sub(a.Expires) < closedChecks()[len(closedChecks())-1] {
			return true
		}
		if slices.ContainsFunc(a.Refunds, Refund.open) {
			return true
		}
	}
	return false
}

// open reports whether the refund runs or is not known.
func (r Refund) open() bool { return r.State == RefundPending || r.State == RefundUnknown }

// alarming reports whether the sale waits for somebody's answer.
func alarming(s Sale) bool {
	switch s.State {
	case Reversed, PaidLate, Overpaid:
		return !s.Answered
	}
	return false
}

// inHand returns the sales in hand, oldest first: in which order they are looked
// after is no matter of chance, so that a run can be replayed.
func (d *desk) inHand() []*held {
	return slices.SortedFunc(maps.Values(d.sales), func(a, b *held) int { return cmp.Compare(a.sale.Seq, b.sale.Seq) })
}

// hold returns the sale in hand, taking it from the journal when needed; nil
// for an unknown one.
func (d *desk) hold(ctx context.Context, id SaleID) (*held, error) {
	if h, ok := d.sales[id]; ok {
		return h, nil
	}
	events, err := d.t.cfg.Journal.Sale(ctx, id)
	if err != nil || len(events) == 0 {
		return nil, err
	}
	h := &held{events: events, jobs: map[AttemptID]*job{}}
	d.sales[id] = h
	d.fold(h)
	return h, nil
}

// fold computes the sale again and plans what its attempts need.
func (d *desk) fold(h *held) {
	h.sale = Fold(h.events)
	for _, a := range h.sale.Attempts {
		j, ok := h.jobs[a.ID]
		if !ok {
			j = &job{}
			h.jobs[a.ID] = j
		}
		d.plan(h, a, j)
	}
	d.dirty = true
}

// commit writes events and cursor down and takes them in. Facts that came
// from outside and could not be written are kept by keep, not by commit.
func (d *desk) commit(events []Event, cursor *payments.Position) error {
	now, age := d.t.cfg.Now(), d.t.cfg.Mono()
	for i := range events {
		events[i].Wall, events[i].Mono = now.UTC(), age
	}
	done, err := d.t.cfg.Journal.Append(context.WithoutCancel(d.t.life), events, cursor)
	if errors.Is(err, payments.ErrRefused) {
		return err // by the journal, which is in order
	}
	if err != nil {
		d.t.cfg.Log.Error("journal append", "err", err)
		d.raise(cmp.Or(payments.CodeOf(err), codeFull))
		return err
	}
	if cursor != nil {
		d.cursor = *cursor
	}
	d.lower("journal.")
	touched := map[SaleID]*held{}
	for _, e := range done {
		d.head = max(d.head, e.Seq)
		if e.Sale == "" {
			continue // about the desk itself
		}
		h, err := d.entered(e)
		if err != nil {
			d.t.cfg.Log.Error("journal read", "err", err) // committed; the next start reads it
			continue
		}
		touched[e.Sale] = h
	}
	for _, h := range touched {
		d.fold(h)
	}
	for _, h := range touched {
		d.closeOthers(h)
	}
	d.publish()
	return nil
}

// entered adds a committed event to its sale in hand.
func (d *desk) entered(e Event) (*held, error) {
	h, ok := d.sales[e.Sale]
	if !ok {
		return d.hold(context.WithoutCancel(d.t.life), e.Sale)
	}
	if len(h.events) == 0 || h.events[len(h.events)-1].Seq < e.Seq {
		h.events = append(h.events, e)
	}
	return h, nil
}

// keep commits facts that must not be lost. What cannot be written now is
// tried again at every beat, in order.
func (d *desk) keep(events ...Event) {
	if len(d.unsaved) > 0 || d.commit(events, nil) != nil {
		d.unsaved = append(d.unsaved, events)
	}
}

func (d *desk) saveKept() {
	for len(d.unsaved) > 0 && d.commit(d.unsaved[0], nil) == nil {
		d.unsaved = d.unsaved[1:]
	}
}

func (d *desk) isUnsaved(id AttemptID) bool {
	return slices.ContainsFunc(d.unsaved, func(batch []Event) bool {
		return slices.ContainsFunc(batch, func(e Event) bool { return e.Attempt == id })
	})
}

func (d *desk) raise(code string) {
	if _, on := d.trouble[code]; !on {
		d.trouble[code], d.dirty = d.t.cfg.Now(), true
	}
}

// lower ends the troubles whose code begins so.
func (d *desk) lower(prefix string) {
	for code := range d.trouble {
		if len(code) >= len(prefix) && code[:len(prefix)] == prefix {
			delete(d.trouble, code)
			d.dirty = true
		}
	}
}

// attempt returns the attempt of a sale in hand.
func (h *held) attempt(id AttemptID) (Attempt, bool) {
	i := slices.IndexFunc(h.sale.Attempts, func(a Attempt) bool { return a.ID == id })
	if i < 0 {
		return Attempt{}, false
	}
	return h.sale.Attempts[i], true
}

// publish shows the state as it is and lets go of sales that need nothing.
func (d *desk) publish() {
	d.dirty = false
	shown := make(map[SaleID]Sale, len(d.sales))
	order := make([]Sale, 0, len(d.sales))
	for id, h := range d.sales {
		s := h.sale
		s.Attempts = slices.Clone(s.Attempts)
		for i := range s.Attempts {
			j := h.jobs[s.Attempts[i].ID]
			if j.checked.After(s.Attempts[i].Checked) {
				s.Attempts[i].Checked = j.checked
			}
			s.Attempts[i].NextCheck = j.due
			s.Attempts[i].RequestStatus = j.told
			s.Attempts[i].Stage, s.Attempts[i].Cancellable = j.stage, j.stage.Cancellable
		}
		shown[id] = s
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b Sale) int { return cmp.Compare(b.Seq, a.Seq) })
	snap := Snapshot{Mode: d.t.cfg.Mode, Desk: d.t.cfg.Desk, Recent: order[:min(recents, len(order))]}
	for _, s := range order {
		if alarming(s) {
			snap.Alarms = append(snap.Alarms, s)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(d.trouble)) {
		snap.Trouble = append(snap.Trouble, Trouble{Code: code, Since: d.trouble[code]})
	}
	snap.Devices = d.uses()
	if d.t.cfg.Inbox != nil {
		snap.Relay = d.t.cfg.Inbox.Proof()
	}
	d.t.board.show(snap, shown)
	for i, s := range order {
		if h := d.sales[s.ID]; i >= recents && !alarming(s) && h.idle() {
			delete(d.sales, s.ID)
		}
	}
}

// idle reports whether nothing is planned or under way.
func (h *held) idle() bool {
	for _, j := range h.jobs {
		if j.busy() || !j.due.IsZero() {
			return false
		}
	}
	return !slices.ContainsFunc(h.sale.Attempts, func(a Attempt) bool {
		return a.Live() || a.Owes() || slices.ContainsFunc(a.Refunds, Refund.open)
	})
}

// find returns the sale in hand that has the order, nil when the journal does
// not know it, and for no order.
func (d *desk) find(ctx context.Context, orderID string) (*held, Attempt, error) {
	if orderID == "" {
		return nil, Attempt{}, nil // signed messages need not name one; no query may be made of it
	}
	match := func(a Attempt) bool { return a.OrderID == orderID }
	for _, h := range d.sales {
		if i := slices.IndexFunc(h.sale.Attempts, match); i >= 0 {
			return h, h.sale.Attempts[i], nil
		}
	}
	found, err := d.t.cfg.Journal.Sales(ctx, Query{OrderID: orderID, Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, Attempt{}, err
	}
	h, err := d.hold(ctx, found[0].ID)
	if err != nil || h == nil {
		return nil, Attempt{}, errors.Join(err, ErrNotFound)
	}
	i := slices.IndexFunc(h.sale.Attempts, match)
	if i < 0 {
		return nil, Attempt{}, ErrNotFound
	}
	return h, h.sale.Attempts[i], nil
}

// nextQuery numbers a status query across runs.
func (d *desk) nextQuery() string {
	d.queries++
	return d.run + "." + strconv.Itoa(d.queries)
}
