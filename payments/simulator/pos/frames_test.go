package pos

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// The answers of the specification, byte for byte (3.2).
func TestAnswersAreTheDocumentedOnes(t *testing.T) {
	for name, c := range map[string]struct {
		ask, sum string
		total    int
		frame    int // which answer
		switches Switches
		before   func(*rig)
	}{
		"V3 PING 1": {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|", "7120fa58f2b7e3be", 136, 0, Switches{}, nil},
		"V4 PING 2": {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|", "c1c158ae8b7d2da9", 103, 1, Switches{}, nil},
		"V11 busy": {
			"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$T|AMOUNT=1.00|" + euro, "fd0f45bca13f40fc", 94, 0,
			Switches{Condition: 1},
			nil,
		},
		"V12 unfinished": {
			"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$T|AMOUNT=1.00|" + euro, "c0b961d8b750fed1", 95, 0,
			Switches{Customer: CustomerTap},
			func(r *rig) { r.buy(sidS, "12.34") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, c.switches, func(r *rig) {
				if c.before != nil {
					c.before(r)
				}
				r.write(body(c.ask))
				for range c.frame {
					r.next()
				}
				raw := make([]byte, c.total)
				if _, err := io.ReadFull(r.conn, raw); err != nil {
					r.Fatal(err)
				}
				sum := sha256.Sum256(raw)
				if got := hex.EncodeToString(sum[:8]); got != c.sum {
					r.Errorf("%s, want %s: %q", got, c.sum, raw)
				}
			})
		})
	}
}

// Point 2 of section 10: every order of the head, and what is refused how.
func TestHeadsAndRefusals(t *testing.T) {
	long := strings.Repeat("x", 128)
	for name, c := range map[string]struct{ ask, want string }{
		"doc order":          {"PROTOCOL=IPP|METHOD=PING|VERSION=202|SID=$S", "1/0 5/0"},
		"library order":      {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S", "1/0 5/0"},
		"phone order":        {"PROTOCOL=IPP|VERSION=202|LANG=EN|METHOD=PING|SID=$S", "1/0 5/0"},
		"protocol not first": {"SID=$S|METHOD=PING|VERSION=202|PROTOCOL=IPP", "1/0 5/0"},
		"version 200":        {"PROTOCOL=IPP|VERSION=200|METHOD=PING|SID=$S", "1/0 5/0"},
		"version 106":        {"PROTOCOL=IPP|VERSION=106|METHOD=PING|SID=$S", "1/0 5/0"},
		"version 107":        {"PROTOCOL=IPP|VERSION=107|METHOD=PING|SID=$S", "1/38"},
		"version 203":        {"PROTOCOL=IPP|VERSION=203|METHOD=PING|SID=$S", "1/38"},
		"no version":         {"PROTOCOL=IPP|METHOD=PING|SID=$S", "1/2"},
		"no protocol":        {"VERSION=202|METHOD=PING|SID=$S", "1/2"},
		"other protocol":     {"PROTOCOL=IPX|VERSION=202|METHOD=PING|SID=$S", "1/2"},
		"no method":          {"PROTOCOL=IPP|VERSION=202|SID=$S", "1/2"},
		"no sid":             {"PROTOCOL=IPP|VERSION=202|METHOD=PING", "1/2"},
		"long sid":           {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=" + long, "1/2"},
		"twice":              {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|SID=$S", "1/2"},
		"a line without =":   {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|HELLO", "1/2"},
		"unknown method":     {"PROTOCOL=IPP|VERSION=202|METHOD=BREW|SID=$S", "1/4"},
		"unknown field":      {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|SUGAR=2", "1/3"},
		"field of another":   {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|AMOUNT=1.00", "1/3"},
		"language NL":        {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|LANG=NL", "1/3"},
		"stage 7":            {"PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S|STAGE=7", "1/2"},
		"cancel of nothing":  {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|STAGE=101|STATUS=0", "1/17"},
		"no amount":          {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|" + euro, "1/2"},
		"no pinpad":          {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|CURRENCY=978", "1/2"},
		"comma":              {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1,00|" + euro, "1/2"},
		"one decimal":        {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.5|" + euro, "1/2"},
		"minus":              {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=-1.00|" + euro, "1/2"},
		"nothing":            {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=0.00|" + euro, "1/19"},
		"too much":           {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1000000.00|" + euro, "1/19"},
		"other currency":     {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|CURRENCY=826|FIXED_PINPAD=1", "1/3"},
		"receipt 7":          {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|PRINT_RECEIPT=7|" + euro, "1/3"},
		"long operator":      {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|OPERATOR_CODE=12345|" + euro, "1/2"},
		"long reference":     {"PROTOCOL=IPP|VERSION=202|METHOD=PURCHASE|SID=$S|AMOUNT=1.00|REFERENCE_NUMBER=" + long[:51] + "|" + euro, "1/2"},
		"beep":               {"PROTOCOL=IPP|VERSION=202|METHOD=BEEP|SID=$S|TONE_TYPE=1|TONE_DURATION=100", "1/0 5/0"},
		"text":               {"PROTOCOL=IPP|VERSION=202|METHOD=DISPLAY_TEXT|SID=$S|DISPLAY_TEXT_ROW1=Grüße|ROW1_ALIGN=2", "1/0 5/0"},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, Switches{}, func(r *rig) {
				r.write(body(c.ask))
				got, last := r.steps()
				if got != c.want {
					r.Errorf("%s, want %s", got, c.want)
				}
				if strings.Contains(c.ask, "|SID=$S") && value(last, "SID") != sidS {
					r.Errorf("SID is not echoed: %s", text(last))
				}
				if c.want == "1/38" && value(last, "CURRENT_VERSION") != "202" {
					r.Errorf("no CURRENT_VERSION: %s", text(last))
				}
				r.wantCharged(0, 0)
				r.ask("PING", sidT, "")
				if got, _ := r.steps(); got != "1/0 5/0" {
					r.Errorf("afterwards: %s", got)
				}
			})
		})
	}
}

func TestAnOlderTerminalNamesItsVersion(t *testing.T) {
	play(t, Switches{Version: 200}, func(r *rig) {
		r.ask("GET_STATUS", sidS, "")
		if f := r.next(); step(f) != "1/38" || value(f, "CURRENT_VERSION") != "200" {
			r.Fatal(text(f))
		}
		r.write(body("PROTOCOL=IPP|VERSION=200|METHOD=GET_STATUS|SID=$S"))
		if got, f := r.steps(); got != "1/0 5/0" || value(f, "VERSION") != "200" {
			r.Fatal(got, text(f))
		}
	})
}

// Point 1: any split and merge of requests, and lost sync.
func TestRequestsInPiecesAndTogether(t *testing.T) {
	ping := body("PROTOCOL=IPP|VERSION=202|METHOD=PING|SID=$S")
	play(t, Switches{}, func(r *rig) {
		for _, b := range ping {
			r.write([]byte{b})
		}
		if got, _ := r.steps(); got != "1/0 5/0" {
			r.Fatal(got)
		}
		go func() { _, _ = r.conn.Write(bytes.Repeat(ping, 3)) }()
		for range 3 {
			if got, _ := r.steps(); got != "1/0 5/0" {
				r.Fatal(got)
			}
		}
	})
	for _, prefix := range []string{"\x00\x00", "\x00\x01", "\x00\x02"} {
		play(t, Switches{}, func(r *rig) {
			r.write([]byte(prefix))
			r.ended()
		})
	}
	play(t, Switches{}, func(r *rig) {
		began := time.Now()
		r.write(ping[:20])
		r.ended()
		if d := time.Since(began); d != 5*time.Second {
			r.Errorf("a frame that stopped ended the line after %v", d)
		}
	})
}

// Point 1: answers leave whole, split, merged, byte by byte and all mixed, and
// are the same bytes.
func TestAnswersHoweverTheyAreCut(t *testing.T) {
	var want []byte
	for _, manner := range []string{LineWhole, LineSplit, LineMerge, LineDribble, LineChaos} {
		play(t, Switches{Line: manner}, func(r *rig) {
			r.ask("PING", sidS, "")
			var got []byte
			var sizes []int
			for len(got) < 136+103 {
				buf := make([]byte, 4096)
				n, err := r.conn.Read(buf)
				if err != nil {
					r.Fatal(err)
				}
				got, sizes = append(got, buf[:n]...), append(sizes, n)
			}
			if want == nil {
				want = got
			}
			if !bytes.Equal(got, want) {
				r.Errorf("%s: %q", manner, got)
			}
			pieces := map[string]bool{
				LineWhole: len(sizes) == 2, LineMerge: len(sizes) == 1, LineDribble: len(sizes) == len(got),
				LineSplit: len(sizes) > 4 && len(sizes) < len(got), LineChaos: len(sizes) > 4 && len(sizes) < len(got),
			}
			if !pieces[manner] {
				r.Errorf("%q in pieces of %v", manner, sizes)
			}
		})
	}
}

// Point 4: one client, one operation.
func TestOneClientAndOneOperation(t *testing.T) {
	second := func(r *rig) *rig {
		other := &rig{T: r.T, term: r.term, journal: r.journal}
		other.dial()
		return other
	}
	play(t, Switches{}, func(r *rig) {
		second(r).ended()
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.next()
		for _, m := range []string{"PING|SID=$T", "GET_STATUS|SID=$T", "PURCHASE|SID=$T|AMOUNT=1.00|" + euro} {
			r.write(body("PROTOCOL=IPP|VERSION=202|METHOD=" + m))
			f := r.next()
			for value(f, "SID") == sidS {
				f = r.next()
			}
			if step(f) != "1/1" || value(f, "SID") != sidT {
				r.Errorf("during a payment: %s", text(f))
			}
		}
	})
	play(t, Switches{Second: SecondSilent}, func(r *rig) {
		other := second(r)
		other.ask("PING", sidS, "")
		other.silence(time.Minute)
		_ = other.conn.Close()
		r.dial()
		r.ask("PING", sidS, "")
		r.steps()
	})
}

// Point 5: the greeting eats a PURCHASE.
func TestGreeting(t *testing.T) {
	play(t, Switches{Greeting: true, Customer: CustomerTap}, func(r *rig) {
		if s, _ := r.term.State(); s.Screen != ScreenGreeting {
			r.Errorf("screen %s", s.Screen)
		}
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.silence(3 * time.Minute)
		r.ask("PING", sidS, "")
		r.steps()
		r.dial()
		if got, _ := r.buy(sidS, "5.00"); got != "1/0 11/0 2/0 5/0" {
			r.Errorf("after the greeting: %s", got)
		}
		time.Sleep(61 * time.Second)
		r.dial()
		r.ask("REFUND", sidT, "AMOUNT=5.00|"+euro)
		r.silence(time.Minute)
		r.wantCharged(500, 1)
	})
}

// Point 3 and 15: TIMEOUT on all but the last frame, and the speed factor.
func TestTimeoutsAndSpeed(t *testing.T) {
	took := func(speed float64) (d time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			c := config(t)
			c.Speed, c.Switches.Customer = speed, CustomerInsert
			term, err := Open(c)
			if err != nil {
				t.Fatal(err)
			}
			r := &rig{T: t, term: term}
			defer r.close()
			r.dial()
			began := time.Now()
			r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
			for {
				f := r.next()
				stage, timeout := value(f, "STAGE"), value(f, "TIMEOUT")
				want := map[string]string{"1": "65", "11": "65", "2": "25", "13": "65", "3": "25", "5": ""}[stage]
				if timeout != want {
					t.Errorf("stage %s: TIMEOUT %q, want %q", stage, timeout, want)
				}
				if stage == "5" {
					break
				}
			}
			d = time.Since(began)
		})
		return d
	}
	slow, fast := took(1), took(100)
	if slow < 4*time.Second || fast*100 != slow {
		t.Errorf("1x: %v, 100x: %v", slow, fast)
	}
}

func ExampleTrigger() {
	for _, minor := range []int64{1001, 1108, 1250} {
		s, ok := Trigger(minor)
		fmt.Println(minor, ok, s.Outcome.Decline, s.Outcome.Refuse)
	}
	// Output:
	// 1001 true 51 0
	// 1108 true  1
	// 1250 false  0
}
