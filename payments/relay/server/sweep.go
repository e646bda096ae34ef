package server

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"
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
	for _, seq := range s.hub.settled(s.cursors.old(s.stores.epoch), sweepLimit) {
		notices, err := s.envelope(ctx, seq)
		if err != nil {
			return len(gone), err
		}
		for _, n := range notices {
			if err := s.orders.seal(ctx, n.order); err != nil {
				return len(gone), err
			}
		}
		if err := s.engine.stream.DeleteMsg(ctx, seq); err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
			return len(gone), err
		}
		gone[seq] = true
	}
	return len(gone), nil
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
