package app_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// hear hands one entry of the list in and returns whether it told something new.
func (w *world) hear(h app.Heard) bool {
	w.t.Helper()
	head, err := w.book.State(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	news, err := w.till.HearList(context.Background(), head.Head, []app.Heard{h})
	if err != nil {
		w.t.Fatal(err)
	}
	return news == 1
}

// entry is what the list says of the newest attempt of a sale.
func entry(s app.Sale, minor int64, reference string) app.Heard {
	a := s.Attempts[len(s.Attempts)-1]
	return app.Heard{Sale: s.ID, Attempt: a.ID, Answer: payments.Answer{
		Outcome: payments.Paid, OrderID: a.OrderID, Reference: reference, Amount: eur(minor), Listed: true,
	}}
}

// TestTheListSettlesATerminal whose outcome was lost: with the right amount, once.
func TestTheListSettlesATerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.card.set(func(f *fakeTerminal) {
			f.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) {
				return payments.Answer{}, payments.ErrUnknown
			}
			f.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
				return payments.Answer{}, payments.ErrUnreachable
			}
		})
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		w.ends(s.ID, app.Unknown)
		silent := entry(s, 4500, "POSA1")
		silent.Answer.Listed = false
		if w.hear(silent) {
			t.Error("an answer that is not of the list was taken")
		}
		if !w.hear(entry(s, 4400, "POSA1")) || w.ends(s.ID, app.Unknown).Attempts[0].Reason != app.ReasonAmount {
			t.Error("another amount is not told")
		}
		if w.hear(entry(s, 4400, "POSA1")) {
			t.Error("the same is written down twice")
		}
		if !w.hear(entry(s, 4500, "POSA1")) {
			t.Error("not settled")
		}
		w.ends(s.ID, app.Paid)
		if w.hear(entry(s, 4500, "POSA1")) {
			t.Error("settled twice")
		}
	})
}

// TestTheListSettlesALink that was cancelled, with an entry no other has used.
func TestTheListSettlesALink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		first, second := w.charge(4500), w.charge(4500)
		if err := w.till.Cancel(context.Background(), first.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		if !w.hear(entry(first, 4500, "813705")) {
			t.Error("not settled")
		}
		w.ends(first.ID, app.PaidLate)
		if w.hear(entry(second, 4500, "813705")) {
			t.Error("one entry has paid two attempts")
		}
		if w.hear(entry(second, 4400, "813706")) {
			t.Error("another amount has paid")
		}
		w.ends(second.ID, app.Offered)
		if w.hear(app.Heard{Sale: "NONE", Attempt: "NONE", Answer: payments.Answer{Listed: true}}) {
			t.Error("a sale that is not there")
		}
	})
}

// TestTheListSettlesTheRefundItNames, and no other.
func TestTheListSettlesTheRefundItNames(t *testing.T) {
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
		for range 2 {
			if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)}); err != nil {
				t.Fatal(err)
			}
		}
		refunds := w.sale(s.ID).Attempts[0].Refunds
		named := entry(s, 1000, "RFD1")
		named.Refund, named.Answer.OrderID, named.Answer.Outcome = refunds[1].OrderID, refunds[1].OrderID, payments.Refunded
		less := named
		less.Answer.Amount = eur(900)
		if w.hear(less) {
			t.Error("another amount has settled")
		}
		if !w.hear(named) || w.hear(named) {
			t.Error("not settled once")
		}
		refunds = w.ends(s.ID, app.PartRefunded).Attempts[0].Refunds
		if refunds[0].State != app.RefundUnknown || refunds[1].State != app.RefundDone || refunds[1].Reference != "RFD1" {
			t.Errorf("%+v", refunds)
		}
	})
}

// TestAnEntryBecomesASaleOnce, whoever asks for it at the same time; nothing is
// asked of the terminal, now or after a restart.
func TestAnEntryBecomesASaleOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		ad := app.Adoption{Reference: "POSA800000017", Amount: eur(1800), Rail: payments.RailTerminal, Device: "D1", DeviceLabel: "Front counter", Last4: "3380"}
		var mu sync.Mutex
		var made []app.SaleID
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				id, err := w.till.Adopt(context.Background(), ad, app.Actor{Operator: "Nora"})
				if err != nil {
					if payments.CodeOf(err) != "adopt.used" {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				made = append(made, id)
				mu.Unlock()
			})
		}
		wg.Wait()
		if len(made) != 1 {
			t.Fatalf("%d sales of one entry", len(made))
		}
		w.restart()
		time.Sleep(time.Hour)
		s := w.ends(made[0], app.Paid)
		if a := s.Attempts[0]; s.Received != eur(1800) || s.Operator != "Nora" || a.Reference != "POSA800000017" || a.CardLast4 != "3380" || a.Dirty {
			t.Errorf("%+v", s)
		}
		if taken, done, asked, _ := w.card.count(); taken != 0 || done != 0 || asked != 0 {
			t.Errorf("the terminal heard of it: %d, %d, %d", taken, done, asked)
		}
		for _, bad := range []app.Adoption{{Reference: "X"}, {Amount: eur(100)}} {
			if _, err := w.till.Adopt(context.Background(), bad, app.Actor{}); err == nil {
				t.Errorf("%+v became a sale", bad)
			}
		}
	})
}

// TestAnEntryThatMayBeOurs: while a payment on the terminal runs or is not known,
// an entry of that terminal may be it and is nobody else's.
func TestAnEntryThatMayBeOurs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		lost := make(chan struct{})
		w.card.set(func(f *fakeTerminal) {
			f.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) {
				<-lost
				return payments.Answer{}, payments.ErrUnknown
			}
			f.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
				return payments.Answer{}, payments.ErrUnreachable
			}
		})
		s, err := w.present(4500)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		device := s.Attempts[0].Device
		adopt := func(reference, device string, minor int64, want string) {
			t.Helper()
			_, err := w.till.Adopt(context.Background(), app.Adoption{
				Reference: reference, Amount: eur(minor), Rail: payments.RailTerminal, Device: device,
			}, app.Actor{})
			if payments.CodeOf(err) != want {
				t.Errorf("%s of %d on %q: %v, want %q", reference, minor, device, err, want)
			}
		}
		adopt("POSA1", device, 4500, "adopt.open") // it runs
		close(lost)
		w.ends(s.ID, app.Unknown)
		adopt("POSA1", device, 4500, "adopt.open")
		adopt("POSA1", device, 5000, "adopt.open") // with a tip
		adopt("POSA1", "", 4500, "adopt.open")     // the terminal was removed
		adopt("POSA2", device, 1200, "")
		adopt("POSA3", "another", 4500, "")
		if !w.hear(entry(s, 4500, "POSA1")) {
			t.Error("the entry was not taken as what it is")
		}
		w.ends(s.ID, app.Paid)
		adopt("POSA4", device, 4500, "")
	})
}

// TestAnAdoptedLinkGoesBackInThePortal: the list's name for a payment is not the
// number an online refund goes by, and that number may be somebody else's.
func TestAnAdoptedLinkGoesBackInThePortal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id, err := w.till.Adopt(context.Background(), app.Adoption{Reference: "410227", Amount: eur(1800), Rail: payments.RailLink}, app.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		w.ends(id, app.Paid)
		plan, err := w.till.RefundPlan(context.Background(), id, app.RefundRequest{})
		if err != nil || payments.CodeOf(plan.Block) != "refund.portal" || plan.By != app.SendsPortal {
			t.Errorf("planned %+v, %v", plan, err)
		}
		_, err = w.till.Refund(context.Background(), id, app.RefundRequest{Amount: eur(1800)})
		refusedCode(t, err, "refund.portal")
		if s := w.ends(id, app.Paid); len(s.Attempts[0].Refunds) != 0 {
			t.Errorf("%+v", s.Attempts[0].Refunds)
		}
	})
}

// TestALateNoticeOfAnAdoptedPayment is about the sale that was made of it: the
// money came in once. That was so after a journal was restored and the list was read
// before the relay had told everything again.
func TestALateNoticeOfAnAdoptedPayment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		const lost = "P0000000000000000077"
		ad := app.Adoption{Reference: "MTCOR813705XXK7", OrderID: lost, Amount: eur(1800), Rail: payments.RailLink}
		id, err := w.till.Adopt(context.Background(), ad, app.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		if a := w.ends(id, app.Paid).Attempts[0]; a.OrderID != lost || a.Reference != ad.Reference {
			t.Errorf("%+v", a)
		}
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: lost, Reference: "813705", Amount: eur(1800)})
		w.answers(payments.Paid, "813705")
		if err := w.till.CheckNow(context.Background(), id); err != nil {
			t.Fatal(err)
		}
		if s := w.comesTo(id, app.Paid, 1800); s.Attempts[0].Reference != "813705" {
			t.Errorf("%+v", s.Attempts[0])
		}
		all, err := w.till.Sales(context.Background(), app.Query{})
		if err != nil || len(all) != 1 {
			t.Errorf("%d sales, %v", len(all), err)
		}
		ad.Reference = "MTCOR900000XXK7" // another entry that names the same order
		second, err := w.till.Adopt(context.Background(), ad, app.Actor{})
		if err != nil {
			t.Fatal(err)
		}
		if a := w.ends(second, app.Paid).Attempts[0]; a.OrderID == lost || a.OrderID == "" {
			t.Errorf("%+v", a)
		}
	})
}
