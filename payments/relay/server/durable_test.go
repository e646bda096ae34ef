package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments/relay"
)

func deterministic() io.Reader { return rand.NewChaCha8([32]byte{1}) }

// TestSyncAlways: without it the queue acknowledges up to two minutes before
// it writes through, and a power cut takes acknowledged notices along.
func TestSyncAlways(t *testing.T) {
	r := newRig(t)
	cfg := r.engine.server.JetStreamConfig()
	if cfg == nil || !cfg.SyncAlways {
		t.Fatalf("SyncAlways is off: %+v", cfg)
	}
	if !r.engine.durable() {
		t.Error("the relay would refuse to start")
	}
	info, err := r.engine.stream.Info(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if c := info.Config; c.Storage != jetstream.FileStorage || c.PersistMode != jetstream.DefaultPersistMode ||
		c.Retention != jetstream.LimitsPolicy || c.MaxAge != 0 || c.Discard != jetstream.DiscardNew {
		t.Errorf("the stream may lose or drop notices: %+v", c)
	}
}

// TestRestartLosesNothing: what was answered OK is there after a restart, and
// decides as before.
func TestRestartLosesNothing(t *testing.T) {
	r := newRig(t)
	for i := range 20 {
		id := fmt.Sprintf("P%d", i)
		r.register(id, "45.00", fmt.Sprintf("%026d", i))
		r.wantOK(r.signer.notify(t, id, "45.00", "1"))
	}
	before := r.deliveries(deskA, relay.At{})
	r.ack(deskA, before[9].At)
	r.restart()
	after := r.deliveries(deskA, relay.At{})
	if len(before) != 20 || len(after) != 20 {
		t.Fatalf("%d before, %d after, want 20", len(before), len(after))
	}
	for i := range after {
		if after[i].At != before[i].At || string(after[i].Body) != string(before[i].Body) || !after[i].Received.Equal(before[i].Received) {
			t.Errorf("%d changed", i)
		}
	}
	if rest := r.deliveries(deskA, after[9].At); len(rest) != 10 {
		t.Errorf("%d after the tenth, want 10", len(rest))
	}
	if at := r.cursors.desk(storeA, deskA).At; at != before[9].At {
		t.Errorf("the cursor is at %v, want %v", at, before[9].At)
	}
	r.wantRefused(r.signer.notify(t, "P3", "45.00", "2"))
	r.wantOK(r.signer.notify(t, "P3", "45.00", "1"))
	if n := len(r.deliveries(deskA, relay.At{})); n != 20 {
		t.Errorf("a repeat was stored: %d", n)
	}
}

// TestSecondRelayIsRefused: two relays on one folder would both say OK.
func TestSecondRelayIsRefused(t *testing.T) {
	r := newRig(t)
	if _, err := Open(context.Background(), r.Server.cfg); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
}

// TestKeyFile: it is made once, readable by its owner only, and a damaged one
// is never overwritten.
func TestKeyFile(t *testing.T) {
	r := newRig(t)
	path := r.Server.cfg.SecretFile
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	if strings.HasPrefix(path, r.Server.cfg.Dir+string(filepath.Separator)) {
		t.Error("the key lies inside the data folder")
	}
	cfg := r.cfg
	cfg.Dir, cfg.SecretFile = filepath.Join(t.TempDir(), "other"), filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(cfg.SecretFile, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), cfg); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(cfg.SecretFile); err != nil || string(text) != "not a key" {
		t.Errorf("the key file was changed: %q %v", text, err)
	}
}

// TestFullDisk: what cannot be stored is not answered OK, nothing old is lost,
// and probes fail, so that desks stop offering links.
func TestFullDisk(t *testing.T) {
	r := newRig(t, func(c *Config) { c.MaxBytes = 8 << 10 })
	for i := range 40 {
		r.register(fmt.Sprintf("P%d", i), "45.00", fmt.Sprintf("%026d", i))
	}
	admitted, full := 0, 0
	for i := range 40 {
		switch status, text := r.post(r.signer.notify(t, fmt.Sprintf("P%d", i), "45.00", "1")); {
		case status == http.StatusOK && text == "OK":
			admitted++
		case status == http.StatusServiceUnavailable && text != "OK":
			full++
		default:
			t.Fatalf("%d %q", status, text)
		}
	}
	if admitted == 0 || full == 0 {
		t.Fatalf("%d admitted, %d refused", admitted, full)
	}
	if got := len(r.deliveries(deskA, relay.At{})); got != admitted {
		t.Errorf("%d delivered, %d were answered OK", got, admitted)
	}
	if r.trouble() == "" {
		t.Error("no alarm")
	}
	// The form is not handed out either, once its small record does not fit.
	status := 0
	for i := admitted; i < 40 && status != http.StatusServiceUnavailable; i++ {
		if status, _, _ = r.ask("POST", "/p/"+fmt.Sprintf("%026d", i)+"/go", nil); status == http.StatusOK {
			admitted++
		}
	}
	if status != http.StatusServiceUnavailable {
		t.Errorf("go: %d, want 503", status)
	}
	r.restart()
	if got := len(r.deliveries(deskA, relay.At{})); got != admitted {
		t.Errorf("after a restart %d delivered, %d were answered OK", got, admitted)
	}
}

// queueFunc is a queue that fails as told.
type queueFunc func(ctx context.Context, id string, data []byte) (uint64, error)

func (f queueFunc) append(ctx context.Context, id string, data []byte) (uint64, error) {
	return f(ctx, id, data)
}

func (queueFunc) remove(context.Context, uint64) error { return nil }

// TestTheAlarmEndsByItself: a queue that was away for a moment refused a notice. No
// link is offered until the alarm ends, so that no notice may come any more which
// could end it.
func TestTheAlarmEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var back atomic.Bool
		var seq uint64
		there := map[uint64]bool{}
		queue := queueFunc(func(_ context.Context, _ string, data []byte) (uint64, error) {
			if !back.Load() {
				return 0, jetstream.ErrNoStreamResponse
			}
			if n, err := decodeEnvelope(data); err != nil || len(n) != 1 || len(data) < relay.MaxNotice {
				t.Errorf("%d bytes, %v", len(data), err)
			}
			seq++
			there[seq] = true
			return seq, nil
		})
		l := newLane(removing{queue, there}, deterministic(), func(uint64, []notice) { t.Error("a trial is no notice") })
		ctx, cancel := context.WithCancel(t.Context())
		go l.run(ctx)
		if fate, err := l.store(t.Context(), notice{kind: kindOther}); fate != notStored || err == nil {
			t.Errorf("%v %v", fate, err)
		}
		time.Sleep(time.Minute)
		if l.trouble() == "" {
			t.Error("the queue is away, and there is no alarm")
		}
		back.Store(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if l.trouble() != "" || len(there) != 0 || seq != 1 {
			t.Errorf("%q, %d trials, left behind: %v", l.trouble(), seq, there)
		}
		cancel()
		<-l.done
	})
}

// removing is a queue from which can be taken away.
type removing struct {
	queueFunc
	there map[uint64]bool
}

func (r removing) remove(_ context.Context, seq uint64) error {
	delete(r.there, seq)
	return nil
}

// TestLaneAsksAgain: an envelope of unknown fate is repeated under the same
// id, those who wait are refused in time, and nothing overtakes it.
func TestLaneAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ids := map[string]int{}
		var answering atomic.Bool
		var seq uint64
		queue := queueFunc(func(ctx context.Context, id string, _ []byte) (uint64, error) {
			ids[id]++
			if !answering.Load() {
				<-ctx.Done()
				return 0, ctx.Err()
			}
			seq++
			return seq, nil
		})
		var stored []string
		l := newLane(queue, deterministic(), func(_ uint64, notices []notice) {
			for _, n := range notices {
				stored = append(stored, n.orderID)
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		go l.run(ctx)
		start := time.Now()
		fate, err := l.store(t.Context(), notice{kind: kindOther, orderID: "first"})
		if fate != maybeStored || err == nil || time.Since(start) > 5*time.Second {
			t.Errorf("%v %v after %v", fate, err, time.Since(start))
		}
		if l.trouble() == "" {
			t.Error("no alarm")
		}
		answering.Store(true)
		if fate, err := l.store(t.Context(), notice{kind: kindOther, orderID: "second"}); fate != isStored || err != nil {
			t.Errorf("%v %v", fate, err)
		}
		if len(ids) != 2 || strings.Join(stored, " ") != "first second" || l.trouble() != "" {
			t.Errorf("%d ids, stored %v, trouble %q", len(ids), stored, l.trouble())
		}
		cancel()
		<-l.done
		if fate, err := l.store(t.Context(), notice{}); fate == isStored || err == nil {
			t.Errorf("stored after the end: %v %v", fate, err)
		}
	})
}

// TestLaneCommitsGroups: what waits while one envelope is written shares the
// next one, within its limits.
func TestLaneCommitsGroups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var groups []int
		queue := queueFunc(func(_ context.Context, _ string, data []byte) (uint64, error) {
			time.Sleep(10 * time.Millisecond)
			notices, err := decodeEnvelope(data)
			if err != nil || len(data) > maxEnvelope+relay.MaxNotice {
				t.Errorf("%d bytes: %v", len(data), err)
			}
			groups = append(groups, len(notices))
			return uint64(len(groups)), nil
		})
		l := newLane(queue, deterministic(), func(uint64, []notice) {})
		ctx, cancel := context.WithCancel(t.Context())
		go l.run(ctx)
		done := make(chan error)
		send := func(n, size int) {
			for range n {
				go func() {
					_, err := l.store(t.Context(), notice{kind: kindOther, body: make([]byte, size)})
					done <- err
				}()
			}
			for range n {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		send(1500, 100)
		if len(groups) > 5 {
			t.Errorf("1500 notices took %d envelopes: %v", len(groups), groups)
		}
		groups = nil
		send(20, 60<<10)
		for _, n := range groups {
			if n > 8 {
				t.Errorf("%d notices of 60 kB in one envelope", n)
			}
		}
		cancel()
		<-l.done
	})
}
