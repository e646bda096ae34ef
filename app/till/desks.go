package till

import (
	"context"

	"frontdesk/app"
	"frontdesk/payments/relay"
)

// RelayDesks lists the desks that share the store at the relay, this one among
// them (Place tells which). Codes relay.*.
func (d *Desk) RelayDesks(ctx context.Context) ([]relay.Desk, error) {
	w, err := d.paired("till.desks")
	if err != nil {
		return nil, err
	}
	return w.relay.Desks(ctx)
}

// Place is what the relay calls this desk, "" while it is not paired.
func (d *Desk) Place() string {
	if d.records == nil {
		return ""
	}
	return d.records.get().RelayDesk
}

// NewPairingCode makes a code with which another desk joins the store, for 15
// minutes.
func (d *Desk) NewPairingCode(ctx context.Context, operator string) (relay.Code, error) {
	w, err := d.paired("till.code")
	if err == nil {
		err = d.mayChange(operator)
	}
	if err != nil {
		return relay.Code{}, err
	}
	return w.relay.NewCode(ctx)
}

// RenameRelayDesk changes what people call a desk.
func (d *Desk) RenameRelayDesk(ctx context.Context, desk, name, operator string) error {
	w, err := d.paired("till.rename")
	if err == nil {
		err = d.mayChange(operator)
	}
	if err != nil {
		return err
	}
	return w.relay.RenameDesk(ctx, desk, name)
}

// RevokeRelayDesk ends a desk's access to the relay for good.
func (d *Desk) RevokeRelayDesk(ctx context.Context, desk, operator string) error {
	w, err := d.paired("till.revoke")
	if err == nil {
		err = d.mayChange(operator)
	}
	if err == nil {
		err = w.relay.RevokeDesk(ctx, desk)
	}
	if err == nil {
		d.note(ctx, app.DeskRevoked, operator, map[string]string{"desk": desk})
	}
	return err
}

// paired returns the wires of a desk that is paired with a relay.
func (d *Desk) paired(op string) (*wires, error) {
	w := d.socket.now()
	if d.records == nil || w.relay == nil {
		return nil, refused(op, w.noRelay())
	}
	return w, nil
}
