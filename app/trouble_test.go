package app_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

func TestAsksAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		upset func(*world)
	}{
		{"relay silent", func(w *world) { w.inbox.prove(payments.Proof{At: time.Now(), Err: "closed"}) }},
		{"clock set", func(w *world) { w.shift.Add(int64(time.Hour / 6)) }},
		{"clock set back", func(w *world) { w.shift.Add(-int64(time.Hour)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.charge(4500)
				time.Sleep(6 * time.Second) // the first check is due at 25 s
				synctest.Wait()
				tt.upset(w)
				time.Sleep(5 * time.Second)
				synctest.Wait()
				if got := w.rail.times(); len(got) != 1 || got[0] > 11*time.Second {
					t.Errorf("asked at %v", got)
				}
			})
		})
	}
}

func TestNoLinkWithoutProof(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.close()
		w.mode = payments.Test
		w.open()
		code := func(p payments.Proof) string {
			w.inbox.prove(p)
			_, err := w.till.Charge(context.Background(), w.request(100))
			return payments.CodeOf(err)
		}
		now := time.Now()
		for _, tt := range []struct {
			proof payments.Proof
			want  string
		}{
			{payments.Proof{Err: "never connected"}, "relay.silent"},
			{payments.Proof{At: now.Add(-time.Hour)}, "relay.silent"},
			{payments.Proof{At: now, Skew: 6 * time.Minute}, "clock.skew"},
			{payments.Proof{At: now, Skew: -6 * time.Minute}, "clock.skew"},
			{payments.Proof{At: now, Skew: 4 * time.Minute}, ""},
		} {
			if got := code(tt.proof); got != tt.want {
				t.Errorf("%+v: got %q, want %q", tt.proof, got, tt.want)
			}
		}
	})
}

func TestOneQueryAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.rail.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
			time.Sleep(3 * time.Second)
			return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
		}
		var last app.Sale
		for range 5 {
			last = w.charge(100)
		}
		if err := w.till.CheckNow(context.Background(), last.ID); err != nil {
			t.Fatal(err)
		}
		if s := w.sale(last.ID); s.Attempts[0].Checked.IsZero() && len(w.rail.times()) == 0 {
			t.Error("not asked")
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if w.rail.most != 1 || len(w.rail.times()) < 20 {
			t.Errorf("%d queries, %d at one time", len(w.rail.times()), w.rail.most)
		}
	})
}

// brokenJournal refuses to write while broken.
type brokenJournal struct {
	app.Journal
	mu     sync.Mutex
	broken bool
}

func (b *brokenJournal) set(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.broken = on
}

func (b *brokenJournal) Append(ctx context.Context, e []app.Event, c *payments.Position) ([]app.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.broken {
		return nil, &payments.Error{Op: "journal.append", Code: "journal.full", Err: errors.New("no space")}
	}
	return b.Journal.Append(ctx, e, c)
}

func TestFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		if err := w.till.Close(); err != nil {
			t.Fatal(err)
		}
		disk := &brokenJournal{Journal: w.book}
		w.start(disk)
		w.rail.offer = func(_ context.Context, o app.Offer) (app.Page, error) {
			disk.set(true)
			return app.Page{URL: "u", Expires: o.Expires}, nil
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		s, err := w.till.Charge(ctx, w.request(100))
		if s.State != app.Preparing || err == nil {
			t.Fatalf("a code that is not on disk was shown: %q, %v", s.State, err)
		}
		w.seq++
		if err := w.inbox.deliver(w.seq, payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "1", Amount: eur(100)}); err == nil {
			t.Error("a notice was acknowledged that is not on disk")
		}
		if _, err := w.till.Charge(context.Background(), w.request(100)); payments.CodeOf(err) != "journal.full" {
			t.Errorf("charge on a full disk: %v", err)
		}
		for snap := range w.till.Watch(context.Background()) {
			if len(snap.Trouble) != 1 || snap.Trouble[0].Code != "journal.full" {
				t.Errorf("trouble is %+v", snap.Trouble)
			}
			break
		}
		disk.set(false)
		time.Sleep(6 * time.Second)
		synctest.Wait()
		w.want(s.ID, app.Offered)
		w.pay(s, "1")
		w.want(s.ID, app.Paid)
	})
}

func TestWatchSkipsButEndsWithTheNewest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		ctx, cancel := context.WithCancel(context.Background())
		var states []app.State
		var ended sync.WaitGroup
		ended.Go(func() {
			for c := range w.till.WatchSale(ctx, s.ID) {
				if c.QR == nil {
					t.Error("no code")
				}
				states = append(states, c.Sale.State)
			}
		})
		synctest.Wait()
		w.pay(s, "1")
		synctest.Wait()
		cancel()
		ended.Wait()
		if len(states) != 2 || states[0] != app.Offered || states[1] != app.Paid {
			t.Errorf("saw %v", states)
		}
		for range w.till.WatchSale(context.Background(), "NONE") {
			t.Error("an unknown sale was shown")
		}
		if err := w.till.Close(); err != nil {
			t.Error(err)
		}
		for range w.till.Watch(context.Background()) {
			break
		}
		if _, err := w.till.Charge(context.Background(), w.request(1)); !errors.Is(err, app.ErrClosed) {
			t.Errorf("charge on a closed till: %v", err)
		}
	})
}
