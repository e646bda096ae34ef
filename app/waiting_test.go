package app_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// A question that is settled before its turn comes is answered, too.
func TestWhoAsksIsAnsweredWhenItIsSettledMeanwhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		other, s := w.charge(100), w.charge(4500)
		hold := make(chan struct{})
		w.rail.set(func(f *fakeRail) {
			f.status = func(ctx context.Context, q app.StatusQuery) (payments.Answer, error) {
				if q.OrderID == other.Attempts[0].OrderID {
					<-hold
				}
				return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
			}
		})
		go func() { _ = w.till.CheckNow(context.Background(), other.ID) }()
		synctest.Wait()
		done := make(chan error, 1)
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), 100*time.Hour)
			defer cancel()
			done <- w.till.CheckNow(ctx, s.ID)
		}()
		synctest.Wait()
		w.pay(s, "813705")
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500)}); err != nil {
			t.Fatal(err)
		}
		close(hold)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		default:
			t.Error("whoever asked waits for ever")
			time.Sleep(101 * time.Hour)
		}
	})
}

// A page that could not be closed is closed after a restart, too.
func TestAPageIsClosedAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		r := w.request(4500)
		r.Validity = app.MaxValidity
		s, err := w.till.Charge(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		w.rail.set(func(f *fakeRail) {
			f.withdraw = func(context.Context, string) error {
				return &payments.Error{Op: "fake", Code: "relay.unreachable", Err: payments.ErrUnreachable}
			}
		})
		if err := w.till.Cancel(context.Background(), s.ID, ""); err != nil {
			t.Fatal(err)
		}
		w.restart()
		w.rail.set(func(f *fakeRail) { f.withdraw, f.closed = nil, nil })
		time.Sleep(2 * time.Minute)
		w.rail.set(func(f *fakeRail) {
			if got := f.closed; !slices.Equal(got, []string{s.Attempts[0].OrderID}) {
				t.Errorf("closed %q", got)
			}
		})
	})
}
