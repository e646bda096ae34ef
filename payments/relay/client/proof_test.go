package client

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// counted counts the requests of one path from now on.
func (w *world) counted(path string) *atomic.Int32 {
	n := &atomic.Int32{}
	h := *w.handler.Load()
	var counting http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			n.Add(1)
		}
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&counting)
	return n
}

// TestPollTakesAProbeOnce: a probe that a polling desk has had is not sent
// again with every poll, which would make both sides spin.
func TestPollTakesAProbeOnce(t *testing.T) {
	w := newWorld(t)
	polls := w.counted(relay.PathPoll)
	c := w.client(func(c *Config) { c.LongPoll = true })
	w.run(c, payments.Position{})
	until(t, func() bool { return !errors.Is(c.Probe(t.Context()), payments.ErrUnreachable) })
	if p := c.Proof(); p.Err != "" {
		t.Fatalf("%+v", p)
	}
	from, start := polls.Load(), time.Now()
	until(t, func() bool { return polls.Load() >= from+6 })
	if took := time.Since(start); took < 4*beat {
		t.Errorf("6 polls in %v: each may wait two beats", took)
	}
}

// TestSkew: the desk learns how far its clock is from the relay's, and a probe
// does not wipe that out.
func TestSkew(t *testing.T) {
	for _, longPoll := range []bool{false, true} {
		w := newWorld(t)
		ahead := func() time.Time { return time.Now().Add(6 * time.Minute) }
		c := w.client(func(c *Config) { c.Now, c.LongPoll, c.ProbeEvery = ahead, longPoll, 50*time.Millisecond })
		d := w.run(c, payments.Position{})
		until(t, func() bool { return !c.Proof().At.IsZero() })
		if skew := c.Proof().Skew; skew < 6*time.Minute-10*time.Second || skew > 6*time.Minute+30*time.Second {
			t.Errorf("long-poll %v: skew %v", longPoll, skew)
		}
		d.stop()
	}
}

// TestImpatientProbe: a caller that gives up says nothing about the way.
func TestImpatientProbe(t *testing.T) {
	w := newWorld(t)
	c := w.client()
	w.run(c, payments.Position{})
	until(t, func() bool { return c.Probe(t.Context()) == nil })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Probe(ctx); err == nil {
		t.Error("a probe of a cancelled caller succeeded")
	}
	if p := c.Proof(); p.Err != "" {
		t.Errorf("the way counts as broken: %+v", p)
	}
}
