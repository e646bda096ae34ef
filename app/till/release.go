package till

import (
	"context"

	"frontdesk/app"
	"frontdesk/payments"
)

// Unfinished asks a terminal which transaction of somebody else it waits with;
// the zero Unfinished: with nothing. No money can move.
func (d *Desk) Unfinished(ctx context.Context, device string) (app.Unfinished, error) {
	ctx, cancel := context.WithTimeout(ctx, deviceTest)
	defer cancel()
	return d.till.Unfinished(ctx, payments.RailTerminal, device)
}

// ReleaseDevice makes a terminal take payments again after a person has read what
// Unfinished told. Codes operator.*, terminal.*.
func (d *Desk) ReleaseDevice(ctx context.Context, device string, about app.Unfinished, who app.Actor) error {
	ctx, cancel := context.WithTimeout(ctx, deviceTest)
	defer cancel()
	if err := d.till.Release(ctx, payments.RailTerminal, device, about, who); err != nil {
		return err
	}
	d.fleet.heard(device, "", false)
	return nil
}
