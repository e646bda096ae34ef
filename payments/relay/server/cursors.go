package server

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

// cursors knows how far every desk has acknowledged. They are written in
// batches: after a crash a desk may be thought further back than it was, which
// only keeps notices longer.
type cursors struct {
	kv  jetstream.KeyValue
	now func() time.Time

	mu    sync.Mutex
	desks map[string]map[string]*cursor // store, desk
}

// cursor is one desk's place. Days remembers where it stood at the end of past
// days, so that a notice is deleted 30 days after it was acknowledged.
type cursor struct {
	At   relay.At `json:"at"`
	Days []day    `json:"days"`

	dirty bool
}

type day struct {
	Date string   `json:"date"`
	At   relay.At `json:"at"`
}

const dateForm = "2006-01-02"

func openCursors(ctx context.Context, kv jetstream.KeyValue, now func() time.Time) (*cursors, error) {
	c := &cursors{kv: kv, now: now, desks: map[string]map[string]*cursor{}}
	keys, err := kv.ListKeys(ctx)
	if err != nil {
		return nil, err
	}
	for key := range keys.Keys() {
		store, desk, _ := strings.Cut(key, ".")
		entry, err := kv.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var at cursor
		if err := json.Unmarshal(entry.Value(), &at); err != nil {
			return nil, err
		}
		*c.desk(store, desk) = at
	}
	return c, nil
}

func (c *cursors) desk(store, desk string) *cursor {
	of := c.desks[store]
	if of == nil {
		of = map[string]*cursor{}
		c.desks[store] = of
	}
	if of[desk] == nil {
		of[desk] = &cursor{dirty: true}
	}
	return of[desk]
}

// meet makes the desk known, so that notices for all wait for it too.
func (c *cursors) meet(store, desk string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.desk(store, desk)
}

// at returns where a desk stands, and whether it is known.
func (c *cursors) at(store, desk string) (relay.At, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.desks[store][desk]
	if d == nil {
		return relay.At{}, false
	}
	return d.At, true
}

// forget takes a desk off: nothing waits for it any more.
func (c *cursors) forget(store, desk string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.desks[store], desk)
}

// ack moves the desk on; it never moves back within an epoch.
func (c *cursors) ack(store, desk string, at relay.At) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.desk(store, desk)
	if d.At.Epoch == at.Epoch && !before(d.At, at) {
		return
	}
	d.mark(c.now())
	d.At, d.dirty = at, true
}

// mark keeps where the desk stood before today.
func (d *cursor) mark(now time.Time) {
	yesterday := now.UTC().AddDate(0, 0, -1).Format(dateForm)
	if d.At.Seq == 0 || len(d.Days) > 0 && d.Days[len(d.Days)-1].Date >= yesterday {
		return
	}
	d.Days, d.dirty = append(d.Days, day{Date: yesterday, At: d.At}), true
	d.prune(now)
}

// prune keeps the newest mark that is old enough and everything younger.
func (d *cursor) prune(now time.Time) {
	old := now.Add(-keepAcked).UTC().Format(dateForm)
	for len(d.Days) > 1 && d.Days[1].Date < old {
		d.Days = d.Days[1:]
	}
}

// settled returns the place up to which the desk had acknowledged keepAcked ago.
func (d *cursor) settled(now time.Time) relay.At {
	old := now.Add(-keepAcked).UTC().Format(dateForm)
	var at relay.At
	for _, m := range d.Days {
		if m.Date < old {
			at = m.At
		}
	}
	return at
}

// old returns a function that says whether everyone concerned acknowledged an
// address more than keepAcked ago. Nobody known means no.
func (c *cursors) old(epoch func(store string) string) func(store string, e entry) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	places := map[string]map[string]relay.At{}
	for store, desks := range c.desks {
		places[store] = map[string]relay.At{}
		for desk, d := range desks {
			d.mark(now)
			if at := d.settled(now); at.Epoch == epoch(store) {
				places[store][desk] = at
			} else {
				places[store][desk] = relay.At{}
			}
		}
	}
	return func(store string, e entry) bool {
		at := relay.At{Seq: e.seq, Index: e.index}
		if e.desk != "" {
			return !before(places[store][e.desk], at)
		}
		for _, place := range places[store] {
			if before(place, at) {
				return false
			}
		}
		return len(places[store]) > 0
	}
}

// before compares places of one epoch.
func before(a, b relay.At) bool {
	return a.Seq < b.Seq || a.Seq == b.Seq && a.Index < b.Index
}

// flush writes what changed. What cannot be written stays dirty.
func (c *cursors) flush(ctx context.Context) error {
	c.mu.Lock()
	batch := map[string][]byte{}
	var errs []error
	for store, desks := range c.desks {
		for desk, d := range desks {
			if !d.dirty {
				continue
			}
			data, err := json.Marshal(d)
			errs = append(errs, err)
			batch[store+"."+desk], d.dirty = data, false
		}
	}
	c.mu.Unlock()
	for key, data := range batch {
		if _, err := c.kv.Put(ctx, key, data); err != nil {
			errs = append(errs, err)
			store, desk, _ := strings.Cut(key, ".")
			c.mu.Lock()
			c.desk(store, desk).dirty = true
			c.mu.Unlock()
		}
	}
	return errors.Join(errs...)
}
