package app_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

func TestPaidByNotice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		if s.State != app.Offered || s.Attempts[0].Link == "" || s.Attempts[0].Words == "" {
			t.Fatalf("charge gave %+v", s)
		}
		w.notify(payments.Notice{Kind: payments.NoticeOpened, OrderID: s.Attempts[0].OrderID})
		w.want(s.ID, app.Opened)
		w.pay(s, "813705")
		got := w.want(s.ID, app.Paid)
		if got.Received != eur(4500) || got.Attempts[0].Reference != "813705" || got.Attempts[0].CardLast4 != "0007" {
			t.Errorf("paid sale is %+v", got)
		}
	})
}

func TestPollingSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		got := w.rail.times()
		want := []time.Duration{25, 35, 55, 85, 115}
		if len(got) != len(want) {
			t.Fatalf("asked at %v, want about %v s", got, want)
		}
		slack := time.Second
		for i := range want {
			if d := (got[i] - want[i]*time.Second).Abs(); d > slack {
				t.Errorf("check %d at %v, want %v", i, got[i], want[i]*time.Second)
			}
			slack += 3 * time.Second
		}
		w.pay(s, "1")
		paidAt := time.Since(w.rail.start)
		w.answers(payments.Paid, "1")
		time.Sleep(time.Hour)
		synctest.Wait()
		after := w.rail.times()[len(got):]
		if len(after) != 2 || after[0] != paidAt+15*time.Second || after[1] != paidAt+10*time.Minute {
			t.Errorf("paid at %v, asked at %v, want 15 s and 10 min later", paidAt, after)
		}
		w.want(s.ID, app.Paid)
	})
}

func TestClosedIsWatched(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		if err := w.till.Cancel(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Withdrawn)
		at := time.Since(w.rail.start)
		time.Sleep(48 * time.Hour)
		synctest.Wait()
		want := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}
		got := w.rail.times()
		if len(got) != len(want) {
			t.Fatalf("asked at %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != at+want[i] {
				t.Errorf("check %d at %v, want %v", i, got[i]-at, want[i])
			}
		}
		w.pay(s, "7")
		w.want(s.ID, app.PaidLate)
		if err := w.till.Keep(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
	})
}

func TestExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		time.Sleep(app.DefaultValidity + time.Second)
		synctest.Wait()
		w.want(s.ID, app.Expired)
		w.answers(payments.Paid, "9")
		time.Sleep(time.Minute)
		synctest.Wait()
		w.want(s.ID, app.Unknown)
		time.Sleep(90 * time.Second)
		synctest.Wait()
		w.want(s.ID, app.PaidLate)
	})
}

func TestRollbackAsksAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		outcome payments.Outcome
		want    app.State
	}{
		{"taken back", payments.Reversed, app.Reversed},
		{"not successful", payments.Declined, app.Reversed},
		{"stays paid", payments.Paid, app.Paid},
		{"no answer", payments.Absent, app.Unknown},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.charge(4500)
				w.pay(s, "5")
				w.answers(tt.outcome, "5")
				for range 2 {
					w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: s.Attempts[0].OrderID, Amount: eur(4500)})
					synctest.Wait()
					w.want(s.ID, tt.want)
				}
			})
		})
	}
}

func TestOfferOutcomes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.rail.offer = func(context.Context, app.Offer) (app.Page, error) {
			return app.Page{}, &payments.Error{Op: "relay.register", Code: "relay.unreachable", Err: payments.ErrUnreachable}
		}
		s, err := w.till.Charge(context.Background(), w.request(100))
		if payments.CodeOf(err) != "relay.unreachable" || s.State != app.Withdrawn {
			t.Fatalf("got %q, %v", s.State, err)
		}
		// An answer that never came is repeated with the same bytes until it comes.
		fails := 3
		w.rail.set(func(f *fakeRail) {
			f.offers = nil
			f.offer = func(_ context.Context, o app.Offer) (app.Page, error) {
				if fails--; fails >= 0 {
					return app.Page{}, payments.ErrUnknown
				}
				return app.Page{URL: "u", Expires: o.Expires}, nil
			}
		})
		s, err = w.till.Charge(context.Background(), w.request(100))
		if err != nil || s.State != app.Offered {
			t.Fatalf("got %q, %v", s.State, err)
		}
		if len(w.rail.offers) != 4 || w.rail.offers[0].OrderID != w.rail.offers[3].OrderID || w.rail.offers[0].Link != w.rail.offers[3].Link {
			t.Fatalf("offers are %+v", w.rail.offers)
		}
	})
}

func TestOfferIsRepeatedAfterRestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.rail.offer = func(ctx context.Context, _ app.Offer) (app.Page, error) {
			<-ctx.Done()
			return app.Page{}, payments.ErrUnknown
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		s, err := w.till.Charge(ctx, w.request(100))
		if !errors.Is(err, context.DeadlineExceeded) || s.State != app.Preparing {
			t.Fatalf("got %q, %v", s.State, err)
		}
		w.rail.set(func(f *fakeRail) { f.offer = nil })
		w.restart()
		synctest.Wait()
		got := w.want(s.ID, app.Offered)
		if got.Attempts[0].OrderID != s.Attempts[0].OrderID || w.rail.offers[0].Link != w.rail.offers[1].Link {
			t.Error("the restart offered something else")
		}
	})
}
