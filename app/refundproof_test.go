package app_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/payments"
)

// stays is a payment that outlived the time in which myPOS takes money back.
func (p *tape) stays() {
	p.notice("1")
	p.status(payments.Paid, "1")
	p.wait(time.Minute)
	p.status(payments.Paid, "1")
}

// An answer that the payment was reversed settles a lost refund of all of it only
// when myPOS cannot have reversed it by itself, whatever comes in first.
func TestWhatAReversalSaysOfALostRefund(t *testing.T) {
	t.Parallel()
	lost := func(p *tape) { p.refund("R1", 4500, payments.Unknown) }
	reversed := func(p *tape) { p.status(payments.Reversed, "1") }
	rollback := func(p *tape) { p.rollback(fmt.Sprint("e/", p.head())) }
	for name, tt := range map[string]struct {
		story  []func(*tape)
		state  app.State
		refund app.RefundState
	}{
		"right after the notice":             {[]func(*tape){func(p *tape) { p.notice("1") }, lost, reversed}, app.Reversed, app.RefundUnknown},
		"rollback in between":                {[]func(*tape){func(p *tape) { p.notice("1") }, lost, rollback, reversed}, app.Reversed, app.RefundUnknown},
		"rollback afterwards":                {[]func(*tape){func(p *tape) { p.notice("1") }, lost, reversed, rollback}, app.Reversed, app.RefundUnknown},
		"asked once":                         {[]func(*tape){func(p *tape) { p.notice("1"); p.status(payments.Paid, "1"); p.wait(time.Hour) }, lost, reversed}, app.Reversed, app.RefundUnknown},
		"the payment stays":                  {[]func(*tape){(*tape).stays, lost, reversed}, app.Refunded, app.RefundDone},
		"it stays, as is seen later":         {[]func(*tape){lost, (*tape).stays, reversed}, app.Refunded, app.RefundDone},
		"it stays, and still runs":           {[]func(*tape){(*tape).stays, func(p *tape) { p.refund("R1", 4500, "") }, reversed}, app.Refunded, app.RefundDone},
		"it stayed, and a rollback":          {[]func(*tape){(*tape).stays, lost, reversed, rollback}, app.Reversed, app.RefundUnknown},
		"a rollback that was none":           {[]func(*tape){rollback, (*tape).stays, lost, reversed}, app.Refunded, app.RefundDone},
		"it stayed before a rollback":        {[]func(*tape){(*tape).stays, rollback, lost, reversed}, app.Reversed, app.RefundUnknown},
		"the refund is done by its own word": {[]func(*tape){func(p *tape) { p.notice("1"); p.refund("R1", 4500, payments.Refunded) }, reversed}, app.Refunded, app.RefundDone},
		"the owner said paid":                {[]func(*tape){rollback, func(p *tape) { p.resolve(true) }, lost, reversed}, app.Reversed, app.RefundUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p tape
			p.begin("A")
			for _, step := range tt.story {
				step(&p)
			}
			a := app.Fold(p.events).Attempts[0]
			if a.State != tt.state || len(a.Refunds) != 1 || a.Refunds[0].State != tt.refund {
				t.Errorf("the attempt is %s, want %s, refund %s: %+v", a.State, tt.state, tt.refund, a.Refunds)
			}
			sameInAnyOrder(t, p.events)
		})
	}
}

// TestARefundIsDoneByProofOnly lets myPOS take a payment back when our OK was lost,
// and refunds be lost on the way there or back, while notices and answers come as
// they like: no refund is done that was not made, whether or not myPOS calls a
// payment reversed that was given back whole.
func TestARefundIsDoneByProofOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p tape
		p.begin("A")
		p.notice("1")
		called := rapid.SampledFrom([]payments.Outcome{payments.Paid, payments.Reversed}).Draw(t, "given back whole is called")
		heard := rapid.Bool().Draw(t, "our OK is heard")
		until := p.now + time.Duration(rapid.IntRange(0, 45).Draw(t, "seconds until it is missed"))*time.Second
		back := func() bool { return !heard && p.now >= until }
		var made []string
		var given int64
		t.Repeat(map[string]func(*rapid.T){
			"wait": func(t *rapid.T) { p.wait(time.Duration(rapid.IntRange(1, 90).Draw(t, "seconds")) * time.Second) },
			"rollback": func(*rapid.T) {
				if back() {
					p.rollback(fmt.Sprint("e/", p.head()))
				}
			},
			"refund": func(t *rapid.T) {
				left := app.Fold(p.events).Attempts[0].Left()
				if left == 0 {
					return
				}
				minor := rapid.SampledFrom([]int64{left, 1 + left/2}).Draw(t, "amount")
				id := fmt.Sprint("R", p.head())
				if heard && rapid.Bool().Draw(t, "arrives") {
					made, given = append(made, id), given+minor
				}
				p.refund(id, minor, payments.Unknown)
			},
			"ask": func(*rapid.T) {
				said := payments.Paid
				switch {
				case back():
					said = payments.Reversed
				case given == 4500:
					said = called
				}
				p.status(said, "1")
			},
			"": func(t *rapid.T) {
				a := app.Fold(p.events).Attempts[0]
				for _, r := range a.Refunds {
					if r.State == app.RefundDone && !slices.Contains(made, r.OrderID) {
						t.Fatalf("%s is done and was never made: %+v", r.OrderID, a)
					}
				}
				if back() && a.State == app.Refunded {
					t.Fatalf("taken back in truth: %+v", a)
				}
			},
		})
	})
}

// A payment that myPOS takes back while a refund of it is lost is an alarm, the
// refund stays unknown until somebody answers, and the books say taken back.
func TestTakenBackWhileARefundIsLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s, r := w.lost(4500, cut)
		w.answers(payments.Reversed, "813705")
		w.rollback(s)
		time.Sleep(2 * time.Minute)
		w.restart()
		got := w.comesTo(s.ID, app.Reversed, 0)
		if now := got.Attempts[0].Refunds[0].State; now != app.RefundUnknown {
			t.Errorf("the refund is %s", now)
		}
		if ids := w.alarms(); len(ids) != 1 || ids[0] != s.ID {
			t.Errorf("the alarms are %q", ids)
		}
		if kinds := w.kinds(s.ID); !slices.Equal(kinds, []app.PostingKind{app.PostedPayment, app.PostedTakenBack, app.PostedUnsure, app.PostedUnsure}) {
			t.Errorf("posted as %q", kinds)
		}
		_, err := w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(100)})
		refusedCode(t, err, "refund.none")
		time.Sleep(24 * time.Hour)
		answer := app.Resolution{Refund: r.OrderID, Evidence: "last is 4711 at 14:03", Operator: "Nora"}
		if err := w.till.Resolve(context.Background(), s.ID, answer); err != nil {
			t.Fatal(err)
		}
		got = w.comesTo(s.ID, app.Reversed, 0)
		if now := got.Attempts[0].Refunds[0].State; now != app.RefundFailed || len(w.rail.refunds) != 1 {
			t.Errorf("the refund is %s, sent %d times", now, len(w.rail.refunds))
		}
	})
}

// A payment that looked taken back and turns out to be refunded is posted as one
// payment and one refund, whatever was thought in between.
func TestARefundThatLookedTakenBackIsPostedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s, _ := w.lost(4500, cut)
		w.answers(payments.Reversed, "813705")
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		w.comesTo(s.ID, app.Reversed, 0)
		w.rail.set(func(f *fakeRail) {
			f.seek = func(r app.RefundOrder) payments.Answer {
				return payments.Answer{Outcome: payments.Refunded, OrderID: r.OrderID, Amount: r.Amount, Listed: true}
			}
		})
		if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		w.comesTo(s.ID, app.Refunded, 0)
		if kinds := w.kinds(s.ID); !slices.Equal(kinds, []app.PostingKind{app.PostedPayment, app.PostedRefund, app.PostedTakenBack, app.PostedTakenBack}) {
			t.Errorf("posted as %q", kinds)
		}
	})
}

// The answer that shows that a payment stays is kept once.
func TestThatAPaymentStaysIsKeptOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		w.pay(s, "813705")
		w.answers(payments.Paid, "813705")
		time.Sleep(11 * time.Minute)
		revision := w.sale(s.ID).Revision
		for range 3 {
			time.Sleep(time.Hour)
			if err := w.till.CheckNow(context.Background(), s.ID); err != nil {
				t.Fatal(err)
			}
		}
		events, err := w.book.Sale(context.Background(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		answers := 0
		for _, e := range events {
			if e.Kind == app.StatusAnswered {
				answers++
			}
		}
		if now := w.sale(s.ID).Revision; answers != 2 || now != revision {
			t.Errorf("%d answers are kept, revision %d, after the second %d", answers, now, revision)
		}
	})
}

// It raises no alarm anew that somebody has answered.
func TestThatAPaymentStaysIsNoAlarm(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := w.charge(4500)
		s, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{})
		if err != nil {
			t.Fatal(err)
		}
		w.answers(payments.Paid, "813705")
		for _, a := range s.Attempts {
			w.notify(payments.Notice{Kind: payments.NoticePaid, OrderID: a.OrderID, Reference: "813705", Amount: a.Amount})
		}
		time.Sleep(2 * time.Minute)
		if err := w.till.Keep(context.Background(), s.ID, "Anna"); err != nil {
			t.Fatal(err)
		}
		asked := len(w.rail.times())
		time.Sleep(10 * time.Minute)
		if again := len(w.rail.times()); again == asked || len(w.alarms()) != 0 {
			t.Errorf("asked %d times more, the alarms are %q", again-asked, w.alarms())
		}
	})
}

// kinds are those of the postings of a sale, sorted.
func (w *world) kinds(id app.SaleID) (list []app.PostingKind) {
	w.t.Helper()
	err := w.book.Postings(context.Background(), app.Period{From: time.Unix(0, 0), To: time.Now().Add(1000 * time.Hour)}, func(p app.Posting) error {
		if p.Sale == id {
			list = append(list, p.Kind)
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
