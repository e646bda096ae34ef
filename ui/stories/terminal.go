package stories

import (
	"encoding/json"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/ui/screens/checkout"
)

// onTerminal turns a sample into a sale that is collected on a terminal.
func onTerminal(s sample, change func(*app.Attempt)) app.Checkout {
	s.rail = payments.RailTerminal
	co := s.checkout()
	co.QR = nil
	a := &co.Sale.Attempts[0]
	a.Link, a.Words, a.Reference = "", "", ""
	a.Device, a.DeviceLabel, a.SID, a.TerminalID = "FRONT001", "Front counter", "0b9d1c7e-3a44-4d5e-8f10-2c6b7a9e5d01", "80012345"
	if s.state == app.Preparing {
		a.Offered = time.Time{}
	}
	if change != nil {
		change(a)
	}
	return co
}

// terminalTale is what the journal tells of a terminal payment.
func terminalTale(co app.Checkout, o app.OutcomeData, ago time.Duration) []app.Event {
	sale, began := co.Sale, now().Sub(co.Sale.Created)
	event := func(seq int64, ago time.Duration, kind app.Kind, source app.Source, data any) app.Event {
		raw, err := json.Marshal(data)
		if err != nil {
			raw = nil
		}
		return app.Event{
			Seq: seq, Sale: sale.ID, Attempt: sale.Attempts[0].ID, Source: source, Kind: kind, Data: raw, Wall: now().Add(-ago),
			Amount: sale.Amount, Operator: "Nora",
		}
	}
	events := []app.Event{
		event(1, began, app.SaleOpened, app.FromOperator, app.SaleData{Client: sale.Client}),
		event(2, began, app.AttemptIntended, app.FromDesk, app.IntentData{Rail: payments.RailTerminal, Device: "FRONT001", DeviceLabel: "Front counter"}),
	}
	if o.Outcome == "" {
		events = append(events, event(3, ago, app.OfferFailed, app.FromDesk, app.ReasonData{Code: o.Code}))
	} else {
		events = append(events, event(3, began-time.Second, app.TerminalSending, app.FromDesk, app.SendingData{}),
			event(4, ago, app.TerminalOutcome, app.FromTerminal, o))
	}
	return events
}

// terminalStory shows the dialog of a terminal payment over the till.
func terminalStory(name string, co app.Checkout, events []app.Event, f fleet, ways ...payments.Rail) Story {
	golden := []string{"present", "pin-wrong", "signature", "busy", "unknown", "request"}
	if ways == nil {
		ways = []payments.Rail{payments.RailLink, payments.RailTerminal}
	}
	return Story{Name: "terminal-" + name, Golden: slices.Contains(golden, name), Build: func(st *Stage) error {
		d, err := checkout.New(checkout.Config{
			Till: frozen{}, Collector: frozen{}, Host: st.Host, Run: still{}, Text: st.Text, Now: now, Zone: time.UTC,
			Desk: "Main desk", Operator: func() string { return "Nora" },
			Settler: frozen{}, Devices: f.Devices, Ways: func() []payments.Rail { return ways },
			Copy: func(string) {}, Mail: func(string, string) error { return nil },
		})
		if err != nil {
			return err
		}
		if err := backdrop(st); err != nil {
			return err
		}
		d.Open(co)
		d.Update(co, events)
		switch name {
		case "choose":
			d.UseTerminal()
		case "settle":
			d.Settle()
		case "despite":
			d.Insist()
		}
		return nil
	}}
}

func terminalStories() []Story {
	const sec = time.Second
	ivana := sample{client: "Ivana Petrova", note: "Manicure", minor: 2800, ago: 14 * sec}
	f := salonFleet()
	stage := func(name string, state app.State, st app.Stage) Story {
		s := ivana
		s.state = state
		st.Since = now().Add(-13 * sec)
		co := onTerminal(s, func(a *app.Attempt) { a.Stage, a.Cancellable = st, st.Cancellable })
		return terminalStory(name, co, nil, f)
	}
	question := stage("question", app.Offered, app.Stage{Name: app.StagePresentCard, Cancellable: true})
	open := question.Build
	question.Build = func(st *Stage) error {
		err := open(st)
		if err == nil {
			st.Host.Top().AskClose()
		}
		return err
	}
	list := []Story{
		stage("waking", app.Preparing, app.Stage{}),
		stage("sent", app.Offered, app.Stage{Name: app.StageSent, Cancellable: true}),
		stage("present", app.Offered, app.Stage{Name: app.StagePresentCard, Cancellable: true}),
		stage("wrong-card", app.Offered, app.Stage{Name: app.StagePresentCard, Cancellable: true, Code: "terminal.unsupported_card"}),
		stage("read", app.Opened, app.Stage{Name: app.StageCardRead}),
		stage("currency", app.Opened, app.Stage{Name: app.StageCurrency, Offer: "30.43 USD"}),
		stage("pin", app.Opened, app.Stage{Name: app.StagePIN}),
		stage("pin-wrong", app.Opened, app.Stage{Name: app.StagePINWrong, TriesLeft: 2}),
		stage("bank", app.Opened, app.Stage{Name: app.StageAuthorising}),
		stage("cancelling", app.Cancelling, app.Stage{Name: app.StagePresentCard}),
		question,
	}
	return append(list, endedStories(ivana, f)...)
}

// endedStories are terminal payments that are over, and the ways around them.
func endedStories(ivana sample, f fleet) []Story {
	const sec, min = time.Second, time.Minute
	ended := func(name string, state app.State, o app.OutcomeData, ways []payments.Rail, change func(*app.Attempt)) Story {
		s := ivana
		s.state, s.ago, s.reason = state, 40*sec, o.Code
		co := onTerminal(s, change)
		return terminalStory(name, co, terminalTale(co, o, 4*sec), f, ways...)
	}
	paid := app.OutcomeData{Outcome: payments.Paid}
	card := func(a *app.Attempt) {
		a.CardLast4, a.CardName, a.RRN, a.AuthCode, a.Reference = "4417", "Visa", "632514000123", "P00123", "632514000123"
	}
	both := func(more func(*app.Attempt)) func(*app.Attempt) {
		return func(a *app.Attempt) { card(a); more(a) }
	}
	silent := sample{client: "Ivana Petrova", note: "Manicure", minor: 2800, state: app.Unknown, ago: 5 * min, reason: "terminal.lost"}
	long := onTerminal(silent, func(a *app.Attempt) { a.Unsure = now().Add(-4 * min) })
	return []Story{
		ended("paid", app.Paid, paid, nil, card),
		ended("paid-tip", app.Paid, paid, nil, both(func(a *app.Attempt) { a.Tip = eur(300) })),
		ended("signature", app.Paid, paid, nil, both(func(a *app.Attempt) { a.SignatureNeeded = true })),
		ended("no-paper", app.Paid, paid, nil, both(func(a *app.Attempt) { a.NoPaper = true })),
		ended("declined", app.Declined, app.OutcomeData{Outcome: payments.Declined, Code: "approval.51"}, nil, nil),
		ended("not-charged", app.NotCharged, app.OutcomeData{Outcome: payments.NotCharged, Code: "terminal.no_card"}, nil, nil),
		ended("busy", app.Withdrawn, app.OutcomeData{Code: "terminal.busy"}, nil, func(a *app.Attempt) { a.Offered = time.Time{} }),
		ended("gone", app.Withdrawn, app.OutcomeData{Code: "terminal.unreachable"}, []payments.Rail{payments.RailTerminal}, func(a *app.Attempt) { a.Offered = time.Time{} }),
		ended("unknown", app.Unknown, app.OutcomeData{Outcome: payments.Unknown, Code: "terminal.lost"}, nil, func(a *app.Attempt) { a.Unsure = now().Add(-5 * sec) }),
		terminalStory("unknown-long", long, terminalTale(long, app.OutcomeData{Outcome: payments.Unknown, Code: "terminal.lost"}, 4*min), f),
		terminalStory("despite", long, terminalTale(long, app.OutcomeData{Outcome: payments.Unknown, Code: "terminal.lost"}, 4*min), f),
		terminalStory("settle", long, terminalTale(long, app.OutcomeData{Outcome: payments.Unknown, Code: "terminal.lost"}, 4*min), f),
		secondRail(f), requestStory(), chooserStory(),
	}
}

// secondRail is a code that waits, with a terminal at hand.
func secondRail(f fleet) Story {
	s := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 45 * time.Second, state: app.Opened}
	return terminalStory("instead", s.checkout(), nil, f)
}

// requestStory is a payment request: its code, and that it cannot be withdrawn.
func requestStory() Story {
	s := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 45 * time.Second, state: app.Offered, rail: payments.RailRequest}
	return terminalStory("request", s.checkout(), nil, salonFleet(), payments.RailRequest, payments.RailTerminal)
}

// chooserStory asks which of several terminals is to be used.
func chooserStory() Story {
	f := salonFleet()
	f.list = append([]devices.Status(nil), f.list...)
	f.list[0].Default = false
	s := sample{client: "Anna Berger", note: "Cut", minor: 4500, ago: 45 * time.Second, state: app.Offered}
	return terminalStory("choose", s.checkout(), nil, f)
}
