package app_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// The two clicks of a double click are one refund, however they race, and both
// see its result.
func TestDoubleClickIsOneRefund(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	w.pay(s, "813705")
	plan, err := w.till.RefundPlan(t.Context(), s.ID, app.RefundRequest{})
	if err != nil || plan.Block != nil {
		t.Fatalf("%+v, %v", plan, err)
	}
	hold := make(chan struct{})
	w.rail.set(func(f *fakeRail) {
		f.refund = func(_ context.Context, r app.RefundOrder) (payments.Answer, error) {
			<-hold
			return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Reference: "77", Amount: r.Amount}, nil
		}
	})
	r := app.RefundRequest{Amount: eur(2000), OrderID: plan.OrderID}
	var wait sync.WaitGroup
	results := make([]app.Sale, 8)
	for i := range results {
		wait.Go(func() {
			got, err := w.till.Refund(context.Background(), s.ID, r)
			if err != nil {
				t.Errorf("click %d: %v", i, err)
			}
			results[i] = got
		})
	}
	for w.sale(s.ID).Attempts[0].Refunds == nil {
		time.Sleep(time.Millisecond)
	}
	if _, err := w.till.Refund(t.Context(), s.ID, app.RefundRequest{Amount: eur(100)}); payments.CodeOf(err) != "refund.busy" {
		t.Errorf("another refund while one runs: %v", err)
	}
	close(hold)
	wait.Wait()
	for i, got := range results {
		if got.Refunded != eur(2000) || len(got.Attempts[0].Refunds) != 1 || got.Attempts[0].Refunds[0].OrderID != plan.OrderID {
			t.Errorf("click %d sees %+v", i, got)
		}
	}
	again, err := w.till.Refund(t.Context(), s.ID, r)
	if err != nil || again.Refunded != eur(2000) || len(w.rail.refunds) != 1 {
		t.Errorf("later: %+v, %v after %d calls", again, err, len(w.rail.refunds))
	}
	w.restart()
	if again, err = w.till.Refund(t.Context(), s.ID, r); err != nil || again.Refunded != eur(2000) || len(w.rail.refunds) != 1 {
		t.Errorf("after a restart: %+v, %v after %d calls", again, err, len(w.rail.refunds))
	}
	for _, other := range []app.RefundRequest{
		{Amount: eur(2001), OrderID: plan.OrderID},
		{Amount: eur(2000), OrderID: plan.OrderID, Attempt: "NONE"},
		{Amount: eur(100), OrderID: "L" + plan.OrderID[1:]},
		{Amount: eur(100), OrderID: plan.OrderID + "0"},
		{Amount: eur(100), OrderID: plan.OrderID[:19] + "'"},
	} {
		if _, err := w.till.Refund(t.Context(), s.ID, other); payments.CodeOf(err) != "refund.repeated" {
			t.Errorf("%+v: %v", other, err)
		}
	}
}

// What is refused is refused before anything is written down or sent.
func TestRefundsAreRefusedBeforeAnything(t *testing.T) {
	t.Parallel()
	g := &gate{rights: []operators.Right{operators.Charge, operators.RefundUpTo}}
	w := &world{t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: &fakeTerminal{}, inbox: newFakeInbox(), mode: payments.Practice, who: g}
	w.open()
	t.Cleanup(w.close)
	paid, open, odd := w.charge(4500), w.charge(3000), w.charge(2000)
	w.pay(paid, "813705")
	w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: odd.Attempts[0].OrderID, Amount: eur(2000)})
	w.want(odd.ID, app.Unknown)
	other, err := w.till.Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "RON"}}}, Currency: "RON",
	})
	if err != nil {
		t.Fatal(err)
	}
	who := app.Actor{Operator: "A1", PIN: "2468"}
	state, err := w.book.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sale app.SaleID
		r    app.RefundRequest
		code string
	}{
		"nothing":             {paid.ID, app.RefundRequest{Amount: eur(0), Actor: who}, "amount.zero"},
		"less than nothing":   {paid.ID, app.RefundRequest{Amount: eur(-1), Actor: who}, "amount.negative"},
		"more than was paid":  {paid.ID, app.RefundRequest{Amount: eur(4501), Actor: who}, "refund.toomuch"},
		"another currency":    {paid.ID, app.RefundRequest{Amount: money.Amount{Minor: 100, Currency: "RON"}, Actor: who}, "amount.mixed"},
		"of an unknown one":   {odd.ID, app.RefundRequest{Amount: eur(100), Actor: who}, "sale.unknown"},
		"of an unpaid one":    {open.ID, app.RefundRequest{Amount: eur(100), Actor: who}, "refund.none"},
		"of no sale":          {"NONE", app.RefundRequest{Amount: eur(100), Actor: who}, "sale.missing"},
		"of no attempt":       {paid.ID, app.RefundRequest{Amount: eur(100), Attempt: "NONE", Actor: who}, "refund.toomuch"},
		"without the PIN":     {paid.ID, app.RefundRequest{Amount: eur(100), Actor: app.Actor{Operator: "A1"}}, "operator.pin"},
		"with a wrong PIN":    {paid.ID, app.RefundRequest{Amount: eur(100), Actor: app.Actor{Operator: "A1", PIN: "1111"}}, "operator.pin"},
		"with a card number":  {paid.ID, app.RefundRequest{Amount: eur(100), Reason: "4111111111111111", Actor: who}, "note.card"},
		"with a long reason":  {paid.ID, app.RefundRequest{Amount: eur(100), Reason: strings.Repeat("x", 501), Actor: who}, "text.limit"},
		"with a broken one":   {paid.ID, app.RefundRequest{Amount: eur(100), Reason: "\xff", Actor: who}, "text.encoding"},
		"in cash of a link":   {paid.ID, app.RefundRequest{Amount: eur(100), Way: app.RefundCash, Actor: who}, "refund.way"},
		"by card of a link":   {paid.ID, app.RefundRequest{Amount: eur(100), Way: app.RefundCard, Actor: who}, "refund.way"},
		"a part by reversal":  {paid.ID, app.RefundRequest{Amount: eur(100), Way: app.RefundReversal, Actor: who}, "refund.whole"},
		"of an unpaid in RON": {other.ID, app.RefundRequest{Amount: eur(100), Actor: who}, "amount.mixed"},
	} {
		if _, err := w.till.Refund(t.Context(), c.sale, c.r); payments.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	g.rights = []operators.Right{operators.Charge}
	if _, err := w.till.Refund(t.Context(), paid.ID, app.RefundRequest{Amount: eur(100), Actor: who}); payments.CodeOf(err) != "operator.right" {
		t.Errorf("without the right: %v", err)
	}
	if after, err := w.book.State(t.Context()); err != nil || after.Head != state.Head || len(w.rail.refunds) != 0 {
		t.Errorf("%d lines became %d, %d refunds were sent, %v", state.Head, after.Head, len(w.rail.refunds), err)
	}
}

// A plan says what would be sent, and writes nothing down.
func TestRefundPlans(t *testing.T) {
	t.Parallel()
	card := &fakeTerminal{}
	w := &world{
		t: t, dir: t.TempDir(), rail: &fakeRail{start: time.Now()}, card: card, rails: []app.Rail{givingTerminal{card}},
		inbox: newFakeInbox(), mode: payments.Practice,
	}
	w.open()
	t.Cleanup(w.close)
	link := w.charge(4500)
	w.pay(link, "813705")
	first, second := w.terminal(3000), w.terminal(2000)
	cash, err := w.till.Charge(t.Context(), w.cash(1000))
	if err != nil {
		t.Fatal(err)
	}
	unpaid := w.charge(700)
	before, _ := w.book.State(t.Context())
	for name, c := range map[string]struct {
		sale app.SaleID
		r    app.RefundRequest
		want app.RefundPlan
		code string
	}{
		"link":      {link.ID, app.RefundRequest{}, app.RefundPlan{Amount: eur(4500), By: app.SendsIPCRefund, Reference: "813705", CardLast4: "0007"}, ""},
		"part":      {link.ID, app.RefundRequest{Amount: eur(500)}, app.RefundPlan{Amount: eur(500), By: app.SendsIPCRefund, Reference: "813705", CardLast4: "0007"}, ""},
		"too much":  {link.ID, app.RefundRequest{Amount: eur(4501)}, app.RefundPlan{Amount: eur(4501), By: app.SendsIPCRefund, Reference: "813705", CardLast4: "0007"}, "refund.toomuch"},
		"unpaid":    {unpaid.ID, app.RefundRequest{Amount: eur(1)}, app.RefundPlan{Amount: eur(1), By: app.SendsIPCRefund}, "refund.none"},
		"zero":      {link.ID, app.RefundRequest{Amount: eur(0)}, app.RefundPlan{Amount: eur(0), By: app.SendsIPCRefund, Reference: "813705", CardLast4: "0007"}, "amount.zero"},
		"cash":      {cash.ID, app.RefundRequest{}, app.RefundPlan{Amount: eur(1000), By: app.SendsDrawer, Way: app.RefundCash, Ways: []app.RefundWay{app.RefundCash}}, ""},
		"last":      {second.ID, app.RefundRequest{}, app.RefundPlan{Amount: eur(2000), By: app.SendsReversal, Way: app.RefundReversal, Ways: []app.RefundWay{app.RefundReversal, app.RefundCard}, Reference: "623100000001", CardLast4: "1234", Device: "D1", DeviceLabel: "Front"}, ""},
		"not last":  {first.ID, app.RefundRequest{}, app.RefundPlan{Amount: eur(3000), By: app.SendsRefund, Way: app.RefundCard, Ways: []app.RefundWay{app.RefundCard}, Reference: "623100000001", CardLast4: "1234", Device: "D1", DeviceLabel: "Front"}, ""},
		"elsewhere": {second.ID, app.RefundRequest{Amount: eur(100), Device: "D2"}, app.RefundPlan{Amount: eur(100), By: app.SendsRefund, Way: app.RefundCard, Ways: []app.RefundWay{app.RefundCard}, Reference: "623100000001", CardLast4: "1234", Device: "D2", DeviceLabel: "Back"}, ""},
	} {
		got, err := w.till.RefundPlan(t.Context(), c.sale, c.r)
		if err != nil {
			t.Fatal(err)
		}
		s := w.sale(c.sale)
		c.want.Attempt, c.want.Rail, c.want.PurchaseOrderID = s.Attempts[0].ID, s.Attempts[0].Rail, s.Attempts[0].OrderID
		c.want.Left = eur(s.Attempts[0].Left())
		if code := payments.CodeOf(got.Block); code != c.code {
			t.Errorf("%s: blocked by %q, want %q", name, code, c.code)
		}
		if len(got.OrderID) != 20 || got.OrderID == c.want.PurchaseOrderID {
			t.Errorf("%s: order %q", name, got.OrderID)
		}
		got.OrderID, got.Block = "", nil
		if diff := cmpDiff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	if after, _ := w.book.State(t.Context()); after.Head != before.Head {
		t.Error("a plan was written down")
	}
	if _, err := w.till.RefundPlan(t.Context(), "NONE", app.RefundRequest{}); payments.CodeOf(err) != "sale.missing" {
		t.Error(err)
	}
}
