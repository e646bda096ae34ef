package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/payments"
)

func cmpDiff(a, b any) string { return cmp.Diff(a, b) }

func (w *world) cash(minor int64) app.ChargeRequest {
	r := w.request(minor)
	r.Rail, r.Operator = payments.RailCash, "Nora"
	return r
}

// terminal is a sale that was paid on the terminal.
func (w *world) terminal(minor int64) app.Sale {
	w.t.Helper()
	r := w.request(minor)
	r.Rail = payments.RailTerminal
	s, err := w.till.Charge(context.Background(), r)
	if err != nil {
		w.t.Fatal(err)
	}
	for c := range w.till.WatchSale(context.Background(), s.ID) {
		if s = c.Sale; s.State == app.Paid && !s.Attempts[0].Owes() {
			break
		}
	}
	return s
}

// Cash is paid in the commit that begins it, and nobody is ever asked about it.
func TestCash(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.inbox.prove(payments.Proof{Err: "relay.unreachable"}) // cash needs no relay
		s, err := w.till.Charge(context.Background(), w.cash(4500))
		if err != nil || s.State != app.Paid || s.Received != eur(4500) || s.Cash() != eur(4500) || s.Operator != "Nora" {
			t.Fatalf("%+v, %v", s, err)
		}
		_, events, _ := w.till.Sale(context.Background(), s.ID)
		last := events[len(events)-1]
		if len(events) != 3 || last.Kind != app.CashNoted || last.Source != app.FromOperator || last.Operator != "Nora" || last.Amount != eur(4500) {
			t.Errorf("the events are %+v", events)
		}
		time.Sleep(time.Hour)
		w.restart()
		time.Sleep(time.Hour)
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Error(err)
		}
		if n := len(w.rail.times()); n != 0 {
			t.Errorf("myPOS was asked %d times", n)
		}
		back, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(2000), Way: app.RefundCash, Reason: "too short", Actor: app.Actor{Operator: "Lia"}})
		if err != nil || back.State != app.PartRefunded || back.Refunded != eur(2000) || back.Received != eur(2500) || back.Cash() != eur(2500) {
			t.Fatalf("%+v, %v", back, err)
		}
		if r := back.Attempts[0].Refunds[0]; r.State != app.RefundDone || r.Way != app.RefundCash || r.Operator != "Lia" || r.Reason != "too short" {
			t.Errorf("%+v", r)
		}
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(2501)}); payments.CodeOf(err) != "refund.toomuch" {
			t.Error(err)
		}
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(100), Way: app.RefundCard}); payments.CodeOf(err) != "refund.way" {
			t.Error(err)
		}
		if back, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(2500)}); err != nil || back.State != app.Refunded || !back.Cash().IsZero() {
			t.Fatalf("%+v, %v", back, err)
		}
		if len(w.rail.refunds) != 0 {
			t.Error("cash was asked back from myPOS")
		}
		if takings, err := w.book.Takings(context.Background(), app.Period{To: time.Now().Add(time.Hour)}); err != nil || len(takings) != 3 {
			t.Errorf("takings are %+v, %v", takings, err)
		} else if sum := takings[0].Amount.Minor + takings[1].Amount.Minor + takings[2].Amount.Minor; sum != 0 || takings[0].Rail != payments.RailCash {
			t.Errorf("takings are %+v", takings)
		}
	})
}

// A customer who cannot pay on the phone pays in cash: the page closes, and what
// still comes in on it is a second payment.
func TestCashAfterALink(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	paid, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{Rail: payments.RailCash, Actor: app.Actor{Operator: "Nora"}})
	if err != nil || paid.State != app.Paid || paid.Attempts[0].State != app.Withdrawn || paid.Attempts[1].State != app.Paid {
		t.Fatalf("%+v, %v", paid, err)
	}
	if len(w.rail.closed) != 1 {
		t.Errorf("closed %q", w.rail.closed)
	}
	if _, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{Rail: payments.RailCash}); payments.CodeOf(err) != "sale.done" {
		t.Errorf("cash twice: %v", err)
	}
	w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "9", Amount: eur(4500)})
	twice := w.want(s.ID, app.Overpaid)
	if a, over, ok := twice.Surplus(); !ok || a.ID != s.Attempts[0].ID || over != eur(4500) {
		t.Errorf("the surplus is %+v %v", a, over)
	}
	plan, err := w.till.RefundPlan(t.Context(), s.ID, app.RefundRequest{})
	if err != nil || plan.Attempt != s.Attempts[0].ID || plan.Amount != eur(4500) || plan.By != app.SendsIPCRefund || plan.Block != nil {
		t.Errorf("%+v, %v", plan, err)
	}
	if got, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Attempt: plan.Attempt, Amount: plan.Amount, OrderID: plan.OrderID}); err != nil || got.State != app.Paid || got.Received != eur(4500) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCashDespiteUnknownIsWrittenDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: s.Attempts[0].OrderID, Amount: eur(4500)})
	w.want(s.ID, app.Unknown)
	if _, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{Rail: payments.RailCash}); payments.CodeOf(err) != "sale.unknown" {
		t.Fatal(err)
	}
	got, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{Rail: payments.RailCash, DespiteUnknown: true})
	if err != nil || got.Attempts[1].State != app.Paid || got.State != app.Unknown {
		t.Fatalf("%+v, %v", got, err)
	}
	_, events, _ := w.till.Sale(t.Context(), s.ID)
	if n := len(events); events[n-3].Kind != app.DespiteUnknown || events[n-3].Reference != string(got.Attempts[1].ID) {
		t.Errorf("events are %+v", events)
	}
}
