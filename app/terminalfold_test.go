package app_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/payments"
)

// card begins an attempt on a terminal.
func (p *tape) card(attempt app.AttemptID) {
	if p.head() == 0 {
		p.add("", app.FromDesk, app.SaleOpened, "", app.SaleData{Lines: []app.Line{{Amount: eur(4500)}}})
	}
	p.add(attempt, app.FromDesk, app.AttemptIntended, "", app.IntentData{
		Rail: payments.RailTerminal, OrderID: "P" + string(attempt), Device: "D1", DeviceLabel: "Front", SID: "sid-" + string(attempt),
	})
}

func (p *tape) sending(attempt app.AttemptID) {
	p.add(attempt, app.FromDesk, app.TerminalSending, "", app.SendingData{Previous: "before"})
}

func (p *tape) ended(o payments.Outcome) {
	p.add("A", app.FromTerminal, app.TerminalOutcome, "", app.OutcomeData{Outcome: o, Code: "code", Card: payments.Card{RRN: "7"}})
}

func (p *tape) cut() {
	p.add("A", app.FromDesk, app.TerminalOutcome, "", app.OutcomeData{Outcome: payments.Unknown, Code: app.ReasonLost})
}

func (p *tape) asked(o payments.Outcome, asOf int64) {
	p.query++
	p.add("A", app.FromTerminal, app.TerminalOutcome, fmt.Sprint("q", p.query), app.OutcomeData{Outcome: o, Asked: true, AsOf: asOf})
}

func (p *tape) credited(ref string) {
	p.add("A", app.FromList, app.PaymentSeen, ref, app.EvidenceData{})
}

// What a terminal declined is over: it hides neither that money was taken back, nor
// how the attempt after it ended, as a link does whose page is still open.
func TestADeclinedTerminalHidesNothing(t *testing.T) {
	t.Parallel()
	declined := func(p *tape, attempt app.AttemptID) {
		p.card(attempt)
		p.sending(attempt)
		p.add(attempt, app.FromTerminal, app.TerminalOutcome, "", app.OutcomeData{Outcome: payments.Declined})
	}
	for name, tt := range map[string]struct {
		story func(*tape)
		want  app.State
	}{
		"taken back before": {func(p *tape) {
			p.begin("A")
			p.notice("1")
			p.rollback("e/1")
			p.status(payments.Reversed, "1")
			declined(p, "B")
		}, app.Reversed},
		"withdrawn after": {func(p *tape) {
			declined(p, "B")
			p.begin("A")
			p.desk(app.AttemptWithdrawn)
		}, app.Withdrawn},
		"nothing else": {func(p *tape) { declined(p, "B") }, app.Declined},
		"a link is declined after": {func(p *tape) {
			declined(p, "B")
			p.begin("A")
			p.status(payments.Declined, "")
		}, app.Declined},
		"a link is open before": {func(p *tape) { p.begin("A"); declined(p, "B") }, app.Offered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p tape
			tt.story(&p)
			if got := app.Fold(p.events); got.State != tt.want {
				t.Errorf("the sale is %s, want %s: %+v", got.State, tt.want, got.Attempts)
			}
		})
	}
}

func TestFoldOfTerminals(t *testing.T) {
	t.Parallel()
	type steps = func(*tape)
	tests := []struct {
		name  string
		run   steps
		want  app.State
		dirty bool
	}{
		{"prepared", func(*tape) {}, app.Preparing, false},
		{"refused before it left", func(p *tape) { p.add("A", app.FromDesk, app.OfferFailed, "", app.ReasonData{Code: "x"}) }, app.NotCharged, false},
		{"sent", func(p *tape) { p.sending("A") }, app.Offered, false},
		{"card read", func(p *tape) { p.sending("A"); p.add("A", app.FromTerminal, app.CustomerOpened, "", nil) }, app.Opened, false},
		{"paid", func(p *tape) { p.sending("A"); p.ended(payments.Paid) }, app.Paid, true},
		{"paid, told", func(p *tape) { p.sending("A"); p.ended(payments.Paid); p.desk(app.TerminalCompleted) }, app.Paid, false},
		{"declined", func(p *tape) { p.sending("A"); p.ended(payments.Declined) }, app.Declined, true},
		{"not charged", func(p *tape) { p.sending("A"); p.ended(payments.NotCharged) }, app.NotCharged, true},
		{"cancelling", func(p *tape) { p.sending("A"); p.desk(app.CancelAsked) }, app.Cancelling, false},
		{"cancelled, and paid all the same", func(p *tape) { p.sending("A"); p.desk(app.CancelAsked); p.ended(payments.Paid) }, app.Paid, true},
		{"cancelled, and the answer lost", func(p *tape) { p.sending("A"); p.desk(app.CancelAsked); p.cut() }, app.Unknown, false},
		{"lost, then cancelled", func(p *tape) { p.sending("A"); p.cut(); p.desk(app.CancelAsked) }, app.Unknown, false},
		{"lost", func(p *tape) { p.sending("A"); p.cut() }, app.Unknown, false},
		{"no record", func(p *tape) { p.sending("A"); p.cut(); p.asked(payments.Absent, p.head()) }, app.Unknown, false},
		{"lost, looked up", func(p *tape) { p.sending("A"); p.cut(); p.asked(payments.Paid, p.head()) }, app.Paid, true},
		{"no record, then found", func(p *tape) {
			p.sending("A")
			p.cut()
			p.asked(payments.Absent, p.head())
			p.asked(payments.Declined, p.head())
		}, app.Declined, true},
		{"lost, in the list", func(p *tape) { p.sending("A"); p.cut(); p.credited("POS1") }, app.Paid, true},
		{"not charged, but in the list", func(p *tape) { p.sending("A"); p.ended(payments.NotCharged); p.credited("POS1") }, app.Unknown, true},
		{"paid, then it says declined", func(p *tape) { p.sending("A"); p.ended(payments.Paid); p.asked(payments.Declined, p.head()) }, app.Unknown, true},
		{"paid, then it knows nothing", func(p *tape) { p.sending("A"); p.ended(payments.Paid); p.asked(payments.Absent, p.head()) }, app.Paid, true},
		{"resolved: not paid", func(p *tape) { p.sending("A"); p.cut(); p.resolve(false) }, app.NotCharged, true},
		{"resolved: paid", func(p *tape) { p.sending("A"); p.cut(); p.resolve(true) }, app.Paid, true},
		{"an answer asked before the operator's", func(p *tape) {
			p.sending("A")
			p.cut()
			asOf := p.head()
			p.resolve(false)
			p.asked(payments.Paid, asOf)
		}, app.NotCharged, true},
		{"resolved not paid, then found paid", func(p *tape) { p.sending("A"); p.cut(); p.resolve(false); p.asked(payments.Paid, p.head()) }, app.PaidLate, true},
		{"resolved not paid, then no record", func(p *tape) { p.sending("A"); p.cut(); p.resolve(false); p.asked(payments.Absent, p.head()) }, app.NotCharged, true},
		{"paid and given back", func(p *tape) { p.sending("A"); p.ended(payments.Paid); p.refund("R1", 4500, payments.Refunded) }, app.Refunded, true},
		{"declined, then paid on a second try", func(p *tape) {
			p.sending("A")
			p.ended(payments.Declined)
			p.card("B")
			p.sending("B")
			p.add("B", app.FromTerminal, app.TerminalOutcome, "", app.OutcomeData{Outcome: payments.Paid})
		}, app.Paid, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p tape
			p.card("A")
			tt.run(&p)
			got := app.Fold(p.events)
			if got.State != tt.want || got.Attempts[0].Dirty != tt.dirty {
				t.Errorf("sale is %q, dirty %v, want %q, %v: %+v", got.State, got.Attempts[0].Dirty, tt.want, tt.dirty, got.Attempts)
			}
			sameInAnyOrder(t, p.events)
		})
	}
}

// TestFoldOfTerminalsFollowsTheTruth runs one payment on a terminal whose truth
// is drawn: whatever was lost, asked and repeated, the journal never says more
// than was proven, and ends with the truth once the terminal has told it.
func TestFoldOfTerminalsFollowsTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		truth := rapid.SampledFrom([]payments.Outcome{payments.Paid, payments.Declined, payments.NotCharged}).Draw(t, "truth")
		var p tape
		p.card("A")
		p.sending("A")
		told, over := false, false
		var flying []int64
		t.Repeat(map[string]func(*rapid.T){
			"card":   func(*rapid.T) { p.add("A", app.FromTerminal, app.CustomerOpened, "", nil) },
			"cancel": func(*rapid.T) { p.desk(app.CancelAsked) },
			"end": func(*rapid.T) {
				if !over {
					p.ended(truth)
					told, over = true, true
				}
			},
			"cut": func(*rapid.T) {
				if !over {
					p.cut()
					over = true
				}
			},
			"ask": func(*rapid.T) {
				if over {
					flying = append(flying, p.head())
				}
			},
			"answer": func(t *rapid.T) {
				if len(flying) == 0 {
					return
				}
				o := truth
				if truth == payments.NotCharged || rapid.Bool().Draw(t, "no record kept") && truth != payments.Paid {
					o = payments.Absent // what was not charged may leave no record
				}
				told = told || o != payments.Absent
				p.asked(o, flying[0])
				flying = flying[1:]
			},
			"complete": func(*rapid.T) {
				if told {
					p.desk(app.TerminalCompleted)
				}
			},
			"": func(t *rapid.T) {
				s := app.Fold(p.events)
				a := s.Attempts[0]
				switch {
				case s.State == app.Paid && truth != payments.Paid:
					t.Fatalf("paid, but it is %s", truth)
				case (s.State == app.Declined || s.State == app.NotCharged) && truth == payments.Paid:
					t.Fatalf("%s, but the customer has paid", s.State)
				case over && !told && s.State != app.Unknown:
					t.Fatalf("nobody has told, but it is %q", s.State)
				case a.Dirty && !told:
					t.Fatal("dirty without an outcome")
				}
				if told && !slices.Contains([]app.State{app.Paid, app.Declined, app.NotCharged}, s.State) {
					t.Fatalf("told %s, but it is %q", truth, s.State)
				}
				if len(p.events)%9 == 0 {
					sameInAnyOrder(t, p.events)
				}
			},
		})
		again := app.Fold(append(slices.Clone(p.events), p.events...))
		if diff := cmp.Diff(app.Fold(p.events), again); diff != "" {
			t.Fatalf("repeats changed the sale:\n%s", diff)
		}
	})
}

// A tip of the desk stands in what a cloud terminal is asked for; the one it tells
// of comes on top.
func TestATipOnACloudTerminalComesOnTop(t *testing.T) {
	t.Parallel()
	var p tape
	p.add("", app.FromDesk, app.SaleOpened, "", app.SaleData{Lines: []app.Line{{Amount: eur(4500)}}})
	p.add("A", app.FromDesk, app.AttemptIntended, "", app.IntentData{
		Rail: payments.RailCloud, OrderID: "PA", Device: "C1", SID: "sid-A", Tip: eur(500),
	})
	p.sending("A")
	p.add("A", app.FromTerminal, app.TerminalOutcome, "", app.OutcomeData{
		Outcome: payments.Paid, Card: payments.Card{RRN: "7", Tip: eur(300)},
	})
	s := app.Fold(p.events)
	if a := s.Attempts[0]; s.Received != eur(4800) || s.Added != eur(300) || a.Tip != eur(800) {
		t.Errorf("received %v, added %v, tip %v", s.Received, s.Added, a.Tip)
	}
}
