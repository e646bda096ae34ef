package day_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
)

// told is a matcher that tells what it is given, and counts how often it was
// asked to compare.
type told struct {
	now   day.Matched
	asked int
	err   error
}

func (m *told) Matched() day.Matched { return m.now }

func (m *told) Reconcile(ctx context.Context) error {
	m.asked++
	if _, bounded := ctx.Deadline(); !bounded {
		return errors.New("a closing waits for ever")
	}
	return m.err
}

func (s *salon) compares(m day.Matcher) {
	s.t.Helper()
	book, err := day.New(day.Config{Ledger: s.Journal, Till: s, Matcher: m, Mode: payments.Practice, Now: func() time.Time { return s.now }, Zone: s.now.Location()})
	if err != nil {
		s.t.Fatal(err)
	}
	s.book = book
}

// moves are what the journal says of sale n.
func (s *salon) moves(n int) []reconcile.Move {
	s.t.Helper()
	events, err := s.Sale(s.t.Context(), s.event(n, "", "", eur(0), nil).Sale)
	if err != nil {
		s.t.Fatal(err)
	}
	return reconcile.Moves(events, func(string) string { return "" })
}

// TestTheMatchIsSealed: a closing compares first, whatever comes of it, and what
// it knew stands in the chain and in the report of the closed day.
func TestTheMatchIsSealed(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	if r := s.report(""); r.Match.State != day.MatchOff {
		t.Errorf("without a list: %+v", r.Match)
	}
	agreed, missing := s.paid(eur(4500), payments.RailLink, "Nora"), s.paid(eur(2000), payments.RailLink, "Nora")
	line := reconcile.Line{Key: "1", Reference: "REF", Kind: reconcile.In, Amount: eur(4500), At: s.now}
	hand := reconcile.Line{Key: "2", Reference: "HAND", Kind: reconcile.In, Amount: eur(1800), At: s.now, Terminal: "80000001", Last4: "3380"}
	m := &told{now: day.Matched{
		State: day.MatchFailed, Code: "rest.503", At: s.now, Labels: map[string]string{"80000001": "Front counter"},
		Result: reconcile.Result{
			Agree: []reconcile.Pair{{Line: line, Move: s.moves(agreed)[0]}}, NotListed: s.moves(missing),
			NotHere: []reconcile.Loose{{Line: hand}}, Elsewhere: []reconcile.Line{line},
		},
	}, err: errors.New("down")}
	s.compares(m)
	r := s.report("")
	if got := r.Match; got.State != day.MatchFailed || got.Agree != 1 || got.Listed != 2 || got.Here != 2 || got.Elsewhere != 1 || got.Noticed != 1 {
		t.Errorf("%+v", got)
	}
	if len(r.Differences) != 2 || r.Differences[0].Entry.Device != "Front counter" || r.Differences[0].Entry.Last4 != "3380" || r.Differences[1].Do != day.DoCheck {
		t.Errorf("%+v", r.Differences)
	}
	if m.asked != 0 {
		t.Error("a report compares")
	}
	_, err := s.book.Close(t.Context(), app.Actor{}, "", false)
	s.want("day.unsettled", err)
	closed, err := s.book.Close(t.Context(), app.Actor{}, "", true)
	if err != nil || m.asked != 2 {
		t.Fatalf("asked %d times, %v", m.asked, err)
	}
	m.now = day.Matched{State: day.MatchDone, At: s.now.Add(time.Hour)} // of later
	again := s.report(closed.Day)
	for _, r := range []day.Report{closed, again} {
		if r.Match.State != day.MatchFailed || r.Match.Code != "rest.503" || r.Match.Agree != 1 || r.Closed.Match.Differences != 2 || !r.Match.At.Equal(s.report(closed.Day).Closed.Match.At) {
			t.Errorf("%+v", r.Match)
		}
	}
	_, err = s.Verify(t.Context())
	s.want("", err)
}

// TestWhatIsAnswered: each way in which a trouble of the day ended is a line.
func TestWhatIsAnswered(t *testing.T) {
	t.Parallel()
	at := func(s *salon, d time.Duration) { s.now = s.now.Add(d) }
	status := func(s *salon, n int, o payments.Outcome) app.Event {
		e := s.event(n, app.StatusAnswered, app.FromStatus, eur(4500), app.StatusData{Outcome: o, AsOf: 1 << 40, Run: "r"})
		e.Reference = s.now.String()
		return e
	}
	second := func(s *salon, n int) {
		in := s.event(n, app.AttemptIntended, app.FromDesk, eur(4500), app.IntentData{Rail: payments.RailTerminal, OrderID: "P2", DeviceLabel: "Front counter"})
		seen := s.event(n, app.PaymentSeen, app.FromNotice, eur(4500), app.EvidenceData{})
		in.Attempt, seen.Attempt, in.Operator = "SECOND", "SECOND", "Nora"
		s.put(in)
		at(s, time.Minute)
		s.put(seen)
	}
	for name, tc := range map[string]struct {
		play      func(s *salon, n int)
		code, how string
		by, way   string
	}{
		"nothing happened": {play: func(*salon, int) {}},
		"taken back":       {play: func(s *salon, n int) { s.put(status(s, n, payments.Reversed)) }},
		"paid again": {
			func(s *salon, n int) { s.put(status(s, n, payments.Reversed)); at(s, time.Minute); second(s, n) },
			day.TakenBack, "paid_again", "Nora", "Front counter",
		},
		"paid twice": {play: second},
		"one given back": {
			func(s *salon, n int) { second(s, n); at(s, time.Minute); s.giveBack(n, eur(4500), payments.Refunded) },
			day.PaidTwice, "refunded", "Lea", "Front counter",
		},
		"accepted": {func(s *salon, n int) {
			second(s, n)
			e := s.event(n, app.AlarmAnswered, app.FromOperator, eur(0), nil)
			e.Attempt, e.Operator = "", "Mia"
			s.put(e)
		}, day.PaidTwice, "kept", "Mia", ""},
		"unknown for a moment": {play: func(s *salon, n int) {
			s.put(s.event(n, app.RollbackSeen, app.FromNotice, eur(4500), app.EvidenceData{}))
			s.put(status(s, n, payments.Paid))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSalon(t)
			n := s.paid(eur(4500), payments.RailLink, "Elena")
			at(s, time.Minute)
			tc.play(s, n)
			at(s, time.Minute)
			list := s.report("").Settled
			if tc.code == "" {
				if len(list) != 0 {
					t.Errorf("%+v", list)
				}
				return
			}
			if len(list) != 1 {
				t.Fatalf("%+v", list)
			}
			if d := list[0]; d.Code != tc.code || string(d.How) != tc.how || d.By != tc.by || d.Way != tc.way || d.Done.Before(d.At) || d.At.IsZero() || d.Sale.ID == "" || d.Key == "" {
				t.Errorf("%s %s by %q on %q, %s to %s", d.Code, d.How, d.By, d.Way, d.At, d.Done)
			}
		})
	}
}
