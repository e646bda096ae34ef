package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

var (
	errNoStore    = errors.New("relay: store unknown")
	errOtherStore = errors.New("relay: this store belongs to another SID")
	errBadCert    = errors.New("relay: a certificate cannot be read")
)

// store is one checkout store and every certificate it ever had.
type store struct {
	Version int         `json:"v"`
	Store   relay.Store `json:"store"`
	Epoch   string      `json:"epoch"`

	certs []*checkout.Certificate
}

const storeVersion = 1

// stores is the register of stores, held in memory and on disk.
type stores struct {
	kv      jetstream.KeyValue
	entropy io.Reader

	writing sync.Mutex // one change at a time
	mu      sync.RWMutex
	byID    map[string]*store
	bySID   map[string][]*store
}

func openStores(ctx context.Context, kv jetstream.KeyValue, entropy io.Reader) (*stores, error) {
	s := &stores{kv: kv, entropy: entropy, byID: map[string]*store{}, bySID: map[string][]*store{}}
	keys, err := kv.ListKeys(ctx)
	if err != nil {
		return nil, err
	}
	for key := range keys.Keys() {
		entry, err := kv.Get(ctx, key)
		if err != nil {
			return nil, err
		}
		st := &store{}
		if err := json.Unmarshal(entry.Value(), st); err != nil {
			return nil, fmt.Errorf("relay: store %w", err)
		}
		if st.Version != storeVersion {
			return nil, errNewer
		}
		if st.certs, err = parseCerts(st.Store.Certificates); err != nil {
			return nil, err
		}
		s.keep(st)
	}
	return s, nil
}

func parseCerts(texts []string) ([]*checkout.Certificate, error) {
	certs := make([]*checkout.Certificate, 0, len(texts))
	for _, text := range texts {
		c, err := checkout.ParseCertificate([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBadCert, err)
		}
		certs = append(certs, c)
	}
	return certs, nil
}

func (s *stores) keep(st *store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[st.Store.ID] = st
	same := slices.DeleteFunc(slices.Clone(s.bySID[st.Store.SID]), func(o *store) bool { return o.Store.ID == st.Store.ID })
	s.bySID[st.Store.SID] = append(same, st)
}

func (s *stores) get(id string) (*store, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if st := s.byID[id]; st != nil {
		return st, nil
	}
	return nil, errNoStore
}

// ids returns the stores there are.
func (s *stores) ids() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Keys(s.byID))
}

// withSID returns the stores that share a SID (several salons may use the
// sandbox).
func (s *stores) withSID(sid string) []*store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bySID[sid]
}

// put registers a store or adds certificates to it, durably.
func (s *stores) put(ctx context.Context, in relay.Store) (*store, error) {
	certs, err := parseCerts(in.Certificates)
	if err != nil {
		return nil, err
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	next := store{Version: storeVersion, Store: relay.Store{ID: in.ID, SID: in.SID, Mode: in.Mode}}
	old, err := s.get(in.ID)
	switch {
	case err != nil:
		if next.Epoch, err = s.draw(); err != nil {
			return nil, err
		}
	case old.Store.SID != in.SID:
		return nil, errOtherStore
	default:
		next.Epoch, next.certs = old.Epoch, slices.Clone(old.certs)
	}
	for _, c := range certs {
		if !slices.ContainsFunc(next.certs, func(k *checkout.Certificate) bool { return k.Fingerprint() == c.Fingerprint() }) {
			next.certs = append(next.certs, c)
		}
	}
	for _, c := range next.certs {
		next.Store.Certificates = append(next.Store.Certificates, string(c.PEM()))
	}
	if old != nil && len(old.certs) == len(next.certs) && old.Store.Mode == next.Store.Mode {
		return old, nil
	}
	return &next, s.save(ctx, &next)
}

// renew gives the store a new epoch: what desks remember of it no longer fits.
func (s *stores) renew(ctx context.Context, id string) (*store, error) {
	s.writing.Lock()
	defer s.writing.Unlock()
	old, err := s.get(id)
	if err != nil {
		return nil, err
	}
	next := *old
	if next.Epoch, err = s.draw(); err != nil {
		return nil, err
	}
	return &next, s.save(ctx, &next)
}

func (s *stores) save(ctx context.Context, st *store) error {
	data, err := json.Marshal(st)
	if err != nil {
		return err
	}
	if _, err := s.kv.Put(ctx, st.Store.ID, data); err != nil {
		return err
	}
	s.keep(st)
	return nil
}

// epoch returns the epoch of a store, or "" when it is unknown.
func (s *stores) epoch(id string) string {
	st, err := s.get(id)
	if err != nil {
		return ""
	}
	return st.Epoch
}

// draw returns 26 random Crockford characters.
func (s *stores) draw() (string, error) { return draw(s.entropy, relay.NameLength) }

func draw(entropy io.Reader, length int) (string, error) {
	b := make([]byte, length)
	if _, err := io.ReadFull(entropy, b); err != nil {
		return "", err
	}
	for i := range b {
		b[i] = relay.Crockford[b[i]&31]
	}
	return string(b), nil
}
