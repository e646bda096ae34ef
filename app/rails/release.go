package rails

import (
	"context"
	"strings"

	"frontdesk/app"
)

// Unfinished asks the terminal which transaction it waits with.
func (t *Terminal) Unfinished(ctx context.Context, device string) (app.Unfinished, error) {
	_, m, err := t.cfg.Devices.Terminal(device)
	if err != nil {
		return app.Unfinished{}, err
	}
	info, err := m.Prepare(ctx)
	if err != nil || info.Code != "terminal.unfinished" {
		return app.Unfinished{}, err
	}
	last := info.Last
	return app.Unfinished{
		SID: last.SID, Outcome: outcome(last.Class), Amount: last.Amount, Card: answer("", last.Result, last.Tip).Card,
		Time: strings.TrimSpace(last.Date + " " + last.Time),
	}, nil
}

// Release tells the terminal that the transaction is known.
func (t *Terminal) Release(ctx context.Context, device, sid string) error {
	_, m, err := t.cfg.Devices.Terminal(device)
	if err != nil {
		return err
	}
	return m.Complete(ctx, sid)
}
