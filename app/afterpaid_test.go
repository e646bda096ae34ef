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

// TestChecksAfterPaidCountFromThePayment: what myPOS said while the customer was
// on its page moves neither of the two looks after the payment.
func TestChecksAfterPaidCountFromThePayment(t *testing.T) {
	t.Parallel()
	for _, before := range []payments.Outcome{payments.Pending, payments.Declined} {
		t.Run(string(before), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				s := w.charge(4500)
				w.answers(before, "")
				time.Sleep(12 * time.Minute)
				synctest.Wait()
				w.pay(s, "813705")
				paidAt, asked := time.Since(w.rail.start), len(w.rail.times())
				w.answers(payments.Paid, "813705")
				time.Sleep(time.Hour)
				synctest.Wait()
				want := []time.Duration{paidAt + 15*time.Second, paidAt + 10*time.Minute}
				if after := w.rail.times()[asked:]; !slices.Equal(after, want) {
					t.Errorf("paid at %v, asked at %v, want 15 s and 10 min later", paidAt, after)
				}
			})
		})
	}
}

// TestCheckNowWaitsForNoOther: a person's question is the next one asked, however
// many are due.
func TestCheckNowWaitsForNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		var asked []string
		w.rail.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
			time.Sleep(10 * time.Second)
			w.rail.set(func(*fakeRail) { asked = append(asked, q.OrderID) })
			return payments.Answer{Outcome: payments.Absent, OrderID: q.OrderID}, nil
		}
		var last app.Sale
		for range 12 {
			last = w.charge(100)
		}
		time.Sleep(time.Minute) // all are due, and myPOS is slow
		synctest.Wait()
		begun, already := time.Now(), 0
		w.rail.set(func(*fakeRail) { already = len(asked) })
		if err := w.till.CheckNow(context.Background(), last.ID); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("answered after %v, behind %d others", took, len(asked)-already)
		}
	})
}

// TestARollbackIsLookedAtAgain: myPOS may still call a payment paid in the moment in
// which it says that it takes the money back.
func TestARollbackIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		w.answers(payments.Paid, "813705")
		time.Sleep(time.Hour)
		w.rollback(s)
		synctest.Wait()
		w.want(s.ID, app.Paid)
		asked := len(w.rail.times())
		w.answers(payments.Reversed, "813705")
		time.Sleep(16 * time.Second)
		synctest.Wait()
		w.want(s.ID, app.Reversed)
		if n := len(w.rail.times()) - asked; n != 1 {
			t.Errorf("asked %d times more", n)
		}
	})
}
