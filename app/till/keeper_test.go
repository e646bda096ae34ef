package till

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// TestTheRelayHasMoved: forms carry the addresses the relay told last, not those it
// had when the store was announced: nobody answers notices there any more.
func TestTheRelayHasMoved(t *testing.T) {
	t.Parallel()
	var told atomic.Pointer[relay.Endpoints]
	told.Store(&relay.Endpoints{Epoch: "ONE", Public: "https://old.example", Notify: "https://old.example/n/S"})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(told.Load())
	}))
	defer web.Close()
	const name = "0123456789ABCDEFGHJKMNPQRS"
	c, err := client.New(client.Config{
		BaseURL: web.URL, Store: name, Desk: "desk", HTTP: web.Client(), Now: time.Now, Entropy: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	var renewed []string
	k := &keeper{
		relay: c, store: relay.Store{ID: name}, epoch: "ONE", remember: func(string) error { return nil },
		renew: func(_ context.Context, at relay.Endpoints) error { renewed = append(renewed, at.Epoch); return nil },
	}
	for _, now := range []relay.Endpoints{
		*told.Load(),
		{Epoch: "ONE", Public: "https://new.example", Notify: "https://new.example/n/S"},
		{Epoch: "TWO", Public: "https://next.example", Notify: "https://next.example/n/S"},
	} {
		told.Store(&now)
		if err := c.PutStore(t.Context(), k.store); err != nil { // as the hello of a new stream tells it
			t.Fatal(err)
		}
		if got, err := k.endpoints(t.Context()); err != nil || got != now {
			t.Errorf("got %+v, %v, want %+v", got, err, now)
		}
	}
	if len(renewed) != 1 || renewed[0] != "TWO" {
		t.Errorf("registered again with %v, want [TWO]", renewed)
	}
}
