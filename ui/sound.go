package ui

import "frontdesk/app"

// Sounds of the window, named as in assets.
const (
	SoundPaid  = "paid"
	SoundAlarm = "alarm"
)

// ears hear what changes between two snapshots: each payment sounds once, whatever
// proved it and how often (product.md 4 rule 3).
type ears struct {
	sales  map[app.SaleID]app.State // nil before the first snapshot, which is silent
	alarms map[app.SaleID]app.State
}

// listen returns the sound a snapshot asks for, empty for none. An alarm drowns
// a payment.
func (e *ears) listen(s app.Snapshot) string {
	sales, alarms := map[app.SaleID]app.State{}, map[app.SaleID]app.State{}
	var paid, alarm bool
	for _, sale := range s.Recent {
		sales[sale.ID] = sale.State
		paid = paid || sale.State == app.Paid && e.fresh(sale)
	}
	for _, sale := range s.Alarms {
		alarms[sale.ID] = sale.State
		alarm = alarm || e.alarms[sale.ID] != sale.State
	}
	first := e.sales == nil
	e.sales, e.alarms = sales, alarms
	switch {
	case first:
		return ""
	case alarm:
		return SoundAlarm
	case paid:
		return SoundPaid
	}
	return ""
}

// fresh reports whether a sale that is paid was waiting for its money before. One
// whose refund failed was paid already.
func (e *ears) fresh(s app.Sale) bool {
	switch e.sales[s.ID] {
	case app.Paid, app.PartRefunded, app.Refunded, app.PaidLate, app.Overpaid:
		return false
	}
	return true
}

// sound plays what a snapshot asks for, unless the desk is to be quiet.
func (w *Window) sound(s app.Snapshot) {
	if name := w.ears.listen(s); name != "" && w.cfg.Sound != nil && !w.set.Mute {
		w.cfg.Sound(name)
	}
}
