package app_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

func TestLostOutcomeIsRecovered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var reachable atomic.Bool
		w.card.collect = func(_ context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
			w.card.pays(o) // and the answer is lost
			return payments.Answer{}, payments.ErrUnknown
		}
		w.card.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
			if !reachable.Load() {
				return payments.Answer{}, payments.ErrUnreachable
			}
			return payments.Answer{Outcome: payments.Paid, OrderID: q.OrderID, Amount: q.Amount, Card: payments.Card{RRN: "7"}}, nil
		}
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(s.ID, app.Unknown)
		time.Sleep(10 * time.Minute)
		_, _, asked, _ := w.card.count()
		if asked < 15 || asked > 25 {
			t.Errorf("asked %d times, want about 20 in three minutes and none later", asked)
		}
		reachable.Store(true)
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		got := w.ends(s.ID, app.Paid)
		if a := got.Attempts[0]; a.RRN != "7" || a.Dirty || len(w.card.done) != 1 {
			t.Errorf("recovered %+v, completed %v", a, w.card.done)
		}
	})
}

func TestRestartInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		taken bool
		want  app.State
	}{{"charged", true, app.Paid}, {"not charged", false, app.Unknown}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.card.last = "before"
				w.card.collect = func(ctx context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
					if tt.taken {
						w.card.pays(o)
					}
					<-ctx.Done()
					return payments.Answer{}, payments.ErrUnknown
				}
				s, err := w.present(4500)
				if err != nil {
					t.Fatal(err)
				}
				w.restart()
				got := w.ends(s.ID, tt.want)
				if !tt.taken {
					if got.Attempts[0].Reason != app.ReasonAbsent {
						t.Errorf("reason is %q", got.Attempts[0].Reason)
					}
					_, err := w.present(100)
					refusedCode(t, err, "terminal.unsettled")
				}
				if taken, _, _, _ := w.card.count(); taken != 1 {
					t.Errorf("the amount left %d times", taken)
				}
			})
		})
	}
}

func TestRestartBeforeTheAmountLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.prepare = func(ctx context.Context, _ app.Offer) error { <-ctx.Done(); return ctx.Err() }
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		r := w.request(4500)
		r.Rail = payments.RailTerminal
		s, _ := w.till.Charge(ctx, r)
		w.restart()
		if got := w.ends(s.ID, app.NotCharged); got.Attempts[0].Reason != "terminal.interrupted" {
			t.Errorf("reason is %q", got.Attempts[0].Reason)
		}
		if taken, _, _, _ := w.card.count(); taken != 0 {
			t.Error("an amount left")
		}
	})
}

func TestCompleteIsOwedUntilItSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.complete = func(context.Context, app.Offer) error { return payments.ErrUnreachable }
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.ends(s.ID, app.Paid); !got.Attempts[0].Dirty {
			t.Fatal("not dirty")
		}
		w.restart()
		if got := w.ends(s.ID, app.Paid); !got.Attempts[0].Dirty {
			t.Fatal("a restart forgot that the terminal was not told")
		}
		w.card.set(func(f *fakeTerminal) { f.complete = nil })
		next, err := w.present(100)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(next.ID, app.Paid)
		if len(w.card.done) != 2 || w.card.done[0] != s.Attempts[0].SID || w.sale(s.ID).Attempts[0].Dirty {
			t.Errorf("completed %v", w.card.done)
		}
	})
}

// A program that ends right after the payment still lets the terminal hear of it.
func TestCloseTellsTheTerminalFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.complete = func(ctx context.Context, _ app.Offer) error {
			select {
			case <-time.After(time.Second):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		for c := range w.till.WatchSale(context.Background(), s.ID) {
			if c.Sale.State == app.Paid {
				break
			}
		}
		w.restart()
		if got := w.sale(s.ID); got.Attempts[0].Dirty || len(w.card.done) != 1 {
			t.Errorf("the terminal was told %d times", len(w.card.done))
		}
	})
}

func TestResolveOfALostTerminalPayment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.last = "before"
		w.card.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(s.ID, app.Unknown)
		resolve := func() error {
			return w.till.Resolve(context.Background(), s.ID, app.Resolution{Evidence: "last on the terminal: RRN 623100000009 at 14:03", Operator: "Anna"})
		}
		refusedCode(t, resolve(), "resolve.soon")
		time.Sleep(3 * time.Minute)
		refusedCode(t, w.till.Resolve(context.Background(), s.ID, app.Resolution{Evidence: "RRN 623100000009"}), "resolve.evidence")
		if err := resolve(); err != nil {
			t.Fatal(err)
		}
		if got := w.ends(s.ID, app.NotCharged); got.Attempts[0].Reason != "operator.notpaid" {
			t.Errorf("reason is %q", got.Attempts[0].Reason)
		}
		w.card.set(func(f *fakeTerminal) { f.collect = nil })
		again, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailTerminal})
		if err != nil {
			t.Fatal(err)
		}
		w.ends(again.ID, app.Paid)
	})
}

func TestFromLinkToTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		if _, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailTerminal, Device: "D1"}); err != nil {
			t.Fatal(err)
		}
		got := w.ends(s.ID, app.Paid)
		if got.Attempts[0].State != app.Withdrawn || got.Attempts[1].State != app.Paid || len(w.rail.closed) != 1 {
			t.Fatalf("attempts are %+v", got.Attempts)
		}
		first := got
		first.Attempts = got.Attempts[:1]
		w.pay(first, "813705")
		got = w.want(s.ID, app.Overpaid)
		if got.Received != eur(9000) {
			t.Errorf("received %v", got.Received)
		}
		second, amount, ok := got.Surplus()
		if !ok || second.ID != got.Attempts[0].ID || amount != eur(4500) {
			t.Errorf("to be given back: %v of %+v", amount, second)
		}
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Attempt: second.ID, Amount: amount}); err != nil {
			t.Fatal(err)
		}
		if _, _, ok := w.want(s.ID, app.Paid).Surplus(); ok {
			t.Error("still too much")
		}
	})
}

// The customer pays the withdrawn link while the terminal waits for a card: the
// terminal is asked to stop.
func TestALateLinkStopsTheTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		end := make(chan bool)
		stop := sync.OnceFunc(func() { close(end) }) // a cancel may be asked for more than once
		w.card.withdraw = func(context.Context) error { stop(); return nil }
		w.card.collect = func(_ context.Context, _ app.Offer, stage func(app.Stage)) (payments.Answer, error) {
			stage(app.Stage{Name: app.StagePresentCard, Cancellable: true})
			<-end
			return payments.Answer{Outcome: payments.NotCharged, Reason: "terminal.cancelled"}, nil
		}
		s := w.charge(4500)
		if _, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailTerminal}); err != nil {
			t.Fatal(err)
		}
		w.pay(s, "813705")
		got := w.ends(s.ID, app.PaidLate)
		if got.Attempts[1].State != app.NotCharged || got.Received != eur(4500) {
			t.Errorf("attempts are %+v", got.Attempts)
		}
		if err := w.till.Keep(context.Background(), s.ID, ""); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
	})
}

func TestDespiteUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
		w.card.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnreachable
		}
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(s.ID, app.Unknown)
		_, err = w.till.Again(context.Background(), s.ID, app.AgainRequest{})
		refusedCode(t, err, "sale.unknown")
		got, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{DespiteUnknown: true, Actor: app.Actor{Operator: "Anna"}})
		if err != nil || got.State != app.Unknown || got.Attempts[1].State != app.Offered {
			t.Fatalf("got %+v, %v", got, err)
		}
		_, events, _ := w.till.Sale(context.Background(), s.ID)
		noted := false
		for _, e := range events {
			noted = noted || e.Kind == app.DespiteUnknown && e.Operator == "Anna" && e.Reference == string(got.Attempts[1].ID)
		}
		if !noted {
			t.Error("nothing was written down")
		}
	})
}
