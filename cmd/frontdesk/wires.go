package main

import (
	"context"
	"time"

	"frontdesk/app/till"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/screens/settings"
)

// shelf is the till's copies of the journal in the words of the screens.
type shelf struct{ desk *till.Desk }

// Copies tells which there are, newest first.
func (s shelf) Copies(context.Context) ([]settings.Copy, error) {
	list, err := s.desk.Copies()
	if err != nil {
		return nil, err
	}
	out := make([]settings.Copy, 0, len(list))
	for _, b := range list {
		out = append(out, settings.Copy{Path: b.Path, Day: b.Day, Bytes: b.Size})
	}
	return out, nil
}

// MakeCopy makes today's copy now; with a passphrase for those only who may change
// settings.
func (s shelf) MakeCopy(ctx context.Context, passphrase, operator string) (settings.Copy, error) {
	made, err := s.desk.BackupFor(ctx, passphrase, operator)
	return settings.Copy{Path: made.Path, Bytes: made.Bytes}, err
}

// fleetOf is nil in Practice, whose relay is inside the program.
func fleetOf(s *sitting) ui.Fleet {
	if s.mode == payments.Practice {
		return nil
	}
	return fleet{s.till}
}

// fleet are the desks of the relay in the words of the screens.
type fleet struct{ desk *till.Desk }

// Desks lists the desks that share the store.
func (f fleet) Desks(ctx context.Context) ([]settings.FleetDesk, error) {
	list, err := f.desk.RelayDesks(ctx)
	if err != nil {
		return nil, err
	}
	here := f.desk.Place()
	out := make([]settings.FleetDesk, 0, len(list))
	for _, d := range list {
		out = append(out, settings.FleetDesk{ID: d.ID, Name: d.Name, Here: d.ID == here, Paired: d.Paired, Seen: d.Seen, Revoked: d.Revoked})
	}
	return out, nil
}

// PairingCode makes a code with which one more desk joins.
func (f fleet) PairingCode(ctx context.Context, operator string) (string, time.Time, error) {
	code, err := f.desk.NewPairingCode(ctx, operator)
	return code.Text, code.Expires, err
}

// Rename changes what people call a desk.
func (f fleet) Rename(ctx context.Context, desk, name, operator string) error {
	return f.desk.RenameRelayDesk(ctx, desk, name, operator)
}

// Revoke sends a desk away for good.
func (f fleet) Revoke(ctx context.Context, desk, operator string) error {
	return f.desk.RevokeRelayDesk(ctx, desk, operator)
}
