package day

import (
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/app/reconcile"
)

// Matcher compares the journal with myPOS's list. Its methods may be called from
// any goroutine.
type Matcher interface {
	// Reconcile asks about everything that is not settled and compares now. A
	// comparison that runs is waited for.
	Reconcile(ctx context.Context) error
	// Matched answers at once.
	Matched() Matched
}

// Matched is the newest comparison.
type Matched struct {
	State  MatchState
	At     time.Time // when the list was read; zero before
	Code   string    // of the failure, or why there is none
	Result reconcile.Result
	// Labels are the names of terminals by their id.
	Labels map[string]string
}

// before is how long a closing lets the comparison take: a myPOS that is down
// never keeps a day from being closed.
const before = 45 * time.Second

// compare compares before a day is closed. What came of it stands in the report.
func (b *Book) compare(ctx context.Context) {
	if b.cfg.Matcher == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, before)
	defer cancel()
	_ = b.cfg.Matcher.Reconcile(ctx) // told by Matched
}

// Reconcile compares now, see Matcher.
func (b *Book) Reconcile(ctx context.Context) error {
	if b.cfg.Matcher == nil {
		return nil
	}
	return b.cfg.Matcher.Reconcile(ctx)
}

func (b *Book) matched() Matched {
	if b.cfg.Matcher == nil {
		return Matched{State: MatchOff, Code: "match.off"}
	}
	return b.cfg.Matcher.Matched()
}

// match adds the comparison to a report: for a closed day what was sealed.
func (b *Book) match(ctx context.Context, r *Report) error {
	if r.Closed != nil {
		r.Match = Match{State: MatchNever}
		if d := r.Closed.Match; d != nil {
			r.Match = Match{
				State: MatchState(d.State), At: d.At, Code: d.Code, Agree: d.Agree, Probable: d.Probable, Fresh: d.Fresh,
				Noticed: d.Noticed, Listed: d.Listed, Here: d.Here, Elsewhere: d.Elsewhere,
			}
		}
		return nil
	}
	m := b.matched()
	r.Match = Match{State: m.State, At: m.At, Code: m.Code}
	if m.At.IsZero() {
		return nil
	}
	f := m.Result.Figures(r.From, r.Until)
	r.Match.Agree, r.Match.Probable, r.Match.Fresh, r.Match.Noticed = f.Agree, f.Probable, f.Fresh, f.Noticed
	r.Match.Listed, r.Match.Here, r.Match.Elsewhere = f.Listed, f.Here, f.Elsewhere
	list, err := b.listed(ctx, m)
	r.Differences = append(r.Differences, list...)
	return err
}

// listed are the differences between journal and list, whatever their day.
func (b *Book) listed(ctx context.Context, m Matched) ([]Difference, error) {
	f := finder{ctx: ctx, book: b, known: map[app.SaleID]app.Sale{}}
	var list []Difference
	add := func(d Difference, id app.SaleID) {
		if s, ok := f.sale(id); ok || id == "" {
			d.Sale = s
			list = append(list, d)
		}
	}
	for _, l := range m.Result.NotHere {
		e := entry(l.Line, EntryPayment, m.Labels)
		add(Difference{Code: NotHere, Money: true, Key: NotHere + "/" + l.Key, Do: DoAdopt, At: l.At, Entry: &e}, l.Sale)
	}
	for _, p := range m.Result.Settled { // evidence that was not enough
		if s, _ := f.sale(p.Move.Sale); p.Move.Kind == reconcile.In && s.State != app.Unknown && s.Received.Minor < s.Amount.Minor {
			e := entry(p.Line, EntryPayment, m.Labels)
			add(Difference{Code: NotHere, Money: true, Key: NotHere + "/" + p.Line.Key, Do: DoCheck, At: p.Line.At, Entry: &e}, p.Move.Sale)
		}
	}
	for _, l := range m.Result.RefundNotHere {
		e := entry(l.Line, EntryRefund, m.Labels)
		do := DoOpen
		if l.Sale != "" {
			do = DoAdoptRefund
		}
		add(Difference{Code: RefundNotHere, Money: true, Key: RefundNotHere + "/" + l.Key, Do: do, At: l.At, Entry: &e}, l.Sale)
	}
	for _, p := range m.Result.Differs {
		e := entry(p.Line, EntryPayment, m.Labels)
		d := Difference{Code: AmountDiffers, Money: true, Key: AmountDiffers + "/" + p.Move.ID, Do: DoOpen, At: p.Move.At, Entry: &e}
		if p.Move.Kind == reconcile.Out {
			d.Entry.Kind, d.Refund = EntryRefund, p.Move.Order
		}
		add(d, p.Move.Sale)
	}
	for _, v := range m.Result.NotListed {
		add(Difference{Code: NotListed, Key: NotListed + "/" + v.ID, Do: DoCheck, At: v.At}, v.Sale)
	}
	for _, v := range m.Result.RefundNotListed {
		add(Difference{Code: RefundNotListed, Key: RefundNotListed + "/" + v.ID, Do: DoCheck, At: v.At, Refund: v.Order}, v.Sale)
	}
	return list, f.err
}

// finder finds sales by their id, each once.
type finder struct {
	ctx   context.Context
	book  *Book
	known map[app.SaleID]app.Sale
	err   error
}

// sale returns the sale; false when there is none, or when looking failed.
func (f *finder) sale(id app.SaleID) (app.Sale, bool) {
	if s, ok := f.known[id]; ok || id == "" || f.err != nil {
		return s, ok
	}
	events, err := f.book.cfg.Ledger.Sale(f.ctx, id)
	if err != nil {
		f.err = err
		return app.Sale{}, false
	}
	s := app.Fold(events)
	f.known[id] = s
	return s, s.ID != ""
}

// entry is a line as a report shows it.
func entry(l reconcile.Line, kind EntryKind, labels map[string]string) Entry {
	e := Entry{Key: l.Key, Reference: l.Reference, At: l.At, Amount: l.Amount, Last4: l.Last4, Kind: kind}
	if l.Terminal != "" {
		if e.Device = labels[l.Terminal]; e.Device == "" {
			e.Device = l.Terminal
		}
	}
	return e
}

// sealedMatch is what stands in the chain of how a report compared.
func sealedMatch(r Report) *app.MatchData {
	d := &app.MatchData{
		State: string(r.Match.State), At: r.Match.At, Code: r.Match.Code, Agree: r.Match.Agree, Probable: r.Match.Probable,
		Fresh: r.Match.Fresh, Noticed: r.Match.Noticed, Listed: r.Match.Listed, Here: r.Match.Here, Elsewhere: r.Match.Elsewhere,
	}
	for _, x := range r.Differences {
		switch x.Code {
		case NotHere, NotListed, AmountDiffers, RefundNotListed, RefundNotHere:
			d.Differences++
		}
	}
	return d
}
