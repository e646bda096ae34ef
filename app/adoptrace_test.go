package app_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestANoticeInTheMomentOfAdding: between the comparison and the click the notice of
// the same payment comes in, and makes a sale of it. The click adds no second one.
func TestANoticeInTheMomentOfAdding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		const lost = "P0000000000000000077"
		w.charge(700)
		compared, err := w.book.State(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		ad := app.Adoption{Reference: "MTCOR813705XXK7", OrderID: lost, Amount: eur(1800), Rail: payments.RailLink, AsOf: compared.Head}
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: lost, Reference: "813705", Amount: eur(1800)})
		if _, err := w.till.Adopt(context.Background(), ad, app.Actor{}); payments.CodeOf(err) != "adopt.gone" || !errors.Is(err, app.ErrMoved) {
			t.Errorf("added a second time: %v", err)
		}
		found, err := w.till.Sales(context.Background(), app.Query{OrderID: lost})
		if err != nil || len(found) != 1 || found[0].State != app.Found {
			t.Fatalf("%+v, %v", found, err)
		}
		back := app.Adoption{Reference: "RFD0000001", Amount: eur(300), Rail: payments.RailLink, AsOf: compared.Head}
		if err := w.till.AdoptRefund(context.Background(), found[0].ID, back, app.Actor{}); !errors.Is(err, app.ErrMoved) {
			t.Errorf("a refund that may be known: %v", err)
		}
		if compared, err = w.book.State(context.Background()); err != nil {
			t.Fatal(err)
		}
		back.AsOf = compared.Head
		if err := w.till.AdoptRefund(context.Background(), found[0].ID, back, app.Actor{}); err != nil {
			t.Error(err)
		}
		w.comesTo(found[0].ID, app.PartRefunded, 1500)
	})
}

// TestARefundInThePortalIsOfThePaymentItNames: a sale that was paid twice has two
// payments that could have been given back.
func TestARefundInThePortalIsOfThePaymentItNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		if err := w.till.Cancel(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		first := s.Attempts[0]
		s, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{})
		if err != nil {
			t.Fatal(err)
		}
		w.pay(s, "813706")
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: first.OrderID, Reference: "813705", Amount: first.Amount})
		w.comesTo(s.ID, app.Overpaid, 9000)
		ad := app.Adoption{Reference: "RFD0000001", Attempt: s.Attempts[1].ID, Amount: eur(2000), Rail: payments.RailLink}
		if err := w.till.AdoptRefund(context.Background(), s.ID, ad, app.Actor{}); err != nil {
			t.Fatal(err)
		}
		s = w.comesTo(s.ID, app.Overpaid, 7000)
		if s.Attempts[0].Left() != 4500 || s.Attempts[1].Left() != 2500 {
			t.Errorf("left of the first %d, of the second %d", s.Attempts[0].Left(), s.Attempts[1].Left())
		}
		ad.Reference, ad.Amount = "RFD0000002", eur(2501)
		if err := w.till.AdoptRefund(context.Background(), s.ID, ad, app.Actor{}); payments.CodeOf(err) != "refund.toomuch" {
			t.Errorf("more than is left of it, taken from the other: %v", err)
		}
	})
}
