package stories

import (
	"encoding/json"
	"time"

	"fyne.io/fyne/v2"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/ui"
	"frontdesk/ui/screens/checkout"
)

// every is the ways of a desk with everything connected.
func every() []payments.Rail {
	return []payments.Rail{payments.RailLink, payments.RailTerminal, payments.RailCash}
}

// wide is the dialog of a desk that refunds, prints and drives terminals.
func wide(st *Stage, change func(*checkout.Config)) (*checkout.Dialog, error) {
	cfg := checkout.Config{
		Till: frozen{}, Collector: frozen{}, Settler: frozen{}, Host: st.Host, Run: still{}, Text: st.Text, Now: now, Zone: time.UTC,
		Desk: "Main desk", Operator: func() string { return "Nora" }, Devices: salonFleet().Devices, Ways: every,
		Copy: func(string) {}, Mail: func(string, string) error { return nil },
		OnRefund: func(app.Sale) {}, OnReceipt: func(app.SaleID) {}, OnDevices: func() {},
	}
	if change != nil {
		change(&cfg)
	}
	return checkout.New(cfg)
}

// wideStory shows such a dialog over the till.
func wideStory(name string, golden bool, co app.Checkout, events []app.Event, change func(*checkout.Config), then ...func(*Stage, *checkout.Dialog) error) Story {
	return Story{Name: name, Golden: golden, Build: func(st *Stage) error {
		d, err := wide(st, change)
		if err != nil {
			return err
		}
		if err := backdrop(st); err != nil {
			return err
		}
		d.Open(co)
		d.Update(co, events)
		for _, f := range then {
			if err := f(st, d); err != nil {
				return err
			}
		}
		return nil
	}}
}

// told are the events of moments; those of a story always encode.
func told(s sample, moments ...moment) []app.Event {
	events, err := tale(s, moments...)
	if err != nil {
		return nil
	}
	return events
}

// nina is a payment that went back because nobody answered its notice.
func nina() (sample, []app.Event) {
	s := sample{client: "Nina Bauer", note: "Updo", minor: 7500, state: app.Reversed, ago: 35 * time.Minute, card: "6120"}
	return s, told(s,
		moment{34 * time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "6120"}},
		moment{31 * time.Minute, app.RollbackSeen, app.FromNotice, nil},
		moment{31 * time.Minute, app.StatusAnswered, app.FromStatus, app.StatusData{Outcome: payments.Reversed}})
}

func alarmStories() []Story {
	s, events := nina()
	behind := func(n int) func(*checkout.Config) {
		return func(c *checkout.Config) {
			c.Guard, c.More = time.Nanosecond, func() int { return n }
		}
	}
	cashOnly := func(c *checkout.Config) {
		c.Ways = func() []payments.Rail { return []payments.Rail{payments.RailCash} }
	}
	tapped := func(key string) func(*Stage, *checkout.Dialog) error {
		return func(st *Stage, _ *checkout.Dialog) error { return press(st, st.Text.T(key)) }
	}
	walkin := s
	walkin.client, walkin.reason = "", app.ReasonRollback
	late := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 20 * time.Minute, state: app.PaidLate, card: "4417"}
	lateTale := told(late, moment{19 * time.Minute, app.AttemptWithdrawn, app.FromDesk, nil}, moment{time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}})
	twice := sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 20 * time.Minute, state: app.Overpaid, received: 9000, card: "4417"}
	twiceTale := told(twice, moment{9 * time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}}, moment{time.Minute, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}})
	return []Story{
		shellAlarm(s.sale()),
		wideStory("alarm-taken-back", true, s.checkout(), events, behind(0)),
		wideStory("alarm-several", false, s.checkout(), events, behind(2)),
		wideStory("alarm-cash-only", false, walkin.checkout(), events, cashOnly),
		wideStory("alarm-drop", false, s.checkout(), events, clocked, tapped("alarm.drop")),
		wideStory("alarm-paid-late", true, late.checkout(), lateTale, behind(0)),
		wideStory("alarm-paid-twice", true, twice.checkout(), twiceTale, behind(1)),
		wideStory("checkout-paid-receipt", true, paidSale().checkout(), paidTale(), nil),
		wideStory("checkout-paid-unprinted", true, paidSale().checkout(), append(paidTale(), unprinted()), nil),
		wideStory("terminal-unfinished", true, held(), nil, nil),
	}
}

// clocked lets the time pass in which a fresh dialog takes no press.
func clocked(c *checkout.Config) { c.Now = later() }

// shellAlarm is an alarm that came over the page of the payments.
func shellAlarm(s app.Sale) Story {
	return shellStory("alarm-over-payments", 0, func() app.Snapshot { return snapshot(payments.Live) }, func(_ *Stage, w *ui.Window) {
		w.TypedKey(&fyne.KeyEvent{Name: fyne.KeyF3})
		snap := snapshot(payments.Live)
		snap.Revision++
		snap.Alarms = []app.Sale{s, sample{client: "Eva Lang", note: "Cut", minor: 6000, state: app.PaidLate, ago: time.Hour}.sale()}
		w.SetSnapshot(snap)
	})
}

func paidSale() sample {
	return sample{client: "Anna Berger", note: "Cut, blow-dry", minor: 4500, ago: 45 * time.Second, state: app.Paid, card: "4417"}
}

func paidTale() []app.Event {
	return told(paidSale(), moment{20 * time.Second, app.CustomerOpened, app.FromRelay, nil},
		moment{4 * time.Second, app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: "4417"}})
}

// unprinted is a receipt that did not come out.
func unprinted() app.Event {
	raw, err := json.Marshal(app.ReceiptData{Kind: app.ReceiptSale, Way: app.ReceiptESCPOS, Failed: "printer.unreachable"})
	if err != nil {
		raw = nil
	}
	return app.Event{Seq: 9, Kind: app.ReceiptPrinted, Source: app.FromDesk, Wall: now().Add(-2 * time.Second), Data: raw}
}

// held is a charge that a terminal would not take before somebody looks after
// the payment it holds.
func held() app.Checkout {
	s := sample{client: "Ivana Petrova", note: "Manicure", minor: 2800, state: app.Withdrawn, ago: 20 * time.Second, reason: "terminal.unfinished"}
	return onTerminal(s, func(a *app.Attempt) { a.Offered = time.Time{} })
}
