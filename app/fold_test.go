package app_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// tape writes events as a journal would: gapless Seq, no repeats.
type tape struct {
	events []app.Event
	now    time.Duration
	query  int
}

func begun() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

func (p *tape) head() int64 { return int64(len(p.events)) }

func (p *tape) add(attempt app.AttemptID, src app.Source, k app.Kind, ref string, data any) {
	if slices.ContainsFunc(p.events, func(e app.Event) bool {
		return e.Attempt == attempt && e.Source == src && e.Kind == k && e.Reference == ref
	}) {
		return
	}
	e := app.Event{
		Seq: p.head() + 1, Sale: "SALE", Attempt: attempt, Source: src, Kind: k, Reference: ref,
		Amount: money.Amount{Minor: 4500, Currency: "EUR"}, Wall: begun().Add(p.now), Mono: p.now,
	}
	if data != nil {
		e.Data, _ = json.Marshal(data)
	}
	p.events = append(p.events, e)
	p.now += time.Second
}

func (p *tape) begin(attempt app.AttemptID) {
	if p.head() == 0 {
		p.add("", app.FromDesk, app.SaleOpened, "", app.SaleData{Lines: []app.Line{{Amount: eur(4500)}}})
	}
	p.add(attempt, app.FromDesk, app.AttemptIntended, "", app.IntentData{Rail: payments.RailLink, OrderID: "P" + string(attempt)})
	p.add(attempt, app.FromDesk, app.AttemptOffered, "", app.OfferData{URL: "u"})
}

func (p *tape) notice(ref string) {
	p.add("A", app.FromNotice, app.PaymentSeen, ref, app.EvidenceData{})
}

func (p *tape) rollback(at string) {
	p.add("A", app.FromNotice, app.RollbackSeen, at, app.EvidenceData{})
}
func (p *tape) desk(k app.Kind)      { p.add("A", app.FromDesk, k, "", nil) }
func (p *tape) wait(d time.Duration) { p.now += d }

func (p *tape) status(o payments.Outcome, ref string) { p.statusAsOf(p.head(), o, ref) }

func (p *tape) statusAsOf(asOf int64, o payments.Outcome, ref string) {
	p.query++
	p.add("A", app.FromStatus, app.StatusAnswered, fmt.Sprint(p.query), app.StatusData{AsOf: asOf, Run: "run", Outcome: o, Reference: ref})
}

func (p *tape) resolve(paid bool) {
	p.add("A", app.FromOperator, app.Resolved, fmt.Sprint(p.head()), app.ResolveData{Paid: paid, Evidence: "813705"})
}

func (p *tape) refund(id string, minor int64, o payments.Outcome) {
	p.add("A", app.FromOperator, app.RefundIntended, id, app.RefundData{OrderID: id})
	p.events[len(p.events)-1].Amount = eur(minor)
	if o != "" {
		p.add("A", app.FromStatus, app.RefundSettled, id, app.RefundData{OrderID: id, Outcome: o})
	}
}

func TestFoldOfEvidence(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		run  func(*tape)
		want app.State
	}{
		{"offered", func(*tape) {}, app.Offered},
		{"opened", func(p *tape) { p.desk(app.CustomerOpened) }, app.Opened},
		{"notice", func(p *tape) { p.notice("1") }, app.Paid},
		{"absent disproves nothing", func(p *tape) { p.notice("1"); p.status(payments.Absent, "") }, app.Paid},
		{"pending disproves nothing", func(p *tape) { p.notice("1"); p.status(payments.Pending, "") }, app.Paid},
		{"one answer is no proof", func(p *tape) { p.status(payments.Paid, "1") }, app.Unknown},
		{"two answers too close", func(p *tape) {
			p.status(payments.Paid, "1")
			p.wait(58 * time.Second)
			p.status(payments.Paid, "1")
		}, app.Unknown},
		{"two answers a minute apart", func(p *tape) {
			p.status(payments.Paid, "1")
			p.wait(59 * time.Second)
			p.status(payments.Paid, "1")
		}, app.Paid},
		{"two answers, two references", func(p *tape) {
			p.status(payments.Paid, "1")
			p.wait(time.Hour)
			p.status(payments.Paid, "2")
		}, app.Unknown},
		{"two notices, two references", func(p *tape) { p.notice("1"); p.notice("2") }, app.Unknown},
		{"rollback", func(p *tape) { p.notice("1"); p.rollback("e/1") }, app.Unknown},
		{"rollback before its notice", func(p *tape) { p.rollback("e/1"); p.notice("1") }, app.Unknown},
		{"rollback, asked before it", func(p *tape) {
			p.notice("1")
			asOf := p.head()
			p.rollback("e/1")
			p.statusAsOf(asOf, payments.Paid, "1")
		}, app.Unknown},
		{"rollback, still paid", func(p *tape) { p.notice("1"); p.rollback("e/1"); p.status(payments.Paid, "1") }, app.Paid},
		{"rollback, reversed", func(p *tape) { p.notice("1"); p.rollback("e/1"); p.status(payments.Reversed, "1") }, app.Reversed},
		{"rollback, not successful", func(p *tape) { p.notice("1"); p.rollback("e/1"); p.status(payments.Declined, "") }, app.Reversed},
		{"rollback, still paid, rollback", func(p *tape) {
			p.notice("1")
			p.rollback("e/1")
			p.status(payments.Paid, "1")
			p.rollback("e/2")
		}, app.Unknown},
		{"second rollback after reversed", func(p *tape) {
			p.notice("1")
			p.rollback("e/1")
			p.status(payments.Reversed, "1")
			p.rollback("e/2")
		}, app.Reversed},
		{"reversed without rollback", func(p *tape) { p.notice("1"); p.status(payments.Reversed, "1") }, app.Reversed},
		{"not successful, asked before the notice", func(p *tape) {
			asOf := p.head()
			p.notice("1")
			p.statusAsOf(asOf, payments.Declined, "")
		}, app.Paid},
		{"not successful before any payment", func(p *tape) { p.status(payments.Declined, "") }, app.Declined},
		{"declined, then another card", func(p *tape) { p.status(payments.Declined, ""); p.notice("1") }, app.Paid},
		{"notice older than the reversal", func(p *tape) { p.status(payments.Reversed, "1"); p.notice("1") }, app.Unknown},
		{"the same, asked again", func(p *tape) {
			p.status(payments.Reversed, "1")
			p.notice("1")
			p.status(payments.Reversed, "1")
		}, app.Reversed},
		{"paid after reversed", func(p *tape) { p.status(payments.Reversed, "1"); p.status(payments.Paid, "1") }, app.Unknown},
		{"paid, asked before the reversal was known", func(p *tape) {
			asOf := p.head()
			p.status(payments.Reversed, "1")
			p.statusAsOf(asOf, payments.Paid, "1")
		}, app.Reversed},
		{"one answer, then not successful", func(p *tape) { p.status(payments.Paid, "1"); p.status(payments.Declined, "") }, app.Reversed},
		{"withdrawn", func(p *tape) { p.desk(app.CancelAsked); p.desk(app.AttemptWithdrawn) }, app.Withdrawn},
		{"cancelling", func(p *tape) { p.desk(app.CancelAsked) }, app.Cancelling},
		{"paid while cancelling", func(p *tape) { p.desk(app.CancelAsked); p.notice("1") }, app.Paid},
		{"withdrawn, then paid", func(p *tape) { p.desk(app.AttemptWithdrawn); p.notice("1") }, app.PaidLate},
		{"expired, then paid, kept", func(p *tape) {
			p.desk(app.AttemptExpired)
			p.notice("1")
			p.desk(app.LateKept)
		}, app.Paid},
		{"paid, then withdrawn", func(p *tape) { p.notice("1"); p.desk(app.AttemptWithdrawn) }, app.Paid},
		{"resolved paid", func(p *tape) { p.notice("1"); p.notice("2"); p.resolve(true) }, app.Paid},
		{"resolved not paid", func(p *tape) { p.rollback("e/1"); p.resolve(false) }, app.Withdrawn},
		{"resolved not paid, then a notice", func(p *tape) { p.rollback("e/1"); p.resolve(false); p.notice("1") }, app.PaidLate},
		{"resolved paid, then reversed", func(p *tape) { p.rollback("e/1"); p.resolve(true); p.status(payments.Reversed, "1") }, app.Reversed},
		{"an answer asked before the operator's", func(p *tape) {
			p.rollback("e/1")
			asOf := p.head()
			p.resolve(true)
			p.statusAsOf(asOf, payments.Reversed, "1")
		}, app.Paid},
		{"oddity", func(p *tape) { p.add("A", app.FromNotice, app.NoticeOddity, "1", app.EvidenceData{}) }, app.Offered},
		{"refunded in part", func(p *tape) { p.notice("1"); p.refund("R1", 1000, payments.Refunded) }, app.PartRefunded},
		{"refunded", func(p *tape) {
			p.notice("1")
			p.refund("R1", 1000, payments.Refunded)
			p.refund("R2", 3500, payments.Refunded)
		}, app.Refunded},
		{"refund failed", func(p *tape) { p.notice("1"); p.refund("R1", 4500, payments.Declined) }, app.Paid},
		{"refund unknown", func(p *tape) { p.notice("1"); p.refund("R1", 4500, payments.Unknown) }, app.Paid},
		{"refund unknown, then reversed", func(p *tape) {
			p.notice("1")
			p.refund("R1", 4500, payments.Unknown)
			p.status(payments.Reversed, "1")
		}, app.Reversed},
		{"another attempt paid, too", func(p *tape) {
			p.notice("1")
			p.begin("B")
			p.add("B", app.FromNotice, app.PaymentSeen, "2", nil)
		}, app.Overpaid},
		{"second payment given back", func(p *tape) {
			p.begin("B")
			p.add("B", app.FromNotice, app.PaymentSeen, "2", nil)
			p.notice("1")
			p.refund("R1", 4500, payments.Refunded)
		}, app.Paid},
		{"reversed, asked again", func(p *tape) {
			p.notice("1")
			p.status(payments.Reversed, "1")
			p.begin("B")
		}, app.Offered},
		{"unknown comes first", func(p *tape) {
			p.rollback("e/1")
			p.begin("B")
			p.add("B", app.FromNotice, app.PaymentSeen, "2", nil)
		}, app.Unknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p tape
			p.begin("A")
			tt.run(&p)
			got := app.Fold(p.events)
			if got.State != tt.want {
				t.Errorf("sale is %q, want %q: %+v", got.State, tt.want, got.Attempts)
			}
			sameInAnyOrder(t, p.events)
		})
	}
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func sameInAnyOrder(t failer, events []app.Event) {
	t.Helper()
	want := app.Fold(events)
	mixed := slices.Clone(events)
	random := rand.New(rand.NewPCG(1, uint64(len(events))))
	for range 3 {
		random.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if diff := cmp.Diff(want, app.Fold(append(mixed, mixed[0]))); diff != "" {
			t.Fatalf("another order of the slice folds differently (-want +got):\n%s", diff)
		}
	}
}

// provider is the truth about one order, as in ten lines of model: a card may
// be refused, then one may be taken, then that may be given back.
type provider struct {
	state payments.Outcome
	sent  []string // notices on their way, in any order
}

func (p *provider) answer(t *rapid.T) payments.Outcome {
	if p.state == payments.Reversed && rapid.Bool().Draw(t, "said as 3") {
		return payments.Declined
	}
	return p.state
}

// TestFoldFollowsTheTruth lets truthful messages about one order come late,
// twice, in any order or never, between whatever the desk does.
func TestFoldFollowsTheTruth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p tape
		p.begin("A")
		truth := provider{state: payments.Absent}
		type asked struct {
			asOf int64
			said payments.Outcome
		}
		var flying []asked
		rollbacks := 0
		seen := map[string]bool{}
		var firstPaid, lastPaid time.Duration
		var lastRollback, cleared int64
		take := func(a asked) {
			cleared = max(cleared, a.asOf)
			if a.said == payments.Paid {
				if firstPaid == 0 {
					firstPaid = p.now
				}
				lastPaid = p.now
			}
			p.statusAsOf(a.asOf, a.said, map[bool]string{true: "1"}[a.said == payments.Paid || a.said == payments.Reversed])
		}
		step := map[string]func(*rapid.T){
			"decline": func(*rapid.T) {
				if truth.state == payments.Absent {
					truth.state = payments.Declined
				}
			},
			"pay": func(*rapid.T) {
				if truth.state == payments.Absent || truth.state == payments.Declined {
					truth.state, truth.sent = payments.Paid, append(truth.sent, "notify")
				}
			},
			"reverse": func(*rapid.T) {
				if truth.state == payments.Paid {
					truth.state, truth.sent = payments.Reversed, append(truth.sent, "rollback")
				}
			},
			"deliver": func(t *rapid.T) {
				if len(truth.sent) == 0 {
					return
				}
				m := rapid.SampledFrom(truth.sent).Draw(t, "message") // and again, later
				seen[m] = true
				if m == "notify" {
					p.notice("1")
					return
				}
				rollbacks++
				p.rollback(fmt.Sprint("e/", rollbacks))
				lastRollback = p.head()
			},
			"ask": func(t *rapid.T) { flying = append(flying, asked{p.head(), truth.answer(t)}) },
			"answer": func(*rapid.T) {
				if len(flying) > 0 {
					take(flying[0])
					flying = flying[1:]
				}
			},
			"wait":     func(*rapid.T) { p.wait(30 * time.Second) },
			"open":     func(*rapid.T) { p.add("A", app.FromRelay, app.CustomerOpened, "", nil) },
			"cancel":   func(*rapid.T) { p.desk(app.CancelAsked) },
			"withdraw": func(*rapid.T) { p.desk(app.AttemptWithdrawn) },
			"expire":   func(*rapid.T) { p.desk(app.AttemptExpired) },
			"": func(t *rapid.T) {
				s := app.Fold(p.events)
				switch s.State {
				case app.Paid, app.PaidLate:
					if !seen["notify"] && lastPaid-firstPaid < time.Minute {
						t.Fatalf("paid without proof: %+v", s)
					}
					if cleared < lastRollback {
						t.Fatalf("paid though nobody was asked after a rollback: %+v", s)
					}
				case app.Reversed:
					if truth.state != payments.Reversed {
						t.Fatalf("taken back, but it is %s", truth.state)
					}
				case app.Overpaid, app.Found, app.Refunded:
					t.Fatalf("impossible state %q", s.State)
				}
				if len(p.events)%5 == 0 {
					sameInAnyOrder(t, p.events)
				}
			},
		}
		t.Repeat(step)
		for _, a := range flying {
			take(a)
		}
		before := app.Fold(p.events)
		if seen["notify"] {
			p.notice("1")
		}
		if diff := cmp.Diff(before, app.Fold(p.events)); diff != "" {
			t.Fatalf("a replayed notice changed the sale:\n%s", diff)
		}
		for range 2 {
			take(asked{p.head(), truth.answer(t)})
			p.wait(2 * time.Minute)
		}
		if got, want := ended(app.Fold(p.events)), wanted(truth.state, seen); !slices.Contains(want, got) {
			t.Fatalf("after all that the sale is %q, the truth is %s", got, truth.state)
		}
	})
}

func ended(s app.Sale) app.State {
	if s.State == app.PaidLate {
		return app.Paid
	}
	return s.State
}

// wanted lists what the last answers may leave: a reversal that was only ever
// told as "not successful" cannot be told from a refused card.
func wanted(truth payments.Outcome, seen map[string]bool) []app.State {
	unpaid := []app.State{app.Offered, app.Opened, app.Declined, app.Cancelling, app.Withdrawn, app.Expired}
	switch {
	case truth == payments.Paid:
		return []app.State{app.Paid}
	case truth == payments.Reversed && len(seen) > 0:
		return []app.State{app.Reversed}
	case truth == payments.Reversed:
		return append(unpaid, app.Reversed)
	}
	return unpaid
}
