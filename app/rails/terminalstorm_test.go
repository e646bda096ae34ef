package rails_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
)

// TestTerminalStorm charges one sale after the other on a terminal whose line is
// cut, frozen, doubled and rebooted, while the till is cancelled and restarted.
// After each: the sale is paid exactly when the customer has paid, once; what
// nobody can tell is not known, and blocks the terminal until a person answers.
func TestTerminalStorm(t *testing.T) {
	t.Parallel()
	const rounds = 40
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{Customer: pos.CustomerTap, CompleteAll: true})
		random := rand.New(rand.NewPCG(4, 2026))
		seen := map[app.State]int{}
		for round := range rounds {
			before := c.charged()
			faults := storm(random)
			if err := c.pos.Play(pos.Scenario{Name: pick(random, "contactless", "chip", "declined", "no-card", "online-pin"), Faults: faults}); err != nil {
				t.Fatal(err)
			}
			s, err := c.charge(int64(1000 + round*100))
			if err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			c.disturb(random, s.ID)
			time.Sleep(10 * time.Minute) // whatever runs has ended and was looked up
			if c.sale(s.ID).Live() {
				_ = c.till.CheckNow(context.Background(), s.ID)
			}
			got := c.sale(s.ID)
			charged := c.charged() - before
			seen[got.State]++
			switch got.State {
			case app.Paid:
				if charged != 1 {
					t.Fatalf("round %d, %+v: paid, but charged %d times", round, faults, charged)
				}
			case app.Declined, app.NotCharged:
				if charged != 0 {
					t.Fatalf("round %d, %+v: %s, but charged %d times", round, faults, got.State, charged)
				}
			case app.Unknown:
				c.answers(s.ID, charged)
			default:
				t.Fatalf("round %d, %+v: the sale is still %q", round, faults, got.State)
			}
		}
		t.Logf("ended: %v", seen)
		if seen[app.Paid] == 0 || seen[app.Unknown] == 0 || seen[app.Declined] == 0 {
			t.Errorf("the storm was too mild: %v", seen)
		}
	})
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// storm draws what goes wrong with the line during one payment.
func storm(random *rand.Rand) []pos.Fault {
	if random.IntN(4) == 0 {
		return nil
	}
	return []pos.Fault{{
		Kind:    pick(random, pos.FaultDrop, pos.FaultDrop, pos.FaultFreeze, pos.FaultDelay, pos.FaultDuplicate, pos.FaultForeign, pos.FaultReboot),
		Stage:   pick(random, 1, 2, 5, 11),
		After:   random.IntN(2) == 0,
		Abandon: random.IntN(2) == 0,
	}}
}

// disturb cancels the sale or restarts the till at some moment, or neither.
func (c *counter) disturb(random *rand.Rand, id app.SaleID) {
	c.t.Helper()
	time.Sleep(time.Duration(random.IntN(6000)) * time.Millisecond)
	switch random.IntN(4) {
	case 0:
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = c.till.Cancel(ctx, id, "") // may come too late
	case 1:
		c.restart()
	}
}

// answers settles what is not known as a person would, with the terminal's own
// record in hand, after making sure that the terminal takes nothing before.
func (c *counter) answers(id app.SaleID, charged int) {
	c.t.Helper()
	if _, err := c.charge(100); payments.CodeOf(err) != "terminal.unsettled" {
		c.t.Fatalf("a terminal with an unknown payment gave %v", err)
	}
	r := app.Resolution{Paid: charged == 1, Evidence: "RRN 623100000001 at 14:03"}
	if err := c.till.Resolve(context.Background(), id, r); err != nil {
		c.t.Fatal(err)
	}
	time.Sleep(5 * time.Second)
}
