package till

import (
	"context"

	"frontdesk/app/local"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// setUp carries out `frontdeskctl setup` in the mode that is open. In Test and
// Live the operator needs the right Settings, with the PIN where there is one.
func (d *Desk) setUp(ctx context.Context, a local.SetupArgs) (local.Connected, error) {
	change := a.Disconnect || a.Pack != "" || a.Relay != "" || a.Pair != "" || a.ClientID != "" || a.ClientSecret != "" || a.Cloud != (local.Cloud{})
	if change {
		if err := d.allowChange(ctx, a.Operator, a.PIN); err != nil {
			return local.Connected{}, err
		}
		if a.Disconnect {
			return d.connectedAfter(d.Disconnect(ctx, a.Operator))
		}
		draft := d.Draft()
		draft.Pack = a.Pack
		if a.Relay != "" {
			draft.Relay = a.Relay
		}
		draft.Pair, draft.Insist = a.Pair, a.Insist
		if a.ClientID != "" {
			draft.ClientID, draft.EnableAPI = a.ClientID, true
		}
		draft.ClientSecret = a.ClientSecret
		if a.Cloud != (local.Cloud{}) {
			draft.Cloud = setup.CloudDraft(a.Cloud)
		}
		return d.connectedAfter(d.Save(ctx, draft, a.Operator))
	}
	return d.connected(), nil
}

// allowChange refuses whom another program names as the operator of a change, but
// who may not change settings or gives no PIN where there is one.
func (d *Desk) allowChange(ctx context.Context, operator, pin string) error {
	return d.book.In(d.cfg.Mode).Allow(ctx, operator, pin, operators.Settings, money.Amount{})
}

func (d *Desk) connectedAfter(err error) (local.Connected, error) {
	if err != nil {
		return local.Connected{}, err
	}
	return d.connected(), nil
}

func (d *Desk) connected() local.Connected {
	c := d.Connection()
	out := local.Connected{
		Mode: c.Mode, SID: c.SID, KeyIndex: c.KeyIndex, Relay: c.Relay, Paired: !c.PairedSince.IsZero(), Locked: c.LockCode,
		Disconnected: !c.Disconnected.IsZero(),
	}
	if c.EnableAPI {
		out.ClientID = c.ClientID
	}
	out.Cloud = c.Cloud.PartnerID
	if c.Mode == payments.Practice {
		out.SID, out.KeyIndex = "", 0
	}
	return out
}
