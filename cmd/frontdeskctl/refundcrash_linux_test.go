package main

import (
	"bytes"
	"context"
	cryptorand "crypto/rand"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// refundRuns is how many refunds are struck inside `make test`;
// FRONTDESK_REFUND_CRASH says how many otherwise. FRONTDESK_REFUND_SEED repeats
// what was drawn.
const refundRuns = 25

// refundDraw returns how many refunds of a campaign are struck, and the dice.
func refundDraw(t testing.TB, share int) (runs int, dice *rand.Rand) {
	t.Helper()
	all, seed := refundRuns, rand.Uint64()
	if n, err := strconv.Atoi(os.Getenv("FRONTDESK_REFUND_CRASH")); err == nil {
		all = n
	}
	if n, err := strconv.ParseUint(os.Getenv("FRONTDESK_REFUND_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("FRONTDESK_REFUND_SEED=%d", seed)
	return (all*share + 99) / 100, rand.New(rand.NewPCG(seed, uint64(share)))
}

// Shares of the campaign, in per cent.
const (
	linkShare     = 70
	terminalShare = 100 - linkShare
)

// TestRefundCrash kills `frontdeskctl refund` with -9 in Live: at a write of its
// journal, with the request on its way, with the refund made and the answer held
// back, and with the answer handed over. Some restarts are killed, too. Then the
// refund is asked for again as a person would, and everything is held against
// the simulator's truth. Every kill is counted by where it landed.
func TestRefundCrash(t *testing.T) {
	t.Parallel()
	runs, dice := refundDraw(t, linkShare)
	c := newRefundCampaign(t)
	c.calibrate()
	for tries := 0; tries-c.landed[lived] < runs && tries < 4*runs; tries++ {
		c.run(c.draw(dice), dice)
		if t.Failed() {
			return
		}
	}
	c.settle()
	t.Logf("%d refunds killed, landed %v, %d restarts killed; the truth has %d refunds, %d ended by the owner a day later",
		runs, c.landed, c.again, len(c.truth().Refunds), c.resolved)
}

// refundBlow is where a refund is struck.
type refundBlow struct {
	write int           // at this write of the journal, counted from 1; 0: at the gate
	at    passage       // of the gate
	wait  time.Duration // after that
	early time.Duration // not 0: so long after the start, and nothing else
}

// landing is where in a refund a kill landed.
type landing string

const (
	lived        landing = "lived"         // it was over before the blow
	beforeCommit landing = "before commit" // no intent on disk
	afterCommit  landing = "after commit"  // intent on disk, no byte at myPOS
	afterSend    landing = "after send"    // the request has left, no answer came
	afterAnswer  landing = "after answer"  // the answer came and is not on disk
	afterResult  landing = "after result"  // the answer is on disk
)

// refundCampaign is a salon in Live whose refunds are struck.
type refundCampaign struct {
	*rig
	gate     *gate
	pin      string // file
	sale     app.SaleID
	given    int           // refunds of the sale
	usual    time.Duration // how long a refund takes
	writes   int           // of the journal in an undisturbed refund
	intent   int           // of them until the request is at the gate
	landed   map[landing]int
	again    int
	resolved int
}

const campaignPIN = "408172"

func newRefundCampaign(t *testing.T) *refundCampaign {
	t.Helper()
	c := &refundCampaign{rig: newRig(t).simlive(), landed: map[landing]int{}}
	var account struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(c.fetch("GET", "/_sim/rest")), &account); err != nil {
		t.Fatal(err)
	}
	c.gate = newGate(t, c.rig)
	c.flags = []string{"--sim-live", c.gate.url}
	c.must("setup", "live", "--pack", c.file("pack", c.fetch("GET", "/_sim/pack")), "--relay", c.relayURL, "--pair", c.pairingCode(),
		"--client-id", account.ID, "--client-secret-file", c.file("secret", account.Secret))
	c.pin = c.file("pin", campaignPIN)
	book, err := operators.Open(operators.Config{Dir: c.data, Now: time.Now, Entropy: cryptorand.Reader, Cost: operators.Cost{Time: 1, Memory: 8, Threads: 1}})
	if err == nil {
		err = book.SetPIN(t.Context(), operators.FirstOwner, campaignPIN)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *refundCampaign) folder() string { return filepath.Join(c.data, string(payments.Live)) }

// calibrate refunds once without a blow.
func (c *refundCampaign) calibrate() {
	c.t.Helper()
	c.next()
	w := watchWrites(c.t, c.folder(), 0, nil)
	seen := make(chan int, 1)
	c.gate.strike(atLook, func() { seen <- w.count() })
	begin := time.Now()
	c.must("refund", string(c.sale), "1.00", "--pin-file", c.pin)
	c.usual, c.writes, c.intent = time.Since(begin), w.stop(), <-seen
	c.gate.rest()
	if c.intent == 0 {
		c.t.Fatal("no write of the journal before the request")
	}
	c.t.Logf("an undisturbed refund takes %v and about %d writes of the journal, %d of them until the request", c.usual.Round(time.Millisecond), c.writes, c.intent)
}

// draw strikes at the gate, at a write, most of them close to the commit of the
// intent, or early, while the program is still starting.
func (c *refundCampaign) draw(dice *rand.Rand) refundBlow {
	late := func(most time.Duration) time.Duration { return time.Duration(dice.Int64N(int64(most))) }
	switch dice.IntN(10) {
	case 8, 9:
		return refundBlow{early: 1 + late(c.usual/2)}
	case 0:
		return refundBlow{at: atDoor}
	case 1:
		return refundBlow{at: atWork}
	case 2, 3:
		return refundBlow{at: atAnswer, wait: late(5 * time.Millisecond)}
	case 4:
		return refundBlow{write: 1 + dice.IntN(c.writes), wait: late(2 * time.Millisecond)}
	}
	return refundBlow{write: max(1, c.intent-dice.IntN(8)), wait: late(500 * time.Microsecond)}
}

// run strikes one refund, and does afterwards what a person would.
func (c *refundCampaign) run(b refundBlow, dice *rand.Rand) {
	c.t.Helper()
	left := c.next()
	minor := 1 + dice.Int64N(min(left, 4000))
	if dice.IntN(6) == 0 {
		minor = left
	}
	amount := money.Amount{Minor: minor, Currency: money.EUR}.Decimal()
	before := c.refunds()
	killed := c.strike(b, amount)
	where := c.where(before, killed)
	c.landed[where]++
	if dice.IntN(3) == 0 {
		c.killRestart(dice)
	}
	c.must("show", string(c.sale)) // the next start
	c.agreesSoFar(where)
	switch now := c.refunds(); {
	case where == beforeCommit:
		if len(now) != len(before) {
			c.t.Errorf("%s: the journal has %d refunds, had %d", where, len(now), len(before))
		}
		c.must("refund", string(c.sale), amount, "--pin-file", c.pin)
	case now[len(now)-1].State == app.RefundPending:
		c.t.Errorf("%s: still pending after a start", where)
	default:
		c.tooMuch(left - minor + 1)
	}
	c.agreesSoFar(where)
}

// next returns what is left to give back, of a new sale when there is nothing.
func (c *refundCampaign) next() int64 {
	c.t.Helper()
	if c.sale != "" && c.given < 8 {
		if left := c.one().Attempts[0].Left(); left > 0 {
			c.given++
			return left
		}
	}
	c.paid("100.00")
	c.sale, c.given = c.sales()[0].ID, 1
	return 10000
}

// strike runs the refund until it ends or is killed.
func (c *refundCampaign) strike(b refundBlow, amount string) (killed bool) {
	c.t.Helper()
	var said bytes.Buffer
	cmd := c.command(c.t.(*testing.T).Context(), "refund", string(c.sale), amount, "--pin-file", c.pin, "--json")
	cmd.Stdout, cmd.Stderr = &said, &said
	started := make(chan struct{})
	kill := func() {
		<-started
		time.Sleep(b.wait) // a drawn moment is the point of it
		kill9(cmd.Process)
	}
	c.gate.strike(b.at, kill)
	w := watchWrites(c.t, c.folder(), b.write, kill)
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	close(started)
	if b.early > 0 {
		defer time.AfterFunc(b.early, func() { kill9(cmd.Process) }).Stop()
	}
	err := cmd.Wait()
	w.stop()
	c.gate.rest()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		c.t.Fatalf("refund %s: %v: %s", amount, err, tail(said.String()))
	}
	return err != nil
}

// where says in which window the kill landed, by what is on disk and by what
// passed the gate.
func (c *refundCampaign) where(before []app.Refund, killed bool) landing {
	c.t.Helper()
	now := c.refunds()
	asked, answered := c.gate.passed()
	switch {
	case !killed:
		return lived
	case len(now) == len(before) && asked > 0:
		c.t.Errorf("a request has left and no intent is on disk")
		return beforeCommit
	case len(now) == len(before):
		return beforeCommit
	case now[len(now)-1].State != app.RefundPending:
		return afterResult
	case asked == 0:
		return afterCommit
	case answered == 0:
		return afterSend
	}
	return afterAnswer
}

// killRestart kills the first start after the crash, too.
func (c *refundCampaign) killRestart(dice *rand.Rand) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(dice.Int64N(int64(c.usual))))
	defer cancel()
	err := c.command(ctx, "show", string(c.sale)).Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() < 0 {
		c.again++
	} else if err != nil && ctx.Err() == nil {
		c.t.Errorf("restart: %v", err)
	}
}

// tooMuch asks for more than can be left: refused, and nothing moves.
func (c *refundCampaign) tooMuch(minor int64) {
	c.t.Helper()
	before := len(c.truth().Refunds)
	amount := money.Amount{Minor: minor, Currency: money.EUR}.Decimal()
	if out, code := c.ctl("refund", string(c.sale), amount, "--pin-file", c.pin); code != exitNo {
		c.t.Errorf("more than is left: exit %d: %s", code, out)
	}
	if after := len(c.truth().Refunds); after != before {
		c.t.Errorf("more than is left: %d refunds in the truth, were %d", after, before)
	}
}

// book reads the journal while nobody holds it.
func (c *refundCampaign) book(read func(*journal.Journal) error) {
	c.t.Helper()
	readJournal(c.t, c.folder(), read)
}

// readJournal opens a journal and closes it again. A test beside this one that is
// about to start a program may hold our lock for that moment.
func readJournal(t testing.TB, dir string, read func(*journal.Journal) error) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		j, err := journal.Open(context.Background(), journal.Config{Dir: dir, Entropy: cryptorand.Reader})
		if errors.Is(err, journal.ErrInUse) && time.Now().Before(deadline) {
			continue
		}
		if err == nil {
			err = errors.Join(read(j), j.Close())
		}
		if err != nil {
			t.Fatal(err)
		}
		return
	}
}

// one is the sale that is refunded, as the journal has it.
func (c *refundCampaign) one() (sale app.Sale) {
	c.t.Helper()
	c.book(func(j *journal.Journal) error {
		events, err := j.Sale(context.Background(), c.sale)
		sale = app.Fold(events)
		return err
	})
	return sale
}

func (c *refundCampaign) refunds() []app.Refund { return slices.Clone(c.one().Attempts[0].Refunds) }

// every is every refund of the journal by its order.
func (c *refundCampaign) every() (all map[string]app.Refund, sales []app.Sale) {
	c.t.Helper()
	all = map[string]app.Refund{}
	c.book(func(j *journal.Journal) (err error) {
		sales, err = j.Sales(context.Background(), app.Query{Limit: 10_000})
		return err
	})
	for _, s := range sales {
		for _, r := range s.Attempts[0].Refunds {
			all[r.OrderID] = r
		}
	}
	return all, sales
}

// agreesSoFar holds journal against truth: nothing is made twice, nothing that
// was made is missing or called failed, nothing is called done that was not.
func (c *refundCampaign) agreesSoFar(where landing) {
	c.t.Helper()
	have, _ := c.every()
	made := map[string]int{}
	for _, r := range c.truth().Refunds {
		made[r.OrderID]++
		if own, ok := have[r.OrderID]; !ok || own.Amount.Minor != r.Minor || own.State == app.RefundFailed {
			c.t.Errorf("%s: %+v was made, the journal has %+v", where, r, own)
		}
	}
	for order, n := range made {
		if n != 1 {
			c.t.Errorf("%s: refund %s was made %d times", where, order, n)
		}
	}
	for order, r := range have {
		if r.State == app.RefundDone && made[order] == 0 {
			c.t.Errorf("%s: the journal calls %s done, it was never made", where, order)
		}
	}
}

// settle lets the evidence decide, and the owner what it cannot: a day later,
// what stands nowhere in the account was not given back. Then both agree.
func (c *refundCampaign) settle() {
	c.t.Helper()
	made := map[string]bool{}
	for _, r := range c.truth().Refunds {
		made[r.OrderID] = true
	}
	deadline := time.Now().Add(settleWithin)
	for {
		have, _ := c.every()
		open := 0
		for order, r := range have {
			if r.State != app.RefundDone && made[order] {
				open++
			}
		}
		if open == 0 {
			break
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("after %v %d refunds that were made are not known", settleWithin, open)
		}
		c.ctl("reconcile")
	}
	_, sales := c.every()
	for _, s := range sales {
		for _, r := range s.Attempts[0].Refunds {
			if r.State == app.RefundUnknown {
				c.must("resolve", string(s.ID), "--not-paid", "--refund", r.OrderID, "--evidence", "last seen at 18:30: 123456789", "--pin-file", c.pin, "--sim-clock", "+25h")
				c.resolved++
			}
		}
	}
	c.agreesSoFar("settled")
	refunded := map[string]int64{}
	for _, p := range c.truth().Payments {
		refunded[p.OrderID] = p.RefundedMinor
	}
	for _, s := range c.sales() {
		if want := refunded[s.Attempts[0].OrderID]; s.RefundedMinor != want {
			c.t.Errorf("sale %s: %d given back, the truth has %d", s.ID, s.RefundedMinor, want)
		}
	}
	c.must("journal", "verify")
}
