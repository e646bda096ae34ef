package reconcile

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

func data(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// story is the events of one sale of 45.00 on a rail, a minute apart.
func story(rail payments.Rail, more ...app.Event) []app.Event {
	device := ""
	if rail == payments.RailTerminal {
		device = "D1"
	}
	events := append([]app.Event{
		{Kind: app.SaleOpened, Source: app.FromDesk, Amount: eur(4500), Data: data(app.SaleData{})},
		{Attempt: "A", Kind: app.AttemptIntended, Source: app.FromDesk, Amount: eur(4500), Data: data(app.IntentData{Rail: rail, OrderID: order(1), Device: device})},
		{Attempt: "A", Kind: app.TerminalSending, Source: app.FromDesk, Data: data(app.SendingData{})},
	}, more...)
	if device == "" {
		events = slices.Delete(events, 2, 3)
	}
	for i := range events {
		events[i].Sale, events[i].Seq, events[i].Wall = "S", int64(i+1), noon.Add(time.Duration(i)*time.Minute)
	}
	return events
}

func event(kind app.Kind, source app.Source, reference string, amount money.Amount, v any) app.Event {
	return app.Event{Attempt: "A", Kind: kind, Source: source, Reference: reference, Amount: amount, Data: data(v)}
}

func answered(n string, o payments.Outcome) app.Event {
	return event(app.StatusAnswered, app.FromStatus, n, eur(4500), app.StatusData{
		Outcome: o, Reference: "700001", AsOf: 99, Raw: []byte(`{"PaymentReference":"MTCOR700001XXK7","PaymentStatus":1}`),
	})
}

func TestMovesOfASale(t *testing.T) {
	t.Parallel()
	notice := event(app.PaymentSeen, app.FromNotice, "700001", eur(4500), app.EvidenceData{})
	refund := func(o payments.Outcome) []app.Event {
		return []app.Event{
			event(app.RefundIntended, app.FromOperator, order(901), eur(500), app.RefundData{OrderID: order(901)}),
			event(app.RefundSettled, app.FromStatus, order(901), eur(500), app.RefundData{OrderID: order(901), Outcome: o, Reference: "700002"}),
		}
	}
	lost := event(app.TerminalOutcome, app.FromTerminal, "", money.Amount{}, app.OutcomeData{Outcome: payments.Unknown})
	for name, tc := range map[string]struct {
		events  []app.Event
		want    []Expect
		noticed bool
		unsure  bool
	}{
		"paid by notice":       {story(payments.RailLink, notice), []Expect{Must}, true, false},
		"paid by two answers":  {story(payments.RailLink, answered("1", payments.Paid), event("", "", "", eur(0), nil), answered("2", payments.Paid)), []Expect{Must}, false, false},
		"told once":            {story(payments.RailLink, answered("1", payments.Paid)), []Expect{May}, false, true},
		"open":                 {story(payments.RailLink), []Expect{May}, false, false},
		"taken back":           {story(payments.RailLink, notice, answered("1", payments.Reversed)), []Expect{Gone, Taken}, true, false},
		"given back":           {story(payments.RailLink, append([]app.Event{notice}, refund(payments.Refunded)...)...), []Expect{Must, Must}, true, false},
		"refund failed":        {story(payments.RailLink, append([]app.Event{notice}, refund(payments.Declined)...)...), []Expect{Must, Never}, true, false},
		"refund not known":     {story(payments.RailLink, append([]app.Event{notice}, refund(payments.Unknown)...)...), []Expect{Must, May}, true, false},
		"terminal without end": {story(payments.RailTerminal, lost), []Expect{May}, true, true},
		"cash":                 {story(payments.RailCash), nil, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			moves := Moves(tc.events, func(device string) string { return map[string]string{"D1": "80000001"}[device] })
			var got []Expect
			for _, m := range moves {
				got = append(got, m.Expect)
			}
			if !slices.Equal(got, tc.want) {
				t.Fatalf("%v, want %v", got, tc.want)
			}
			if len(moves) == 0 {
				return
			}
			m := moves[0]
			if m.Kind != In || m.Noticed != tc.noticed || m.Unsure != tc.unsure || !slices.Contains(m.Own, order(1)) || m.At.IsZero() || slices.Contains(m.Own, "700001") {
				t.Errorf("%+v", m)
			}
			if m.Rail == payments.RailTerminal && m.Terminal != "80000001" {
				t.Errorf("terminal %q", m.Terminal)
			}
			for _, back := range moves[1:] {
				if back.Kind != Out || back.ID == m.ID || !slices.Contains(back.Shared, order(1)) {
					t.Errorf("%+v", back)
				}
			}
		})
	}
	own := Moves(story(payments.RailLink, answered("1", payments.Paid)), func(string) string { return "" })[0].Own
	if !slices.Contains(own, "MTCOR700001XXK7") {
		t.Errorf("the name in the list is not known: %q", own)
	}
}
