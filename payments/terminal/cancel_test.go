package terminal_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

// sale runs one purchase and calls at for every stage.
func sale(t *testing.T, d *terminal.Terminal, at func(terminal.Stage)) (terminal.Result, error) {
	t.Helper()
	return d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234)}, at)
}

func TestCancel(t *testing.T) {
	t.Parallel()
	slow := func(p play) play {
		for i := range p.steps {
			p.steps[i].wait *= 10
		}
		return p
	}
	for name, c := range map[string]struct {
		play  play
		at    terminal.StageName
		class terminal.Class
		code  string
		sent  int // cancels
		asked string
	}{
		"as soon as sent":            {slow(approved()), terminal.StageSent, terminal.NotCharged, "terminal.cancelled", 1, ""},
		"while waiting for the card": {slow(approved()), terminal.StagePresentCard, terminal.NotCharged, "terminal.cancelled", 1, ""},
		"with the card read":         {slow(approved()), terminal.StageCardRead, terminal.Charged, "", 0, "terminal.too_late"},
		"the terminal does not mind": {func() play { p := slow(approved()); p.deaf = true; return p }(), terminal.StagePresentCard, terminal.Charged, "", 1, ""},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.plays = []play{c.play}
			d := s.driver(t)
			var seen []terminal.Stage
			r, err := sale(t, d, func(stage terminal.Stage) {
				seen = append(seen, stage)
				if stage.Code == "terminal.too_late" {
					if err := d.Cancel(t.Context()); payments.CodeOf(err) != "terminal.too_late" {
						t.Errorf("once more: %v", err)
					}
				}
				if stage.Name != c.at || stage.Cancelling || stage.Code != "" {
					return
				}
				for range 2 {
					if err := d.Cancel(t.Context()); payments.CodeOf(err) != c.asked {
						t.Errorf("cancel: %v", err)
					}
				}
			})
			if err != nil || r.Class != c.class || r.Code != c.code {
				t.Errorf("%q %q, %v", r.Class, r.Code, err)
			}
			if got := s.cancels(); got != c.sent {
				t.Errorf("%d cancels were sent", got)
			}
			cancelling := false
			for _, stage := range seen {
				cancelling = cancelling || stage.Cancelling
			}
			if cancelling != (c.sent > 0) {
				t.Errorf("stages %+v", seen)
			}
			if taken, _ := s.ledger(); (taken[sidS] == 1) != (c.class == terminal.Charged) {
				t.Errorf("charged %v", taken)
			}
		})
	}
}

// A cancel that meets an approval on its way is lost, and the approval counts.
func TestApprovalWinsTheRace(t *testing.T) {
	t.Parallel()
	bubble(t, "race", func(t *testing.T, s *stand) {
		p := approved()
		s.plays = []play{p}
		d := s.driver(t)
		go func() {
			time.Sleep(time.Second) // the instant of the present-card screen and of the card
			_ = d.Cancel(context.Background())
		}()
		r, err := sale(t, d, nil)
		taken, _ := s.ledger()
		if err != nil || (r.Class == terminal.Charged) != (taken[sidS] == 1) {
			t.Errorf("%+v, %v, %v", r, err, taken)
		}
	})
}

func TestCancelWithNothingToCancel(t *testing.T) {
	t.Parallel()
	bubble(t, "idle", func(t *testing.T, s *stand) {
		d := s.driver(t)
		if err := d.Cancel(t.Context()); payments.CodeOf(err) != "terminal.idle" || !errors.Is(err, payments.ErrRefused) {
			t.Error(err)
		}
	})
}

// Before the request has left, a cancel means that it never leaves.
func TestCancelBeforeAnythingWasSent(t *testing.T) {
	t.Parallel()
	bubble(t, "during the greeting", func(t *testing.T, s *stand) {
		d := s.driver(t)
		go func() {
			time.Sleep(200 * time.Millisecond) // PING is answered, the pause runs
			if err := d.Cancel(context.Background()); err != nil {
				t.Error(err)
			}
		}()
		r, err := sale(t, d, nil)
		if !errors.Is(err, payments.ErrRefused) || r.Code != "terminal.cancelled" || !r.NotStarted || s.sent("PURCHASE") != 0 {
			t.Errorf("%+v, %v, %q", r, err, s.heard())
		}
	})
}

// What comes under the SID of a cancel is no outcome. Its STAGE 5 with STATUS 13
// counts when the operation stays silent and its record does not say paid.
func TestWordsUnderTheSIDOfTheCancel(t *testing.T) {
	t.Parallel()
	type answer struct{ stage, status int }
	for name, c := range map[string]struct {
		answers []answer
		record  *record // what GET_STATUS tells then
		refuse  bool    // nobody is there to tell
		class   terminal.Class
		code    string
		within  time.Duration
	}{
		"stopped":             {[]answer{{1, 0}, {5, 13}}, nil, false, terminal.NotCharged, "terminal.cancelled", 13 * time.Second},
		"stopped at once":     {[]answer{{5, 13}}, &record{sid: "other", kind: "00", fields: approval()}, false, terminal.NotCharged, "terminal.cancelled", 13 * time.Second},
		"stopped, yet paid":   {[]answer{{5, 13}}, &record{sid: sidS, kind: "00", fields: approval()}, false, terminal.Unclear, "terminal.contradiction", 13 * time.Second},
		"stopped, then gone":  {[]answer{{5, 13}}, nil, true, terminal.Unclear, "terminal.silent", 20 * time.Second},
		"taken as an outcome": {[]answer{{1, 0}, {5, 0}}, nil, false, terminal.Unclear, "terminal.silent", 80 * time.Second},
		"busy":                {[]answer{{1, 1}}, nil, false, terminal.Unclear, "terminal.silent", 80 * time.Second},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.odd = func(w io.Writer, f terminal.Frame) bool {
				method, _ := f.Get("METHOD")
				sid, _ := f.Get("SID")
				if method != "PURCHASE" {
					return false
				}
				reply(w, method, sid, 1, 0, terminal.Text("TIMEOUT", "65"))
				cancel := <-s.cancel
				for _, a := range c.answers {
					reply(w, method, cancel, a.stage, a.status)
				}
				s.mu.Lock()
				defer s.mu.Unlock()
				if c.record != nil {
					s.last = *c.record
				}
				if c.refuse {
					s.refuse = errPlug
				}
				return true
			}
			s.early = true
			d := s.driver(t)
			if _, err := d.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			r, err := sale(t, d, func(stage terminal.Stage) {
				if stage.Cancellable && !stage.Cancelling {
					_ = d.Cancel(t.Context())
				}
			})
			if took := time.Since(start); took > c.within {
				t.Errorf("took %s", took)
			}
			if r.Class != c.class || r.Code != c.code || (err != nil) != (c.class == terminal.Unclear) {
				t.Errorf("%q %q, %v", r.Class, r.Code, err)
			}
			if s.sent("PURCHASE") != 2 && s.sent("PURCHASE") != 1 || s.sent("REVERSAL")+s.sent("CANCEL_TX") != 0 {
				t.Errorf("%q", s.heard())
			}
		})
	}
}
