package app_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// twoUnknown is a sale of which a link and, despite it, a terminal are not known.
func twoUnknown(t *testing.T, w *world) app.Sale {
	t.Helper()
	s := w.charge(4500)
	w.rollback(s)
	w.rail.set(func(f *fakeRail) {
		f.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	w.card.set(func(f *fakeTerminal) {
		f.collect = func(context.Context, app.Offer, func(app.Stage)) (payments.Answer, error) {
			return payments.Answer{}, &payments.Error{Op: "t", Code: "terminal.cut", Err: payments.ErrUnknown}
		}
		f.status = func(context.Context, app.StatusQuery) (payments.Answer, error) {
			return payments.Answer{}, payments.ErrUnknown
		}
	})
	s, err := w.till.Again(context.Background(), s.ID, app.AgainRequest{Rail: payments.RailTerminal, DespiteUnknown: true})
	if err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
	return w.want(s.ID, app.Unknown)
}

// A terminal is settled minutes after it fell silent, whatever else of the sale has
// to wait for a day: nobody else can pay on it meanwhile.
func TestATerminalIsSettledBesideAnUnknownLink(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := twoUnknown(t, w)
		time.Sleep(4 * time.Minute)
		err := w.till.Resolve(context.Background(), s.ID, app.Resolution{Evidence: "623100 at 14:03"})
		if err != nil {
			t.Fatal(err)
		}
		s = w.want(s.ID, app.Unknown)
		if s.Attempts[0].State != app.Unknown || s.Attempts[1].State != app.NotCharged {
			t.Errorf("link %s, terminal %s", s.Attempts[0].State, s.Attempts[1].State)
		}
	})
}

// What somebody found out about one payment never settles another one, which alone
// is not known any more when the answer comes.
func TestAnAnswerIsAboutTheAttemptItNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := twoUnknown(t, w)
		link, card := s.Attempts[0].ID, s.Attempts[1].ID
		time.Sleep(25 * time.Hour)
		w.card.set(func(f *fakeTerminal) {
			f.status = func(_ context.Context, q app.StatusQuery) (payments.Answer, error) {
				return payments.Answer{Outcome: payments.Declined, OrderID: q.OrderID}, nil
			}
		})
		if err := w.till.CheckNow(context.Background(), s.ID); payments.CodeOf(err) == "sale.missing" {
			t.Fatal(err)
		}
		err := w.till.Resolve(context.Background(), s.ID, app.Resolution{Attempt: card, Paid: true, Evidence: "card 1234"})
		if payments.CodeOf(err) != "resolve.known" {
			t.Errorf("of the terminal: %v", err)
		}
		if s = w.want(s.ID, app.Unknown); s.Received.Minor != 0 {
			t.Errorf("received %v", s.Received)
		}
		if err := w.till.Resolve(context.Background(), s.ID, app.Resolution{Attempt: link, Paid: true, Evidence: "card 1234"}); err != nil {
			t.Fatal(err)
		}
		w.want(s.ID, app.Paid)
	})
}

// accountTerminal is one whose refunds go through the account, and get lost.
type accountTerminal struct{ *fakeTerminal }

func (a accountTerminal) Refund(context.Context, app.RefundOrder) (payments.Answer, error) {
	return payments.Answer{}, &payments.Error{Op: "t", Code: "net.cut", Err: payments.ErrUnknown}
}

func (a accountTerminal) RefundWays(app.RefundOrder) ([]app.RefundWay, error) {
	return []app.RefundWay{app.RefundCard, app.RefundOnline}, nil
}

// A refund through the account stands on no terminal that a person could read: it
// waits for a day, as everything does that myPOS alone knows.
func TestARefundThroughTheAccountIsSettledADayLater(t *testing.T) {
	t.Parallel()
	for way, want := range map[app.RefundWay]string{app.RefundOnline: "resolve.early", app.RefundCard: ""} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.close()
			w.rails = []app.Rail{accountTerminal{w.card}}
			w.open()
			s, err := w.present(4500)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			s, err = w.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500), Way: way})
			if err != nil {
				t.Fatal(err)
			}
			time.Sleep(4 * time.Minute)
			not := app.Resolution{Refund: s.Attempts[0].Refunds[0].OrderID, Evidence: "623100 at 14:03"}
			if err := w.till.Resolve(context.Background(), s.ID, not); payments.CodeOf(err) != want {
				t.Errorf("%s: %v, want %q", way, err, want)
			}
			if want == "" {
				return
			}
			time.Sleep(24 * time.Hour)
			if err := w.till.Resolve(context.Background(), s.ID, not); err != nil {
				t.Errorf("a day later: %v", err)
			}
		})
	}
}

// Evidence that may be of either of two payments is of neither until it is said.
func TestAnAnswerThatMayBeOfTwoIsOfNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		s := twoUnknown(t, w)
		time.Sleep(25 * time.Hour)
		paid := app.Resolution{Paid: true, Evidence: "card 1234"}
		if err := w.till.Resolve(context.Background(), s.ID, paid); payments.CodeOf(err) != "resolve.which" {
			t.Errorf("of one of them: %v", err)
		}
		w.want(s.ID, app.Unknown)
		paid.Attempt = s.Attempts[0].ID
		if err := w.till.Resolve(context.Background(), s.ID, paid); err != nil {
			t.Fatal(err)
		}
		if s = w.sale(s.ID); s.Attempts[0].State != app.Paid || s.Attempts[1].State != app.Unknown {
			t.Errorf("link %s, terminal %s", s.Attempts[0].State, s.Attempts[1].State)
		}
	})
}
