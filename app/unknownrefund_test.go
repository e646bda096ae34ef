package app_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// lost makes a refund whose answer did not come, for a cause.
func (w *world) lost(minor int64, cause func(app.RefundOrder) (payments.Answer, error)) (app.Sale, app.Refund) {
	w.t.Helper()
	s := w.charge(4500)
	w.pay(s, "813705")
	w.answers(payments.Paid, "813705")
	w.rail.set(func(f *fakeRail) {
		f.refund = func(_ context.Context, r app.RefundOrder) (payments.Answer, error) { return cause(r) }
	})
	got, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(minor)})
	if err != nil {
		w.t.Fatal(err)
	}
	r := got.Attempts[0].Refunds[0]
	if r.State != app.RefundUnknown || got.Refunded.Minor != 0 || got.Attempts[0].Left() != 4500-minor {
		w.t.Fatalf("%+v", got)
	}
	return got, r
}

func cut(app.RefundOrder) (payments.Answer, error) {
	return payments.Answer{}, &payments.Error{Op: "checkout.refund", Code: "net.cut", Err: payments.ErrUnknown}
}

// However an answer is lost, the refund is not known: counted as done, never sent
// again, whatever time passes and however often the desk starts.
func TestALostRefundIsNeverSentAgain(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]func(app.RefundOrder) (payments.Answer, error){
		"cut": cut,
		"5xx": func(app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, &payments.Error{Op: "checkout.refund", Code: "http.502", Err: payments.ErrUnknown}
		},
		"unsigned": func(app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, &payments.Error{Op: "checkout.refund", Code: "signature.wrong", Err: payments.ErrUnknown}
		},
		"both": func(app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, errors.Join(payments.ErrUnknown, payments.ErrUnreachable)
		},
		"odd":     func(app.RefundOrder) (payments.Answer, error) { return payments.Answer{}, errors.New("odd") },
		"no time": func(app.RefundOrder) (payments.Answer, error) { return payments.Answer{}, context.DeadlineExceeded },
		"pending": func(r app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{Outcome: payments.Pending, OrderID: r.OrderID, Amount: r.Amount}, nil
		},
		"another amount": func(r app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: eur(1)}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s, r := w.lost(3000, cause)
				for range 3 {
					time.Sleep(time.Hour)
					w.restart()
				}
				got := w.sale(s.ID)
				if now := got.Attempts[0].Refunds; len(now) != 1 || now[0].State != app.RefundUnknown || len(w.rail.refunds) != 1 {
					t.Errorf("%+v, sent %d times", now, len(w.rail.refunds))
				}
				if again, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(3000), OrderID: r.OrderID}); err != nil || again.Attempts[0].Refunds[0].State != app.RefundUnknown {
					t.Errorf("asked for once more: %+v, %v", again, err)
				}
				_, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1501)})
				refusedCode(t, err, "refund.toomuch")
				if len(w.rail.refunds) != 1 {
					t.Errorf("sent %d times", len(w.rail.refunds))
				}
				w.comesTo(s.ID, app.Paid, 4500)
			})
		})
	}
}

// What settles it: the list, the status of a payment that stays once all of it went
// back, and after a day the owner. That it is not found settles nothing, nor does a
// payment that myPOS may have taken back by itself.
func TestWhatSettlesALostRefund(t *testing.T) {
	t.Parallel()
	owner := func(paid bool, evidence string) func(*world, app.Sale, app.Refund) {
		return func(w *world, s app.Sale, r app.Refund) {
			answer := app.Resolution{Refund: r.OrderID, Paid: paid, Evidence: evidence, Operator: "Nora"}
			refusedCode(w.t, w.till.Resolve(context.Background(), s.ID, answer), "resolve.early")
			time.Sleep(24 * time.Hour)
			answer.Evidence = "the customer says so"
			refusedCode(w.t, w.till.Resolve(context.Background(), s.ID, answer), "resolve.evidence")
			answer.Evidence, answer.Refund = evidence, "PNONE"
			refusedCode(w.t, w.till.Resolve(context.Background(), s.ID, answer), "resolve.known")
			answer.Refund = r.OrderID
			if err := w.till.Resolve(context.Background(), s.ID, answer); err != nil {
				w.t.Fatal(err)
			}
			refusedCode(w.t, w.till.Resolve(context.Background(), s.ID, answer), "resolve.known")
		}
	}
	reversed := func(w *world, s app.Sale) {
		w.answers(payments.Reversed, "813705")
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			w.t.Fatal(err)
		}
	}
	listed := func(o payments.Outcome) func(*world, app.Sale, app.Refund) {
		return func(w *world, s app.Sale, _ app.Refund) {
			w.rail.set(func(f *fakeRail) {
				f.seek = func(r app.RefundOrder) payments.Answer {
					return payments.Answer{Outcome: o, OrderID: r.OrderID, Amount: r.Amount, Reference: "RFD1", Listed: true}
				}
			})
			if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for name, tt := range map[string]struct {
		minor    int64
		settle   func(*world, app.Sale, app.Refund)
		want     app.RefundState
		sale     app.State
		received int64
	}{
		"the list has it":          {3000, listed(payments.Refunded), app.RefundDone, app.PartRefunded, 1500},
		"the list has it not":      {3000, listed(payments.Absent), app.RefundUnknown, app.Paid, 4500},
		"an answer without a word": {3000, listed(payments.Pending), app.RefundUnknown, app.Paid, 4500},
		"the list refused it":      {3000, listed(payments.Declined), app.RefundFailed, app.Paid, 4500},
		"the status, all of it": {4500, func(w *world, s app.Sale, _ app.Refund) {
			time.Sleep(6 * time.Minute) // asked twice meanwhile: the payment stays
			reversed(w, s)
		}, app.RefundDone, app.Refunded, 0},
		"the status, soon after the payment": {4500, func(w *world, s app.Sale, _ app.Refund) { reversed(w, s) }, app.RefundUnknown, app.Reversed, 0},
		"the status, and a rollback": {4500, func(w *world, s app.Sale, _ app.Refund) {
			time.Sleep(6 * time.Minute)
			reversed(w, s)
			w.rollback(s)
		}, app.RefundUnknown, app.Reversed, 0},
		"the list, after all looked taken back": {4500, func(w *world, s app.Sale, r app.Refund) {
			reversed(w, s)
			listed(payments.Refunded)(w, s, r)
		}, app.RefundDone, app.Refunded, 0},
		"the owner: it went back": {3000, owner(true, "RRN 123456789012"), app.RefundDone, app.PartRefunded, 1500},
		"the owner: it did not":   {3000, owner(false, "last is 4711 at 14:03"), app.RefundFailed, app.Paid, 4500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s, r := w.lost(tt.minor, cut)
				tt.settle(w, s, r)
				got := w.comesTo(s.ID, tt.sale, tt.received)
				if now := got.Attempts[0].Refunds; len(now) != 1 || now[0].State != tt.want {
					t.Errorf("%+v", now)
				}
				w.restart()
				w.comesTo(s.ID, tt.sale, tt.received)
				if len(w.rail.refunds) != 1 {
					t.Errorf("sent %d times", len(w.rail.refunds))
				}
			})
		})
	}
}

// Every lost refund of a payment is looked for, also when the first one never
// reached the provider.
func TestAllLostRefundsAreLookedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s, first := w.lost(1000, cut)
		for range 3 {
			if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500)}); err != nil {
				t.Fatal(err)
			}
		}
		w.rail.set(func(f *fakeRail) {
			f.seek = func(r app.RefundOrder) payments.Answer {
				if r.OrderID == first.OrderID {
					return payments.Answer{Outcome: payments.Absent, OrderID: r.OrderID}
				}
				return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount, Listed: true}
			}
		})
		time.Sleep(2 * time.Minute)
		got := w.comesTo(s.ID, app.PartRefunded, 3000)
		for i, r := range got.Attempts[0].Refunds {
			if want := map[bool]app.RefundState{true: app.RefundUnknown, false: app.RefundDone}[i == 0]; r.State != want {
				t.Errorf("refund %d is %s", i, r.State)
			}
		}
	})
}

// What the provider says outranks the owner, as long as it is not more than was
// paid.
func TestTheProviderOutranksTheOwner(t *testing.T) {
	t.Parallel()
	settled := func(p *tape, order string, minor int64, o payments.Outcome, src app.Source) {
		p.add("A", src, app.RefundSettled, order, app.RefundData{OrderID: order, Outcome: o})
		p.events[len(p.events)-1].Amount = eur(minor)
	}
	asked := func(p *tape, order string, minor int64) {
		p.add("A", app.FromOperator, app.RefundIntended, order, app.RefundData{OrderID: order})
		p.events[len(p.events)-1].Amount = eur(minor)
	}
	answered := func(p *tape, order string, paid bool) {
		p.add("A", app.FromOperator, app.Resolved, order, app.ResolveData{Refund: order, Paid: paid, Evidence: "4711 14:03"})
	}
	for name, tt := range map[string]struct {
		story    func(*tape)
		received int64
	}{
		"it went back after all": {func(p *tape) { answered(p, "R1", false); settled(p, "R1", 3000, payments.Refunded, app.FromList) }, 1500},
		"it did not go back":     {func(p *tape) { answered(p, "R1", true); settled(p, "R1", 3000, payments.Declined, app.FromTerminal) }, 4500},
		"nothing is known":       {func(p *tape) { answered(p, "R1", false); settled(p, "R1", 3000, payments.Unknown, app.FromList) }, 4500},
		"it would be more than there": {func(p *tape) {
			answered(p, "R1", false)
			asked(p, "R2", 2000)
			settled(p, "R2", 2000, payments.Refunded, app.FromStatus)
			settled(p, "R1", 3000, payments.Refunded, app.FromList)
		}, 2500},
		"two that fit": {func(p *tape) {
			answered(p, "R1", false)
			asked(p, "R2", 1500)
			settled(p, "R2", 1500, payments.Refunded, app.FromStatus)
			settled(p, "R1", 3000, payments.Refunded, app.FromList)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &tape{}
			p.begin("A")
			p.notice("813705")
			asked(p, "R1", 3000)
			settled(p, "R1", 3000, payments.Unknown, app.FromStatus)
			tt.story(p)
			if s := app.Fold(p.events); s.Received != eur(tt.received) {
				t.Errorf("%s, refunds %+v", s.Received, s.Attempts[0].Refunds)
			}
		})
	}
}
