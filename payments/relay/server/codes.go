package server

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

const (
	codeLife    = 15 * time.Minute
	keepCodes   = 24 * time.Hour // so that a used or old one is told from a wrong one
	maxOpen     = 8              // codes of one store at a time
	deskLetters = 16
)

// pairCode is what is kept of a code, under a keyed hash of it.
type pairCode struct {
	Version int       `json:"v"`
	Store   string    `json:"store"`
	Expires time.Time `json:"expires"`
	Desk    string    `json:"desk,omitempty"` // whom it paired
	Key     []byte    `json:"key,omitempty"`  // with which key
}

const codeVersion = 1

// codes are the pairing codes of the last day.
type codes struct {
	kv  jetstream.KeyValue
	now func() time.Time

	mu   sync.Mutex
	byID map[string]pairCode
}

func openCodes(ctx context.Context, kv jetstream.KeyValue, now func() time.Time) (*codes, error) {
	c := &codes{kv: kv, now: now, byID: map[string]pairCode{}}
	err := each(ctx, kv, func(key string, value []byte) error {
		var one pairCode
		if err := json.Unmarshal(value, &one); err != nil {
			return fmt.Errorf("relay: pairing code: %w", err)
		}
		if one.Version != codeVersion {
			return errNewer
		}
		c.byID[key] = one
		return nil
	})
	return c, err
}

func (c *codes) find(id string) (pairCode, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	one, ok := c.byID[id]
	return one, ok && c.now().Before(one.Expires.Add(keepCodes))
}

// open returns how many codes of a store, or of all, may still be used.
func (c *codes) open(store string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, now := 0, c.now()
	for id, one := range c.byID {
		if !now.Before(one.Expires.Add(keepCodes)) {
			delete(c.byID, id)
			continue
		}
		if one.Desk == "" && now.Before(one.Expires) && (store == "" || one.Store == store) {
			n++
		}
	}
	return n
}

func (c *codes) put(ctx context.Context, id string, one pairCode) error {
	one.Version = codeVersion
	data, err := json.Marshal(one)
	if err != nil {
		return err
	}
	if _, err := c.kv.Put(ctx, id, data); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.byID[id] = one
	return nil
}

// expire ends all open codes.
func (c *codes) expire(ctx context.Context) error {
	c.mu.Lock()
	all := maps.Clone(c.byID)
	c.mu.Unlock()
	for id, one := range all {
		if now := c.now().UTC(); one.Desk == "" && now.Before(one.Expires) {
			one.Expires = now
			if err := c.put(ctx, id, one); err != nil {
				return err
			}
		}
	}
	return nil
}

// code returns under which name a pairing code is kept.
func (k keyring) code(secret [16]byte) string {
	return hex.EncodeToString(k.tag("pair", string(secret[:])))
}

// NewCode makes a pairing code: for a store that the relay knows, or, with
// store empty, for one whose id is drawn here. It can be used once, for 15
// minutes; only a hash of it is kept.
func (s *Server) NewCode(ctx context.Context, store string) (relay.Code, error) {
	s.roster.writing.Lock()
	defer s.roster.writing.Unlock()
	switch {
	case store == "":
		drawn, err := s.stores.draw()
		if err != nil {
			return relay.Code{}, err
		}
		store = drawn
	case !s.knows(store):
		return relay.Code{}, noStore()
	case s.codes.open(store) >= maxOpen || len(s.roster.list(store)) >= maxDesks:
		return relay.Code{}, &denial{http.StatusConflict, relay.CodePairFull, "too many desks or open codes"}
	}
	var secret [16]byte
	if _, err := io.ReadFull(s.cfg.Entropy, secret[:]); err != nil {
		return relay.Code{}, err
	}
	expires := s.cfg.Now().Add(codeLife).UTC()
	if err := s.codes.put(ctx, s.keys.code(secret), pairCode{Store: store, Expires: expires}); err != nil {
		return relay.Code{}, err
	}
	return relay.Code{Text: relay.FormatCode(secret), Store: store, Expires: expires}, nil
}

// knows reports whether the relay ever heard of the store.
func (s *Server) knows(store string) bool {
	_, err := s.stores.get(store)
	return err == nil || s.roster.has(store)
}

// pair gives whoever presents a code a place in its store. The code is marked
// as used before the desk exists: a crash between the two costs the code, and
// the same desk may ask again with the same key.
func (s *Server) pair(ctx context.Context, in relay.PairRequest) (relay.Paired, error) {
	if err := in.Check(); err != nil {
		return relay.Paired{}, malformed(err.Error())
	}
	secret, err := relay.ParseCode(in.Code)
	if err != nil {
		return relay.Paired{}, malformed(err.Error())
	}
	s.roster.writing.Lock()
	defer s.roster.writing.Unlock()
	id := s.keys.code(secret)
	code, ok := s.codes.find(id)
	switch {
	case !ok:
		return relay.Paired{}, &denial{http.StatusNotFound, relay.CodePairUnknown, "no such code"}
	case code.Desk != "" && string(code.Key) != string(in.Key):
		return relay.Paired{}, &denial{http.StatusConflict, relay.CodePairUsed, "this code was used"}
	case code.Desk == "" && !s.cfg.Now().Before(code.Expires):
		return relay.Paired{}, &denial{http.StatusGone, relay.CodePairExpired, "this code has run out"}
	case code.Desk == "" && len(s.roster.list(code.Store)) >= maxDesks:
		return relay.Paired{}, &denial{http.StatusConflict, relay.CodePairFull, "too many desks"}
	}
	if code.Desk == "" {
		if code.Desk, err = draw(s.cfg.Entropy, deskLetters); err != nil {
			return relay.Paired{}, err
		}
		code.Key = in.Key
		if err := s.codes.put(ctx, id, code); err != nil {
			return relay.Paired{}, err
		}
	}
	if err := s.enrol(ctx, code, in); err != nil {
		return relay.Paired{}, err
	}
	return relay.Paired{Store: code.Store, Desk: code.Desk, Time: s.cfg.Now()}, nil
}

// enrol makes the desk of a used code durable, unless it is.
func (s *Server) enrol(ctx context.Context, code pairCode, in relay.PairRequest) error {
	if old := s.roster.get(code.Store, code.Desk); old != nil {
		if !old.Revoked.IsZero() {
			return revoked()
		}
		return nil
	}
	s.cfg.Log.Info("a desk was paired", "store", short(code.Store), "desk", code.Desk)
	return s.roster.put(ctx, code.Store, code.Desk, &paired{
		Name: in.Name, Key: in.Key, Seal: in.Seal, Paired: s.cfg.Now().UTC(), gone: make(chan struct{}),
	})
}
