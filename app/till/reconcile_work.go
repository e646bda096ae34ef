package till

import (
	"context"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// Rhythm of comparing while a window is open. A closing and a person compare
// whenever they want.
const (
	compareFirst = 3 * time.Second
	compareEach  = 30 * time.Minute
	compareLimit = 2 * time.Minute
	wakeLook     = 30 * time.Second // how often a sleep of the computer is looked for
	wakeGap      = 90 * time.Second
)

// Keep compares at the start, when the computer wakes, when the account was
// connected (what changed returns is closed then, nil never is), and every half
// hour, until ctx ends. What fails is told by Matched and tried again with the
// next turn.
func (c *Comparer) Keep(ctx context.Context, changed func() <-chan struct{}) {
	timer := time.NewTimer(compareFirst)
	defer timer.Stop()
	look := time.NewTicker(wakeLook)
	defer look.Stop()
	seen, age := c.cfg.Now(), c.cfg.Mono()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			now, mono := c.cfg.Now(), c.cfg.Mono()
			slept := now.Sub(seen) > wakeGap || mono-age > wakeGap
			seen, age = now, mono
			if !slept {
				continue
			}
		case <-changed():
		case <-timer.C:
		}
		c.once(ctx)
		timer.Reset(compareEach)
	}
}

// once compares without asking about open payments: the till does so by its own
// schedule.
func (c *Comparer) once(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, compareLimit)
	defer cancel()
	if err := c.alone(ctx, func() error { return c.compare(ctx) }); err != nil && ctx.Err() == nil {
		c.cfg.Log.Warn("the list of the account was not compared", "error", err)
	}
}

// Bounds of asking before a closing.
const (
	maxAsked  = 200
	askLimit  = 20 * time.Second
	askRecent = 24 * time.Hour
	askRounds = 8 // refunds of one sale that are not known, one after the other
)

// askOpen asks myPOS and terminals about every sale that is open, not known, or
// so recent that its last answer may not be final (product.md 4 rule 8).
func (c *Comparer) askOpen(ctx context.Context) error {
	open, err := c.openSales(ctx)
	if err != nil {
		return err
	}
	for _, s := range open {
		c.ask(ctx, s)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// ask asks about a sale, as long as an answer settles another refund of it.
func (c *Comparer) ask(ctx context.Context, s app.Sale) {
	for range askRounds {
		before := lost(s)
		if err := c.cfg.Till.CheckNow(ctx, s.ID); err != nil {
			c.cfg.Log.Info("no answer about a sale", "sale", string(s.ID), "err", err)
			return
		}
		now, _, err := c.cfg.Till.Sale(ctx, s.ID)
		if err != nil || lost(now) == 0 || lost(now) >= before {
			return
		}
		s = now
	}
}

// lost counts the refunds of a sale that are not known.
func lost(s app.Sale) (n int) {
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if r.State == app.RefundUnknown {
				n++
			}
		}
	}
	return n
}

// openSales are the sales to ask about.
func (c *Comparer) openSales(ctx context.Context) ([]app.Sale, error) {
	recent := c.cfg.Now().Add(-askRecent)
	queries := []app.Query{
		{States: []app.State{app.Unknown}},
		{Unsettled: true},
		{States: []app.State{app.Offered, app.Opened, app.Declined, app.Cancelling}},
		{From: recent, States: []app.State{app.Withdrawn, app.Expired, app.Paid, app.PaidLate}, Rail: payments.RailLink},
	}
	var list []app.Sale
	seen := map[app.SaleID]bool{}
	for i, q := range queries {
		q.Limit = maxAsked
		found, err := c.cfg.Till.Sales(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			if seen[s.ID] || i == len(queries)-1 && !worthAsking(s) {
				continue
			}
			seen[s.ID] = true
			list = append(list, s)
		}
	}
	return list[:min(len(list), maxAsked)], nil
}

// worthAsking reports whether the page of a link may still be open, or its
// payment has no answer to a question yet.
func worthAsking(s app.Sale) bool {
	return slices.ContainsFunc(s.Attempts, func(a app.Attempt) bool {
		switch a.State {
		case app.Withdrawn, app.Expired:
			return !a.Offered.IsZero()
		case app.Paid, app.PaidLate:
			return a.Checked.IsZero()
		}
		return false
	})
}
