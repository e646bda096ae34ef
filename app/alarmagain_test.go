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

// A sale whose first alarm was answered raises another one when it is paid twice
// afterwards, on rails that send no notices, and the alarm outlives a restart.
func TestAnAnsweredAlarmHidesNoNewOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		w.answers(payments.Reversed, "813705")
		time.Sleep(time.Minute)
		w.want(s.ID, app.Reversed)
		if err := w.till.Keep(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		if len(w.alarms()) != 0 {
			t.Fatal("the alarm was not answered")
		}
		w.card.set(func(f *fakeTerminal) {
			f.collect = func(_ context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
				f.pays(o)
				return payments.Answer{}, &payments.Error{Op: "fake", Code: "terminal.cut", Err: payments.ErrUnknown}
			}
			f.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
				return payments.Answer{}, &payments.Error{Op: "fake", Code: "terminal.silent", Err: payments.ErrUnknown}
			}
		})
		ask := func(r app.AgainRequest) {
			t.Helper()
			if _, err := w.till.Again(context.Background(), s.ID, r); err != nil {
				t.Fatal(err)
			}
		}
		ask(app.AgainRequest{Rail: payments.RailTerminal})
		synctest.Wait()
		w.want(s.ID, app.Unknown)
		ask(app.AgainRequest{Rail: payments.RailCash, DespiteUnknown: true})
		w.card.set(func(f *fakeTerminal) { f.status = nil })
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Overpaid)
		if !slices.Equal(w.alarms(), []app.SaleID{s.ID}) {
			t.Errorf("paid twice, the alarms are %q", w.alarms())
		}
		w.restart()
		if !slices.Equal(w.alarms(), []app.SaleID{s.ID}) {
			t.Errorf("after a restart the alarms are %q", w.alarms())
		}
	})
}

// A payment that comes in late for a sale whose money was already given back is
// not kept in silence: nobody owed anything any more.
func TestLateAfterAllWasGivenBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		if _, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailCash}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500)}); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Refunded)
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "813705", Amount: eur(4500)})
		w.want(s.ID, app.PaidLate)
		w.restart()
		if !slices.Equal(w.alarms(), []app.SaleID{s.ID}) {
			t.Errorf("the alarms are %q", w.alarms())
		}
		if err := w.till.Keep(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
	})
}

// Of a sale that was paid twice one payment is given back, the late one is kept.
func TestLateIsKeptWhenTheOtherWasGivenBackForIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		again, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailCash})
		if err != nil {
			t.Fatal(err)
		}
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "813705", Amount: eur(4500)})
		w.want(s.ID, app.Overpaid)
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500), Attempt: again.Attempts[1].ID}); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
		if len(w.alarms()) != 0 {
			t.Errorf("the alarms are %q", w.alarms())
		}
	})
}

// What was received too much was given back of both payments: nothing is left to be
// given back, and nothing to be answered.
func TestPaidTwiceAndGivenBackOfBoth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		s, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailCash})
		if err != nil {
			t.Fatal(err)
		}
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "813705", Amount: eur(4500)})
		for i, minor := range []int64{2000, 2500} {
			w.want(s.ID, app.Overpaid)
			if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(minor), Attempt: s.Attempts[i].ID}); err != nil {
				t.Fatal(err)
			}
		}
		if s = w.want(s.ID, app.PartRefunded); s.Received != eur(4500) || len(w.alarms()) != 0 {
			t.Errorf("received %v, the alarms are %q", s.Received, w.alarms())
		}
	})
}
