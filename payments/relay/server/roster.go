package server

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

// paired is one paired desk on disk. A revoked one is kept, so that its name
// stays in the list and its key is never let in again.
type paired struct {
	Version int       `json:"v"`
	Name    string    `json:"name"`
	Key     []byte    `json:"key"`            // Ed25519, public
	Seal    []byte    `json:"seal,omitempty"` // X25519, public
	Paired  time.Time `json:"paired"`
	Revoked time.Time `json:"revoked,omitzero"`

	gone chan struct{} // closed when it is revoked
}

const pairedVersion = 1

// maxDesks is how many desks a store may have, revoked ones included.
const maxDesks = 200

// roster knows the paired desks of every store, on disk and in memory. Records
// are replaced, never changed.
type roster struct {
	kv  jetstream.KeyValue
	now func() time.Time

	writing sync.Mutex // one change at a time
	mu      sync.RWMutex
	desks   map[string]map[string]*paired // store, desk
	seen    map[string]time.Time          // store.desk
	// versions count the changes of a store's desks.
	versions map[string]uint64
}

func openRoster(ctx context.Context, kv jetstream.KeyValue, now func() time.Time) (*roster, error) {
	r := &roster{kv: kv, now: now, desks: map[string]map[string]*paired{}, seen: map[string]time.Time{}, versions: map[string]uint64{}}
	err := each(ctx, kv, func(key string, value []byte) error {
		store, desk, _ := strings.Cut(key, ".")
		p := &paired{}
		if err := json.Unmarshal(value, p); err != nil {
			return fmt.Errorf("relay: desk: %w", err)
		}
		if p.Version != pairedVersion {
			return errNewer
		}
		p.gone = make(chan struct{})
		if !p.Revoked.IsZero() {
			close(p.gone)
		}
		r.keep(store, desk, p)
		return nil
	})
	return r, err
}

// each calls visit for every entry of a bucket.
func each(ctx context.Context, kv jetstream.KeyValue, visit func(key string, value []byte) error) error {
	keys, err := kv.ListKeys(ctx)
	if err != nil {
		return err
	}
	for key := range keys.Keys() {
		entry, err := kv.Get(ctx, key)
		if err != nil {
			return err
		}
		if err := visit(key, entry.Value()); err != nil {
			return err
		}
	}
	return nil
}

func (r *roster) keep(store, desk string, p *paired) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.desks[store] == nil {
		r.desks[store] = map[string]*paired{}
	}
	r.desks[store][desk] = p
	r.versions[store]++
}

// get returns a desk, or nil.
func (r *roster) get(store, desk string) *paired {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.desks[store][desk]
}

// has reports whether the store is one of paired desks: nobody else is let in.
func (r *roster) has(store string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.desks[store]) > 0
}

// empty reports whether no desk was ever paired.
func (r *roster) empty() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.desks) == 0
}

// gone returns a channel that is closed when the desk is revoked; it stays
// open for desks that were never paired.
func (r *roster) gone(id Identity) <-chan struct{} {
	if p := r.get(id.Store, id.Desk); p != nil {
		return p.gone
	}
	return nil
}

// addressee returns the desk that a notice is for: that of its order, or all
// ("") when that one was revoked.
func (r *roster) addressee(store, desk string) string {
	if p := r.get(store, desk); p != nil && !p.Revoked.IsZero() {
		return ""
	}
	return desk
}

// saw notes that a desk was heard of.
func (r *roster) saw(store, desk string) {
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen[store+"."+desk] = now
}

// list returns the desks of a store, or of all stores, in the order in which
// they were paired.
func (r *roster) list(store string) []relay.Desk {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var found []relay.Desk
	for s, desks := range r.desks {
		if store != "" && s != store {
			continue
		}
		for id, p := range desks {
			found = append(found, relay.Desk{Store: s, ID: id, Name: p.Name, Paired: p.Paired, Seen: r.seen[s+"."+id], Revoked: p.Revoked})
		}
	}
	slices.SortFunc(found, func(a, b relay.Desk) int {
		if c := strings.Compare(a.Store, b.Store); c != 0 {
			return c
		}
		if c := a.Paired.Compare(b.Paired); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found
}

// put makes a desk durable. Call it with writing held.
func (r *roster) put(ctx context.Context, store, desk string, p *paired) error {
	p.Version = pairedVersion
	data, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := r.kv.Put(ctx, store+"."+desk, data); err != nil {
		return err
	}
	r.keep(store, desk, p)
	return nil
}

func (r *roster) rename(ctx context.Context, store, desk, name string) error {
	if !relay.IsDeskName(name) {
		return malformed("name of the desk")
	}
	r.writing.Lock()
	defer r.writing.Unlock()
	old := r.get(store, desk)
	if old == nil {
		return noDesk()
	}
	next := *old
	next.Name = name
	return r.put(ctx, store, desk, &next)
}

// revoke ends a desk's access. It reports whether the desk had any.
func (r *roster) revoke(ctx context.Context, store, desk string) (bool, error) {
	r.writing.Lock()
	defer r.writing.Unlock()
	old := r.get(store, desk)
	if old == nil {
		return false, noDesk()
	}
	if !old.Revoked.IsZero() {
		return false, nil
	}
	next := *old
	next.Revoked = r.now().UTC()
	if err := r.put(ctx, store, desk, &next); err != nil {
		return false, err
	}
	close(next.gone)
	return true, nil
}
