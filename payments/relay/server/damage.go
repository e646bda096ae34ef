package server

import (
	"time"

	"frontdesk/payments/relay"
)

// An envelope on the disk that cannot be read held notices which were answered
// OK: some desk may never hear of a payment, and a second one might be admitted
// under the same order. The safe side (product.md 4 rule 6, 7 fail closed and
// loud): every desk is told, no new links are offered, and orders that may
// stand in it are neither paid nor admitted. It ends when no such order can be
// paid any more, or with a new data folder, where desks register again.

const alarmDamaged = "stored notices are damaged"

// damageSlack is how far the clock of the relay may have been from that of the
// queue when the envelope was written.
const damageSlack = 5 * time.Minute

// damage takes note of an unreadable envelope. Readable are the notices that
// stand before the damage: they may have been stored, so that another reference
// is refused and the same one is stored again.
func (s *Server) damage(seq uint64, written time.Time, readable []notice) {
	s.cfg.Log.Error("damaged envelope left alone: put back a copy of the data folder, or start with a new one and compare the day with the provider's list",
		"seq", seq, "written", written, "readable", len(readable))
	for _, n := range readable {
		s.orders.suspect(n)
	}
	if until := written.Add(damageSlack); until.After(s.orders.damaged) {
		s.orders.damaged = until
	}
}

// damagedNow reports whether an order that may stand in a damaged envelope can
// still be paid.
func (o *orders) damagedNow() bool {
	return !o.damaged.IsZero() && o.now().Before(o.damaged.Add(relay.AdmitFor))
}

// unsure reports whether a notice of the order may be among those that cannot
// be read.
func (o *orders) unsure(rec order, m mark) bool {
	return !m.settled && rec.Registered.Before(o.damaged)
}
