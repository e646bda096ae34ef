package till

import (
	"context"
	"time"

	"frontdesk/app/backup"
	"frontdesk/app/local"
)

// Rhythm of the daily copy: not while the desk is still opening, and soon after
// midnight on a desk that is never closed.
const (
	firstCopy = time.Minute
	nextCopy  = time.Hour
)

// codeCopy stands while the copy of today could not be made.
const codeCopy = "backup.failed"

// backups are the copies of this desk's folder and mode.
func (d *Desk) backups() backup.Config {
	return backup.Config{Dir: d.cfg.Dir, Mode: d.cfg.Mode, Journal: d.journal, Now: d.cfg.Now, Zone: d.cfg.Zone}
}

// keepCopies makes the copy of each day until the desk closes.
func (d *Desk) keepCopies(ctx context.Context) {
	timer := time.NewTimer(firstCopy)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if d.backups().Due() {
			_, err := d.Backup(ctx)
			if err != nil && ctx.Err() == nil {
				d.cfg.Log.Warn("the copy of today was not made", "error", err)
			}
			d.copyFailed.Store(err != nil && ctx.Err() == nil)
		}
		timer.Reset(nextCopy)
	}
}

// Copies lists the copies of this mode, newest first. Codes backup.failed.
func (d *Desk) Copies() ([]backup.Backup, error) { return d.backups().List() }

// Backup makes today's copy now.
func (d *Desk) Backup(ctx context.Context) (local.Copied, error) { return d.BackupWith(ctx, "") }

// BackupFor is BackupWith for somebody at the window: who may not change settings
// gets no credentials. Code operator.right.
func (d *Desk) BackupFor(ctx context.Context, passphrase, operator string) (local.Copied, error) {
	if passphrase != "" {
		if err := d.mayChange(operator); err != nil {
			return local.Copied{}, err
		}
	}
	return d.BackupWith(ctx, passphrase)
}

// BackupWith makes today's copy now, with the secrets of the vault in it, sealed
// under the passphrase when there is one. Whoever calls it has asked for the
// right to change settings. Codes backup.failed, vault.*.
func (d *Desk) BackupWith(ctx context.Context, passphrase string) (local.Copied, error) {
	d.copying.Lock()
	defer d.copying.Unlock()
	c := d.backups()
	if passphrase != "" {
		if d.box == nil {
			return local.Copied{}, refused("till.backup", "mode.practice_needs_nothing")
		}
		c.Secrets = func(ctx context.Context) ([]byte, error) { return d.box.export(ctx, []byte(passphrase), d.cfg.cost) }
	}
	b, err := c.Make(ctx)
	if err != nil {
		return local.Copied{}, err
	}
	d.copyFailed.Store(false)
	return local.Copied{Path: b.Path, Bytes: b.Size}, nil
}
