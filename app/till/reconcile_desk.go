package till

import (
	"context"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/rails"
	"frontdesk/payments"
)

// newComparer compares the journal of the desk with the account it is connected
// to, or with that of the simulator.
func (d *Desk) newComparer() *Comparer {
	practice := &practiceAccount{desk: d}
	restored, err := d.backups().Mark()
	if err != nil {
		d.cfg.Log.Warn("whether a copy of the journal was put back is not known", "error", err)
	}
	return NewComparer(CompareConfig{
		Restored: restored,
		Journal:  d.journal, Till: d.till, Devices: d.fleet.register, Alone: d.alone,
		Now: d.cfg.Now, Mono: d.cfg.Mono, Log: d.cfg.Log,
		Statement: func() rails.Statement {
			w := d.socket.now()
			switch {
			case w.merchant != nil:
				return w.merchant
			case w.sim != "":
				practice.at(w.sim)
				return practice
			}
			return nil
		},
	})
}

// returns tells the till what its desk's comparer knows. The comparer is made of the
// till, and is there before anybody can ask for a refund.
type returns struct{ desk *Desk }

// Await implements app.Returns.
func (r returns) Await(ctx context.Context) { r.desk.compare.Await(ctx) }

// Unnoted implements app.Returns.
func (r returns) Unnoted(events []app.Event) bool { return r.desk.compare.Unnoted(events) }

// alone reports whether no other desk shares the store.
func (d *Desk) alone(ctx context.Context) bool {
	if d.cfg.Mode == payments.Practice {
		return true
	}
	desks, err := d.RelayDesks(ctx)
	return err == nil && len(desks) == 1
}

// Reconcile asks about everything that is not settled, compares the journal with
// myPOS's list now and settles what the list settles. The result stands in the
// reports of Days, a failure too; an account that is not connected is none. When
// another comparison runs, it is waited for.
func (d *Desk) Reconcile(ctx context.Context) error { return d.compare.Reconcile(ctx) }

// Adopt adds a line at myPOS that nobody here has begun as a sale or a refund, see
// Comparer.
func (d *Desk) Adopt(ctx context.Context, e day.Entry, by app.Actor) (app.SaleID, error) {
	return d.compare.Adopt(ctx, e, by)
}
