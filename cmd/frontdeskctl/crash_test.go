package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
)

var (
	crashRuns = flag.Int("crash.runs", 25, "charges of the crash campaign")
	crashSeed = flag.Uint64("crash.seed", 0, "seed of the crash campaign, 0 draws one")
)

// settleWithin is how long the programs may take, once all of them run again,
// until journal and truth agree: a rollback is told again after 1, 5 and 30 s.
const settleWithin = 90 * time.Second

// TestCrash kills frontdeskctl, the relay and the simulator with -9 at random
// points of charges, starts them again, and at the end compares what the
// simulator did with what the journal says.
//
//	go test -run TestCrash ./cmd/frontdeskctl -crash.runs=1000 -crash.seed=7
func TestCrash(t *testing.T) {
	t.Parallel()
	runs, seed := *crashRuns, *crashSeed
	if n, err := strconv.Atoi(os.Getenv("FRONTDESK_CRASH")); err == nil {
		runs = n
	}
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("crash campaign: %d charges, -crash.seed=%d", runs, seed)
	c := &campaign{rig: newRig(t).start().setup(), claims: map[app.SaleID]bool{}}
	c.calibrate()
	for i := range runs {
		c.run(rand.New(rand.NewPCG(seed, uint64(i))))
	}
	c.settle()
	t.Logf("%d charges: %d payments, %d reversed, %d said paid; killed %v", runs, len(c.truth().Payments), c.reversed(), len(c.claims), c.killed)
}

// campaign is a rig under fire.
type campaign struct {
	*rig
	usual  time.Duration       // how long an undisturbed charge takes
	claims map[app.SaleID]bool // sales of which frontdeskctl said paid
	killed struct{ Ctl, Relay, Sim int }
}

// calibrate charges once without a kill, so that later kills fall into the time
// a charge takes on this machine.
func (c *campaign) calibrate() {
	c.t.Helper()
	begin := time.Now()
	ch, err := c.charge(context.Background(), "1.00", "--wait", "60s")
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := newCustomer(nil).pay(ch.first.Link, goodCard); err != nil {
		c.t.Fatal(err)
	}
	if last, code := ch.end(c.t); last.State != app.Paid || code != exitDone {
		c.t.Fatalf("undisturbed: %+v, exit %d: %s", last, code, ch.stderr)
	}
	c.usual = time.Since(begin)
	c.t.Logf("an undisturbed charge takes %v", c.usual.Round(time.Millisecond))
}

// strikes are the kills of one charge: when, counted from its start, and for
// how long the program stays away. Zero members are not struck.
type strikes struct {
	ctl, relay, sim struct{ at, away time.Duration }
}

// draw strikes one program in two thirds of the charges, several in the others.
func (c *campaign) draw(dice *rand.Rand) strikes {
	victims := 1 << dice.IntN(3)
	if dice.IntN(3) == 0 {
		victims = 1 + dice.IntN(7)
	}
	var s strikes
	for i, v := range []*struct{ at, away time.Duration }{&s.ctl, &s.relay, &s.sim} {
		at, away := 1+dice.Int64N(int64(c.usual)*6/5), dice.Int64N(int64(200*time.Millisecond))
		if victims&(1<<i) != 0 {
			v.at, v.away = time.Duration(at), time.Duration(away)
		}
	}
	return s
}

// run is one charge under fire.
func (c *campaign) run(dice *rand.Rand) {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	amount := fmt.Sprintf("%d.%02d", 1+dice.IntN(200), dice.IntN(100))
	s := c.draw(dice)
	ch, err := c.begin(ctx, amount, "--wait", "20s")
	if err != nil {
		c.t.Fatal(err)
	}
	var kills sync.WaitGroup
	c.strike(&kills, s.ctl.at, func() {
		_ = ch.cmd.Process.Kill()
		c.killed.Ctl++
	})
	c.strike(&kills, s.relay.at, func() {
		c.relay.kill()
		c.killed.Relay++
		time.Sleep(s.relay.away)
		c.startRelay()
	})
	c.strike(&kills, s.sim.at, func() {
		c.sim.kill()
		c.killed.Sim++
		time.Sleep(s.sim.away)
		c.startSim()
	})
	patience := 300 * time.Millisecond
	if ch.firstLine() == nil {
		if _, err := newCustomer(nil).pay(ch.first.Link, goodCard); err == nil {
			patience = 3 * time.Second
		}
		c.finish(ch, patience)
	}
	kills.Wait()
}

// strike does it at the drawn moment, which is the point of the test.
func (c *campaign) strike(kills *sync.WaitGroup, at time.Duration, do func()) {
	if at == 0 {
		return
	}
	kills.Go(func() {
		time.Sleep(at)
		do()
	})
}

// finish reads the last line of a charge; one that is still open after patience
// is left to its journal.
func (c *campaign) finish(ch *charging, patience time.Duration) {
	stop := time.AfterFunc(patience, func() { _ = ch.cmd.Process.Signal(os.Interrupt) })
	defer stop.Stop()
	last, code := ch.end(c.t)
	if (code == exitDone) != (last.State == app.Paid) && code != -1 {
		c.t.Errorf("exit %d with %+v: %s", code, last, ch.stderr)
	}
	if last.State == app.Paid {
		c.claims[last.Sale] = true
	}
}

// settle asks about every open sale until journal and truth agree.
func (c *campaign) settle() {
	c.t.Helper()
	deadline := time.Now().Add(settleWithin)
	var sales []local.Sale
	for {
		c.ctl("doctor")
		sales = c.sales()
		err := compare(c.truth(), sales)
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("after %v journal and truth differ:\n%v", settleWithin, err)
		}
		time.Sleep(time.Second) // what is still owed is sent again by a clock
	}
	if out, code := c.ctl("journal", "verify"); code != exitDone {
		c.t.Errorf("journal verify: exit %d: %s", code, out)
	}
	c.claimsHold(sales)
}

// claimsHold: what was said to be paid has a payment in the truth, and each
// order was paid at most once.
func (c *campaign) claimsHold(sales []local.Sale) {
	orders := map[app.SaleID]string{}
	for _, s := range sales {
		for _, a := range s.Attempts {
			orders[s.ID] = a.OrderID
		}
	}
	approved := map[string]int{}
	for _, p := range c.truth().Payments {
		approved[p.OrderID] += 0
		if p.State == "approved" {
			approved[p.OrderID]++
		}
	}
	for order, n := range approved {
		if n > 1 {
			c.t.Errorf("order %s is paid %d times", order, n)
		}
	}
	for sale := range c.claims {
		if _, ok := approved[orders[sale]]; !ok {
			c.t.Errorf("sale %s was said to be paid, the truth knows no payment", sale)
		}
	}
}

func (c *campaign) reversed() int {
	n := 0
	for _, p := range c.truth().Payments {
		if p.State == "reversed" {
			n++
		}
	}
	return n
}
