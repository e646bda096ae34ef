package server

import (
	"context"
	"errors"
	"time"
)

const (
	flushEvery = time.Second
	sweepEvery = time.Hour
	sweepLimit = 10_000
)

// housekeep writes desk cursors and deletes what everyone has had for long.
func (s *Server) housekeep(ctx context.Context) {
	flush, sweep := time.NewTicker(flushEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer sweep.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-flush.C:
			err = errors.Join(s.cursors.flush(ctx), s.mark(ctx))
		case <-sweep.C:
			_, err = s.sweep(ctx)
		}
		if err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("housekeeping", "err", err)
		}
	}
}

// sweep deletes envelopes whose every notice was acknowledged by all desks
// concerned more than keepAcked ago. What they say about orders that can still
// be paid goes into the order's record first.
func (s *Server) sweep(ctx context.Context) (deleted int, err error) {
	gone := map[uint64]bool{}
	defer func() {
		s.hub.drop(gone)
		s.repeats.drop(gone)
	}()
	for _, seq := range s.hub.settled(s.settled(), sweepLimit) {
		notices, err := s.envelope(ctx, seq)
		if err != nil {
			return len(gone), err
		}
		for _, n := range notices {
			if err := s.orders.seal(ctx, n.order); err != nil {
				return len(gone), err
			}
		}
		if err := s.engine.remove(ctx, seq); err != nil {
			return len(gone), err
		}
		gone[seq] = true
	}
	return len(gone), nil
}

// settled returns a function that says whether an address concerns nobody any
// more: all acknowledged it, or it was for a desk that was revoked, and whose
// notices were handed over, more than keepAcked ago.
func (s *Server) settled() func(store string, e entry) bool {
	old, now := s.cursors.old(s.stores.epoch), s.cfg.Now()
	return func(store string, e entry) bool {
		if p := s.roster.get(store, e.desk); p != nil && !p.Revoked.IsZero() {
			_, waiting := s.cursors.at(store, e.desk)
			return !waiting && now.After(p.Revoked.Add(keepAcked))
		}
		return old(store, e)
	}
}

// envelope returns the notices of one envelope.
func (s *Server) envelope(ctx context.Context, seq uint64) ([]notice, error) {
	if notices, ok := s.hub.recent(seq); ok {
		return notices, nil
	}
	msg, err := s.engine.stream.GetMsg(ctx, seq)
	if err != nil {
		return nil, err
	}
	return decodeEnvelope(msg.Data)
}
