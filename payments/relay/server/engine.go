package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Names on disk; they never change.
const (
	streamName    = "NOTICES"
	streamSubject = "notices"
	bucketStores  = "stores"
	bucketDesks   = "desks"
	bucketOrders  = "orders"
	bucketPages   = "pages"
	bucketProbes  = "probes"
	bucketPaired  = "paired"
	bucketCodes   = "codes"
	bucketRelay   = "relay"
)

// Lifetimes on disk. Notices have no age limit: the server deletes them itself
// when every desk has had them for keepAcked, because an age limit of the
// stream would also delete what no desk has fetched yet.
const (
	keepAcked  = 30 * 24 * time.Hour
	keepOrders = 61 * 24 * time.Hour
	keepPages  = 61 * 24 * time.Hour
)

// How long a duplicate publish of one envelope is recognised. The lane gives
// up on nothing: it repeats an envelope until it knows its fate.
const repeatWindow = 5 * time.Minute

const (
	maxPayload = 4 << 20
	lagFor     = 3 * time.Second // how far a copy of an external queue may be behind
)

// engine is the queue: an embedded JetStream with no port and every write
// fsynced, or an external one, of which this relay holds the lease.
type engine struct {
	server *natsd.Server // nil: external
	lease  *lease        // nil: embedded
	last   uint64        // external: newest sequence, which the next append must follow
	conn   *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream

	stores, desks, orders, pages, probes, paired, codes, relay jetstream.KeyValue
}

func openEngine(ctx context.Context, cfg Config) (_ *engine, err error) {
	e := &engine{}
	defer func() {
		if err != nil {
			e.close()
		}
	}()
	if cfg.NATS != "" {
		return e, e.join(ctx, cfg)
	}
	if err := e.embed(cfg); err != nil {
		return nil, err
	}
	return e, e.create(ctx, cfg.MaxBytes, 1)
}

// embed starts a queue of our own.
func (e *engine) embed(cfg Config) (err error) {
	e.server, err = natsd.NewServer(&natsd.Options{
		ServerName:             "frontdesk-relay",
		DontListen:             true,
		JetStream:              true,
		StoreDir:               filepath.Join(cfg.Dir, "queue"),
		SyncAlways:             true,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
		JetStreamMaxMemory:     64 << 20,
		MaxPayload:             maxPayload,
	})
	if err != nil {
		return err
	}
	e.server.SetLogger(natsLog{cfg.Log}, false, false)
	e.server.Start()
	if !e.server.ReadyForConnections(20 * time.Second) {
		return errors.New("relay: the queue did not start")
	}
	if !e.durable() {
		return errors.New("relay: the queue does not write through to the disk")
	}
	if e.conn, err = nats.Connect("", nats.InProcessServer(e.server), nats.MaxReconnects(-1)); err != nil {
		return fmt.Errorf("relay: the queue: %w", err)
	}
	e.js, err = jetstream.New(e.conn)
	return err
}

// durable reports whether JetStream runs and fsyncs before it acknowledges.
func (e *engine) durable() bool {
	cfg := e.server.JetStreamConfig()
	return cfg != nil && cfg.SyncAlways
}

// healthy reports whether anything can be stored at all. JetStream switches
// itself off when the disk is full.
func (e *engine) healthy() bool {
	if e.server == nil {
		return e.conn.IsConnected() && !e.lease.isLost()
	}
	return e.server.JetStreamEnabled() && !e.conn.IsClosed()
}

func (e *engine) create(ctx context.Context, maxBytes int64, replicas int) error {
	if maxBytes <= 0 {
		maxBytes = -1
	}
	var err error
	e.stream, err = e.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name:       streamName,
		Subjects:   []string{streamSubject},
		Retention:  jetstream.LimitsPolicy,
		Discard:    jetstream.DiscardNew,
		MaxBytes:   maxBytes,
		Storage:    jetstream.FileStorage,
		Replicas:   replicas,
		Duplicates: repeatWindow,
	})
	if err != nil {
		return fmt.Errorf("relay: the queue: %w", err)
	}
	for _, b := range []struct {
		kv   *jetstream.KeyValue
		name string
		ttl  time.Duration
	}{
		{&e.stores, bucketStores, 0},
		{&e.desks, bucketDesks, 0},
		{&e.orders, bucketOrders, keepOrders},
		{&e.pages, bucketPages, keepPages},
		{&e.probes, bucketProbes, time.Hour},
		{&e.paired, bucketPaired, 0},
		{&e.codes, bucketCodes, codeLife + keepCodes},
		{&e.relay, bucketRelay, 0},
	} {
		*b.kv, err = e.js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
			Bucket: b.name, History: 1, TTL: b.ttl, Storage: jetstream.FileStorage, Replicas: replicas, MaxValueSize: 1 << 20,
		})
		if err == nil && e.server == nil {
			*b.kv, err = e.readLeader(ctx, b.name)
		}
		if err != nil {
			return fmt.Errorf("relay: %s: %w", b.name, err)
		}
	}
	return nil
}

// append stores one envelope and returns its sequence. A repeated id within
// repeatWindow returns the sequence of the first.
func (e *engine) append(ctx context.Context, id string, data []byte) (uint64, error) {
	how := []jetstream.PublishOpt{jetstream.WithMsgID(id), jetstream.WithExpectStream(streamName), jetstream.WithRetryAttempts(0)}
	if e.lease != nil {
		how = append(how, jetstream.WithExpectLastSequence(e.last))
	}
	ack, err := e.js.Publish(ctx, streamSubject, data, how...)
	if e.lease != nil && overtaken(err) {
		e.lease.lose()
	}
	if err != nil {
		return 0, err
	}
	e.last = ack.Sequence
	return ack.Sequence, nil
}

// remove takes one envelope away.
func (e *engine) remove(ctx context.Context, seq uint64) error {
	err := e.stream.DeleteMsg(ctx, seq)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	return err
}

// refusedForSure reports whether err means that nothing was stored, now or later.
func refusedForSure(err error) bool {
	var api jetstream.JetStreamError
	return errors.Is(err, jetstream.ErrNoStreamResponse) || errors.As(err, &api) && api.APIError() != nil
}

// scan calls visit for every envelope in the stream, oldest first, until the
// newest at the time of the call.
func (e *engine) scan(ctx context.Context, visit func(seq uint64, written time.Time, data []byte) error) (last uint64, err error) {
	info, err := e.stream.Info(ctx)
	if err != nil {
		return 0, err
	}
	last = info.State.LastSeq
	e.last = last
	if info.State.Msgs == 0 {
		return last, nil
	}
	consumer, err := e.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, InactiveThreshold: time.Minute})
	if err != nil {
		return 0, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return 0, err
	}
	defer messages.Stop()
	wait := jetstream.NextContext(ctx)
	for lagging := false; ; {
		msg, err := messages.Next(wait)
		if lagging && errors.Is(err, nats.ErrTimeout) {
			return last, nil // the newest were deleted
		}
		if err != nil {
			return 0, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return 0, err
		}
		if err := visit(meta.Sequence.Stream, meta.Timestamp, msg.Data()); err != nil {
			return 0, err
		}
		if meta.NumPending == 0 && (e.server != nil || meta.Sequence.Stream >= last) {
			return last, nil
		}
		if meta.NumPending == 0 { // a copy that lags, or nothing is left of the newest
			lagging, wait = true, jetstream.NextMaxWait(lagFor)
		}
	}
}

func (e *engine) close() {
	if e.lease != nil {
		e.lease.release()
	}
	if e.conn != nil {
		e.conn.Close()
	}
	if e.server != nil {
		e.server.Shutdown()
		e.server.WaitForShutdown()
	}
}

// natsLog passes what matters of the queue's own log on to ours.
type natsLog struct{ log *slog.Logger }

func (natsLog) Noticef(string, ...any) {}
func (natsLog) Debugf(string, ...any)  {}
func (natsLog) Tracef(string, ...any)  {}

func (l natsLog) Warnf(format string, v ...any) {
	l.log.Warn("queue", "text", fmt.Sprintf(format, v...))
}

func (l natsLog) Errorf(format string, v ...any) {
	l.log.Error("queue", "text", fmt.Sprintf(format, v...))
}

func (l natsLog) Fatalf(format string, v ...any) {
	l.log.Error("queue", "text", fmt.Sprintf(format, v...))
}
