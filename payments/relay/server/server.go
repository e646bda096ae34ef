package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// ErrInUse means that another relay holds the data folder.
var ErrInUse = errors.New("relay: the data folder is in use by another relay")

// Config says what a relay is made of. Now, Entropy, Dir and Public are
// required.
type Config struct {
	// Dir is the data folder; it is made when missing.
	Dir string
	// SecretFile holds the key that admits orders. Empty means Dir + ".secret".
	// It is made when missing; without it the data folder admits nothing.
	SecretFile string
	// MarkerFile says how far the data had come, so that a data folder put back
	// from an old copy is recognised. Empty means Dir + ".marker". Do not copy
	// it together with the data.
	MarkerFile string
	// Public returns the base address of the relay as customers and the
	// provider reach it, without a slash at the end.
	Public func() string

	Now     func() time.Time
	Entropy io.Reader
	// Log gets what happens, never content of notices or forms. Nil discards.
	Log *slog.Logger

	// AllowPractice lets forms go to loopback and private hosts, and programs of
	// this machine be desks of Practice stores without being paired. Behind a
	// proxy that hides who asks it must be off.
	AllowPractice bool
	// BehindProxy believes the right-most address of X-Forwarded-For, which the
	// proxy wrote, when it limits how much one address may ask.
	BehindProxy bool
	// MaxBytes limits the notices on disk; when it is reached new ones are
	// refused, old ones stay. 0 means no limit but the disk's.
	MaxBytes int64
	// NATS is the address of an external queue (JetStream), which must fsync
	// before it acknowledges. Empty runs one within this process. Several relays
	// with the same key file may share one; Open waits until no other works.
	NATS string
	// NATSCredentials is a file of credentials for it; empty has none.
	NATSCredentials string
	// NATSReplicas is how many copies it keeps. 0 means 3.
	NATSReplicas int
	// Beat is the time between heartbeats on desk streams; a desk that is
	// silent three times as long is cut off. 0 means 5 s.
	Beat time.Duration

	leaseFor time.Duration // for tests; 0 means the constant
}

// Server is a running relay.
type Server struct {
	cfg     Config
	lock    *os.File
	keys    keyring
	engine  *engine
	lane    *lane
	hub     *hub
	stores  *stores
	orders  *orders
	cursors *cursors
	repeats *repeats
	pages   pageSet
	roster  *roster
	codes   *codes
	nonces  *nonces
	sealers *sealers
	marker  marker
	damages []Damage // guarded by orders.mu
	run     string   // drawn at each start; signatures name it

	pairLimit, wrongLimit, pageLimit *limiter

	stop    context.CancelFunc // ends lane and housekeeping
	base    context.Context    // ends desk streams
	hangUp  context.CancelFunc
	workers sync.WaitGroup
	door    sync.Mutex // orders the last stream that enters before the wait for streams
	streams sync.WaitGroup
	once    sync.Once
}

// Open starts a relay on its data folder. It returns ErrInUse when another
// process has it, and an error that names the remedy when the folder was
// written by a newer version or its key file is damaged.
func Open(ctx context.Context, cfg Config) (_ *Server, err error) {
	switch {
	case cfg.Dir == "":
		return nil, errors.New("relay: no data folder given")
	case cfg.Now == nil || cfg.Entropy == nil || cfg.Public == nil:
		return nil, errors.New("relay: clock, entropy and public address are required")
	}
	if cfg.SecretFile == "" {
		cfg.SecretFile = filepath.Clean(cfg.Dir) + ".secret"
	}
	if cfg.MarkerFile == "" {
		cfg.MarkerFile = filepath.Clean(cfg.Dir) + ".marker"
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Beat <= 0 {
		cfg.Beat = 5 * time.Second
	}
	s := &Server{cfg: cfg, marker: marker{path: cfg.MarkerFile}}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("relay: the data folder: %w", err)
	}
	if s.lock, err = lockFile(filepath.Join(cfg.Dir, "lock")); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		if s.engine != nil {
			s.engine.close()
		}
		return nil, errors.Join(err, s.lock.Close())
	}
	s.start()
	return s, nil
}

// load reads everything the relay keeps in memory.
func (s *Server) load(ctx context.Context) (err error) {
	if s.keys, err = openKeyring(s.cfg.SecretFile, s.cfg.Entropy); err != nil {
		return err
	}
	if s.pages, err = newPageSet(); err != nil {
		return err
	}
	if s.engine, err = openEngine(ctx, s.cfg); err != nil {
		return err
	}
	if s.stores, err = openStores(ctx, s.engine.stores, s.cfg.Entropy); err != nil {
		return err
	}
	if s.cursors, err = openCursors(ctx, s.engine.desks, s.cfg.Now); err != nil {
		return err
	}
	if s.roster, err = openRoster(ctx, s.engine.paired, s.cfg.Now); err != nil {
		return err
	}
	if s.codes, err = openCodes(ctx, s.engine.codes, s.cfg.Now); err != nil {
		return err
	}
	if s.run, err = s.stores.draw(); err != nil {
		return err
	}
	if err = s.recognise(ctx); err != nil {
		return err
	}
	s.nonces, s.sealers = newNonces(), newSealers(s.roster, s.cfg.Now, s.cfg.Entropy)
	s.pairLimit = newLimiter(s.cfg.Now, pairEvery, pairBurst)
	s.wrongLimit = newLimiter(s.cfg.Now, wrongEvery, wrongBurst)
	s.pageLimit = newLimiter(s.cfg.Now, pageEvery, pageBurst)
	s.orders = newOrders(s.engine.orders, s.cfg.Now)
	s.hub, s.repeats = newHub(s.cfg.Now), newRepeats()
	last, err := s.engine.scan(ctx, func(seq uint64, written time.Time, data []byte) error {
		notices, err := decodeEnvelope(data)
		if errors.Is(err, errNewer) {
			return err
		}
		if err != nil {
			s.damage(seq, written, notices)
			return nil
		}
		for _, n := range notices {
			s.orders.note(n)
		}
		s.index(seq, notices)
		return nil
	})
	if err != nil {
		return fmt.Errorf("relay: reading the notices: %w", err)
	}
	if err = s.loadAccepted(ctx); err != nil {
		return err
	}
	s.hub.settle(last)
	s.lane = newLane(s.engine, s.cfg.Entropy, s.index)
	return s.mark(ctx)
}

// index learns where the notices of an envelope lie. Desks come last: they are
// told at once.
func (s *Server) index(seq uint64, notices []notice) {
	s.repeats.add(seq, notices)
	s.hub.add(seq, notices)
}

func (s *Server) start() {
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.base, s.hangUp = context.WithCancel(context.Background())
	s.workers.Go(func() { s.lane.run(ctx) })
	if l := s.engine.lease; l != nil {
		s.workers.Go(func() { l.keep(ctx) })
	}
	s.workers.Go(func() {
		s.finishRevoking(ctx)
		s.housekeep(ctx)
	})
}

// Handler serves everything: customers, notices and desks.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	s.customerRoutes(mux)
	s.noticeRoutes(mux)
	s.deskRoutes(mux)
	s.pairingRoutes(mux)
	return s.guarded(mux)
}

// PhoneHandler serves what a customer's phone needs and nothing else.
func (s *Server) PhoneHandler() http.Handler {
	mux := http.NewServeMux()
	s.customerRoutes(mux)
	return mux
}

// trouble returns why notices cannot be stored now, or "".
func (s *Server) trouble() string {
	if l := s.engine.lease; l != nil && l.isLost() {
		return alarmLost
	}
	if !s.engine.healthy() {
		return alarmStored
	}
	if s.alarming() {
		return alarmDamaged
	}
	return s.lane.trouble()
}

// HangUp ends desk streams and waiting polls. New ones end at once.
func (s *Server) HangUp() {
	s.door.Lock()
	defer s.door.Unlock()
	s.hangUp()
}

// enter counts a desk stream in, unless streams are ended; streams.Done counts
// it out.
func (s *Server) enter() bool {
	s.door.Lock()
	defer s.door.Unlock()
	if s.base.Err() != nil {
		return false
	}
	s.streams.Add(1)
	return true
}

// Shutdown ends desk streams, lets the envelope in hand finish, writes desk
// cursors and closes the data folder. Stop serving HTTP first. When ctx ends
// early the rest is done without waiting for streams.
func (s *Server) Shutdown(ctx context.Context) error {
	var err error
	s.once.Do(func() {
		s.HangUp()
		gone := make(chan struct{})
		go func() { s.streams.Wait(); close(gone) }()
		select {
		case <-gone:
		case <-ctx.Done():
			err = ctx.Err()
		}
		s.stop()
		s.workers.Wait()
		err = errors.Join(err, s.cursors.flush(ctx), s.mark(ctx))
		s.engine.close()
		err = errors.Join(err, s.lock.Close())
	})
	return err
}
