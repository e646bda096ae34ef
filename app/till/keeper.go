package till

import (
	"context"
	"sync"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// keeper makes sure that the relay knows the store, and every order of the last
// 60 days, before a new order is registered.
type keeper struct {
	relay *client.Client
	store relay.Store
	// renew registers the orders again with a relay of another epoch; remember
	// keeps the epoch for the next run.
	renew    func(ctx context.Context, at relay.Endpoints) error
	remember func(epoch string) error

	mu    sync.Mutex
	epoch string           // of the relay that knows our orders; empty before the first
	known *relay.Endpoints // nil until the relay has answered in this run
}

// The first try to announce the store, which Open waits for, and the pause
// before each look whether it has to be announced again.
const (
	announceFirst = time.Second
	announceEach  = 2 * time.Second
)

// tend announces the store whenever the stream is broken: a relay that starts
// later, or that has lost its memory, must hear of us before it can stream.
func (k *keeper) tend(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(announceEach):
		}
		if p := k.relay.Proof(); p.Err == "" && !p.At.IsZero() {
			continue
		}
		if err := k.refresh(ctx); err != nil {
			continue // the next look tries again; Proof says why nothing works
		}
	}
}

// endpoints returns the addresses of the store that the relay told last, asking once
// and whenever it is of an epoch that does not know our orders.
func (k *keeper) endpoints(ctx context.Context) (relay.Endpoints, error) {
	k.mu.Lock()
	known := k.known
	k.mu.Unlock()
	if known != nil {
		if now, ok := k.relay.Endpoints(); ok && now.Epoch == known.Epoch {
			return now, nil
		}
	}
	if err := k.refresh(ctx); err != nil {
		return relay.Endpoints{}, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return *k.known, nil
}

// refresh announces the store and, when the relay is of another epoch than the
// one that knows our orders, registers those first. Whoever wants to offer
// meanwhile waits.
func (k *keeper) refresh(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.relay.PutStore(ctx, k.store); err != nil {
		return err
	}
	e, ok := k.relay.Endpoints()
	if !ok {
		return &payments.Error{Op: "till.store", Code: "relay.answer", Err: payments.ErrUnknown}
	}
	if e.Epoch != k.epoch {
		if k.epoch != "" {
			if err := k.renew(ctx, e); err != nil {
				return err
			}
		}
		if err := k.remember(e.Epoch); err != nil {
			return err
		}
		k.epoch = e.Epoch
	}
	k.known = &e
	return nil
}

// Register registers an order, announcing the store again when the relay has
// lost it.
func (k *keeper) Register(ctx context.Context, r relay.Registration) (relay.Registered, error) {
	if _, err := k.endpoints(ctx); err != nil {
		return relay.Registered{}, err
	}
	done, err := k.relay.Register(ctx, r)
	if payments.CodeOf(err) != relay.CodeStore {
		return done, err
	}
	if err := k.refresh(ctx); err != nil {
		return relay.Registered{}, err
	}
	return k.relay.Register(ctx, r)
}

// Close closes a pay page.
func (k *keeper) Close(ctx context.Context, orderID string) error { return k.relay.Close(ctx, orderID) }
