package server

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// An external queue (Config.NATS) may be shared by several relays with the
// same key file, of which one at a time works: it holds a lease, which it
// renews, and the others wait for it. A relay that lost the lease without
// noticing, as a machine does that was asleep, cannot store notices any more:
// every envelope must follow the newest one that its relay knows.
//
// The queue must fsync before it acknowledges (sync_interval: always); that
// cannot be seen from here.

const (
	keyLease   = "lease"
	leaseFor   = 15 * time.Second // unchanged for so long it is free
	leaseRenew = 3 * time.Second
	leaseLook  = time.Second
	replicas   = 3
	joinFor    = 30 * time.Second // how long a queue may take to be ready
	joinTry    = 5 * time.Second
)

const alarmLost = "another relay took over"

// join connects to an external queue and waits until this relay may work.
func (e *engine) join(ctx context.Context, cfg Config) (err error) {
	options := []nats.Option{nats.Name("frontdesk-relay"), nats.MaxReconnects(-1), nats.ReconnectWait(500 * time.Millisecond)}
	if cfg.NATSCredentials != "" {
		options = append(options, nats.UserCredentials(cfg.NATSCredentials))
	}
	if e.conn, err = nats.Connect(cfg.NATS, options...); err != nil {
		return fmt.Errorf("relay: the queue: %w", err)
	}
	if most := e.conn.MaxPayload(); most < maxEnvelope+(128<<10) {
		return fmt.Errorf("relay: the queue takes %d bytes in one message, too few: set max_payload to 4MB", most)
	}
	if e.js, err = jetstream.New(e.conn); err != nil {
		return err
	}
	copies := cfg.NATSReplicas
	if copies == 0 {
		copies = replicas
	}
	if err := e.createAll(ctx, cfg.MaxBytes, copies); err != nil {
		return err
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(cfg.Entropy, id); err != nil {
		return err
	}
	e.lease = &lease{kv: e.relay, holder: hex.EncodeToString(id), log: cfg.Log, lost: make(chan struct{}), free: leaseFor}
	if cfg.leaseFor > 0 {
		e.lease.free = cfg.leaseFor
	}
	return e.lease.acquire(ctx)
}

// createAll waits for a queue that is just starting, too.
func (e *engine) createAll(ctx context.Context, maxBytes int64, copies int) error {
	ctx, cancel := context.WithTimeout(ctx, joinFor)
	defer cancel()
	for {
		try, done := context.WithTimeout(ctx, joinTry) // what comes before there is a leader is not answered
		err := e.create(try, maxBytes, copies)
		done()
		if err == nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(leaseLook):
		}
	}
}

// readLeader makes a bucket be read where it is written: any copy would do for
// speed, but may not have what was written a moment ago.
func (e *engine) readLeader(ctx context.Context, bucket string) (jetstream.KeyValue, error) {
	stream, err := e.js.Stream(ctx, kvStream+bucket)
	if err != nil {
		return nil, err
	}
	cfg := stream.CachedInfo().Config
	if cfg.AllowDirect {
		cfg.AllowDirect = false
		if _, err := e.js.UpdateStream(ctx, cfg); err != nil {
			return nil, err
		}
	}
	return e.js.KeyValue(ctx, bucket)
}

// overtaken reports whether an envelope was refused because another relay has
// written one.
func overtaken(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// lease is the right to work on an external queue.
type lease struct {
	kv     jetstream.KeyValue
	holder string
	log    *slog.Logger
	free   time.Duration

	mu       sync.Mutex
	revision uint64
	once     sync.Once
	lost     chan struct{}
}

// acquire waits until nobody holds the lease: it was given back, or was not
// renewed for long.
func (l *lease) acquire(ctx context.Context) error {
	var seen uint64
	since := time.NewTimer(l.free)
	defer since.Stop()
	for {
		err := l.take(ctx, &seen, since)
		if err == nil {
			return nil
		}
		if !errors.Is(err, errHeld) {
			return fmt.Errorf("relay: the lease: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(leaseLook, l.free/4)):
		}
	}
}

var errHeld = errors.New("another relay holds the lease")

// take tries once. Seen is the revision that was there since the timer began.
func (l *lease) take(ctx context.Context, seen *uint64, since *time.Timer) error {
	entry, err := l.kv.Get(ctx, keyLease)
	var revision uint64
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		revision, err = l.kv.Create(ctx, keyLease, []byte(l.holder))
	case err != nil:
		return err
	case entry.Revision() != *seen:
		if *seen == 0 {
			l.log.Info("another relay works on this queue; waiting for it to end")
		}
		*seen = entry.Revision()
		since.Reset(l.free)
		return errHeld
	default:
		select {
		case <-since.C:
			revision, err = l.kv.Update(ctx, keyLease, []byte(l.holder), *seen)
		default:
			return errHeld
		}
	}
	if errors.Is(err, jetstream.ErrKeyExists) || overtaken(err) {
		*seen = 0
		return errHeld
	}
	l.revision = revision
	return err
}

// keep renews the lease until ctx ends or it is lost. A queue that does not
// answer gives it to nobody else either.
func (l *lease) keep(ctx context.Context) {
	tick := time.NewTicker(min(leaseRenew, l.free/5))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.lost:
			return
		case <-tick.C:
		}
		if err := l.renew(ctx); err != nil && ctx.Err() == nil {
			l.log.Warn("the lease is not renewed", "err", err)
		}
	}
}

func (l *lease) renew(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, leaseRenew)
	defer cancel()
	revision, err := l.kv.Update(ctx, keyLease, []byte(l.holder), l.revision)
	if err == nil {
		l.revision = revision
		return nil
	}
	if !errors.Is(err, jetstream.ErrKeyExists) && !overtaken(err) {
		return err
	}
	// The revision moved: by another relay, or by a try of ours whose answer was lost.
	entry, err := l.kv.Get(ctx, keyLease)
	if err != nil {
		return err
	}
	if string(entry.Value()) != l.holder {
		l.lose()
		return errHeld
	}
	l.revision = entry.Revision()
	return nil
}

// lose ends this relay's work for good.
func (l *lease) lose() {
	l.once.Do(func() {
		l.log.Error(alarmLost)
		close(l.lost)
	})
}

func (l *lease) isLost() bool {
	select {
	case <-l.lost:
		return true
	default:
		return false
	}
}

// release gives the lease back, so that the next relay need not wait.
func (l *lease) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.revision == 0 || l.isLost() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseRenew)
	defer cancel()
	if err := l.kv.Delete(ctx, keyLease, jetstream.LastRevision(l.revision)); err != nil {
		l.log.Warn("the lease is not given back; the next relay waits until it runs out", "err", err)
	}
}

// Lost returns a channel that is closed when another relay took over the
// external queue. Nothing can be stored then; end the relay.
func (s *Server) Lost() <-chan struct{} {
	if s.engine.lease == nil {
		return nil
	}
	return s.engine.lease.lost
}
