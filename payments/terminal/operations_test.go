package terminal_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// requests records what reaches the stand, field by field.
func (s *stand) requests(method string) *[]terminal.Frame {
	var all []terminal.Frame
	s.mu.Lock()
	defer s.mu.Unlock()
	s.odd = func(_ io.Writer, f terminal.Frame) bool {
		if m, _ := f.Get("METHOD"); m == method {
			all = append(all, f)
		}
		return false
	}
	return &all
}

func TestRequestsOnTheWire(t *testing.T) {
	t.Parallel()
	bubble(t, "purchase as in V5", func(t *testing.T, s *stand) {
		sent := s.requests("PURCHASE")
		_, err := s.driver(t).Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234), Reference: "INV-1001", Language: "EN"}, nil)
		if err != nil || len(*sent) != 1 {
			t.Fatalf("%v, %v", *sent, err)
		}
		if diff := cmp.Diff(frameOf(goldens()[4].body), (*sent)[0]); diff != "" {
			t.Error(diff)
		}
	})
	bubble(t, "purchase with everything", func(t *testing.T, s *stand) {
		sent := s.requests("PURCHASE")
		_, err := s.driver(t).Purchase(t.Context(), terminal.Purchase{
			SID: sidS, Amount: money.Amount{Minor: 900, Currency: money.JPY}, Tip: money.Amount{Minor: 50, Currency: money.JPY},
			Operator: "12", Printout: terminal.PrintNothing, Handheld: true, Password: "1234",
		}, nil)
		if err != nil || len(*sent) != 1 {
			t.Fatal(err)
		}
		want := frameOf("PROTOCOL=IPP\r\nVERSION=202\r\nMETHOD=PURCHASE\r\nSID=" + sidS + "\r\nAMOUNT=900.00\r\nCURRENCY=392\r\nFIXED_PINPAD=0\r\nTIP_AMOUNT=50.00\r\nOPERATOR_CODE=12\r\nPRINT_RECEIPT=3\r\nPASSWORD=1234")
		if diff := cmp.Diff(want, (*sent)[0]); diff != "" {
			t.Error(diff)
		}
	})
	bubble(t, "refund, reversal, completion", func(t *testing.T, s *stand) {
		d := s.driver(t)
		if _, err := sale(t, d, nil); err != nil {
			t.Fatal(err)
		}
		sent := s.requests("COMPLETE_TX")
		if err := d.Complete(t.Context(), sidS); err != nil {
			t.Fatal(err)
		}
		f := (*sent)[0]
		if v, _ := f.Get("SID_ORIGINAL"); v != sidS || len(f) != 5 {
			t.Errorf("%v", f)
		}
		sent = s.requests("REVERSAL")
		r, err := d.Reverse(t.Context(), sidT, sidS, "")
		if err != nil || r.Outcome != payments.Refunded || r.Class != terminal.Charged || !r.Unfinished {
			t.Errorf("%+v, %v", r, err)
		}
		if diff := cmp.Diff(frameOf(goldens()[8].body), (*sent)[0]); diff != "" {
			t.Error(diff)
		}
		if found, err := d.Lookup(t.Context(), sidT, sidS); err != nil || found.Outcome != payments.Refunded {
			t.Errorf("%+v, %v", found, err)
		}
		if err := d.Complete(t.Context(), sidT); err != nil {
			t.Error(err)
		}
		sent = s.requests("REFUND")
		r, err = d.Refund(t.Context(), terminal.Refund{SID: "third", Amount: euros(1234)}, nil)
		if _, given := s.ledger(); err != nil || r.Outcome != payments.Refunded || given["third"] != 1 || len(*sent) != 1 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestReverseOnlyTheLast(t *testing.T) {
	t.Parallel()
	bubble(t, "another is the last", func(t *testing.T, s *stand) {
		d := s.driver(t)
		s.last = record{"another", "00", approval()}
		r, err := d.Reverse(t.Context(), sidT, sidS, "")
		if !errors.Is(err, payments.ErrRefused) || r.Code != "terminal.not_last" || s.sent("REVERSAL") != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
	bubble(t, "not completed", func(t *testing.T, s *stand) {
		d := s.driver(t)
		s.open, s.last = sidS, record{sidS, "00", approval()}
		if _, err := d.Reverse(t.Context(), sidT, sidS, ""); payments.CodeOf(err) != "terminal.unfinished" || s.sent("REVERSAL") != 0 {
			t.Error(err)
		}
	})
	bubble(t, "nothing of it there", func(t *testing.T, s *stand) {
		d := s.driver(t)
		s.last = record{sidS, "00", approval()}
		r, err := d.Reverse(t.Context(), sidT, sidS, "12345")
		if !errors.Is(err, payments.ErrRefused) || r.Status != terminal.StatusNoReversal || !r.NotStarted {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestWrongRequestsNeverLeave(t *testing.T) {
	t.Parallel()
	good := terminal.Purchase{SID: sidS, Amount: euros(100)}
	for name, c := range map[string]struct {
		edit func(*terminal.Purchase)
		code string
	}{
		"no SID":               {func(p *terminal.Purchase) { p.SID = "" }, "terminal.request"},
		"long SID":             {func(p *terminal.Purchase) { p.SID = string(make([]byte, 128)) }, "terminal.request"},
		"SID with a line end":  {func(p *terminal.Purchase) { p.SID = "a\r\nSTATUS=0" }, "terminal.request"},
		"nothing to pay":       {func(p *terminal.Purchase) { p.Amount.Minor = 0 }, "terminal.amount"},
		"below nothing":        {func(p *terminal.Purchase) { p.Amount.Minor = -5 }, "terminal.amount"},
		"too much":             {func(p *terminal.Purchase) { p.Amount.Minor = 100_000_000 }, "terminal.amount"},
		"half a forint":        {func(p *terminal.Purchase) { p.Amount = money.Amount{Minor: 150, Currency: money.HUF} }, "terminal.amount"},
		"Taiwan dollars":       {func(p *terminal.Purchase) { p.Amount = money.Amount{Minor: 100, Currency: money.TWD} }, "terminal.currency_unknown"},
		"no currency":          {func(p *terminal.Purchase) { p.Amount.Currency = "" }, "terminal.currency_unknown"},
		"tip of another kind":  {func(p *terminal.Purchase) { p.Tip = money.Amount{Minor: 1, Currency: money.CHF} }, "terminal.amount"},
		"tip below nothing":    {func(p *terminal.Purchase) { p.Tip = euros(-1) }, "terminal.amount"},
		"long reference":       {func(p *terminal.Purchase) { p.Reference = string(make([]byte, 51)) }, "terminal.request"},
		"reference in letters": {func(p *terminal.Purchase) { p.Reference = "Фризьор" }, "terminal.request"},
		"operator with a name": {func(p *terminal.Purchase) { p.Operator = "Mia" }, "terminal.request"},
		"five digits":          {func(p *terminal.Purchase) { p.Operator = "12345" }, "terminal.request"},
		"printout":             {func(p *terminal.Purchase) { p.Printout = 4 }, "terminal.request"},
		"language":             {func(p *terminal.Purchase) { p.Language = "ENG" }, "terminal.request"},
		"short password":       {func(p *terminal.Purchase) { p.Password = "123" }, "terminal.request"},
	} {
		bubble(t, name, func(t *testing.T, s *stand) {
			p := good
			c.edit(&p)
			r, err := s.driver(t).Purchase(t.Context(), p, nil)
			if !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != c.code || r.Code != c.code || !r.NotStarted || s.dials != 0 {
				t.Errorf("%+v, %v, %d dials", r, err, s.dials)
			}
		})
	}
	if _, err := terminal.New(terminal.Config{}); payments.CodeOf(err) != "terminal.config" {
		t.Error(err)
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	bubble(t, "nothing to complete", func(t *testing.T, s *stand) {
		if err := s.driver(t).Complete(t.Context(), sidS); err != nil || s.sent("PING") != 1 {
			t.Errorf("%v, %q", err, s.heard())
		}
	})
	bubble(t, "at work", func(t *testing.T, s *stand) {
		s.busy = true
		if err := s.driver(t).Complete(t.Context(), sidS); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.occupied" {
			t.Error(err)
		}
	})
	bubble(t, "gone", func(t *testing.T, s *stand) {
		s.refuse = errPlug
		if err := s.driver(t).Complete(t.Context(), sidS); !errors.Is(err, payments.ErrUnreachable) {
			t.Error(err)
		}
	})
	bubble(t, "no SID", func(t *testing.T, s *stand) {
		if err := s.driver(t).Complete(t.Context(), ""); payments.CodeOf(err) != "terminal.request" || s.dials != 0 {
			t.Error(err)
		}
	})
}

func TestReprintIsGivenTime(t *testing.T) {
	t.Parallel()
	bubble(t, "slow printer", func(t *testing.T, s *stand) {
		if err := s.driver(t).Reprint(t.Context()); err != nil {
			t.Error(err)
		}
	})
	bubble(t, "no paper", func(t *testing.T, s *stand) {
		s.odd = func(w io.Writer, f terminal.Frame) bool {
			m, _ := f.Get("METHOD")
			sid, _ := f.Get("SID")
			return m == "REPRINT_RECEIPT" && reply(w, m, sid, 1, terminal.StatusNoPaper)
		}
		if err := s.driver(t).Reprint(t.Context()); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.no_paper" {
			t.Error(err)
		}
	})
}

// The first payment after a while is greeted; right behind Prepare it is not.
func TestGreeting(t *testing.T) {
	t.Parallel()
	bubble(t, "greeting", func(t *testing.T, s *stand) {
		d := s.driver(t)
		steps := func(want ...string) {
			t.Helper()
			if diff := cmp.Diff(want, s.heard()); diff != "" {
				t.Error(diff)
			}
			s.forget()
		}
		if _, err := d.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := sale(t, d, nil); err != nil {
			t.Fatal(err)
		}
		if gap := 200 * time.Millisecond; time.Since(start) != 3*time.Second+gap {
			t.Errorf("the sale took %s", time.Since(start))
		}
		steps("PING", "GET_STATUS", "PURCHASE")
		if err := d.Complete(t.Context(), sidS); err != nil {
			t.Fatal(err)
		}
		time.Sleep(31 * time.Second)
		start = time.Now()
		if _, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidT, Amount: euros(100)}, nil); err != nil {
			t.Fatal(err)
		}
		if time.Since(start) != 3*time.Second+400*time.Millisecond {
			t.Errorf("the greeted sale took %s", time.Since(start))
		}
		steps("COMPLETE_TX", "PING", "PURCHASE")
	})
}

func TestOneOperationAtATime(t *testing.T) {
	t.Parallel()
	bubble(t, "two at once", func(t *testing.T, s *stand) {
		d := s.driver(t)
		_, err := sale(t, d, func(stage terminal.Stage) {
			if stage.Name != terminal.StagePresentCard {
				return
			}
			r, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidT, Amount: euros(100)}, nil)
			if !errors.Is(err, terminal.ErrBusy) || !errors.Is(err, payments.ErrRefused) || !r.NotStarted {
				t.Errorf("second: %+v, %v", r, err)
			}
			if _, err := d.Lookup(t.Context(), sidT, ""); !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "terminal.busy" {
				t.Errorf("look-up: %v", err)
			}
			for _, err := range []error{second(d.Test(t.Context())), second(d.Prepare(t.Context())), d.Complete(t.Context(), sidS), d.Reprint(t.Context())} {
				if !errors.Is(err, terminal.ErrBusy) {
					t.Error(err)
				}
			}
		})
		if err != nil || s.sent("PURCHASE") != 1 {
			t.Errorf("%v, %q", err, s.heard())
		}
	})
}

func second[T any](_ T, err error) error { return err }

// The heartbeat comes every four minutes, not during a payment, and a payment
// does not wait for one.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	bubble(t, "beats", func(t *testing.T, s *stand) {
		d := s.driver(t)
		ctx, stop := context.WithCancel(t.Context())
		reports := make(chan error, 10)
		done := make(chan struct{})
		go func() {
			defer close(done)
			d.Heartbeat(ctx, func(err error) { reports <- err })
		}()
		time.Sleep(8*time.Minute + time.Second)
		if s.sent("PING") != 2 || len(reports) != 2 || <-reports != nil || <-reports != nil {
			t.Errorf("%q, %d reports", s.heard(), len(reports))
		}
		// The third beat falls into a payment.
		time.Sleep(3*time.Minute + 57*time.Second)
		if _, err := sale(t, d, nil); err != nil {
			t.Error(err)
		}
		if s.sent("PING") != 3 || len(reports) != 0 { // 3: the greeting
			t.Errorf("%q, %d reports", s.heard(), len(reports))
		}
		// The fourth hangs, and a payment comes.
		if err := d.Complete(t.Context(), sidS); err != nil {
			t.Error(err)
		}
		hung := make(chan struct{})
		s.mu.Lock()
		s.odd = func(_ io.Writer, f terminal.Frame) bool {
			if m, _ := f.Get("METHOD"); m != "PING" {
				return false
			}
			select {
			case <-hung:
				return false
			default:
				close(hung)
				return true
			}
		}
		s.mu.Unlock()
		<-hung
		start := time.Now()
		if _, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidT, Amount: euros(100)}, nil); err != nil || time.Since(start) > 4*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		if len(reports) != 0 {
			t.Errorf("a beat that stood back was reported: %v", <-reports)
		}
		stop()
		<-done
	})
}
