package app_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// lister is a scripted rail of payment requests: what pays is an entry in a list.
type lister struct {
	mu      sync.Mutex
	start   time.Time
	asked   []time.Duration
	ends    time.Time
	entries map[string]string // OrderID to reference
}

func (l *lister) Name() payments.Rail { return payments.RailRequest }

func (l *lister) Offer(context.Context, app.Offer) (app.Page, error) {
	return app.Page{URL: "https://mypos.com/r", Expires: l.ends}, nil
}

func (l *lister) Withdraw(context.Context, string) error {
	return &payments.Error{Op: "l", Code: app.ReasonStays, Err: payments.ErrRefused}
}

func (l *lister) Status(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked = append(l.asked, time.Since(l.start))
	if reference := l.entries[q.OrderID]; reference != "" {
		return payments.Answer{Outcome: payments.Paid, OrderID: q.OrderID, Reference: reference, Amount: q.Amount, Listed: true}, nil
	}
	return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
}

func (l *lister) times() []time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.asked)
}

func (l *lister) enter(orderID, reference string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[orderID] = reference
}

func requests(t *testing.T) (*world, *lister) {
	t.Helper()
	l := &lister{start: time.Now(), ends: time.Now().Add(14 * time.Hour), entries: map[string]string{}}
	w := &world{t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: &fakeTerminal{}, rails: []app.Rail{l}, inbox: newFakeInbox(), mode: payments.Practice}
	w.open()
	t.Cleanup(w.close)
	return w, l
}

func (w *world) ask(minor int64) app.Sale {
	w.t.Helper()
	r := w.request(minor)
	r.Rail = payments.RailRequest
	s, err := w.till.Charge(context.Background(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestOneEntryInTheListIsProofOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, l := requests(t)
		first, second := w.ask(4500), w.ask(4500)
		if first.State != app.Offered || first.Attempts[0].Expires != l.ends.UTC().Truncate(time.Millisecond) {
			t.Fatalf("offered %+v", first.Attempts[0])
		}
		l.enter(first.Attempts[0].OrderID, "POSA1")
		time.Sleep(time.Minute)
		if got := w.ends(first.ID, app.Paid); got.Attempts[0].Reference != "POSA1" {
			t.Errorf("paid by %q", got.Attempts[0].Reference)
		}
		l.enter(second.Attempts[0].OrderID, "POSA1")
		time.Sleep(time.Minute)
		w.ends(second.ID, app.Offered)
		l.enter(second.Attempts[0].OrderID, "POSA2")
		time.Sleep(time.Minute)
		w.ends(second.ID, app.Paid)
		_, err := w.till.Refund(context.Background(), first.ID, app.RefundRequest{Amount: eur(100)})
		refusedCode(t, err, "refund.portal")
	})
}

func TestARequestStaysUntilItsDayEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, l := requests(t)
		s := w.ask(4500)
		if err := w.till.Cancel(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		if got := w.ends(s.ID, app.Withdrawn); got.Attempts[0].Reason != app.ReasonStays {
			t.Errorf("reason is %q", got.Attempts[0].Reason)
		}
		time.Sleep(13 * time.Hour)
		if n := len(l.times()); n < 60 || n > 100 {
			t.Errorf("looked %d times in 13 hours", n)
		}
		w.restart()
		time.Sleep(2 * time.Hour) // past midnight
		l.enter(s.Attempts[0].OrderID, "POSA1")
		time.Sleep(6 * time.Hour)
		w.ends(s.ID, app.PaidLate)
	})
}

// A refund whose answer was lost is never sent again; an entry of the list that
// carries its own OrderID settles it.
func TestALostRefundIsFoundInTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		w.answers(payments.Paid, "813705")
		w.rail.set(func(f *fakeRail) {
			f.refund = func(context.Context, app.RefundOrder) (payments.Answer, error) {
				return payments.Answer{}, payments.ErrUnknown
			}
		})
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Minute)
		w.restart()
		if r := w.ends(s.ID, app.Paid).Attempts[0].Refunds[0]; r.State != app.RefundUnknown {
			t.Fatalf("refund is %+v", r)
		}
		w.rail.set(func(f *fakeRail) {
			f.seek = func(r app.RefundOrder) payments.Answer {
				return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount, Reference: "RFD1", Listed: true}
			}
		})
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		r := w.ends(s.ID, app.PartRefunded).Attempts[0].Refunds[0]
		if r.State != app.RefundDone || r.Reference != "RFD1" || len(w.rail.refunds) != 1 {
			t.Errorf("refund is %+v, sent %d times", r, len(w.rail.refunds))
		}
	})
}
