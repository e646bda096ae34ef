package till

import (
	"context"
	"time"

	"frontdesk/app/settings"
)

// Rhythm at which customers' words are looked at: not while the desk is still
// opening.
const (
	firstErase = 2 * time.Minute
	nextErase  = 6 * time.Hour
)

// keepWords erases customers' words when the owner's period is over, until ctx
// ends.
func (d *Desk) keepWords(ctx context.Context) {
	timer := time.NewTimer(firstErase)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if err := d.eraseOverdue(ctx); err != nil && ctx.Err() == nil {
			d.cfg.Log.Warn("words were not erased", "error", err)
		}
		timer.Reset(nextErase)
	}
}

// eraseOverdue erases the words that are older than the period in the settings.
func (d *Desk) eraseOverdue(ctx context.Context) error {
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil || kept.Receipt.KeepWords < 1 {
		return err
	}
	_, err = d.till.EraseOverdue(ctx, d.cfg.Now().AddDate(0, -kept.Receipt.KeepWords, 0))
	return err
}
