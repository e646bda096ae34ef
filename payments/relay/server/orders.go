package server

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

// orders knows what may be admitted. What was registered lies on disk under a
// keyed hash; what was stored for an order is read from the stream at start
// and kept in memory, until the sweep writes it into the record before it
// deletes the notice.
type orders struct {
	kv  jetstream.KeyValue
	now func() time.Time

	mu sync.Mutex
	// damaged is when the newest unreadable envelope had been written for sure;
	// zero when there is none. Open sets it.
	damaged time.Time
	marks   map[orderKey]mark
	locks   map[orderKey]*lock
	// Records written lately, at most twice recentOrders: their notices come
	// soon. Nobody else writes them, and they are not changed in place.
	young, old map[orderKey]order
}

// recentOrders bounds the memory of records, about 8 MB.
const recentOrders = 1 << 13

// mark is what the stream says about an order.
type mark struct {
	settled   bool   // a Notify or Rollback was stored, or may have been
	reference string // keyed hash, of the first Notify; empty when a Rollback came first
	stored    bool   // the Notify with that reference is stored for sure
	opened    bool
}

// order is the record on disk. It holds no name, no amount and no OrderID that
// could be read.
type order struct {
	Version    int       `json:"v"`
	Desk       string    `json:"desk"`
	Form       string    `json:"form"`    // keyed hash
	Amounts    []string  `json:"amounts"` // keyed hashes
	Registered time.Time `json:"registered"`
	Closed     bool      `json:"closed,omitempty"`
	Settled    bool      `json:"settled,omitempty"`
	Reference  string    `json:"reference,omitempty"` // keyed hash; older relays wrote it readable
	Landing    []byte    `json:"landing,omitempty"`   // sealed
	Salon      string    `json:"salon,omitempty"`     // of older relays
	Language   string    `json:"language,omitempty"`
}

// lock is held by whoever has put something into it.
type lock struct {
	held  chan struct{} // buffered 1
	users int
}

var errNoOrder = errors.New("relay: order not registered")

func newOrders(kv jetstream.KeyValue, now func() time.Time) *orders {
	return &orders{kv: kv, now: now, marks: map[orderKey]mark{}, locks: map[orderKey]*lock{}, young: map[orderKey]order{}}
}

func (o *orders) recent(key orderKey) (order, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	rec, ok := o.young[key]
	if !ok {
		rec, ok = o.old[key]
	}
	return rec, ok
}

// remember keeps a record that is on the disk; nil forgets it.
func (o *orders) remember(key orderKey, rec *order) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if rec == nil {
		delete(o.young, key)
		delete(o.old, key)
		return
	}
	if len(o.young) >= recentOrders {
		o.young, o.old = map[orderKey]order{}, o.young
	}
	o.young[key] = *rec
}

// hold locks one order; the returned function lets it go. It waits as long as
// a request may take and then returns errBusy: who waits behind a disk that
// does not answer is told so in time.
func (o *orders) hold(ctx context.Context, key orderKey) (func(), error) {
	o.mu.Lock()
	l := o.locks[key]
	if l == nil {
		l = &lock{held: make(chan struct{}, 1)}
		o.locks[key] = l
	}
	l.users++
	o.mu.Unlock()
	leave := func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		if l.users--; l.users == 0 {
			delete(o.locks, key)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case l.held <- struct{}{}:
		return func() { <-l.held; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, errBusy
	}
}

// get returns the record, or errNoOrder when there is none or it is too old.
func (o *orders) get(ctx context.Context, key orderKey) (order, error) {
	rec, ok := o.recent(key)
	if !ok {
		var err error
		if rec, err = o.read(ctx, key); err != nil {
			return order{}, err
		}
	}
	if o.now().After(rec.Registered.Add(relay.AdmitFor)) {
		return order{}, errNoOrder
	}
	return rec, nil
}

func (o *orders) read(ctx context.Context, key orderKey) (order, error) {
	entry, err := o.kv.Get(ctx, hex.EncodeToString(key[:]))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return order{}, errNoOrder
	}
	if err != nil {
		return order{}, err
	}
	var rec order
	if err := json.Unmarshal(entry.Value(), &rec); err != nil {
		return order{}, err
	}
	if rec.Version != orderVersion {
		return order{}, errNewer
	}
	return rec, nil
}

func (o *orders) put(ctx context.Context, key orderKey, rec order) error {
	rec.Version = orderVersion
	data, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	if _, err = o.kv.Put(ctx, hex.EncodeToString(key[:]), data); err != nil {
		o.remember(key, nil) // it may be written or not
		return err
	}
	o.remember(key, &rec)
	return nil
}

const orderVersion = 1

// mark returns what is known of the order, the record included.
func (o *orders) mark(key orderKey, rec order) mark {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.marks[key]
	if rec.Settled && !m.settled {
		m.settled, m.reference, m.stored = true, rec.Reference, true
	}
	return m
}

// note learns from a stored notice.
func (o *orders) note(n notice) { o.learn(n, true) }

// suspect learns from a notice that may have been stored: no other reference
// may be admitted, but the same one is stored again when it is repeated.
func (o *orders) suspect(n notice) { o.learn(n, false) }

func (o *orders) learn(n notice, stored bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.marks[n.order]
	switch n.kind {
	case kindOpened:
		m.opened = m.opened || stored
	case kindPurchase:
		if !m.settled {
			m.settled, m.reference = true, n.reference
		}
		m.stored = m.stored || stored && m.reference == n.reference
	case kindRollback:
		m.settled = true
	default:
		return
	}
	o.marks[n.order] = m
}

// seal writes what the stream says about the order into its record, before
// the stream forgets it.
func (o *orders) seal(ctx context.Context, key orderKey) error {
	release, err := o.hold(ctx, key)
	if err != nil {
		return err
	}
	defer release()
	rec, err := o.get(ctx, key)
	if errors.Is(err, errNoOrder) {
		return nil
	}
	if err != nil {
		return err
	}
	m := o.mark(key, rec)
	if rec.Settled || !m.settled {
		return nil
	}
	rec.Settled, rec.Reference = true, m.reference
	return o.put(ctx, key, rec)
}

// close ends the pay page of the order.
func (o *orders) close(ctx context.Context, key orderKey) error {
	release, err := o.hold(ctx, key)
	if err != nil {
		return err
	}
	defer release()
	rec, err := o.get(ctx, key)
	if err != nil || rec.Closed {
		return err
	}
	rec.Closed = true
	return o.put(ctx, key, rec)
}
