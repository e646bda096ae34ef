package main

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments/simulator/pos"
)

// salon is a desk with a card terminal: frontdeskctl over TCP with a simulator
// that is a program of its own.
type salon struct {
	*rig
	terminalAt string
}

func newSalon(t *testing.T, args ...string) *salon {
	t.Helper()
	s := openSalon(t, args...)
	s.register(s.terminalAt)
	return s
}

// openSalon starts the simulator.
func openSalon(t *testing.T, args ...string) *salon {
	t.Helper()
	s := &salon{rig: newRig(t), terminalAt: freePort(t)}
	s.sim = launch(t, nil, "frontdesk-sim", append([]string{
		"--http", s.simAt, "--state", filepath.Join(s.dir, "sim.jsonl"), "--allow-private",
		"--terminal", s.terminalAt, "--terminal-speed", "20",
	}, args...)...)
	s.sim.answering(t, s.simAt)
	s.sim.answering(t, s.terminalAt)
	return s
}

// register adds the terminal at an address to the desk.
func (s *salon) register(address string) {
	s.t.Helper()
	s.must(exitDone, "devices", "add", "Front", "--address", address)
	if out := s.must(exitDone, "devices", "test", "Front", "--json"); !strings.Contains(out, pos.DefaultTID) {
		s.t.Fatalf("test: %s", out)
	}
	s.must(exitDone, "devices", "enable", "Front")
}

// must runs frontdeskctl and fails the test unless it ends with the code.
func (s *salon) must(code int, args ...string) string {
	s.t.Helper()
	out, got := s.ctl(args...)
	if got != code {
		s.t.Fatalf("%v: exit %d, want %d: %s", args, got, code, out)
	}
	return out
}

// press is a hand at the terminal.
func (s *salon) press(path, body string) {
	s.t.Helper()
	res, err := http.Post(s.simURL+"/_sim/terminal/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		s.t.Fatalf("%s: %s %s", path, res.Status, text)
	}
}

func (s *salon) view() pos.View {
	s.t.Helper()
	res, err := http.Get(s.simURL + "/_sim/terminal/")
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	var v pos.View
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil {
		s.t.Fatal(err)
	}
	return v
}

// asks waits until the terminal asks for a card.
func (s *salon) asks() {
	s.t.Helper()
	for range 1000 {
		if v := s.view(); v.State.Screen == pos.ScreenCard && len(v.State.Asks) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("the terminal asks for no card: %+v", s.view().State)
}

// charged is the minor units the terminal really took, and in how many charges.
func (s *salon) charged() (minor int64, n int) {
	for _, c := range s.view().Charges {
		if c.Kind == pos.ChargeSale && c.State == pos.StateApproved {
			minor += c.Minor
			n++
		}
	}
	return minor, n
}

func (s *salon) wantCharged(minor int64, n int) {
	s.t.Helper()
	if m, k := s.charged(); m != minor || k != n {
		s.t.Errorf("the terminal took %d in %d charges, want %d in %d", m, k, minor, n)
	}
}

// ended is how a `charge --json --wait` came out.
type ended struct {
	last local.Charged
	code int
	out  string
}

// beside charges while the test goes on.
func (s *salon) beside(args ...string) <-chan ended {
	s.t.Helper()
	result := make(chan ended, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	s.t.Cleanup(cancel)
	ch, err := s.begin(ctx, append([]string{"--rail", "terminal", "--wait", "60s"}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	go func() {
		last, code := ch.end(s.t)
		result <- ended{last, code, ch.stderr.String()}
	}()
	return result
}

// A sale on the terminal from the desk to the ledger, by amounts that mean
// something.
func TestTerminalSales(t *testing.T) {
	t.Parallel()
	s := newSalon(t, "--terminal-customer", "tap")
	for amount, want := range map[string]struct {
		state app.State
		code  int
	}{
		"12.34": {app.Paid, exitDone}, "12.01": {app.Declined, exitNo}, "12.05": {app.Paid, exitDone},
		"11.07": {app.Paid, exitDone},
	} {
		e := <-s.beside(amount)
		if e.code == exitOpen {
			e = s.settled(e, 40)
		}
		if e.last.State != want.state && want.code == exitDone || e.code != want.code {
			t.Errorf("%s: exit %d, %+v: %s; want %d, %s", amount, e.code, e.last, e.out, want.code, want.state)
		}
	}
	s.wantCharged(1234+1205+1107, 3)
	for _, sale := range s.sales() {
		if paid := sale.State == app.Paid; paid == (sale.State == app.Declined || sale.State == app.NotCharged) {
			t.Errorf("%+v", sale)
		}
	}
	if out := s.must(exitDone, "devices", "--json"); !strings.Contains(out, pos.DefaultTID) {
		t.Errorf("devices: %s", out)
	}
}

// settled asks again until the sale is known, or enough. One of which the
// terminal has no record stays not known: only a person can end it.
func (s *salon) settled(e ended, tries int) ended {
	s.t.Helper()
	for range tries {
		for _, sale := range s.sales() {
			if sale.ID != e.last.Sale || sale.State == app.Unknown {
				continue
			}
			e.last.State, e.code = sale.State, exitNo
			if sale.State == app.Paid {
				e.code = exitDone
			}
			return e
		}
		s.ctl("doctor")
	}
	return e
}

// Two charges at once: the second is refused, the first goes through.
func TestTwoChargesOnOneTerminal(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	first := s.beside("5.00")
	s.asks()
	second := <-s.beside("6.00")
	if second.code != exitNo || second.last.State == app.Paid {
		t.Errorf("second: %+v", second)
	}
	s.press("do/tap", "")
	if e := <-first; e.code != exitDone || e.last.State != app.Paid {
		t.Errorf("first: %+v", e)
	}
	s.wantCharged(500, 1)
}

// A cancel that the card outruns, and one that comes in time.
func TestCancelOnTheTerminal(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for mode, want := range map[string]int{"race": exitDone, "": exitNo} {
		s.press("switches", `{"cancel":"`+mode+`"}`)
		before, _ := s.charged()
		charge := s.beside("5.00")
		s.asks()
		s.ctl("cancel", string(s.sales()[0].ID))
		e := <-charge
		if e.code != want || (e.last.State == app.Paid) != (want == exitDone) {
			t.Errorf("cancel %q: %+v", mode, e)
		}
		if after, _ := s.charged(); (after == before+500) != (want == exitDone) {
			t.Errorf("cancel %q: charged %d, before %d", mode, after, before)
		}
	}
}

// The terminal restarts when the bank has said yes and the desk has not heard.
func TestTerminalRestartsInTheMiddle(t *testing.T) {
	t.Parallel()
	s := newSalon(t, "--terminal-customer", "tap")
	for _, c := range []struct {
		stage string
		want  app.State
		tries int
	}{{"5", app.Paid, 40}, {"2", app.Unknown, 3}} {
		stage, want := c.stage, c.want
		s.press("faults", `{"faults":[{"kind":"reboot","method":"PURCHASE","stage":`+stage+`}]}`)
		before, _ := s.charged()
		e := s.settled(<-s.beside("5.00", "--wait", "10s"), c.tries)
		after, _ := s.charged()
		if e.last.State != want || (after == before+500) != (want == app.Paid) {
			t.Errorf("restart at stage %s: %+v, charged %d", stage, e, after-before)
		}
		if want == app.Unknown {
			continue
		}
		if e := <-s.beside("6.00"); e.last.State != app.Paid {
			t.Errorf("the next payment: %+v", e)
		}
	}
}

// Another program has the terminal: nothing is charged, and it works again once
// that program has gone.
func TestTerminalTakenByAnother(t *testing.T) {
	t.Parallel()
	s := newSalon(t, "--terminal-customer", "tap")
	for i, second := range []string{"", "silent"} {
		s.press("switches", `{"second":"`+second+`"}`)
		other, err := net.Dial("tcp", s.terminalAt)
		if err != nil {
			t.Fatal(err)
		}
		var reads sync.WaitGroup
		reads.Go(func() { _, _ = io.Copy(io.Discard, other) })
		if e := <-s.beside("5.00"); e.code != exitNo || e.last.State == app.Paid || e.last.State == app.Unknown {
			t.Errorf("taken (%s): %+v", second, e)
		}
		s.wantCharged(int64(i)*600, i)
		_ = other.Close()
		reads.Wait()
		if e := <-s.beside("6.00"); e.code != exitDone {
			t.Errorf("free again (%s): %+v", second, e)
		}
		s.wantCharged(int64(i+1)*600, i+1)
	}
}
