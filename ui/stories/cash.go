package stories

import (
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/screens/cash"
	"frontdesk/ui/screens/resolve"
)

// later is a clock on which a press comes long after a sheet was opened.
func later() func() time.Time {
	at := now().Add(-time.Minute)
	return func() time.Time {
		at = at.Add(time.Minute)
		return at
	}
}

// cashStory shows the question about cash over the till, with something done to
// it.
func cashStory(name string, golden bool, minor int64, then ...func(*Stage) error) Story {
	return Story{Name: name, Golden: golden, Build: func(st *Stage) error {
		if err := backdrop(st); err != nil {
			return err
		}
		if _, err := cash.Ask(cash.Config{Host: st.Host, Text: st.Text, Now: later(), Due: eur(minor), Take: func() {}}); err != nil {
			return err
		}
		for _, f := range then {
			if err := f(st); err != nil {
				return err
			}
		}
		return nil
	}}
}

// resolveStory shows the form in which a person settles what is not known.
func resolveStory(name string, golden bool, s app.Sale, refund string, pin bool, then ...func(*Stage) error) Story {
	return Story{Name: name, Golden: golden, Build: func(st *Stage) error {
		if err := backdrop(st); err != nil {
			return err
		}
		q, _ := resolve.About(s, refund)
		_, err := resolve.Open(resolve.Config{
			Settler: frozen{}, Host: st.Host, Run: still{}, Text: st.Text, Operator: func() string { return "Nora" }, AsksPIN: func() bool { return pin },
		}, q)
		if err != nil {
			return err
		}
		for _, f := range then {
			if err := f(st); err != nil {
				return err
			}
		}
		return nil
	}}
}

func cashStories() []Story {
	live := func() app.Snapshot { return snapshot(payments.Live) }
	locked := func() app.Snapshot {
		s := live()
		s.Relay, s.Trouble = payments.Proof{}, []app.Trouble{{Code: "vault.locked", Since: now().Add(-time.Minute)}}
		return s
	}
	choose := func(st *Stage, _ *ui.Window) { _ = press(st, st.Text.T("charge.way.cash")) }
	noted := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 2 * time.Second, state: app.Paid, rail: payments.RailCash}
	co := noted.checkout()
	a := &co.Sale.Attempts[0]
	a.Link, a.Words, a.Reference, a.Offered = "", "", "", time.Time{}
	events := told(noted, moment{2 * time.Second, app.CashNoted, app.FromOperator, nil})
	return append([]Story{
		shellStory("charge-cash", 4500, live, choose),
		lockedStory(locked),
		lowStory(live),
		cashStory("cash", true, 4500),
		cashStory("cash-given", true, 4500, types("cash.given", "5000")),
		cashStory("cash-short", false, 4500, types("cash.given", "40,00"), taps("cash.taken")),
		wideStory("checkout-paid-cash", true, co, events, nil),
	}, resolveStories()...)
}

// lockedStory is a till whose secrets are locked: it offers cash and Practice.
func lockedStory(snap func() app.Snapshot) Story {
	return Story{Name: "charge-locked", Golden: true, Build: func(st *Stage) error {
		w, err := changedWindow(st, snap(), day(), calmFleet(), func(c *ui.Config) { c.Switch = func(payments.Mode, string) {} })
		if err == nil {
			w.Fill(eur(4500), "")
		}
		return err
	}}
}

// lowStory is a window so low that the ways to pay fold into an arrow.
func lowStory(snap func() app.Snapshot) Story {
	s := shellStory("charge-low", 4500, snap, nil)
	build := s.Build
	s.Build = func(st *Stage) error {
		if st.Look.Factor == 1 {
			st.Look.Height = 600
			st.Window.Resize(fyne.NewSize(st.Look.Width, st.Look.Height))
		}
		return build(st)
	}
	return s
}

func resolveStories() []Story {
	hanna := sample{client: "Hanna Schmid", note: "Root colour", minor: 4800, state: app.Unknown, ago: 25 * time.Hour}
	day := hanna.checkout()
	day.Sale.Attempts[0].Unsure = now().Add(-25 * time.Hour)
	young := hanna
	young.ago = 9 * time.Minute
	fresh := young.checkout()
	fresh.Sale.Attempts[0].Unsure = now().Add(-8 * time.Minute)
	moments := func(s sample) []app.Event {
		return told(s, moment{8 * time.Minute, app.CustomerOpened, app.FromRelay, nil},
			moment{6 * time.Minute, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: payments.Unknown}},
			moment{5 * time.Minute, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: payments.Absent}})
	}
	refunded := paidSale().sale()
	refunded.Attempts[0].Refunds = []app.Refund{{OrderID: "R1", State: app.RefundUnknown, Amount: eur(2000), Asked: now().Add(-25 * time.Hour)}}
	return []Story{
		wideStory("unknown-young", true, fresh, moments(young), nil),
		wideStory("unknown-day", true, day, moments(hanna), nil),
		resolveStory("resolve-paid", true, day.Sale, "", false),
		resolveStory("resolve-not", true, day.Sale, "", true, taps("settle.not")),
		resolveStory("resolve-bad", false, day.Sale, "", true, taps("settle.not"), types("resolve.last", "12"), types("resolve.time", "noon"), taps("settle.not.do")),
		resolveStory("resolve-refund", false, refunded, "R1", true),
	}
}
