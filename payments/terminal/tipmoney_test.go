package terminal_test

import (
	"testing"
	"testing/synctest"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

// TestATipThatIsToldAnotherWay: 12.34 and a tip of 2.00 were asked for. What the
// terminal tells of it is read in one way, or not at all.
func TestATipThatIsToldAnotherWay(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		"":                                    "c",
		"\r\nAMOUNT=12.34":                    "c",
		"\r\nAMOUNT=14.34":                    "c",
		"\r\nAMOUNT=12.34\r\nTIP_AMOUNT=2.00": "c",
		"\r\nAMOUNT=14.34\r\nTIP_AMOUNT=2.00": "c",
		"\r\nAMOUNT=12.34\r\nTIP_AMOUNT=5.00": "c",
		"\r\nAMOUNT=17.34\r\nTIP_AMOUNT=5.00": "c",
		"\r\nAMOUNT=14.34\r\nTIP_AMOUNT=0.00": "c", // all that was asked for, told as one sum
		"\r\nAMOUNT=12.34\r\nTIP_AMOUNT=0.00": "u", // the customer took the tip away
		"\r\nAMOUNT=12.34\r\nTIP_AMOUNT=1.00": "u",
		"\r\nTIP_AMOUNT=1.00":                 "u",
		"\r\nTIP_AMOUNT=some":                 "u",
		"\r\nAMOUNT=14.34\r\nTIP_AMOUNT=5.00": "u", // 9.34 and 5.00, or 14.34 and 5.00
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			s.plays = []play{{name: outcome, steps: []step{{stage: 1}, {stage: 5}}, outcome: frameOf("TX_STATUS=0\r\nAPPROVAL=00" + outcome)}}
			r, err := s.driver(t).Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234), Tip: euros(200)}, nil)
			s.lives.Wait()
			if class, _ := wanted(want); r.Class != class || (err == nil) != (want == "c") {
				t.Errorf("%q: %q, %v", outcome, r.Class, err)
			}
			if want == "u" && payments.CodeOf(err) != "terminal.other_amount" {
				t.Errorf("%q: %v", outcome, err)
			}
		})
	}
}

// TestACurrencyNobodyKnows is another one than was asked for.
func TestACurrencyNobodyKnows(t *testing.T) {
	t.Parallel()
	for outcome, want := range map[string]string{
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY=986":                        "u",
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY_NAME=BRL":                   "u",
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY=986\r\nCURRENCY_NAME=BRL":   "u",
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY=978\r\nCURRENCY_NAME=EUR":   "c",
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY=\r\nCURRENCY_NAME=EUR":      "c",
		"TX_STATUS=0\r\nAMOUNT=12.34\r\nCURRENCY=978\r\nCURRENCY_NAME=Euro ": "c",
	} {
		synctest.Test(t, func(t *testing.T) {
			endWith(t, want, outcome, []step{{stage: 1}, {stage: 5}}, outcome)
		})
	}
}
