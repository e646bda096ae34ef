package till

import (
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/app/reconcile"
)

var _ app.Returns = (*Comparer)(nil)

// awaitLimit is how long a refund waits for the first list.
const awaitLimit = 20 * time.Second

// Await implements app.Returns: after an older journal was put back, no refund goes
// before the list was compared once in this run. A list that cannot be read holds
// nobody up.
func (c *Comparer) Await(ctx context.Context) {
	if c.cfg.Restored.At.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, awaitLimit)
	defer cancel()
	err := c.alone(ctx, func() error {
		if !c.Matched().At.IsZero() {
			return nil
		}
		return c.compare(ctx)
	})
	if err != nil {
		c.cfg.Log.Warn("the list of the account was not compared before a refund", "error", err)
	}
}

// Unnoted implements app.Returns by the list that was read last, as long as an account
// is connected: what it showed stays true when a later reading fails.
func (c *Comparer) Unnoted(events []app.Event) bool {
	c.mu.Lock()
	in, m := c.input, c.matched
	c.mu.Unlock()
	if m.At.IsZero() || len(events) == 0 {
		return false
	}
	return reconcile.Unnoted(in, events[0].Sale, reconcile.Moves(events, c.terminalOf))
}

// reach is how far back is compared: over a weekend, and over the closings in it.
const reach = 3 * 24 * time.Hour

// since is from when on is compared: what an older journal that was put back cannot
// know, too, and not before this journal began to take money, for what a salon did
// without it is no difference.
func (c *Comparer) since(ctx context.Context) (time.Time, error) {
	now := c.cfg.Now()
	since := now.Add(-reach)
	if gap := c.cfg.Restored; !gap.At.IsZero() && gap.Until.Before(since) {
		since = gap.Until
		if most := now.Add(-backup.Remembered); since.Before(most) {
			since = most
		}
	}
	closed, err := c.cfg.Journal.Days(ctx, "", 1)
	if err != nil || len(closed) > 0 && closed[0].Until.Add(-24*time.Hour).Before(since) {
		return since, err
	}
	first, err := c.cfg.Journal.FirstSale(ctx)
	if err == nil && first.After(since) {
		since = first.Truncate(time.Minute) // lists know no fractions of a second
	}
	return since, err
}
