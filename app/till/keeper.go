package till

import (
	"context"
	"sync"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// keeper makes sure the relay knows the store before an order is registered.
type keeper struct {
	relay *client.Client
	store relay.Store

	mu    sync.Mutex
	known *relay.Endpoints // nil until the relay has answered
}

// The first try to announce the store, which Open waits for, and the pause
// before each later one.
const (
	announceFirst = time.Second
	announceEach  = 2 * time.Second
)

// announce tells the relay about the store until it has answered, so that a
// relay which starts later finds this desk.
func (k *keeper) announce(ctx context.Context) {
	for {
		if _, err := k.endpoints(ctx); err == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(announceEach):
		}
	}
}

// endpoints returns the relay's addresses of the store, asking once.
func (k *keeper) endpoints(ctx context.Context) (relay.Endpoints, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known != nil {
		return *k.known, nil
	}
	if err := k.relay.PutStore(ctx, k.store); err != nil {
		return relay.Endpoints{}, err
	}
	e, ok := k.relay.Endpoints()
	if !ok {
		return relay.Endpoints{}, &payments.Error{Op: "till.store", Code: "relay.answer", Err: payments.ErrUnknown}
	}
	k.known = &e
	return e, nil
}

// forget asks again the next time: the relay is another one now.
func (k *keeper) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.known = nil
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
	k.forget()
	if _, err := k.endpoints(ctx); err != nil {
		return relay.Registered{}, err
	}
	return k.relay.Register(ctx, r)
}

// Close closes a pay page.
func (k *keeper) Close(ctx context.Context, orderID string) error { return k.relay.Close(ctx, orderID) }
