package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

// TestHubForgetsSmallNotices: notices without a body take memory too.
func TestHubForgetsSmallNotices(t *testing.T) {
	h := newHub(time.Now)
	n := notice{kind: kindOpened, store: storeA, desk: deskA, orderID: "P1"}
	many := freshBytes/n.size() + 1000
	for seq := range many {
		h.add(uint64(seq+1), []notice{n})
	}
	if len(h.fresh) >= many || len(h.fresh) != len(h.order) {
		t.Errorf("%d of %d envelopes are kept in memory, %d in order", len(h.fresh), many, len(h.order))
	}
	if _, ok := h.recent(uint64(many)); !ok {
		t.Error("the newest is forgotten")
	}
}

// TestProxyIsNoDesk: a proxy on this machine that publishes the relay does not
// make desks of those behind it.
func TestProxyIsNoDesk(t *testing.T) {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"} {
		req := &http.Request{RemoteAddr: "127.0.0.1:5", Header: http.Header{}}
		req.Header.Set(relay.HeaderStore, storeA)
		req.Header.Set(relay.HeaderDesk, deskA)
		if _, err := (loopbackOnly{}).authorize(req); err != nil {
			t.Fatal(err)
		}
		req.Header.Set(name, "203.0.113.9")
		if _, err := (loopbackOnly{}).authorize(req); err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTroublePageProvesNothing: a page that cannot be read does not know
// whether it was paid.
func TestTroublePageProvesNothing(t *testing.T) {
	s, _ := sentences("trouble-text")
	for _, no := range []string{"Nothing was paid", "nichts bezahlt", "Нищо не е платено"} {
		if strings.Contains(s.en+s.de+s.bg, no) {
			t.Errorf("the page says %q", no)
		}
	}
}

// TestLaneStaysUnsure: a refusal of a repeated envelope does not tell that its
// first try was not stored.
func TestLaneStaysUnsure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		queue := queueFunc(func(ctx context.Context, _ string, _ []byte) (uint64, error) {
			if tries++; tries == 1 {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			return 0, jetstream.ErrNoStreamResponse
		})
		l := newLane(queue, deterministic(), func(uint64, []notice) {})
		ctx, cancel := context.WithCancel(t.Context())
		go l.run(ctx)
		if fate, err := l.store(t.Context(), notice{kind: kindOther, orderID: "x"}); fate != maybeStored || err == nil || errors.Is(err, errBusy) {
			t.Errorf("fate %v, %v: want maybe stored, told by the queue", fate, err)
		}
		if fate, err := l.store(t.Context(), notice{kind: kindOther, orderID: "y"}); fate != notStored || err == nil {
			t.Errorf("fate %v, %v: want not stored", fate, err)
		}
		cancel()
		<-l.done
	})
}

// TestHoldIsBounded: who waits for an order that another request keeps is told
// in time, and leaves nothing behind.
func TestHoldIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrders(nil, time.Now)
		release, err := o.hold(t.Context(), orderKey{1})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := o.hold(t.Context(), orderKey{1}); !errors.Is(err, errBusy) || time.Since(start) >= 5*time.Second {
			t.Errorf("%v after %v, want errBusy before the provider gives up", err, time.Since(start))
		}
		if other, err := o.hold(t.Context(), orderKey{2}); err != nil {
			t.Error(err)
		} else {
			other()
		}
		release()
		again, err := o.hold(t.Context(), orderKey{1})
		if err != nil {
			t.Fatal(err)
		}
		again()
		if len(o.locks) != 0 {
			t.Errorf("%d locks are left", len(o.locks))
		}
	})
}

// TestHeldOrderIsNotStored: the provider hears 503, not silence.
func TestHeldOrderIsNotStored(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	release, err := r.orders.hold(t.Context(), r.keys.order(storeA, sid, order1))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if status, text := r.post(r.signer.notify(t, order1, "45.00", "1")); status != http.StatusServiceUnavailable || text == "OK" {
		t.Errorf("%d %q, want 503", status, text)
	}
	if took := time.Since(start); took >= 5*time.Second {
		t.Errorf("after %v", took)
	}
	release()
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
}
