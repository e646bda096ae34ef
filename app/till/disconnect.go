package till

import (
	"context"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// Disconnect erases at once what can sign or take money: the private keys and
// the REST and terminal secrets. Store, certificates and this desk's place at
// the relay stay until no payment can come in any more, so that open ones are
// still recognised (product.md 6). Codes vault.*, connection.*, operator.right.
func (d *Desk) Disconnect(ctx context.Context, operator string) error {
	if err := d.mayErase(operator); err != nil {
		return err
	}
	d.saving.Lock()
	defer d.saving.Unlock()
	if d.lockCode() != "" {
		return refused("till.disconnect", codeLocked)
	}
	next := d.records.get().without(func(logical string) bool { return logical != secretIdentity })
	next.Generation++
	next.Disconnected = d.stamp()
	next.EnableAPI, next.ClientID, next.SecretSince = false, "", time.Time{}
	next.Cloud = cloudRecord{}
	next.Mark, next.KeyBits, next.KeySince = "", 0, time.Time{}
	if err := d.records.put(next); err != nil {
		return err
	}
	erased := d.box.tidy(context.WithoutCancel(ctx), next.secretNames())
	w, err := d.rewire(ctx, next)
	if err != nil {
		return err
	}
	d.plug(ctx, w)
	d.note(ctx, app.Disconnected, operator, map[string]string{"sid": ending(next.SID)})
	return erased
}

// EraseEverything erases all that is stored for the connection of the mode, also
// what recognises payments that are still open, and also when the vault is
// locked. Sales stay in the journal.
func (d *Desk) EraseEverything(ctx context.Context, operator string) error {
	if err := d.mayErase(operator); err != nil {
		return err
	}
	d.saving.Lock()
	defer d.saving.Unlock()
	sid := d.records.get().SID
	if err := d.records.abandon(d.stamp()); err != nil {
		return err
	}
	if err := d.finishErasing(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	if err := d.records.erase(); err != nil {
		return err
	}
	w, err := d.rewire(ctx, record{})
	if err != nil {
		return err
	}
	d.plug(ctx, w)
	d.note(ctx, app.CredentialsErased, operator, map[string]string{"sid": ending(sid)})
	return nil
}

// finishErasing erases what Disconnect or EraseEverything was to erase, also when
// they were cut off: a record that is disconnected and names no secret leaves
// none in the vault, and one without a store is gone as well. (In Test the store
// is built in; there a disconnected one stays so.)
func (d *Desk) finishErasing(ctx context.Context) error {
	rec := d.records.get()
	if rec.connected() || len(rec.Secrets) > 0 {
		return nil
	}
	if err := d.box.destroy(ctx); err != nil || rec.SID != "" || d.cfg.Mode == payments.Test {
		return err
	}
	return d.records.erase()
}

func (d *Desk) mayErase(operator string) error {
	if d.records == nil {
		return refused("till.disconnect", "mode.practice_needs_nothing")
	}
	return d.mayChange(operator)
}

// outlived erases what a disconnected store has left behind once no payment can
// come in for it any more.
func (d *Desk) outlived(ctx context.Context) error {
	rec := d.records.get()
	if rec.connected() || d.cfg.Mode == payments.Test {
		return nil
	}
	needed, err := d.lately(ctx)
	if err != nil || needed {
		return err
	}
	if err := d.records.erase(); err != nil {
		return err
	}
	return d.box.destroy(ctx)
}
