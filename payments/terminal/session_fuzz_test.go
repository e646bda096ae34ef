package terminal_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

// FuzzSession lets a terminal answer a purchase with anything. The oracle reads
// the same bytes on its own, frame by frame: paid needs an outcome of ours that
// says so, an end without money needs a frame of ours that says so, and whatever
// comes, the call ends within its timers and the request leaves once.
//
// The script is frames of ours, one a line, fields between "|"; raw follows them.
func FuzzSession(f *testing.F) {
	for _, p := range plays() {
		var lines []string
		for _, st := range p.steps {
			words := []string{fmt.Sprintf("STAGE=%d|STATUS=%d", st.stage, st.status)}
			fields := st.fields
			if st.stage == 5 {
				fields = p.outcome
			}
			for _, field := range fields {
				words = append(words, field.Name+"="+string(field.Value))
			}
			lines = append(lines, strings.Join(words, "|"))
		}
		f.Add(strings.Join(lines, "\n"), []byte(nil), byte(7), true)
	}
	f.Add("STAGE=1|STATUS=0", []byte("HTTP/1.1 200 OK"), byte(1), false)
	f.Add("STAGE=1|STATUS=0|TIMEOUT=3", []byte{0, 2}, byte(0), true)
	f.Add("STAGE=5|STATUS=13\nSTAGE=5|STATUS=0|TX_STATUS=0", []byte(nil), byte(3), true)
	f.Add("STAGE=1|STATUS=0|IP=10.0.0.1\nSTAGE=4|STATUS=0", []byte(nil), byte(200), false)
	f.Add("STAGE=1|STATUS=0\nSID=other|STAGE=5|STATUS=0|TX_STATUS=0", []byte(nil), byte(200), false)
	f.Fuzz(func(t *testing.T, script string, raw []byte, piece byte, closes bool) {
		raw = append(frames(script), raw...)
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			s.odd = func(w io.Writer, fr terminal.Frame) bool {
				if m, _ := fr.Get("METHOD"); m != "PURCHASE" {
					return false
				}
				for rest := raw; len(rest) > 0; {
					n := min(len(rest), int(piece)+1)
					if _, err := w.Write(rest[:n]); err != nil {
						return true
					}
					rest = rest[n:]
				}
				if closes {
					_ = w.(io.Closer).Close()
				}
				return true
			}
			s.last = record{sid: before, kind: "00", fields: approval()}
			begin := time.Now()
			r, err := sale(t, s.driver(t), nil)
			s.lives.Wait()
			if took := time.Since(begin); took > 11*time.Minute {
				t.Errorf("took %s", took)
			}
			if n := s.sent("PURCHASE"); n != 1 {
				t.Errorf("PURCHASE was sent %d times", n)
			}
			hears(t, raw, r, err)
		})
	})
}

// frames writes the frames of a script that can be written. A line names its
// SID itself or is ours.
func frames(script string) []byte {
	var all []byte
	for line := range strings.SplitSeq(script, "\n") {
		var f terminal.Frame
		if !strings.Contains(line, "SID=") {
			f = append(f, terminal.Text("SID", sidS))
		}
		for word := range strings.SplitSeq(line, "|") {
			name, value, _ := strings.Cut(word, "=")
			f = append(f, terminal.Text(name, value))
		}
		if raw, err := terminal.Encode(f); err == nil {
			all = append(all, raw...)
		}
	}
	return all
}

// hears compares the driver's answer with what the bytes can mean.
func hears(t *testing.T, raw []byte, r terminal.Result, err error) {
	paid, ended, refused := meaning(raw)
	switch {
	case err == nil && r.Class == terminal.Charged:
		if !paid || r.Outcome != payments.Paid {
			t.Errorf("paid out of %q", raw)
		}
	case err == nil && (r.Class == terminal.Declined || r.Class == terminal.NotCharged):
		if !ended || r.Outcome != payments.Declined || r.Code == "" {
			t.Errorf("%s out of %q", r.Class, raw)
		}
	case errors.Is(err, payments.ErrUnknown):
		if r.Outcome != payments.Unknown || errors.Is(err, payments.ErrRefused) || errors.Is(err, payments.ErrUnreachable) {
			t.Errorf("%+v, %v", r, err)
		}
	case errors.Is(err, payments.ErrRefused):
		if !refused || !r.NotStarted {
			t.Errorf("refused (%s) out of %q", r.Code, raw)
		}
	default:
		t.Errorf("%+v, %v", r, err)
	}
}

// meaning reads the frames: whether some outcome of ours says paid, whether one
// says no or some step failed, and whether something of ours turned us down.
func meaning(raw []byte) (paid, ended, refused bool) {
	r := terminal.NewReader(bytes.NewReader(raw))
	for {
		f, err := r.Next()
		if errors.Is(err, terminal.ErrFrame) {
			continue
		}
		if err != nil {
			return paid, ended, refused
		}
		get := func(name string) string { v, _ := f.Get(name); return strings.TrimSpace(v) }
		if get("SID") != sidS {
			continue
		}
		stage, status := strings.TrimLeft(get("STAGE"), "+0"), strings.TrimLeft(get("STATUS"), "+0")
		no := status != ""
		switch stage {
		case "5":
			paid = paid || strings.Trim(get("TX_STATUS"), "0") == "" && (get("APPROVAL") == "" || get("APPROVAL") == "00") && (status == "" || status == "21" || status == "22" || status == "100")
			ended = ended || no || strings.Trim(get("TX_STATUS"), "0") != ""
		case "1":
			refused, ended = refused || no, ended || no
		default:
			ended = ended || no
		}
	}
}
