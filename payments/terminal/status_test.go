package terminal_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

// The money classes of spec 3.7 once more, by hand: what a STATUS means as the
// first answer, in the middle with silence behind it, and as the outcome.
// s not started, n not charged, u unknown, d declined, c charged, k goes on
// (and with silence behind it: unknown).
func classes() map[int][3]string {
	all := map[int][3]string{
		// code: at STAGE 1, at STAGE 2, at STAGE 5 (alone; with TX_STATUS 0 for look)
		0: {"k", "k", "look"},
		1: {"s", "u", "u"}, 2: {"s", "u", "u"}, 3: {"s", "u", "u"}, 4: {"s", "u", "u"},
		5: {"n", "n", "n"}, 6: {"n", "k", "n"}, 7: {"n", "n", "n"}, 8: {"n", "k", "n"}, 9: {"n", "k", "n"}, 10: {"n", "n", "n"},
		11: {"u", "k", "u"}, 12: {"u", "u", "u"}, 13: {"n", "n", "n"}, 14: {"s", "u", "approval"}, 15: {"u", "u", "u"}, 16: {"u", "u", "u"},
		17: {"s", "u", "n"}, 18: {"s", "u", "n"}, 19: {"s", "u", "n"}, 20: {"s", "u", "n"},
		21: {"u", "k", "look"}, 22: {"u", "k", "c"}, 23: {"s", "k", "u"}, 24: {"s", "k", "u"},
		25: {"s", "u", "n"}, 26: {"s", "u", "u"}, 27: {"s", "u", "n"}, 28: {"s", "u", "n"}, 29: {"u", "u", "u"}, 30: {"s", "u", "u"},
		31: {"s", "u", "u"}, 32: {"s", "u", "u"}, 33: {"s", "u", "n"}, 34: {"u", "u", "u"}, 35: {"s", "u", "n"}, 36: {"s", "u", "n"},
		37: {"s", "u", "u"}, 38: {"s", "u", "u"}, 39: {"s", "u", "n"}, 40: {"s", "u", "n"}, 41: {"s", "u", "u"},
		42: {"u", "u", "u"}, 43: {"u", "u", "u"}, 44: {"u", "u", "u"}, 45: {"u", "u", "u"}, 46: {"u", "u", "u"},
		47: {"s", "u", "n"}, 48: {"s", "u", "n"}, 49: {"s", "u", "n"}, 50: {"s", "u", "n"}, 51: {"s", "u", "n"},
		52: {"u", "k", "u"}, 53: {"u", "k", "u"}, 54: {"u", "k", "u"}, 55: {"u", "u", "u"}, 99: {"u", "u", "u"}, 100: {"u", "k", "look"}, 101: {"u", "u", "u"},
		-1: {"u", "u", "u"}, 999: {"u", "u", "u"},
	}
	return all
}

func wanted(word string) (class terminal.Class, condition error) {
	switch word {
	case "s":
		return terminal.NotStarted, payments.ErrRefused
	case "n":
		return terminal.NotCharged, nil
	case "d":
		return terminal.Declined, nil
	case "c":
		return terminal.Charged, nil
	}
	return terminal.Unclear, payments.ErrUnknown
}

// endWith runs a sale that ends with the given frames and says how it was read.
func endWith(t *testing.T, want, name string, steps []step, outcome string) {
	t.Helper()
	s := newStand()
	s.plays = []play{{name: name, steps: steps, outcome: frameOf(outcome)}}
	if outcome == "" {
		s.plays[0].outcome = nil
	}
	d := s.driver(t)
	r, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234)}, nil)
	s.lives.Wait()
	class, condition := wanted(want)
	if r.Class != class || !errors.Is(err, condition) || (condition == nil) != (err == nil) {
		t.Errorf("%s: class %q, %v; want %q, %v", name, r.Class, err, class, condition)
	}
	if (class == terminal.Charged) != (r.Code == "") || r.NotStarted != (class == terminal.NotStarted) || payments.CodeOf(err) != r.Code && err != nil {
		t.Errorf("%s: %+v, %v", name, r, err)
	}
	if s.sent("PURCHASE") != 1 {
		t.Errorf("%s: %q", name, s.heard())
	}
}

func TestEveryStatusAtEveryPoint(t *testing.T) {
	t.Parallel()
	for status, row := range classes() {
		name := fmt.Sprintf("STATUS %d", status)
		synctest.Test(t, func(t *testing.T) {
			if status != 0 {
				endWith(t, row[0], name+" at 1", []step{{stage: 1, status: status}}, "")
			}
			// A failed step, and no word for ever after.
			endWith(t, row[1], name+" at 2", []step{{stage: 1}, {stage: 11}, {stage: 2, status: status, timeout: 25}}, "")
			// The failed step did not stop the sale.
			endWith(t, "c", name+" at 2, then approved", []step{{stage: 1}, {stage: 11}, {stage: 2, status: status}, {stage: 5}}, "TX_STATUS=0\r\nAPPROVAL=00")
			end := []step{{stage: 1}, {stage: 11}, {stage: 5, status: status}}
			alone := map[string]string{"look": "u", "approval": "u"}[row[2]]
			if alone == "" {
				alone = row[2]
			}
			endWith(t, alone, name+" at 5", end, "")
			endWith(t, map[string]string{"look": "c", "c": "c"}[row[2]], name+" at 5 with TX_STATUS 0", end, "TX_STATUS=0")
			endWith(t, map[string]string{"look": "d", "approval": "d", "n": "n"}[row[2]], name+" at 5 with the issuer's no", end, "TX_STATUS=1\r\nAPPROVAL=51")
			if row[2] != "c" && row[2] != "look" {
				endWith(t, map[string]string{"n": "n"}[row[2]], name+" at 5 with an approval and no money", end, "APPROVAL=00")
			}
		})
	}
}

func TestTxStatus(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		"TX_STATUS=0":                 "c",
		"TX_STATUS=0\r\nAPPROVAL=00":  "c",
		"TX_STATUS=0\r\nAPPROVAL=51":  "u",
		"TX_STATUS=1\r\nAPPROVAL=00":  "u",
		"TX_STATUS=1":                 "d",
		"TX_STATUS=7\r\nAPPROVAL=91":  "d",
		"TX_STATUS=2":                 "u",
		"TX_STATUS=14":                "u",
		"TX_STATUS=2\r\nAPPROVAL=51":  "d",
		"TX_STATUS=yes":               "u",
		"TX_STATUS=":                  "u",
		"APPROVAL=00":                 "u",
		"APPROVAL=51":                 "u",
		"TX_STATUS=0\r\nAMOUNT=99.99": "u",
		"TX_STATUS=0\r\nCURRENCY=756": "u",
		"TX_STATUS=0\r\nAMOUNT=12.3x": "u",
		"TX_STATUS=0\r\nCURRENCY=978\r\nTIP_AMOUNT=1.00\r\nAMOUNT=12.34": "c",
		"TX_STATUS=0\r\nTX_STATUS=1":                                     "u",
	} {
		synctest.Test(t, func(t *testing.T) {
			endWith(t, want, outcome, []step{{stage: 1}, {stage: 5}}, outcome)
		})
	}
}

// What the issuer said becomes the code of the sentence.
func TestDeclineCodes(t *testing.T) {
	t.Parallel()
	for approval, want := range map[string]string{"51": "approval.51", "AF": "approval.af", "x y": "approval.other", "_": "approval.other", "": "approval.other", "12345": "approval.other"} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			s.plays = []play{{steps: []step{{stage: 1}, {stage: 5}}, outcome: frameOf("TX_STATUS=1\r\nAPPROVAL=" + approval)}}
			r, err := s.driver(t).Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(100)}, nil)
			if err != nil || r.Code != want || r.Outcome != payments.Declined {
				t.Errorf("%q: %q, %v", approval, r.Code, err)
			}
		})
	}
}
