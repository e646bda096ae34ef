package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// TestATakenBackPaymentThatWasNone: myPOS called it reversed, then paid, and a person
// has looked. The day counts one payment, not two of which one was taken back.
func TestATakenBackPaymentThatWasNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		check := func(o payments.Outcome, want app.State, received int64) {
			t.Helper()
			w.answers(o, "813705")
			if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
				t.Fatal(err)
			}
			w.comesTo(s.ID, want, received)
		}
		check(payments.Reversed, app.Reversed, 0)
		check(payments.Paid, app.Unknown, 0)
		time.Sleep(25 * time.Hour)
		if err := w.till.Resolve(context.Background(), s.ID, app.Resolution{Paid: true, Evidence: "813705", Operator: "Anna"}); err != nil {
			t.Fatal(err)
		}
		w.comesTo(s.ID, app.Paid, 4500)
		for _, rebuilt := range []bool{false, true} {
			if rebuilt {
				if err := w.book.Rebuild(context.Background()); err != nil {
					t.Fatal(err)
				}
			}
			taken := map[app.PostingKind]int64{}
			takings, err := w.book.Takings(context.Background(), app.Period{From: time.Unix(0, 0), To: time.Now().Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range takings {
				taken[one.Kind] += one.Amount.Minor
			}
			if taken[app.PostedPayment] != 4500 || taken[app.PostedTakenBack] != 0 || taken[app.PostedUnsure] != 0 {
				t.Errorf("rebuilt %v: %v", rebuilt, taken)
			}
		}
	})
}
