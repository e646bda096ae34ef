package stories

import (
	"context"
	"errors"
	"iter"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui/screens/checkout"
)

// frozen is a till in which nothing happens.
type frozen struct{}

func (frozen) WatchSale(context.Context, app.SaleID) iter.Seq[app.Checkout] {
	return func(func(app.Checkout) bool) {}
}

func (frozen) Sale(context.Context, app.SaleID) (app.Sale, []app.Event, error) {
	return app.Sale{}, nil, errFrozen
}
func (frozen) CheckNow(context.Context, app.SaleID) error       { return nil }
func (frozen) Cancel(context.Context, app.SaleID, string) error { return nil }
func (frozen) Again(context.Context, app.SaleID, app.AgainRequest) (app.Sale, error) {
	return app.Sale{}, errFrozen
}
func (frozen) Resolve(context.Context, app.SaleID, app.Resolution) error { return nil }
func (frozen) MayInsist() bool                                           { return true }
func (frozen) Keep(context.Context, app.SaleID, string) error            { return nil }

var errFrozen = errors.New("a story has no till")

// still runs no work: a picture needs none.
type still struct{}

func (still) Go(func(context.Context)) {}
func (still) Do(f func())              { f() }

func dialog(st *Stage) (*checkout.Dialog, error) {
	return checkout.New(checkout.Config{
		Till: frozen{}, Collector: frozen{}, Host: st.Host, Run: still{}, Text: st.Text, Now: now, Zone: time.UTC,
		Desk: "Main desk", Operator: func() string { return "Nora" },
		Copy: func(string) {}, Mail: func(string, string) error { return nil },
	})
}

// checkoutStory shows the dialog over the till in one state.
func checkoutStory(name string, s sample, moments ...moment) Story {
	return Story{Name: "checkout-" + name, Golden: true, Build: func(st *Stage) error {
		events, err := tale(s, moments...)
		if err != nil {
			return err
		}
		d, err := dialog(st)
		if err != nil {
			return err
		}
		if err := backdrop(st); err != nil {
			return err
		}
		d.Open(s.checkout())
		d.Update(s.checkout(), events)
		return nil
	}}
}

func checkoutStories() []Story {
	const min, sec = time.Minute, time.Second
	anna := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 45 * sec}
	in := func(state app.State, change func(*sample)) sample {
		s := anna
		s.state = state
		if change != nil {
			change(&s)
		}
		return s
	}
	status := func(ago time.Duration, o payments.Outcome) moment {
		return moment{ago, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: o}}
	}
	opened := func(ago time.Duration) moment { return moment{ago, app.CustomerOpened, app.FromRelay, nil} }
	paid := func(ago time.Duration) moment {
		return moment{ago, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}}
	}
	return []Story{
		checkoutStory("preparing", in(app.Preparing, func(s *sample) { s.ago = 400 * time.Millisecond })),
		checkoutStory("waiting", in(app.Offered, nil)),
		checkoutStory("opened", in(app.Opened, nil), opened(8*sec)),
		checkoutStory("cancelling", in(app.Cancelling, nil)),
		checkoutStory("paid", in(app.Paid, func(s *sample) { s.card = "4417" }), opened(20*sec), paid(4*sec)),
		checkoutStory("declined-open", in(app.Declined, func(s *sample) { s.reason = "status.21" }), opened(30*sec), status(2*sec, payments.Declined)),
		checkoutStory("declined", sample{client: "Marta Novak", note: "Cut", minor: 2500, state: app.Declined, ago: 20 * min, reason: "status.21"},
			opened(19*min), status(18*min, payments.Declined)),
		checkoutStory("withdrawn", in(app.Withdrawn, nil), moment{5 * sec, app.CancelAsked, app.FromOperator, nil}, moment{4 * sec, app.AttemptWithdrawn, app.FromDesk, nil}),
		checkoutStory("expired", in(app.Expired, func(s *sample) { s.ago = 16 * min }), moment{1 * min, app.AttemptExpired, app.FromDesk, nil}),
		checkoutStory("not-made", in(app.Withdrawn, func(s *sample) { s.reason = "relay.unreachable"; s.ago = 3 * sec }),
			moment{2 * sec, app.OfferFailed, app.FromDesk, app.ReasonData{Code: "relay.unreachable"}}),
		checkoutStory("unknown", sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * min},
			opened(8*min), status(6*min, payments.Unknown), status(5*min, payments.Absent)),
		checkoutStory("unknown-once", sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 9 * min, reason: app.ReasonOnce},
			opened(8*min), status(30*sec, payments.Paid)),
		checkoutStory("taken-back", sample{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Reversed, ago: 35 * min},
			paid(34*min), moment{31 * min, app.RollbackSeen, app.FromNotice, nil}, status(31*min, payments.Reversed)),
		checkoutStory("paid-late", in(app.PaidLate, func(s *sample) { s.card = "4417"; s.ago = 20 * min }),
			moment{19 * min, app.AttemptWithdrawn, app.FromDesk, nil}, paid(1*min)),
		checkoutStory("paid-twice", in(app.Overpaid, func(s *sample) { s.received = 9000 }), paid(9*min), paid(1*min)),
		checkoutStory("refunded", in(app.Refunded, func(s *sample) { s.refunded = 4500 }), paid(9*min),
			moment{1 * min, app.RefundIntended, app.FromOperator, app.RefundData{}}, moment{1 * min, app.RefundSettled, app.FromStatus, app.RefundData{Outcome: payments.Refunded, Reference: "813 699 80"}}),
		checkoutStory("found", sample{minor: 1800, state: app.Found, ago: min, received: 1800},
			moment{min, app.FoundPayment, app.FromNotice, app.EvidenceData{}}),
		longNames(),
		question(in(app.Opened, nil)),
	}
}

// longNames is the same dialog with words that fit nowhere.
func longNames() Story {
	s := sample{
		client: "Wilhelmine Friederike von Hohenstein-Oberlangenfeld", minor: 99999999, state: app.Reversed, ago: 3 * time.Minute,
		note: "Balayage mit Tönung, Pflegekur, Spitzenschnitt, Augenbrauen und Wimpern, Maniküre",
	}
	return checkoutStory("long-names", s, moment{time.Minute, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: payments.Reversed}})
}

func question(s sample) Story {
	return Story{Name: "checkout-question", Golden: true, Build: func(st *Stage) error {
		d, err := dialog(st)
		if err != nil {
			return err
		}
		if err := backdrop(st); err != nil {
			return err
		}
		d.Open(s.checkout())
		st.Host.Top().AskClose()
		return nil
	}}
}
