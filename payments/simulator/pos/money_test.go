package pos

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Point 12: REVERSAL of the last only.
func TestReversal(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		reverse := func(sid, original string) string {
			r.ask("REVERSAL", sid, "SID_ORIGINAL="+original)
			s, _ := r.steps()
			return s
		}
		if got := reverse("v0", sidS); got != "1/0 5/17" {
			r.Errorf("of nothing: %s", got)
		}
		r.buy(sidS, "5.00")
		r.complete("c1", sidS)
		r.buy(sidT, "6.00")
		r.complete("c2", sidT)
		if got := reverse("v1", sidS); got != "1/0 5/18" {
			r.Errorf("not the last: %s", got)
		}
		r.wantCharged(1100, 2)
		if got := reverse("v2", sidT); got != "1/0 5/0" {
			r.Errorf("the last: %s", got)
		}
		r.wantCharged(500, 1)
		if f := r.status(); value(f, "SID_ORIGINAL") != "v2" || value(f, "LAST_TX_TYPE") != "02" || value(f, "TX_STATUS") != "0" {
			r.Error(text(f))
		}
		if got := reverse("v3", sidT); got != "1/0 5/18" {
			r.Errorf("again: %s", got)
		}
		if got := reverse("v4", "v2"); got != "1/0 5/18" {
			r.Errorf("of a reversal: %s", got)
		}
		r.play(Scenario{Outcome: Outcome{Status: 15, Charged: true}})
		r.buy("again", "7.00")
		r.complete("c3", "again")
		r.play(Scenario{Outcome: Outcome{Status: 15}})
		if got := reverse("v5", "again"); got != "1/0 5/15" {
			r.Errorf("a reversal the bank did not hear: %s", got)
		}
		r.wantCharged(1200, 2)
	})
}

func TestCancelTx(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		cancel := func() string {
			r.ask("CANCEL_TX", "x", "")
			s, _ := r.steps()
			return s
		}
		if got := cancel(); got != "1/0 5/17" {
			r.Error(got)
		}
		r.buy(sidS, "5.00")
		if got := cancel(); got != "1/0 5/0" {
			r.Error(got)
		}
		r.wantCharged(0, 0)
		if f := r.status(); value(f, "STATUS") != "0" {
			r.Error(text(f))
		}
	})
}

func TestRefund(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		r.ask("REFUND", sidS, "AMOUNT=3.00|"+euro)
		if got, f := r.steps(); got != "1/0 11/0 2/0 5/0" || value(f, "TX_STATUS") != "0" {
			r.Errorf("%s %s", got, text(f))
		}
		c := r.term.Charges()
		if got := Total(c); len(c) != 1 || got != (Totals{Refunds: 1, GivenBack: 300}) {
			r.Errorf("%+v %+v", got, c)
		}
		if f := r.status(); value(f, "STATUS") != "20" || value(f, "LAST_TX_TYPE") != "20" {
			r.Error(text(f))
		}
		r.complete(sidT, sidS)
	})
}

func TestPreauthorisation(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		hold := func(sid, amount string) string {
			r.ask("PURCHASE", sid, "PREAUTH_TX=1|AMOUNT="+amount+"|"+euro)
			_, f := r.steps()
			r.complete("c", sid)
			return value(f, "PREAUTH_CODE")
		}
		ask := func(method, sid, more string) string {
			r.ask(method, sid, more)
			s, _ := r.steps()
			return s
		}
		first, second := hold(sidS, "50.00"), hold(sidT, "20.00")
		r.wantCharged(0, 0)
		for _, c := range []struct{ method, more, want string }{
			{"COMPLETE_PREAUTH", "AMOUNT=40.00|CURRENCY=978|PREAUTH_CODE=000000", "1/0 5/39"},
			{"COMPLETE_PREAUTH", "AMOUNT=50.01|CURRENCY=978|PREAUTH_CODE=" + first, "1/0 5/19"},
			{"COMPLETE_PREAUTH", "COMPLETION_AMOUNT=40.00|PREAUTH_CODE=" + first, "1/0 5/0"},
			{"COMPLETE_PREAUTH", "AMOUNT=40.00|CURRENCY=978|PREAUTH_CODE=" + first, "1/0 5/40"},
			{"CANCEL_PREAUTH", "PREAUTH_CODE=" + first, "1/0 5/40"},
			{"CANCEL_PREAUTH", "PREAUTH_CODE=" + second, "1/0 5/0"},
			{"COMPLETE_PREAUTH", "AMOUNT=1.00|CURRENCY=978|PREAUTH_CODE=" + second, "1/0 5/40"},
		} {
			if got := ask(c.method, "p", c.more); got != c.want {
				r.Errorf("%s %s: %s, want %s", c.method, c.more, got, c.want)
			}
		}
		r.wantCharged(4000, 1)
	})
}

func TestPrintingAndLinks(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		ask := func(method, more string) string {
			r.ask(method, "p", more)
			s, _ := r.steps()
			return s
		}
		if got := ask("REPRINT_RECEIPT", ""); got != "1/0 5/17" {
			r.Errorf("nothing to reprint: %s", got)
		}
		r.buy(sidS, "5.00")
		began := time.Now()
		if got := ask("REPRINT_RECEIPT", ""); got != "1/0 5/0" || time.Since(began) < 3*time.Second {
			r.Errorf("%s after %v", got, time.Since(began))
		}
		for more, want := range map[string]string{
			`PRINT_DATA=\L\c\wHello\W\nWorld\\`: "1/0 5/0", `PRINT_DATA=\q`: "1/0 5/23", `PRINT_DATA=\`: "1/0 5/23",
		} {
			if got := ask("PRINT_EXT", more); got != want {
				r.Errorf("%s: %s", more, got)
			}
		}
		if err := r.term.PaperOut(true); err != nil {
			r.Fatal(err)
		}
		if got := ask("REPRINT_RECEIPT", ""); got != "1/0 5/22" {
			r.Error(got)
		}
		if err := r.term.Change(func(s *Switches) { s.NoPrinter = true }); err != nil {
			r.Fatal(err)
		}
		if f := r.status(); value(f, "PRINTER") != "0" {
			r.Error(text(f))
		}
		if got := ask("PRINT_EXT", "PRINT_DATA=x"); got != "1/0 5/21" {
			r.Error(got)
		}
		if got := ask("PAYMENT_REQUEST", "AMOUNT=5.00|CURRENCY=978"); got != "1/0 5/2" {
			r.Error(got)
		}
		r.ask("PAYMENT_REQUEST", "p", "AMOUNT=5.00|CURRENCY=978|RECIPIENT_GSM=+359888123456|EXP_DAYS=3")
		_, f := r.steps()
		code := value(f, "REQUEST_CODE")
		if got := ask("PAYMENT_REQUEST_REMINDER", "REQUEST_CODE="+code); len(code) != 12 || got != "1/0 5/0" {
			r.Errorf("%q %s", code, got)
		}
		if got := ask("PAYMENT_REQUEST_REMINDER", "REQUEST_CODE=what"); got != "1/0 5/17" {
			r.Error(got)
		}
	})
}

// Point 13: the truth outlives the program, and is written before it is told.
func TestTheTruthOutlivesTheTerminal(t *testing.T) {
	j := &memory{}
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		r.buy(sidS, "5.00")
		r.complete(sidT, sidS)
		r.buy(sidT, "6.00")
		j.lines = r.journal.lines
	})
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		c.Journal, c.History, c.Switches.Customer = j, j.history(t), CustomerTap
		term, err := Open(c)
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{T: t, term: term, journal: j}
		defer r.close()
		r.dial()
		r.wantCharged(1100, 2)
		if f := r.status(); value(f, "STATUS") != "20" || value(f, "SID_ORIGINAL") != sidT || value(f, "STAN") != "2" {
			r.Error(text(f))
		}
		r.complete("c", sidT)
		r.buy("third", "7.00")
		r.wantCharged(1800, 3)
		if c := r.term.Charges(); c[0].RRN == c[2].RRN || !c[1].Completed {
			r.Errorf("%+v", c)
		}
	})
}

func TestNothingIsToldThatCannotBeKept(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		r.journal.fail = errors.New("disk full")
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		for range 3 {
			r.next()
		}
		r.silence(time.Minute)
		r.wantCharged(0, 0)
		if got := r.term.Charges(); len(got) != 0 {
			r.Error(got)
		}
	})
}

func TestBadHistory(t *testing.T) {
	for _, r := range []Record{{Kind: KindOutcome}, {Kind: KindCompleted, SID: "nobody"}, {Kind: "gift"}} {
		c := config(t)
		c.History = []Record{r}
		if _, err := Open(c); !errors.Is(err, ErrRecord) {
			t.Errorf("%+v: %v", r, err)
		}
	}
}

// The same SID twice is two charges: the terminal does not protect a till from
// itself.
func TestASIDIsNotUnique(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		for range 2 {
			r.buy(sidS, "5.00")
			r.complete(sidT, sidS)
		}
		r.wantCharged(1000, 2)
	})
}

func TestClosedMeansClosed(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.next()
		if err := r.term.Close(); err != nil {
			r.Fatal(err)
		}
		r.ended()
		if _, err := r.term.Dial(context.Background()); !errors.Is(err, ErrOff) {
			r.Error(err)
		}
		if err := r.term.Tap(); !errors.Is(err, ErrClosed) {
			r.Error(err)
		}
		if err := r.term.Plug(); !errors.Is(err, ErrClosed) {
			r.Error(err)
		}
		r.wantCharged(0, 0)
	})
}
