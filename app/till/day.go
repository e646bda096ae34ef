package till

import (
	"frontdesk/app/day"
	"frontdesk/app/settings"
)

// Days returns the book of business days.
func (d *Desk) Days() *day.Book { return d.days }

// openDays makes the book over the journal and the till. Settings that cannot be
// read leave the day to begin when it usually does: they are complained about
// elsewhere.
func (d *Desk) openDays() (*day.Book, error) {
	kept, err := settings.In(d.cfg.Dir).Load()
	if err != nil {
		d.cfg.Log.Warn("the hour at which a day begins is not known", "error", err)
	}
	return day.New(day.Config{
		Ledger: d.journal, Till: d.till, Matcher: d.compare, Mode: d.cfg.Mode, Now: d.cfg.Now, Zone: d.cfg.Zone, Cut: kept.DayBegins,
	})
}
