package pos

import (
	"strings"
	"testing"
	"time"
)

// Points 6 and 7 of section 10: every script and outcome, with what was charged
// and what the terminal then says of it.
func TestScenarios(t *testing.T) {
	const (
		tap  = "1/0 11/0 2/0 "
		none = ""
	)
	for name, c := range map[string]struct {
		want     string
		says     string // TX_STATUS, APPROVAL and SIGNATURE_NOT_REQ of the outcome
		charged  int64
		after    string // STATUS of GET_STATUS, SID_ORIGINAL matches, TX_STATUS
		approval Screen
	}{
		"contactless":        {tap + "5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"chip":               {tap + "13/0 3/0 5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"wrong-pin":          {tap + "13/0 3/9 13/0 3/9 13/0 3/0 5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"pin-locked":         {tap + "13/0 3/9 13/0 3/9 13/0 3/10 5/10", none, 0, "0  ", ScreenFailed},
		"online-pin":         {tap + "13/0 3/11 5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"dcc":                {tap + "12/0 14/0 13/0 3/0 5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"unsupported":        {"1/0 11/0 2/6 2/0 5/0", "0 00 1", 500, "20 S 0", ScreenApproved},
		"chip-error":         {"1/0 11/0 2/7 5/7", none, 0, "0  ", ScreenFailed},
		"no-card":            {"1/0 11/0 2/5 5/5", none, 0, "0  ", ScreenFailed},
		"customer-cancel":    {"1/0 11/0 2/13 5/13", none, 0, "0  ", ScreenCancelled},
		"not-enabled":        {"1/0 2/13 5/13", none, 0, "0  ", ScreenCancelled},
		"declined":           {tap + "5/0", "1 51", 0, "0  ", ScreenDeclined},
		"declined-14":        {tap + "5/14", "1 51", 0, "0  ", ScreenDeclined},
		"unknown-12":         {tap + "5/12", none, 0, "20 S 1", ScreenFailed},
		"unknown-12-charged": {tap + "5/12", none, 500, "20 S 0", ScreenFailed},
		"unknown-14":         {tap + "5/14", none, 0, "20 S 1", ScreenFailed},
		"unknown-14-charged": {tap + "5/14", none, 500, "20 S 0", ScreenFailed},
		"unknown-15":         {tap + "5/15", none, 0, "20 S 1", ScreenFailed},
		"unknown-15-charged": {tap + "5/15", none, 500, "20 S 0", ScreenFailed},
		"unknown-16":         {tap + "5/16", none, 0, "20 S 1", ScreenFailed},
		"unknown-16-charged": {tap + "5/16", none, 500, "20 S 0", ScreenFailed},
		"no-paper":           {tap + "5/22", "0 00 1", 500, "20 S 0", ScreenApproved},
		"information":        {tap + "5/100", "0 00 1", 500, "20 S 0", ScreenApproved},
		"signature":          {tap + "5/0", "0 00 0", 500, "20 S 0", ScreenApproved},
		"tip":                {tap + "5/0", "0 00 1", 750, "20 S 0", ScreenApproved},
		"busy":               {"1/1", none, 0, "0  ", ScreenIdle},
		"activation":         {"1/25", none, 0, "0  ", ScreenIdle},
		"update":             {"1/26", none, 0, "0  ", ScreenIdle},
		"not-finished":       {"1/36", none, 0, "0  ", ScreenIdle},
		"forbidden":          {"1/50", none, 0, "0  ", ScreenIdle},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Switches{}, func(r *rig) {
				r.play(Scenario{Name: name})
				got, f := r.buy(sidS, "5.00")
				if got != c.want {
					r.Errorf("%s, want %s", got, c.want)
				}
				says := strings.TrimSpace(value(f, "TX_STATUS") + " " + value(f, "APPROVAL") + " " + value(f, "SIGNATURE_NOT_REQ"))
				if says != c.says {
					r.Errorf("says %q, want %q: %s", says, c.says, text(f))
				}
				n := 0
				if c.charged > 0 {
					n = 1
				}
				r.wantCharged(c.charged, n)
				if s, _ := r.term.State(); s.Screen != c.approval {
					r.Errorf("screen %s, want %s", s.Screen, c.approval)
				}
				f = r.status()
				mine := strings.Replace(value(f, "SID_ORIGINAL"), sidS, "S", 1)
				if after := value(f, "STATUS") + " " + mine + " " + value(f, "TX_STATUS"); after != c.after {
					r.Errorf("afterwards %q, want %q: %s", after, c.after, text(f))
				}
			})
		})
	}
	for _, name := range Names() {
		if _, ok := Named(name); !ok {
			t.Errorf("%s is not there", name)
		}
	}
}

// Point 14: the table of the specification.
func TestAmountTriggers(t *testing.T) {
	for amount, c := range map[string]struct {
		want    string
		ends    bool // the line ends instead of an outcome
		charged int64
		status  string
	}{
		"10.01": {"1/0 11/0 2/0 5/0", false, 0, "0"},
		"10.02": {"1/0 11/0 2/0 13/0 3/9 13/0 3/9 13/0 3/0 5/0", false, 1002, "20"},
		"10.03": {"1/0 11/0 2/13 5/13", false, 0, "0"},
		"10.04": {"1/0 11/0 2/5 5/5", false, 0, "0"},
		"10.05": {"1/0 11/0 2/0", true, 1005, "20"},
		"10.06": {"1/0 11/0 2/0", true, 0, "0"},
		"10.07": {"1/0 11/0 2/0 5/15", false, 0, "20"},
		"11.07": {"1/0 11/0 2/0 5/15", false, 1107, "20"},
		"10.08": {"1/1", false, 0, "0"},
		"10.09": {"1/0 11/0 2/0 5/22", false, 1009, "20"},
		"10.10": {"1/0 11/0 2/0 12/0 14/0 5/0", false, 1010, "20"},
		"10.11": {"1/0 11/0 2/0 5/0", false, 1011, "20"},
		"10.12": {"1/26", false, 0, "0"},
		"10.13": {"1/0 11/0 2/0 5/0", false, 1013, "20"},
		"10.00": {"1/0 11/0 2/0 5/0", false, 1000, "20"},
	} {
		t.Run(amount, func(t *testing.T) {
			play(t, Switches{Customer: CustomerTap}, func(r *rig) {
				r.ask("PURCHASE", sidS, "AMOUNT="+amount+"|"+euro)
				var got []string
				for range strings.Fields(c.want) {
					got = append(got, step(r.next()))
				}
				if strings.Join(got, " ") != c.want {
					r.Errorf("%v, want %s", got, c.want)
				}
				if c.ends {
					r.ended()
					time.Sleep(time.Minute)
					r.dial()
				}
				n := 0
				if c.charged > 0 {
					n = 1
				}
				r.wantCharged(c.charged, n)
				if f := r.status(); value(f, "STATUS") != c.status {
					r.Errorf("afterwards %s", text(f))
				}
			})
		})
	}
	play(t, Switches{Customer: CustomerTap, NoTriggers: true}, func(r *rig) {
		r.buy(sidS, "10.01")
		r.wantCharged(1001, 1)
	})
}

// The fields of the outcome, as a live terminal has them.
func TestWhatAnOutcomeSays(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		r.ask("PURCHASE", sidS, "AMOUNT=12.34|TIP_AMOUNT=1.50|REFERENCE_NUMBER_TYPE=1|REFERENCE_NUMBER=INV-1001|REFERENCE=abc|OPERATOR_CODE=7|"+euro)
		_, outcome := r.steps()
		status := r.status()
		for name, want := range map[string]string{
			"AMOUNT": "12.34", "TIP_AMOUNT": "1.50", "CURRENCY": "978", "CURRENCY_NAME": "EUR", "TX_STATUS": "0",
			"APPROVAL": "00", "AUTH_CODE": "P00001", "RRN": "623100000001", "STAN": "1", "PAN_MASKED": "**** 1234",
			"ENTRY_MODE": "P", "TERMINAL_ID": DefaultTID, "REFERENCE": "abc", "REFERENCE_NUMBER": "INV-1001",
			"REFERENCE_NUMBER_TYPE": "1", "OPERATOR_CODE": "7", "TX_DATE_LOCAL": "2000-01-01", "SIGNATURE_NOT_REQ": "1",
		} {
			if value(outcome, name) != want || value(status, name) != want {
				r.Errorf("%s: %q and then %q, want %q", name, value(outcome, name), value(status, name), want)
			}
		}
		if value(status, "SID_ORIGINAL") != sidS || value(status, "LAST_TX_TYPE") != "00" || value(status, "PRINTER") != "1" {
			r.Error(text(status))
		}
		charge := r.term.Charges()[0]
		if charge.Amount != "12.34" || charge.TipMinor != 150 || charge.Completed || charge.ReferenceNumber != "INV-1001" {
			r.Errorf("%+v", charge)
		}
	})
}

// Point 8: COMPLETE_TX.
func TestCompletion(t *testing.T) {
	play(t, Switches{Customer: CustomerTap}, func(r *rig) {
		if got := r.complete(sidT, sidS); got != "1/0 5/17" {
			r.Errorf("nothing to complete: %s", got)
		}
		r.buy(sidS, "5.00")
		for _, m := range []string{"PURCHASE|SID=$T|AMOUNT=1.00|" + euro, "REFUND|SID=$T|AMOUNT=1.00|" + euro, "REVERSAL|SID=$T|SID_ORIGINAL=$S"} {
			r.write(body("PROTOCOL=IPP|VERSION=202|METHOD=" + m))
			if got, _ := r.steps(); got != "1/20" {
				r.Errorf("%s: %s", m, got)
			}
			r.silence(time.Minute)
		}
		if got := r.complete(sidT, sidT); got != "1/0 5/17" {
			r.Errorf("another one: %s", got)
		}
		if got := r.complete(sidT, sidS); got != "1/0 5/0" {
			r.Errorf("this one: %s", got)
		}
		if got := r.complete(sidT, sidS); got != "1/0 5/17" {
			r.Errorf("again: %s", got)
		}
		if f := r.status(); value(f, "STATUS") != "0" || value(f, "SID_ORIGINAL") != sidS {
			r.Error(text(f))
		}
		if got, _ := r.buy("second", "1.00"); got != "1/0 11/0 2/0 5/0" {
			r.Error(got)
		}
		if err := r.term.Change(func(s *Switches) { s.Information = true }); err != nil {
			r.Fatal(err)
		}
		if got := r.complete(sidT, "second"); got != "1/0 5/100" {
			r.Error(got)
		}
		r.wantCharged(600, 2)
		if c := r.term.Charges(); !c[0].Completed || !c[1].Completed {
			r.Errorf("%+v", c)
		}
	})
}

// Points 8 and 9: what a decline leaves behind is a switch.
func TestWhatADeclineLeavesBehind(t *testing.T) {
	for name, c := range map[string]struct {
		switches Switches
		status   string
		last     string
	}{
		"plain":            {Switches{}, "0", sidS},
		"counts as last":   {Switches{DeclinedIsLast: true}, "0", sidT},
		"to be completed":  {Switches{CompleteAll: true}, "20", sidT},
		"update available": {Switches{Condition: 34}, "34", sidS},
	} {
		t.Run(name, func(t *testing.T) {
			c.switches.Customer = CustomerTap
			play(t, c.switches, func(r *rig) {
				r.buy(sidS, "5.00")
				r.complete(sidT, sidS)
				r.buy(sidT, "5.01")
				if f := r.status(); value(f, "STATUS") != c.status || value(f, "SID_ORIGINAL") != c.last {
					r.Error(text(f))
				}
				got, _ := r.buy("third", "5.00")
				if want := map[bool]string{true: "1/20", false: "1/0 11/0 2/0 5/0"}[c.switches.CompleteAll]; got != want {
					r.Errorf("next: %s", got)
				}
			})
		})
	}
}

// Point 7: what is said when the terminal is out of order, and passwords.
func TestConditionsAndPasswords(t *testing.T) {
	for condition, want := range map[int]struct{ buy, status string }{
		25: {"1/25", "25"}, 26: {"1/26", "26"}, 36: {"1/36", "36"}, 34: {"1/0 11/0 2/0 5/0", "34"}, 1: {"1/1", "0"},
	} {
		play(t, Switches{Condition: condition, Customer: CustomerTap}, func(r *rig) {
			if f := r.status(); value(f, "STATUS") != want.status {
				r.Error(text(f))
			}
			if got, _ := r.buy(sidS, "5.00"); got != want.buy {
				r.Errorf("%d: %s", condition, got)
			}
			if condition != 25 && condition != 26 && condition != 36 {
				return
			}
			r.ask("UPDATE", sidT, "")
			if got, _ := r.steps(); got != "1/0 5/0" {
				r.Error(got)
			}
			if got, _ := r.buy(sidS, "5.00"); got != "1/0 11/0 2/0 5/0" {
				r.Errorf("after the update: %s", got)
			}
		})
	}
	guard := Switches{Customer: CustomerTap, Protected: []string{"REFUND"}, Password: "2468", Forbidden: []string{"CANCEL_TX"}}
	play(t, guard, func(r *rig) {
		for more, want := range map[string]string{
			"": "1/51", "|PASSWORD=1": "1/49", "|PASSWORD=2468": "1/0 11/0 2/0 5/0",
		} {
			r.ask("REFUND", sidS, "AMOUNT=5.00|"+euro+more)
			if got, _ := r.steps(); got != want {
				r.Errorf("%s: %s", more, got)
			}
			r.complete(sidT, sidS)
		}
		r.ask("CANCEL_TX", sidS, "")
		if got, _ := r.steps(); got != "1/50" {
			r.Error(got)
		}
		for kind, want := range map[string]string{"1": "5/51", "2": "5/0"} {
			r.ask("CHECK_FOR_PASSWORD", sidS, "TRAN_TYPE="+kind)
			if got, _ := r.steps(); got != "1/0 "+want {
				r.Error(got)
			}
		}
	})
}

// Slave mode: the place to connect to, and then nothing.
func TestSlaveMode(t *testing.T) {
	play(t, Switches{Slave: true, Customer: CustomerTap}, func(r *rig) {
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		f := r.next()
		if step(f) != "1/0" || value(f, "IP") == "" || value(f, "PORT") == "" || len(value(f, "CHAIN")) != 21 {
			r.Error(text(f))
		}
		if f := r.next(); step(f) != "5/15" {
			r.Error(text(f))
		}
		r.wantCharged(0, 0)
	})
}
