package terminal_test

import (
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// standin is the simulator's terminal as a rival.
type standin struct {
	*pos.Terminal
	t testing.TB
}

// newStandin opens one on which a sale has been made before.
func newStandin(t testing.TB, name string, s pos.Switches) standin {
	earlier := pos.Tx{SID: before, Method: "PURCHASE", Type: "00", Amount: euros(500), Moved: true, Approval: "00", RRN: "623100000000", STAN: 3, Last: true}
	p, err := pos.Open(pos.Config{
		Now: time.Now, Entropy: rand.NewChaCha8([32]byte{1}), Switches: s,
		History: []pos.Record{{Kind: pos.KindOutcome, TID: pos.DefaultTID, At: time.Now(), Tx: &earlier}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Play(pos.Scenario{Name: name}); err != nil {
		t.Fatal(err)
	}
	return standin{p, t}
}

func (s standin) dial() terminal.Dialer { return s.Dial }

func (s standin) charged(sid string) int {
	n := 0
	for _, c := range s.Charges() {
		if c.SID == sid && c.State == pos.StateApproved {
			n++
		}
	}
	return n
}

func (s standin) given(sid string) int {
	n := 0
	for _, c := range s.Charges() {
		if c.SID == sid && (c.Kind == pos.ChargeRefund || c.State == pos.StateReversed) {
			n++
		}
	}
	return n
}

// requests is 0: what is sent twice is charged twice there.
func (s standin) requests() int { return 0 }

func (s standin) settle() {
	synctest.Wait()
	time.Sleep(10 * time.Minute)
	if err := s.Close(); err != nil {
		s.t.Error(err)
	}
}

// TestCutsOfTheSimulator is TestCuts with the simulator at the other end: all
// its named scenarios, with a terminal that wants declines completed and keeps
// them as its last record, and with one that does not; the short campaign takes
// them in turns.
func TestCutsOfTheSimulator(t *testing.T) {
	t.Parallel()
	var totals tally
	scripts := 0
	t.Run("scenarios", func(t *testing.T) {
		for i, name := range pos.Names() {
			for way, thorough := range []bool{false, true} {
				if !full() && (i+way)%2 == 1 {
					continue
				}
				scripts++
				label := map[bool]string{false: "", true: ", declines are kept"}[thorough]
				t.Run(name+label, func(t *testing.T) {
					t.Parallel()
					fresh := func() rival {
						return newStandin(t, name, pos.Switches{CompleteAll: thorough, DeclinedIsLast: thorough, NoTriggers: true})
					}
					cutAll(t, fresh, purchases(), false, 2*i+way, drawn/len(pos.Names())/4+1, &totals)
				})
			}
		}
	})
	totals.print(t, scripts)
}
