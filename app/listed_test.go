package app_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
)

// elsewhere is a list that shows one refund of one sale, until a refund here has its
// reference.
type elsewhere struct {
	sale      app.SaleID
	late      app.SaleID // seen by who waits
	reference string
	asked     atomic.Int64
}

// Await shows the list.
func (l *elsewhere) Await(context.Context) {
	if l.late != "" {
		l.sale = l.late
	}
}

func (l *elsewhere) Unnoted(events []app.Event) bool {
	l.asked.Add(1)
	s := app.Fold(events)
	for _, a := range s.Attempts {
		for _, r := range a.Refunds {
			if r.Reference == l.reference {
				return false
			}
		}
	}
	return s.ID == l.sale
}

// TestARefundThatIsListedComesFirst: while myPOS shows money of a sale given back that
// is not noted here, no more of it is given back. Once it is added, the rest goes.
func TestARefundThatIsListedComesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		list := &elsewhere{reference: "RFD0000001"}
		w.lists = list
		w.restart()
		s, other := w.charge(4500), w.charge(4500)
		w.pay(s, "813705")
		w.pay(other, "813706")
		list.sale = s.ID
		plan := func(id app.SaleID, minor int64) app.RefundPlan {
			t.Helper()
			p, err := w.till.RefundPlan(context.Background(), id, app.RefundRequest{Amount: eur(minor)})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if p := plan(s.ID, 1000); payments.CodeOf(p.Block) != "refund.listed" || p.Left != eur(4500) || p.By != "" {
			t.Errorf("%+v", p)
		}
		if p := plan(s.ID, 4501); payments.CodeOf(p.Block) != "refund.toomuch" {
			t.Errorf("too much: %v", p.Block)
		}
		if p := plan(other.ID, 1000); p.Block != nil {
			t.Errorf("another sale: %v", p.Block)
		}
		before := w.sale(s.ID).Revision
		_, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)})
		refusedCode(t, err, "refund.listed")
		if n := len(w.rail.refunds); n != 0 || w.sale(s.ID).Revision != before {
			t.Errorf("%d refunds were sent, the sale is at %d, was at %d", n, w.sale(s.ID).Revision, before)
		}
		ad := app.Adoption{Reference: list.reference, Amount: eur(2000), Rail: payments.RailLink, Raw: []byte("{}")}
		if err := w.till.AdoptRefund(context.Background(), s.ID, ad, app.Actor{}); err != nil {
			t.Fatal(err)
		}
		p, err := w.till.RefundPlan(context.Background(), s.ID, app.RefundRequest{})
		if err != nil || p.Block != nil || p.Amount != eur(2500) {
			t.Errorf("after it was added: %+v %v", p, err)
		}
		again := app.RefundRequest{Amount: eur(2500), OrderID: p.OrderID}
		if _, err := w.till.Refund(context.Background(), s.ID, again); err != nil {
			t.Fatal(err)
		}
		w.comesTo(s.ID, app.Refunded, 0)
		list.reference = "RFD0000002" // the second click of a double click is answered as the first
		if _, err := w.till.Refund(context.Background(), s.ID, again); err != nil || len(w.rail.refunds) != 1 {
			t.Errorf("%v, %d refunds were sent", err, len(w.rail.refunds))
		}
	})
}

// TestARefundWaitsForTheList where the list is waited for, and sees what came with it.
func TestARefundWaitsForTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		list := &elsewhere{reference: "RFD0000001"}
		w.lists = list
		w.restart()
		s := w.charge(4500)
		w.pay(s, "813705")
		list.late = s.ID
		p, err := w.till.RefundPlan(context.Background(), s.ID, app.RefundRequest{})
		if err != nil || p.Block != nil {
			t.Errorf("a plan waits for nothing: %v %v", p.Block, err)
		}
		_, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)})
		refusedCode(t, err, "refund.listed")
	})
}

// TestAListedRefundHoldsTheDrawer: money that went back by card is not given out of
// the drawer once more, and nothing is asked about a sale that has nothing left.
func TestAListedRefundHoldsTheDrawer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		list := &elsewhere{reference: "RFD0000001"}
		w.lists = list
		w.restart()
		s, err := w.till.Charge(context.Background(), w.cash(1000))
		if err != nil {
			t.Fatal(err)
		}
		list.sale = s.ID
		_, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)})
		refusedCode(t, err, "refund.listed")
		list.sale = ""
		if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)}); err != nil {
			t.Fatal(err)
		}
		asked := list.asked.Load()
		p, err := w.till.RefundPlan(context.Background(), s.ID, app.RefundRequest{Amount: eur(1)})
		if err != nil || payments.CodeOf(p.Block) != "refund.toomuch" || list.asked.Load() != asked {
			t.Errorf("%v %v, asked %d times", p.Block, err, list.asked.Load()-asked)
		}
	})
}
