package terminal_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// The decisions of spec 3.11, each from a GET_STATUS as a terminal sends it.
func TestLookup(t *testing.T) {
	t.Parallel()
	const prev = "the-one-before"
	paid, declined := "TX_STATUS=0\r\nAPPROVAL=00\r\nRRN=623100000001\r\nAMOUNT=12.34", "TX_STATUS=1\r\nAPPROVAL=51"
	for name, c := range map[string]struct {
		stage, status int
		last, kind    string
		fields        string
		previous      string
		outcome       payments.Outcome
		code          string // of the error; none when empty
		about         string // SID of the result
		unfinished    bool
	}{
		"paid and open":            {5, 20, sidS, "00", paid, prev, payments.Paid, "", sidS, true},
		"paid and done":            {5, 0, sidS, "00", paid, prev, payments.Paid, "", sidS, false},
		"paid, update available":   {5, 34, sidS, "", paid, prev, payments.Paid, "", sidS, false},
		"declined and open":        {5, 20, sidS, "00", declined, prev, payments.Declined, "", sidS, true},
		"declined and done":        {5, 0, sidS, "00", declined, prev, payments.Declined, "", sidS, false},
		"refunded":                 {5, 20, sidS, "20", paid, prev, payments.Refunded, "", sidS, true},
		"no TX_STATUS":             {5, 0, sidS, "00", "APPROVAL=00", prev, payments.Unknown, "terminal.odd", sidS, false},
		"on its way":               {5, 20, sidS, "00", "TX_STATUS=2", prev, payments.Unknown, "terminal.odd", sidS, true},
		"says both":                {5, 0, sidS, "00", "TX_STATUS=0\r\nAPPROVAL=51", prev, payments.Unknown, "terminal.odd", sidS, false},
		"the one before":           {5, 0, prev, "00", paid, prev, payments.Absent, "", sidS, false},
		"the one before, 34":       {5, 34, prev, "00", paid, prev, payments.Absent, "", sidS, false},
		"nothing before, nor now":  {5, 0, "", "", "", "", payments.Absent, "", sidS, false},
		"data without a SID":       {5, 0, "", "00", paid, "", payments.Unknown, "terminal.not_last", sidS, false},
		"SIDs are not told":        {5, 0, "", "", "", prev, payments.Unknown, "terminal.not_last", sidS, false},
		"another one, open":        {5, 20, "another", "00", paid, prev, payments.Paid, "terminal.unfinished", "another", true},
		"the one before, open":     {5, 20, prev, "00", paid, prev, payments.Paid, "terminal.unfinished", prev, true},
		"another one":              {5, 0, "another", "00", paid, prev, payments.Unknown, "terminal.not_last", sidS, false},
		"another, nothing before":  {5, 0, "another", "00", paid, "", payments.Unknown, "terminal.not_last", sidS, false},
		"open, and no SID":         {5, 20, "", "00", paid, prev, payments.Unknown, "terminal.unfinished", sidS, false},
		"needs an update":          {5, 26, prev, "00", paid, prev, payments.Unknown, "terminal.needs_update", sidS, false},
		"ours, and not activated":  {5, 25, sidS, "00", paid, prev, payments.Unknown, "terminal.activation", sidS, false},
		"busy":                     {1, 1, "", "", "", prev, payments.Unknown, "terminal.running", sidS, false},
		"busy at the end":          {5, 1, "", "", "", prev, payments.Unknown, "terminal.running", sidS, false},
		"a STATUS nobody knows":    {5, 77, prev, "00", paid, prev, payments.Unknown, "terminal.odd", sidS, false},
		"the method is not known":  {1, 4, "", "", "", prev, payments.Unknown, "terminal.request", sidS, false},
		"it fell into slave mode":  {1, 0, "", "", "IP=pos1.mypos.com\r\nPORT=3012", prev, payments.Unknown, "terminal.slave", sidS, false},
		"voided behind our back":   {5, 0, sidS, "02", paid, prev, payments.Refunded, "", sidS, false},
		"a currency we don't know": {5, 0, sidS, "00", paid + "\r\nCURRENCY=999", prev, payments.Paid, "", sidS, false},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.odd = func(w io.Writer, f terminal.Frame) bool {
				sid, _ := f.Get("SID")
				if m, _ := f.Get("METHOD"); m != "GET_STATUS" {
					return false
				}
				var more terminal.Frame
				if c.fields != "" {
					more = frameOf(c.fields)
				}
				if c.last != "" {
					more = append(more, terminal.Text("SID_ORIGINAL", c.last))
				}
				if c.kind != "" {
					more = append(more, terminal.Text("LAST_TX_TYPE", c.kind))
				}
				return reply(w, "GET_STATUS", sid, c.stage, c.status, more...)
			}
			r, err := s.driver(t).Lookup(t.Context(), sidS, c.previous)
			if payments.CodeOf(err) != c.code || r.Outcome != c.outcome || r.SID != c.about || r.Unfinished != c.unfinished {
				t.Errorf("%+v, %v", r, err)
			}
			if (err == nil) != (c.code == "") || err != nil && (!errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrUnreachable) || errors.Is(err, payments.ErrRefused)) {
				t.Errorf("condition of %v", err)
			}
			if s.sent("COMPLETE_TX")+s.sent("REVERSAL")+s.sent("CANCEL_TX")+s.sent("PURCHASE") != 0 {
				t.Errorf("%q", s.heard())
			}
		})
	}
	bubble(t, "gone", func(t *testing.T, s *stand) {
		s.refuse = errPlug
		if _, err := s.driver(t).Lookup(t.Context(), sidS, prev); !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrUnreachable) || payments.CodeOf(err) != "terminal.unreachable" {
			t.Error(err)
		}
	})
}

// A failed step with silence behind it counts only when the terminal can be
// asked, is done, and its record does not say otherwise; a cut counts never.
func TestFailedStepsWithoutAnEnd(t *testing.T) {
	t.Parallel()
	steps := []step{{stage: 1, timeout: 5}, {stage: 11, timeout: 5}, {stage: 2, status: 13, timeout: 5}}
	for name, c := range map[string]struct {
		after []step
		last  record
		class terminal.Class
		code  string
	}{
		"silence":                {nil, record{}, terminal.NotCharged, "terminal.cancelled"},
		"silence, and paid":      {nil, record{sidS, "00", approval()}, terminal.Unclear, "terminal.contradiction"},
		"silence, and declined":  {nil, record{sidS, "00", frameOf("TX_STATUS=1\r\nAPPROVAL=CC")}, terminal.NotCharged, "terminal.cancelled"},
		"silence, and half done": {nil, record{sidS, "00", frameOf("TX_STATUS=2")}, terminal.Unclear, "terminal.silent"},
		"a cut":                  {[]step{{cut: true}}, record{}, terminal.Unclear, "terminal.cut"},
		"it goes on":             {[]step{{stage: 11, timeout: 5}, {wait: 20}}, record{}, terminal.Unclear, "terminal.silent"},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.plays = []play{{steps: append(append([]step{}, steps...), c.after...)}}
			d := s.driver(t)
			s.last = c.last
			r, err := sale(t, d, nil)
			if r.Class != c.class || r.Code != c.code || errors.Is(err, payments.ErrUnknown) != (c.class == terminal.Unclear) {
				t.Errorf("%q %q, %v", r.Class, r.Code, err)
			}
		})
	}
}

// STATUS 13 behind a card that was read is compared with the record.
func TestCancelledBehindTheCard(t *testing.T) {
	t.Parallel()
	steps := []step{{stage: 1}, {stage: 11}, {stage: 2}, {stage: 13}, {stage: 5, status: 13}}
	for name, c := range map[string]struct {
		last  record
		class terminal.Class
		code  string
	}{
		"the record is another": {record{"other", "00", approval()}, terminal.NotCharged, "terminal.cancelled"},
		"the record says paid":  {record{sidS, "00", approval()}, terminal.Unclear, "terminal.contradiction"},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.plays = []play{{steps: steps}}
			s.last = c.last
			r, err := sale(t, s.driver(t), nil)
			if r.Class != c.class || r.Code != c.code || (err != nil) != (c.class == terminal.Unclear) {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// A terminal that is not enabled for cash registers shows no card screen.
func TestNotEnabled(t *testing.T) {
	t.Parallel()
	bubble(t, "trace D", func(t *testing.T, s *stand) {
		s.plays = []play{{steps: []step{{stage: 1, timeout: 65}, {stage: 2, status: 13, timeout: 25}, {stage: 5, status: 13}}}}
		if r, err := sale(t, s.driver(t), nil); err != nil || r.Code != "terminal.not_enabled" || r.Class != terminal.NotCharged {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestVersions(t *testing.T) {
	t.Parallel()
	bubble(t, "an older terminal", func(t *testing.T, s *stand) {
		s.version = "200"
		d := s.driver(t)
		i, err := d.Test(t.Context())
		if err != nil || i.Version != 200 {
			t.Errorf("%+v, %v", i, err)
		}
		sent := s.requests("PURCHASE")
		if _, err := sale(t, d, nil); err != nil {
			t.Fatal(err)
		}
		if v, _ := (*sent)[0].Get("VERSION"); v != "200" {
			t.Errorf("asked in version %s", v)
		}
	})
	bubble(t, "no version is right", func(t *testing.T, s *stand) {
		n := 100
		s.odd = func(w io.Writer, f terminal.Frame) bool {
			m, _ := f.Get("METHOD")
			sid, _ := f.Get("SID")
			n++
			return reply(w, m, sid, 1, 38, terminal.Text("CURRENT_VERSION", "1"+string(rune('0'+n%10))+"0"))
		}
		if _, err := s.driver(t).Test(t.Context()); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.version" || n > 103 {
			t.Errorf("%v after %d", err, n)
		}
	})
	bubble(t, "changed between greeting and sale", func(t *testing.T, s *stand) {
		d := s.driver(t)
		if _, err := d.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.version = "201"
		r, err := sale(t, d, nil)
		if !errors.Is(err, payments.ErrRefused) || r.Code != "terminal.version" || !r.NotStarted || s.sent("PURCHASE") != 1 {
			t.Errorf("%+v, %v", r, err)
		}
		if r, err = d.Purchase(t.Context(), terminal.Purchase{SID: sidT, Amount: euros(100)}, nil); err != nil || r.Class != terminal.Charged {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A terminal that wants its bytes carried is refused when it is asked, and
// stopped when it says so only in the middle.
func TestSlaveMode(t *testing.T) {
	t.Parallel()
	bubble(t, "asked", func(t *testing.T, s *stand) {
		p, err := pos.Open(pos.Config{Now: time.Now, Entropy: &counter{}, Switches: pos.Switches{Slave: true}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		d, err := terminal.New(terminal.Config{Dial: p.Dial, Now: time.Now, Entropy: &counter{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Prepare(t.Context()); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.slave" {
			t.Error(err)
		}
	})
	bubble(t, "an address in the outcome is none of our business", func(t *testing.T, s *stand) {
		s.last = record{before, "00", frameOf("IP=192.168.1.40\r\nPORT=7900")}
		if _, err := s.driver(t).Prepare(t.Context()); err != nil {
			t.Error(err)
		}
	})
	wants := []terminal.Field{terminal.Text("IP", "pos1.mypos.com"), terminal.Text("PORT", "3012")}
	bubble(t, "in the middle", func(t *testing.T, s *stand) {
		p := approved()
		p.steps[0].fields = wants
		p.steps[1].wait *= 5
		s.plays = []play{p}
		r, err := sale(t, s.driver(t), nil)
		if err != nil || r.Class != terminal.NotCharged || r.Code != "terminal.slave" || s.cancels() != 1 {
			t.Errorf("%+v, %v, %d cancels", r, err, s.cancels())
		}
	})
	bubble(t, "asks for its bytes", func(t *testing.T, s *stand) {
		s.plays = []play{{steps: []step{{stage: 1}, {stage: 11}, {stage: 2}, {stage: 4, fields: wants}, {wait: 1}}}}
		r, err := sale(t, s.driver(t), nil)
		if !errors.Is(err, payments.ErrUnknown) || r.Code != "terminal.slave" {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// What a terminal that cannot take payments says, and whether it can be used.
func TestConditions(t *testing.T) {
	t.Parallel()
	for status, code := range map[int]string{0: "", 34: "", 20: "terminal.unfinished", 25: "terminal.activation", 26: "terminal.needs_update", 36: "terminal.activation", 41: "terminal.needs_update", 77: "terminal.odd"} {
		bubble(t, code, func(t *testing.T, s *stand) {
			s.status = status
			i, err := s.driver(t).Test(t.Context())
			if err != nil || i.Code != code || i.Status != status || i.TerminalID != "80012345" || i.At.IsZero() {
				t.Errorf("%+v, %v", i, err)
			}
		})
	}
	bubble(t, "taken by another client", func(t *testing.T, s *stand) {
		s.busy = true
		if _, err := s.driver(t).Prepare(t.Context()); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.occupied" {
			t.Error(err)
		}
	})
}
