package app_test

import (
	"context"
	cryptorand "crypto/rand"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestWaitingIsIdle: whatever cannot go on now (an end that the disk does not take,
// a look that has to wait for a refund under way) keeps the till from nothing, and
// the processor from everything else.
func TestWaitingIsIdle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		wait func(t *testing.T, w *world, disk *brokenJournal)
	}{
		{"an end that is not on disk", func(_ *testing.T, w *world, disk *brokenJournal) {
			w.charge(100)
			disk.set(true)
			time.Sleep(app.DefaultValidity + time.Second)
		}},
		{"a look that waits for a refund", func(_ *testing.T, w *world, _ *brokenJournal) {
			s := w.charge(100)
			w.pay(s, "1")
			w.rail.set(func(f *fakeRail) {
				f.refund = func(ctx context.Context, _ app.RefundOrder) (payments.Answer, error) {
					<-ctx.Done()
					return payments.Answer{}, payments.ErrUnknown
				}
			})
			time.Sleep(14 * time.Second)
			go func() { _, _ = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(100)}) }()
			time.Sleep(2 * time.Second) // the first look after the payment is due
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				if err := w.till.Close(); err != nil {
					t.Fatal(err)
				}
				disk := &brokenJournal{Journal: w.book}
				var looks atomic.Int64 // at the clock, a few each time the till wakes
				begun := time.Now()
				var err error
				w.till, err = app.New(context.Background(), app.Config{
					Mode: w.mode, Journal: disk, Rails: []app.Rail{w.rail}, Inbox: w.inbox, Entropy: cryptorand.Reader,
					Now:  func() time.Time { looks.Add(1); return time.Now() },
					Mono: func() time.Duration { return time.Since(begun) },
				})
				if err != nil {
					t.Fatal(err)
				}
				tt.wait(t, w, disk)
				synctest.Wait()
				looks.Store(0)
				time.Sleep(10 * time.Second)
				synctest.Wait()
				if n := looks.Load(); n > 200 {
					t.Errorf("looked %d times at the clock in 10 s", n)
				}
			})
		})
	}
}
