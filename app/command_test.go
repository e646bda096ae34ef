package app_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRequestsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	line := func(minor int64, label string) []app.Line { return []app.Line{{Label: label, Amount: eur(minor)}} }
	tests := []struct {
		name string
		r    app.ChargeRequest
		code string
	}{
		{"nothing", app.ChargeRequest{Currency: "EUR"}, "amount.zero"},
		{"zero", app.ChargeRequest{Currency: "EUR", Lines: line(0, "")}, "amount.zero"},
		{"negative", app.ChargeRequest{Currency: "EUR", Lines: line(-1, "")}, "amount.negative"},
		{"over the limit", app.ChargeRequest{Currency: "EUR", Lines: line(100_000_000, "")}, "amount.limit"},
		{"two currencies", app.ChargeRequest{Currency: "GBP", Lines: line(1, "")}, "amount.mixed"},
		{"legacy currency", app.ChargeRequest{Currency: "BGN", Lines: []app.Line{{Amount: money.Amount{Minor: 1, Currency: "BGN"}}}}, "currency.legacy"},
		{"card in the note", app.ChargeRequest{Currency: "EUR", Lines: line(1, ""), Note: "card 4111 1111-1111.1111, thanks"}, "note.card"},
		{"card as client", app.ChargeRequest{Currency: "EUR", Lines: line(1, ""), Client: "5555555555554444"}, "note.card"},
		{"card in a label", app.ChargeRequest{Currency: "EUR", Lines: line(1, "x378282246310005y")}, "note.card"},
		{"long note", app.ChargeRequest{Currency: "EUR", Lines: line(1, ""), Note: strings.Repeat("ж", 501)}, "text.limit"},
		{"no such rail", app.ChargeRequest{Currency: "EUR", Lines: line(1, ""), Rail: payments.RailCloud}, "rail.missing"},
		{"a month", app.ChargeRequest{Currency: "EUR", Lines: line(1, ""), Validity: 31 * 24 * time.Hour}, "validity.limit"},
	}
	for _, tt := range tests {
		if _, err := w.till.Charge(t.Context(), tt.r); payments.CodeOf(err) != tt.code || !errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.code)
		}
	}
	if len(w.rail.offers) != 0 {
		t.Error("something was offered")
	}
	for _, note := range []string{"4111111111111112", "+359 888 123 456", "2026-11-21 14:30", strings.Repeat("0", 16)} {
		r := w.request(1)
		r.Note = note
		if _, err := w.till.Charge(t.Context(), r); err != nil {
			t.Errorf("note %q: %v", note, err)
		}
	}
}

func TestOneKeyOneSale(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.request(4500)
	r.Key = "click"
	ids := make([]app.SaleID, 8)
	var all sync.WaitGroup
	for i := range ids {
		all.Go(func() {
			s, err := w.till.Charge(context.Background(), r)
			if err != nil {
				t.Error(err)
			}
			ids[i] = s.ID
		})
	}
	all.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("several sales: %v", ids)
		}
	}
	w.restart()
	if s, err := w.till.Charge(t.Context(), r); err != nil || s.ID != ids[0] {
		t.Errorf("after a restart: %v, %v", s.ID, err)
	}
	r.Note = "another"
	if _, err := w.till.Charge(t.Context(), r); payments.CodeOf(err) != "charge.key" {
		t.Errorf("the same key for another charge: %v", err)
	}
}

func TestNoticesThatChangeNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	order := s.Attempts[0].OrderID
	for _, n := range []payments.Notice{
		{Kind: payments.NoticePaid, OrderID: order, Reference: "1", Amount: eur(4499)},
		{Kind: payments.NoticePaid, OrderID: order, Reference: "2", Amount: money.Amount{Minor: 4500, Currency: "GBP"}},
		{Kind: payments.NoticePaid, OrderID: order, Amount: eur(4500)},
		{Kind: payments.NoticeOther, OrderID: order, Method: "IPCSomething"},
		{Kind: payments.NoticeRollback, OrderID: "PFOREIGN", Amount: eur(4500)},
		{Kind: payments.NoticeOpened, OrderID: "PFOREIGN"},
	} {
		w.notify(n)
		w.want(s.ID, app.Offered)
	}
	w.pay(s, "813705")
	_, before, _ := w.till.Sale(t.Context(), s.ID)
	for range 3 {
		w.pay(s, "813705") // at another place of the queue, as after a new epoch
	}
	if _, after, _ := w.till.Sale(t.Context(), s.ID); len(after) != len(before) {
		t.Errorf("repeats wrote %d events", len(after)-len(before))
	}
	w.restart()
	if at := <-w.inbox.from; at.Seq != 0 {
		t.Errorf("first start began at %v", at)
	}
	if at := <-w.inbox.from; at.Seq != w.seq-1000 {
		t.Errorf("restart began at %v, want %d", at, w.seq-1000)
	}
	w.want(s.ID, app.Paid)
}

func TestFoundPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	for range 3 {
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: "PFOREIGN", Reference: "77", Amount: eur(1200)})
	}
	found, err := w.till.Sales(t.Context(), app.Query{States: []app.State{app.Found}})
	if err != nil || len(found) != 1 || found[0].Received != eur(1200) || found[0].Attempts[0].OrderID != "PFOREIGN" {
		t.Fatalf("found %+v, %v", found, err)
	}
	w.want(s.ID, app.Offered)
}

func TestCancelNeverAbandonsMoney(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.notify(payments.Notice{Kind: payments.NoticeOpened, OrderID: s.Attempts[0].OrderID})
		w.rail.set(func(f *fakeRail) {
			f.withdraw = func(ctx context.Context, _ string) error { <-ctx.Done(); return payments.ErrUnknown }
		})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if err := w.till.Cancel(ctx, s.ID, "Anna"); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		w.want(s.ID, app.Cancelling)
		if len(w.rail.times()) != 1 {
			t.Error("an opened link was closed without asking the provider first")
		}
		w.pay(s, "1")
		w.want(s.ID, app.Paid)
		if err := w.till.Cancel(context.Background(), s.ID, "Anna"); payments.CodeOf(err) != "sale.done" {
			t.Errorf("cancel of a paid sale: %v", err)
		}
	})
}

func TestAgainWithdrawsAndOverpaidIsSeen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	again, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{})
	if err != nil || len(again.Attempts) != 2 || again.Attempts[0].State != app.Withdrawn || again.State != app.Offered {
		t.Fatalf("%+v, %v", again, err)
	}
	w.pay(again, "2")
	w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: s.Attempts[0].OrderID, Reference: "1", Amount: eur(4500)})
	w.want(s.ID, app.Overpaid)
	for snap := range w.till.Watch(t.Context()) {
		if len(snap.Alarms) != 1 {
			t.Errorf("alarms are %+v", snap.Alarms)
		}
		break
	}
	got, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(4500), Reason: "paid twice", Actor: app.Actor{Operator: "Anna"}})
	if err != nil || got.State != app.Paid || got.Refunded != eur(4500) || got.Received != eur(4500) {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{}); payments.CodeOf(err) != "sale.done" {
		t.Errorf("another attempt for a paid sale: %v", err)
	}
}

func TestRefunds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	if _, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(100)}); payments.CodeOf(err) != "refund.none" {
		t.Errorf("refund of an unpaid sale: %v", err)
	}
	w.pay(s, "1")
	w.rail.set(func(f *fakeRail) {
		f.refund = func(context.Context, app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	got, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(3000), Actor: app.Actor{Operator: "Anna"}})
	if err != nil || got.Attempts[0].Refunds[0].State != app.RefundUnknown || got.Refunded.Minor != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(1501)}); payments.CodeOf(err) != "refund.toomuch" {
		t.Errorf("an unknown refund must count as done: %v", err)
	}
	w.rail.set(func(f *fakeRail) {
		f.refund = func(context.Context, app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrRefused
		}
	})
	if got, err = w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(1500)}); err != nil || got.Attempts[0].Refunds[1].State != app.RefundFailed {
		t.Fatalf("%+v, %v", got, err)
	}
	w.rail.set(func(f *fakeRail) { f.refund = nil })
	if got, err = w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(1500)}); err != nil || got.Refunded != eur(1500) || got.State != app.PartRefunded {
		t.Fatalf("%+v, %v", got, err)
	}
	if len(w.rail.refunds) != 3 || w.rail.refunds[0].OrderID == w.rail.refunds[1].OrderID || w.rail.refunds[0].OrderID == s.Attempts[0].OrderID {
		t.Errorf("refund orders are %+v", w.rail.refunds)
	}
}

func TestRefundCutOffIsUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	w.pay(s, "1")
	begun := make(chan struct{})
	w.rail.set(func(f *fakeRail) {
		f.refund = func(ctx context.Context, _ app.RefundOrder) (payments.Answer, error) {
			close(begun)
			<-ctx.Done()
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-begun; cancel() }()
	if _, err := w.till.Refund(ctx, s.ID, app.RefundRequest{Amount: eur(4500)}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	w.restart()
	r := w.sale(s.ID).Attempts[0].Refunds[0]
	if r.State != app.RefundUnknown || r.Code != "refund.interrupted" || len(w.rail.refunds) != 1 {
		t.Errorf("%+v after %d calls", r, len(w.rail.refunds))
	}
}

func TestResolveOnlyAfterADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: s.Attempts[0].OrderID, Amount: eur(4500)})
		w.want(s.ID, app.Unknown)
		resolve := func(r app.Resolution) string {
			return payments.CodeOf(w.till.Resolve(context.Background(), s.ID, r))
		}
		if code := resolve(app.Resolution{Paid: true, Evidence: "RRN 123456789012"}); code != "resolve.early" {
			t.Errorf("at once: %q", code)
		}
		time.Sleep(24 * time.Hour)
		if code := resolve(app.Resolution{Paid: true, Evidence: "the customer says so"}); code != "resolve.evidence" {
			t.Errorf("without evidence: %q", code)
		}
		if code := resolve(app.Resolution{Paid: true, Evidence: "RRN 123456789012", Operator: "Anna"}); code != "" {
			t.Errorf("refused: %q", code)
		}
		w.want(s.ID, app.Paid)
	})
}
