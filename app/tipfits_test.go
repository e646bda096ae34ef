package app_test

import (
	"context"
	"testing"
	"testing/synctest"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// TestWhatATerminalTookWithATip: 45.00 with and without a tip of 5.00 asked for at
// the desk, and what a terminal may tell then. What was taken is never counted as
// more, or less, than it tells.
func TestWhatATerminalTookWithATip(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		asked, took, tip int64
		paid             int64 // 0: not known
		tips             int64
	}{
		"as asked, apart":                {500, 4500, 500, 5000, 500},
		"as asked, together":             {500, 5000, 500, 5000, 500},
		"the customer adds more":         {500, 4500, 800, 5300, 800},
		"adds more, together":            {500, 5300, 800, 5300, 800},
		"the customer takes some away":   {500, 4500, 300, 0, 0},
		"more, and which total it is of": {500, 5000, 800, 0, 0},
		"added on the terminal":          {0, 4500, 500, 5000, 500},
		"added, together":                {0, 5000, 500, 5000, 500},
		"a part was approved, and a tip": {0, 4000, 500, 0, 0},
		"a part was approved":            {0, 4000, 0, 0, 0},
		"another currency of a tip":      {0, 4500, -1, 0, 0},
	} {
		answer := payments.Answer{Outcome: payments.Paid, Amount: eur(tt.took), Card: payments.Card{Tip: eur(tt.tip), RRN: "623100000001"}}
		if tt.tip < 0 {
			answer.Card.Tip = money.Amount{Minor: 500, Currency: "USD"}
		}
		for _, asked := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", from its record"}[asked], func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.card.set(func(f *fakeTerminal) {
						f.collect = func(_ context.Context, o app.Offer, _ func(app.Stage)) (payments.Answer, error) {
							if asked {
								return payments.Answer{}, &payments.Error{Op: "t", Code: "terminal.cut", Err: payments.ErrUnknown}
							}
							return answer, nil
						}
						f.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
							told := answer
							told.OrderID = q.OrderID
							return told, nil
						}
					})
					r := w.request(4500 + tt.asked)
					r.Rail = payments.RailTerminal
					if tt.asked > 0 {
						r.Tip = eur(tt.asked)
					}
					s, err := w.till.Charge(context.Background(), r)
					if err != nil {
						t.Fatal(err)
					}
					if asked {
						synctest.Wait()
						if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
							t.Fatal(err)
						}
					}
					if tt.paid == 0 {
						if got := w.ends(s.ID, app.Unknown); got.Attempts[0].Reason != app.ReasonAmount {
							t.Errorf("reason %q", got.Attempts[0].Reason)
						}
						return
					}
					got := w.ends(s.ID, app.Paid)
					if a := got.Attempts[0]; got.Received != eur(tt.paid) || a.Amount != eur(tt.paid) || a.Tip != eur(tt.tips) {
						t.Errorf("received %v, attempt %v, tip %v", got.Received, a.Amount, a.Tip)
					}
				})
			})
		}
	}
}
