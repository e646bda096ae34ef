package client

import (
	"context"
	"net/http"
	"net/url"

	"frontdesk/payments/relay"
)

// Desks lists the desks of this store, revoked ones included, oldest first.
// Errors are those of Register.
func (c *Client) Desks(ctx context.Context) ([]relay.Desk, error) {
	out, err := call[relay.Desks](ctx, c, "relay.desks", http.MethodGet, relay.PathDesks, nil)
	return out.Desks, err
}

// RenameDesk changes what people call a desk of this store.
func (c *Client) RenameDesk(ctx context.Context, desk, name string) error {
	return c.change(ctx, "relay.rename", desk, "/rename", relay.Rename{Name: name})
}

// RevokeDesk ends a desk's access for good, this one's too: its streams are
// cut and no request of it is answered any more. It may be repeated.
func (c *Client) RevokeDesk(ctx context.Context, desk string) error {
	return c.change(ctx, "relay.revoke", desk, "/revoke", struct{}{})
}

func (c *Client) change(ctx context.Context, op, desk, what string, in any) error {
	if !relay.IsDesk(desk) {
		return fault(op, relay.CodeDesk, relay.ErrMalformed)
	}
	_, err := call[struct{}](ctx, c, op, http.MethodPost, relay.PathDesks+"/"+url.PathEscape(desk)+what, in)
	return err
}

// NewCode makes a pairing code for another desk of this store.
func (c *Client) NewCode(ctx context.Context) (relay.Code, error) {
	return call[relay.Code](ctx, c, "relay.code", http.MethodPost, relay.PathCodes, struct{}{})
}
