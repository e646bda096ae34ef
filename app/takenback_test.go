package app_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// posted is what the postings of a sale come to: always what it has received.
func (w *world) posted(id app.SaleID) int64 {
	w.t.Helper()
	var sum int64
	err := w.book.Postings(context.Background(), app.Period{From: time.Unix(0, 0), To: time.Now().Add(1000 * time.Hour)}, func(p app.Posting) error {
		if p.Sale == id {
			sum += p.Amount.Minor
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return sum
}

func (w *world) comesTo(id app.SaleID, want app.State, received int64) app.Sale {
	w.t.Helper()
	s := w.want(id, want)
	if posted := w.posted(id); s.Received.Minor != received || posted != received {
		w.t.Fatalf("%s: received %d, posted %d, want %d", want, s.Received.Minor, posted, received)
	}
	return s
}

func (w *world) alarms() (ids []app.SaleID) {
	for snap := range w.till.Watch(context.Background()) {
		for _, s := range snap.Alarms {
			ids = append(ids, s.ID)
		}
		break
	}
	return ids
}

func (w *world) rollback(s app.Sale) {
	w.notify(payments.Notice{Kind: payments.NoticeRollback, OrderID: s.Attempts[0].OrderID, Amount: s.Attempts[0].Amount})
}

// myPOS takes money back before, after or without the notice that it came, and
// whatever comes in first, the end is TAKEN BACK with nothing posted, an alarm, and
// a sale that can be asked for again.
func TestTakenBack(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(*world, app.Sale){
		"after the notice": func(w *world, s app.Sale) {
			w.pay(s, "813705")
			w.comesTo(s.ID, app.Paid, 4500)
			w.answers(payments.Reversed, "813705")
			w.rollback(s)
		},
		"before the notice": func(w *world, s app.Sale) {
			w.answers(payments.Reversed, "813705")
			w.rollback(s)
			synctest.Wait()
			w.pay(s, "813705")
		},
		"right before the notice": func(w *world, s app.Sale) {
			w.rollback(s)
			w.pay(s, "813705")
			w.answers(payments.Reversed, "813705")
		},
		"without the notice of the payment": func(w *world, s app.Sale) {
			w.answers(payments.Reversed, "813705")
			w.rollback(s)
		},
		"without its own notice": func(w *world, s app.Sale) {
			w.pay(s, "813705")
			w.answers(payments.Reversed, "813705")
		},
		"said as not successful": func(w *world, s app.Sale) {
			w.pay(s, "813705")
			w.answers(payments.Declined, "")
		},
		"twice": func(w *world, s app.Sale) {
			w.pay(s, "813705")
			w.rollback(s)
			w.answers(payments.Reversed, "813705")
			w.rollback(s)
		},
		"without any notice": func(w *world, s app.Sale) { w.answers(payments.Reversed, "813705") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.charge(4500)
				story(w, s)
				time.Sleep(2 * time.Minute)
				w.comesTo(s.ID, app.Reversed, 0)
				w.restart()
				time.Sleep(time.Minute)
				w.comesTo(s.ID, app.Reversed, 0)
				if got := w.alarms(); len(got) != 1 || got[0] != s.ID {
					t.Errorf("the alarms are %q", got)
				}
				if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(100)}); err == nil {
					t.Error("money that is not here was given back")
				}
				w.answers(payments.Absent, "")
				again, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{})
				if err != nil || len(again.Attempts) != 2 || again.Attempts[1].OrderID == again.Attempts[0].OrderID {
					t.Fatalf("%+v, %v", again, err)
				}
				w.pay(again, "813706")
				w.comesTo(s.ID, app.Paid, 4500)
				if got := w.alarms(); len(got) != 0 {
					t.Errorf("the alarms are still %q", got)
				}
			})
		})
	}
}

// A rollback the provider does not confirm leaves the money where it is.
func TestARollbackThatWasNone(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]bool{"before the notice": true, "after the notice": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.charge(4500)
				if before {
					w.rollback(s)
					w.pay(s, "813705")
				} else {
					w.pay(s, "813705")
					w.rollback(s)
				}
				w.comesTo(s.ID, app.Unknown, 0)
				w.answers(payments.Paid, "813705")
				time.Sleep(2 * time.Minute)
				w.comesTo(s.ID, app.Paid, 4500)
			})
		})
	}
}

// A reversal we asked for is a refund. One that covers more than we gave back is
// money taken back.
func TestAReversalWeAskedForIsNoAlarm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		refunds []int64
		want    app.State
		alarms  int
	}{{[]int64{4500}, app.Refunded, 0}, {[]int64{2000, 2500}, app.Refunded, 0}, {[]int64{2000}, app.Reversed, 1}} {
		t.Run(fmt.Sprint(tt.refunds), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.charge(4500)
				w.pay(s, "813705")
				for _, minor := range tt.refunds {
					if _, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(minor)}); err != nil {
						t.Fatal(err)
					}
				}
				w.answers(payments.Reversed, "813705")
				if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
					t.Fatal(err)
				}
				w.comesTo(s.ID, tt.want, 0)
				if got := w.alarms(); len(got) != tt.alarms {
					t.Errorf("alarms %q", got)
				}
			})
		})
	}
}

// A payment that comes in once the desk has given up is kept or given back.
func TestPaidAfterCancel(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]struct {
		do       func(*world, app.Sale) error
		want     app.State
		received int64
	}{
		"kept": {func(w *world, s app.Sale) error { return w.till.Keep(context.Background(), s.ID, "Anna") }, app.Paid, 4500},
		"given back": {func(w *world, s app.Sale) error {
			plan, err := w.till.RefundPlan(context.Background(), s.ID, app.RefundRequest{})
			if err != nil || plan.Block != nil || plan.Amount != eur(4500) {
				return fmt.Errorf("%+v: %w", plan, errors.Join(err, plan.Block))
			}
			_, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Attempt: plan.Attempt, Amount: plan.Amount, OrderID: plan.OrderID})
			return err
		}, app.Refunded, 0},
		"given back in part": {func(w *world, s app.Sale) error {
			_, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(500)})
			return err
		}, app.PartRefunded, 4000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.charge(4500)
			if err := w.till.Cancel(t.Context(), s.ID, "Anna"); err != nil {
				t.Fatal(err)
			}
			w.comesTo(s.ID, app.Withdrawn, 0)
			w.pay(s, "813705")
			w.comesTo(s.ID, app.PaidLate, 4500)
			if got := w.alarms(); len(got) != 1 {
				t.Errorf("alarms %q", got)
			}
			if err := answer.do(w, s); err != nil {
				t.Fatal(err)
			}
			w.comesTo(s.ID, answer.want, answer.received)
			if got := w.alarms(); len(got) != 0 {
				t.Errorf("alarms %q", got)
			}
		})
	}
}

// The second payment is the one to give back, once: while that refund is not known
// nothing more is proposed.
func TestPaidTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.charge(4500)
	s, err := w.till.Again(t.Context(), s.ID, app.AgainRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range []app.Attempt{s.Attempts[1], s.Attempts[0]} {
		w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: fmt.Sprint(i), Amount: a.Amount})
	}
	w.comesTo(s.ID, app.Overpaid, 9000)
	plan, err := w.till.RefundPlan(t.Context(), s.ID, app.RefundRequest{})
	if err != nil || plan.Attempt != s.Attempts[0].ID || plan.Amount != eur(4500) {
		t.Fatalf("%+v, %v", plan, err)
	}
	w.rail.set(func(f *fakeRail) {
		f.refund = func(context.Context, app.RefundOrder) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	r := app.RefundRequest{Attempt: plan.Attempt, Amount: plan.Amount, OrderID: plan.OrderID}
	if _, err := w.till.Refund(t.Context(), s.ID, r); err != nil {
		t.Fatal(err)
	}
	s = w.comesTo(s.ID, app.Overpaid, 9000)
	if a, over, ok := s.Surplus(); ok {
		t.Errorf("%s of %s is to be given back although a refund is not known", over, a.ID)
	}
	w.rail.set(func(f *fakeRail) {
		f.seek = func(r app.RefundOrder) payments.Answer {
			return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount, Listed: true}
		}
	})
	w.answers(payments.Paid, "1")
	if err := w.till.CheckNow(t.Context(), s.ID); err != nil {
		t.Fatal(err)
	}
	w.comesTo(s.ID, app.Paid, 4500)
}
