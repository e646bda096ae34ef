package server

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

// An envelope on the disk that cannot be read held notices which were answered
// OK: some desk may never hear of a payment, and a second one might be admitted
// under the same order. The safe side (product.md 4 rule 6, 7 fail closed and
// loud): every desk is told, no new links are offered, and orders that may
// stand in it are neither paid nor admitted. The alarm ends when no such order
// can be paid any more, with a new data folder, where desks register again, or
// when the owner accepts the damage; those orders stay refused all the same.

const alarmDamaged = "stored notices are damaged"

// damageSlack is how far the clock of the relay may have been from that of the
// queue when the envelope was written.
const damageSlack = 5 * time.Minute

// Damage is one envelope that cannot be read.
type Damage struct {
	Seq      uint64    `json:"seq"`
	Written  time.Time `json:"written"`
	Readable int       `json:"readable"` // notices in it that can be read
	Accepted bool      `json:"accepted"`
}

// accepted is what the owner answered to.
type accepted struct {
	Version int    `json:"v"`
	UpTo    uint64 `json:"up_to"` // sequence of the newest accepted envelope
}

const (
	acceptedVersion = 1
	keyAccepted     = "damage"
)

// damage takes note of an unreadable envelope. Readable are the notices that
// stand before the damage: they may have been stored, so that another reference
// is refused and the same one is stored again.
func (s *Server) damage(seq uint64, written time.Time, readable []notice) {
	s.cfg.Log.Error("damaged envelope left alone: put back a copy of the data folder, or compare the day with the provider's list and run frontdesk-relay accept-damage",
		"seq", seq, "written", written, "readable", len(readable))
	for _, n := range readable {
		s.orders.suspect(n)
	}
	s.orders.mu.Lock()
	defer s.orders.mu.Unlock()
	if until := written.Add(damageSlack); until.After(s.orders.damaged) {
		s.orders.damaged = until
	}
	s.damages = append(s.damages, Damage{Seq: seq, Written: written, Readable: len(readable)})
}

// loadAccepted marks what the owner has accepted before.
func (s *Server) loadAccepted(ctx context.Context) error {
	entry, err := s.engine.relay.Get(ctx, keyAccepted)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var was accepted
	if err := json.Unmarshal(entry.Value(), &was); err != nil {
		return err
	}
	if was.Version != acceptedVersion {
		return errNewer
	}
	s.accept(was.UpTo)
	return nil
}

func (s *Server) accept(upTo uint64) {
	s.orders.mu.Lock()
	defer s.orders.mu.Unlock()
	for i := range s.damages {
		s.damages[i].Accepted = s.damages[i].Accepted || s.damages[i].Seq <= upTo
	}
}

// Damage lists the envelopes that cannot be read, oldest first.
func (s *Server) Damage() []Damage {
	s.orders.mu.Lock()
	defer s.orders.mu.Unlock()
	return slices.Clone(s.damages)
}

// AcceptDamage ends the alarm about everything that Damage lists now, for good.
// Orders that may stand in it are still neither paid nor admitted.
func (s *Server) AcceptDamage(ctx context.Context) error {
	all := s.Damage()
	if len(all) == 0 {
		return nil
	}
	upTo := all[len(all)-1].Seq
	data, err := json.Marshal(accepted{Version: acceptedVersion, UpTo: upTo})
	if err != nil {
		return err
	}
	if _, err := s.engine.relay.Put(ctx, keyAccepted, data); err != nil {
		return err
	}
	s.cfg.Log.Warn("the owner accepted damaged envelopes", "envelopes", len(all), "newest", upTo)
	s.accept(upTo)
	return nil
}

// alarming reports whether an order that may stand in a damaged envelope which
// nobody accepted can still be paid.
func (s *Server) alarming() bool {
	s.orders.mu.Lock()
	defer s.orders.mu.Unlock()
	now := s.cfg.Now()
	return slices.ContainsFunc(s.damages, func(d Damage) bool {
		return !d.Accepted && now.Before(d.Written.Add(damageSlack+relay.AdmitFor))
	})
}

// unsure reports whether a notice of the order may be among those that cannot
// be read.
func (o *orders) unsure(rec order, m mark) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !m.settled && rec.Registered.Before(o.damaged)
}
