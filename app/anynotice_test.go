package app_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// TestNoNoticeBlocksTheNext: whatever has come through the relay is taken in, or
// passed over, by the first try.
func TestNoNoticeBlocksTheNext(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				draw := rand.New(rand.NewPCG(seed, 1))
				orders := w.orders()
				orders = append(orders, "", "\x00", "\xff", "%", "ORDER", "order", strings.Repeat("A", 9000), "ÄÖ\u2028", "x'; --")
				references := []string{"", "1", "2", "813705", "\x00", "\xff", strings.Repeat("9", 9000), "\n"}
				kinds := []payments.NoticeKind{payments.NoticePaid, payments.NoticeRollback, payments.NoticeOther, payments.NoticeOpened, "new"}
				amounts := []money.Amount{{}, eur(4500), eur(0), eur(-4500), {Minor: 4500, Currency: "USD"}, {Minor: 1 << 62, Currency: "EUR"}, {Minor: 4500, Currency: "???"}}
				for i := range 80 {
					n := payments.Notice{
						Kind: pick(draw, kinds), OrderID: pick(draw, orders), Reference: pick(draw, references), Amount: pick(draw, amounts),
						Method: pick(draw, references), CardLast4: pick(draw, []string{"", "0007"}), Provider: pick(draw, references),
						Raw: []byte(pick(draw, references)),
					}
					switch i {
					case 0: // the order of a refund
						n.Kind, n.OrderID, n.Reference, n.Amount = payments.NoticePaid, orders[0], "9", eur(4500)
					case 1, 2: // what the journal's text cannot hold
						n.Kind, n.OrderID, n.Reference, n.Amount = payments.NoticePaid, "\xff", "9", eur(4500)
					}
					w.seq++
					if err := w.inbox.deliver(w.seq, n); err != nil {
						t.Fatalf("%s of %.20q, %.20q, %+v: %v", n.Kind, n.OrderID, n.Reference, n.Amount, err)
					}
				}
				if v, err := w.book.Verify(context.Background()); err != nil || v.Bad != 0 {
					t.Errorf("%+v, %v", v, err)
				}
				if err := w.book.Rebuild(context.Background()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func pick[T any](draw *rand.Rand, from []T) T { return from[draw.IntN(len(from))] }

// orders are those of a refund and of sales of all sorts.
func (w *world) orders() (list []string) {
	w.t.Helper()
	ctx := context.Background()
	open, paid, refunded, erased := w.charge(4500), w.charge(4500), w.charge(4500), w.charge(4500)
	w.pay(paid, "1")
	w.pay(refunded, "2")
	if _, err := w.till.Refund(ctx, refunded.ID, app.RefundRequest{Amount: eur(1000)}); err != nil {
		w.t.Fatal(err)
	}
	w.notify(payments.Notice{
		Kind: payments.NoticePaid, OrderID: erased.Attempts[0].OrderID, Reference: "3", Amount: eur(4500), Raw: []byte("IPCmethod=IPCPurchaseNotify"),
	})
	if err := w.till.EraseWords(ctx, erased.ID, app.Actor{}); err != nil {
		w.t.Fatal(err)
	}
	cash, err := w.till.Charge(ctx, w.cash(4500))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range []app.Sale{open, paid, refunded, erased, cash, w.terminal(4500)} {
		for _, a := range s.Attempts {
			list = append(list, a.OrderID)
		}
	}
	return append([]string{w.sale(refunded.ID).Attempts[0].Refunds[0].OrderID}, list...)
}
