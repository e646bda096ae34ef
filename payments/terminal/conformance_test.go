package terminal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
	"frontdesk/payments/terminal/terminaltest"
)

// subject is our driver as the suite sees drivers.
type subject struct{ *terminal.Terminal }

func (s subject) Prepare(ctx context.Context) (string, error) {
	i, err := s.Terminal.Prepare(ctx)
	if err == nil && i.Code != "" {
		err = errors.New(i.Code)
	}
	return i.Last.SID, err
}

func (s subject) Charge(ctx context.Context, id string, amount money.Amount, stage func(terminaltest.Stage)) (terminaltest.Answer, error) {
	r, err := s.Purchase(ctx, terminal.Purchase{SID: id, Amount: amount, Reference: "INV-1"}, func(st terminal.Stage) {
		if stage != nil {
			stage(terminaltest.Stage{Name: string(st.Name), Cancellable: st.Cancellable && !st.Cancelling})
		}
	})
	return terminaltest.Answer{Outcome: r.Outcome, Amount: r.Amount, Code: r.Code}, err
}

func (s subject) Find(ctx context.Context, id, previous string) (terminaltest.Answer, error) {
	r, err := s.Lookup(ctx, id, previous)
	return terminaltest.Answer{Outcome: r.Outcome, Amount: r.Amount, Code: r.Code}, err
}

func newID() string {
	sid, err := terminal.NewSID(rand.Reader)
	if err != nil {
		panic(err)
	}
	return sid
}

func driver(t testing.TB, dial terminal.Dialer, timers terminal.Timers) subject {
	t.Helper()
	d, err := terminal.New(terminal.Config{Dial: dial, Now: time.Now, Entropy: rand.Reader, Timers: timers})
	if err != nil {
		t.Fatal(err)
	}
	return subject{d}
}

// inFakeTime runs a test of the suite in a bubble.
func inFakeTime(open func(t *testing.T) (terminaltest.Rig, func())) terminaltest.Around {
	return func(t *testing.T, test func(*testing.T, terminaltest.Rig)) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			r, end := open(t)
			defer end()
			test(t, r)
		})
	}
}

func TestConformanceOverPipes(t *testing.T) {
	t.Parallel()
	terminaltest.Run(t, inFakeTime(func(t *testing.T) (terminaltest.Rig, func()) {
		s := newStand()
		return terminaltest.Rig{
			Driver: driver(t, s.dial, terminal.Timers{}), Terminal: scripted{s}, NewID: newID, Now: time.Now, Patience: 4 * time.Minute, Pause: 5 * time.Second,
		}, s.lives.Wait
	}))
}

func TestConformanceOfTheSimulator(t *testing.T) {
	t.Parallel()
	for name, switches := range map[string]pos.Switches{
		"plain": {}, "thorough": {CompleteAll: true, DeclinedIsLast: true}, "greeting, in pieces": {Greeting: true, Line: pos.LineChaos, Cancel: pos.CancelAnswered},
	} {
		switches.NoTriggers = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terminaltest.Run(t, inFakeTime(func(t *testing.T) (terminaltest.Rig, func()) {
				p := openPOS(t, switches, 1)
				return terminaltest.Rig{
					Driver: driver(t, p.Dial, terminal.Timers{}), Terminal: simulated{p}, NewID: newID, Now: time.Now, Patience: 4 * time.Minute, Pause: 10 * time.Second,
				}, func() { closePOS(t, p) }
			}))
		})
	}
}

// quick are timers for a terminal that lives fifty times as fast, with room for
// a busy machine where the terminal's own answers are waited for.
func quick() terminal.Timers {
	return terminal.Timers{AfterPing: 20 * time.Millisecond, Gap: 10 * time.Millisecond, Grace: time.Second, FrameCap: 3 * time.Second}
}

const speed = 50

func TestConformanceOverTCP(t *testing.T) {
	t.Parallel()
	terminaltest.Run(t, func(t *testing.T, test func(*testing.T, terminaltest.Rig)) {
		t.Parallel()
		p := openPOS(t, pos.Switches{NoTriggers: true}, speed)
		defer closePOS(t, p)
		addr, err := p.Listen(t.Context(), "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		host, port := split(t, addr)
		test(t, terminaltest.Rig{
			Driver: driver(t, terminal.TCP(host, port), quick()), Terminal: simulated{p}, NewID: newID, Now: time.Now, Patience: 30 * time.Second, Pause: 100 * time.Millisecond,
		})
	})
}

func split(t testing.TB, addr string) (string, int) {
	t.Helper()
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	port, err := net.LookupPort("tcp", text)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

func openPOS(t testing.TB, s pos.Switches, speed float64) *pos.Terminal {
	t.Helper()
	p, err := pos.Open(pos.Config{Now: time.Now, Entropy: rand.Reader, Switches: s, Speed: speed})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func closePOS(t testing.TB, p *pos.Terminal) {
	t.Helper()
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// scripted is the stand as the suite tells it what to do.
type scripted struct{ *stand }

func (s scripted) Charged(id string) int { return s.charged(id) }

func (s scripted) Vanish(testing.TB) {
	s.mu.Lock()
	s.refuse = errPlug
	s.mu.Unlock()
}

func (s scripted) Play(t testing.TB, scene terminaltest.Scene) {
	t.Helper()
	p := approved()
	switch scene {
	case terminaltest.Approves:
	case terminaltest.Declines:
		p = ended("", "TX_STATUS=1\r\nAPPROVAL=51", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 0})
	case terminaltest.NoCard:
		p = ended("", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{5, 5})
	case terminaltest.CustomerStops:
		p = ended("", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{5, 13})
	case terminaltest.TurnsDown:
		p = play{steps: []step{{stage: 1, status: 50}}}
	case terminaltest.DropsThenPays:
		p.steps[2].cut = true
	case terminaltest.DropsGivesUp:
		p.steps[2].cut = true
		p.steps, p.charged = p.steps[:3], false
	case terminaltest.FreezesCharged:
		p.steps[3].wait = 170 * time.Second
		p.steps[3].timeout = 0
		p.steps[3].foreign = true
	case terminaltest.LostBankPaid, terminaltest.LostBankUnpaid:
		p.charged = scene == terminaltest.LostBankPaid
		p.outcome, p.truth = nil, frameOf("TX_STATUS=0\r\nAPPROVAL=00")
		p.steps[3].status = 15
		if !p.charged {
			p.truth = frameOf("TX_STATUS=1\r\nAPPROVAL=91")
		}
	case terminaltest.WaitsForCard:
		p.steps[2].wait = 50 * time.Second
	case terminaltest.PaysDespite:
		p.deaf = true
	default:
		t.Fatalf("no play for %s", scene)
	}
	s.mu.Lock()
	s.plays = []play{p}
	s.mu.Unlock()
}

// simulated is the simulator's terminal as the suite tells it what to do.
type simulated struct{ *pos.Terminal }

func (s simulated) Charged(id string) int { return standin{Terminal: s.Terminal}.charged(id) }

func (s simulated) Vanish(t testing.TB) {
	if err := s.Unplug(); err != nil {
		t.Error(err)
	}
}

func (s simulated) Play(t testing.TB, scene terminaltest.Scene) {
	t.Helper()
	tap := []pos.Act{pos.ActTap}
	script, ok := map[terminaltest.Scene]pos.Scenario{
		terminaltest.Approves:       {Name: "contactless"},
		terminaltest.Declines:       {Name: "declined"},
		terminaltest.NoCard:         {Name: "no-card"},
		terminaltest.CustomerStops:  {Name: "customer-cancel"},
		terminaltest.TurnsDown:      {Name: "forbidden"},
		terminaltest.DropsThenPays:  {Customer: tap, Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 5}}},
		terminaltest.DropsGivesUp:   {Customer: tap, Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2, Abandon: true}}},
		terminaltest.FreezesCharged: {Customer: tap, Faults: []pos.Fault{{Kind: pos.FaultFreeze, Stage: 5}}},
		terminaltest.LostBankPaid:   {Name: "unknown-15-charged"},
		terminaltest.LostBankUnpaid: {Name: "unknown-15"},
		terminaltest.WaitsForCard:   {Customer: []pos.Act{}},
		terminaltest.PaysDespite:    {Name: "contactless"},
	}[scene]
	if !ok {
		t.Fatalf("no scenario for %s", scene)
	}
	if err := s.Terminal.Play(); err != nil {
		t.Fatal(err)
	}
	if err := s.Terminal.Play(script); err != nil {
		t.Fatal(err)
	}
	if err := s.Change(func(sw *pos.Switches) {
		if scene == terminaltest.PaysDespite {
			sw.Cancel = pos.CancelIgnored
		} else if sw.Cancel == pos.CancelIgnored {
			sw.Cancel = pos.CancelHonoured
		}
	}); err != nil {
		t.Fatal(err)
	}
}
