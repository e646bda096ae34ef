package terminal_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// drawn is how many positions are cut beside the borders of frames, unless
// FRONTDESK_CUTS=full asks for every byte (make terminal-cuts).
const drawn = 500

const before = "the-sale-before"

// rival is the side that the cuts are played against.
type rival interface {
	dial() terminal.Dialer
	// charged is how often the customer paid under the SID, given how often money
	// went back. They are asked when everything the terminal had begun is over.
	charged(sid string) int
	given(sid string) int
	// requests is how many whole requests that move money the terminal has read.
	requests() int
	settle() // waits until the terminal is at rest
}

// deal is one operation that moves money.
type deal struct {
	do    func(context.Context, *terminal.Terminal) (terminal.Result, error)
	moved func(rival) int
}

func purchases() deal {
	return deal{
		func(ctx context.Context, d *terminal.Terminal) (terminal.Result, error) {
			return d.Purchase(ctx, terminal.Purchase{SID: sidS, Amount: euros(1234), Reference: "INV-1001"}, nil)
		},
		func(r rival) int { return r.charged(sidS) },
	}
}

func refunds() deal {
	return deal{
		func(ctx context.Context, d *terminal.Terminal) (terminal.Result, error) {
			return d.Refund(ctx, terminal.Refund{SID: sidS, Amount: euros(1234)}, nil)
		},
		func(r rival) int { return r.given(sidS) },
	}
}

func reversals() deal {
	return deal{
		func(ctx context.Context, d *terminal.Terminal) (terminal.Result, error) {
			return d.Reverse(ctx, sidS, before, "")
		},
		func(r rival) int { return r.given(before) },
	}
}

// cutRun is one sale over a line that may be cut, told the way the till lives it.
type cutRun struct {
	end      string // paid, not charged, absent, never sent
	lookups  int
	unknown  bool // the driver said so before it was looked up
	purchase payments.Outcome
	// from and until say which bytes, written and read, belong to this script
	// alone: the greetings before and after it are the same for all.
	from, until [2]int
}

// sell takes one payment as the till does: nothing is sent again, and what is
// unknown is looked up until the terminal's record answers.
func sell(t testing.TB, d *terminal.Terminal, p *plug, what deal) (cutRun, error) {
	ctx := t.Context()
	previous, err := prepared(t, d)
	if err != nil {
		return cutRun{}, err
	}
	from := p.passed()
	r, err := what.do(ctx, d)
	run := cutRun{purchase: r.Outcome, from: from}
	switch {
	case err == nil && r.Class == terminal.Charged:
		run.end = "paid"
	case err == nil && (r.Class == terminal.Declined || r.Class == terminal.NotCharged):
		run.end = "not charged"
	case err == nil:
		return run, fmt.Errorf("no error and class %q", r.Class)
	case errors.Is(err, payments.ErrUnreachable), errors.Is(err, payments.ErrRefused):
		run.end = "never sent"
	case errors.Is(err, payments.ErrUnknown):
		run.unknown = true
		if err := run.resolve(t, d, previous); err != nil {
			return run, err
		}
	default:
		return run, err
	}
	if err := completed(t, d); err != nil {
		return run, err
	}
	run.until = p.passed()
	_, err = prepared(t, d)
	return run, err
}

func prepared(t testing.TB, d *terminal.Terminal) (previous string, err error) {
	for range 4 {
		var info terminal.Info
		if info, err = d.Prepare(t.Context()); err == nil && info.Code == "" {
			return info.Last.SID, nil
		}
		if err == nil {
			err = errors.New(info.Code)
		}
		time.Sleep(10 * time.Second)
	}
	return "", fmt.Errorf("prepare: %w", err)
}

func completed(t testing.TB, d *terminal.Terminal) (err error) {
	for range 4 {
		if err = d.Complete(t.Context(), sidS); err == nil {
			return nil
		}
		time.Sleep(2 * time.Second)
	}
	return fmt.Errorf("complete: %w", err)
}

func (run *cutRun) resolve(t testing.TB, d *terminal.Terminal, previous string) error {
	var err error
	for pause := 2 * time.Second; run.lookups < 60; pause = min(pause+2*time.Second, 10*time.Second) {
		time.Sleep(pause)
		run.lookups++
		var r terminal.Result
		r, err = d.Lookup(t.Context(), sidS, previous)
		switch {
		case err != nil && !errors.Is(err, payments.ErrUnknown), err != nil && errors.Is(err, payments.ErrUnreachable):
			return fmt.Errorf("a look-up ends with %w", err)
		case err != nil:
			continue
		case r.Class == terminal.Charged:
			run.end = "paid"
		case r.Outcome == payments.Absent:
			run.end = "absent"
		default:
			run.end = "not charged"
		}
		return nil
	}
	return fmt.Errorf("never resolved: %w", err)
}

// judge compares what the till believes with what the terminal did.
func (run *cutRun) judge(r rival, what deal) error {
	moved, want := what.moved(r), 0
	if run.end == "paid" {
		want = 1
	}
	switch {
	case moved != want:
		return fmt.Errorf("the till says %q and money moved %d times", run.end, moved)
	case r.requests() > 1:
		return fmt.Errorf("the request was sent %d times", r.requests())
	case run.end == "never sent" && run.unknown:
		return errors.New("unknown ended as never sent")
	}
	return nil
}

// cutOnce runs one sale with the line cut behind byte at of one direction, or
// dead from there on; -1 cuts nothing.
func cutOnce(t testing.TB, make func() rival, what deal, in bool, at int, dead bool) (cutRun, *plug) {
	p := &plug{in: in, left: at, dead: dead}
	r := make()
	dial := r.dial()
	d, err := terminal.New(terminal.Config{Dial: p.through(dial), Now: time.Now, Entropy: &counter{}})
	if err != nil {
		t.Fatal(err)
	}
	run, err := sell(t, d, p, what)
	r.settle()
	if err == nil {
		err = run.judge(r, what)
	}
	if err != nil {
		t.Errorf("cut in=%v dead=%v behind byte %d: %v (%+v)", in, dead, at, err, run)
	}
	return run, p
}

func (s *stand) charged(sid string) int {
	taken, _ := s.ledger()
	return taken[sid]
}

// bench is the stand as a rival.
type bench struct{ *stand }

func (b bench) given(sid string) int {
	_, given := b.ledger()
	return given[sid]
}

func (b bench) dial() terminal.Dialer { return b.stand.dial }
func (b bench) requests() int {
	return max(b.sent("PURCHASE"), b.sent("REFUND"), b.sent("REVERSAL"))
}

func (b bench) settle() { b.lives.Wait() }

func (p *plug) through(dial terminal.Dialer) terminal.Dialer {
	return func(ctx context.Context) (io.ReadWriteCloser, error) {
		c, err := dial(ctx)
		if err != nil {
			return nil, err
		}
		return p.wrap(c), nil
	}
}

// full asks for every byte.
func full() bool { return os.Getenv("FRONTDESK_CUTS") == "full" }

// positions are the bytes to cut behind: all of them, or the borders of frames
// between from and until with their neighbours, and as many others as are drawn.
func positions(borders []int, from, until, others int, draw *rand.Rand) []int {
	total := borders[len(borders)-1]
	if full() {
		all := make([]int, total)
		for i := range all {
			all[i] = i
		}
		return all
	}
	at := []int{from}
	for _, b := range borders {
		if b >= from && b <= until {
			at = append(at, b-1, b, b+1)
		}
	}
	for range others {
		at = append(at, from+draw.IntN(until-from))
	}
	slices.Sort(at)
	at = slices.Compact(at)
	return slices.DeleteFunc(at, func(n int) bool { return n < 0 || n >= total })
}

// TestCuts cuts the line at every byte in both directions, for every script and
// outcome, with a terminal that finishes what it began and with one that gives
// up when its line is gone.
func TestCuts(t *testing.T) {
	t.Parallel()
	var list []play
	for _, p := range plays() {
		list = append(list, p)
		if len(p.steps) > 1 {
			p.name, p.abandon = p.name+", gives up", true
			list = append(list, p)
		}
	}
	cutPlays(t, list, false, drawn/len(list)/4+1)
}

// TestCutsThatNobodyNotices is TestCuts with a line that goes dead and stays
// open, as when a cable between two switches is pulled.
func TestCutsThatNobodyNotices(t *testing.T) {
	t.Parallel()
	cutPlays(t, plays(), true, 1)
}

func cutPlays(t *testing.T, list []play, dead bool, others int) {
	t.Helper()
	var totals tally
	t.Run("scripts", func(t *testing.T) {
		for i, p := range list {
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				fresh := func() rival {
					s := newStand()
					s.plays = []play{p}
					s.last = record{sid: before, kind: "00", fields: approval()}
					return bench{s}
				}
				cutAll(t, fresh, purchases(), dead, i, others, &totals)
			})
		}
	})
	totals.print(t, len(list))
}

// TestCutsWhenMoneyGoesBack is TestCuts for refunds and for the reversal of the
// last sale.
func TestCutsWhenMoneyGoesBack(t *testing.T) {
	t.Parallel()
	declined := ended("declined", "TX_STATUS=1\r\nAPPROVAL=57", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 0})
	var totals tally
	t.Run("scripts", func(t *testing.T) {
		for i, c := range []struct {
			name string
			play play
			what deal
		}{{"refund", approved(), refunds()}, {"refund declined", declined, refunds()}, {"reversal", play{}, reversals()}} {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				fresh := func() rival {
					s := newStand()
					s.plays = []play{c.play}
					s.taken[before] = 1
					s.last = record{sid: before, kind: "00", fields: approval()}
					return bench{s}
				}
				cutAll(t, fresh, c.what, false, i, 20, &totals)
			})
		}
		for i, what := range []deal{refunds(), reversals()} {
			t.Run(fmt.Sprintf("simulator %d", i), func(t *testing.T) {
				t.Parallel()
				fresh := func() rival { return newStandin(t, "contactless", pos.Switches{NoTriggers: true, CompleteAll: true}) }
				cutAll(t, fresh, what, false, i, 20, &totals)
			})
		}
	})
	totals.print(t, 5)
}

// tally counts how the runs of a campaign ended.
type tally struct{ runs, paid, notCharged, absent, neverSent, unknown atomic.Int64 }

func (c *tally) count(run cutRun) {
	c.runs.Add(1)
	if run.unknown {
		c.unknown.Add(1)
	}
	switch run.end {
	case "paid":
		c.paid.Add(1)
	case "not charged":
		c.notCharged.Add(1)
	case "absent":
		c.absent.Add(1)
	case "never sent":
		c.neverSent.Add(1)
	}
}

func (c *tally) print(t *testing.T, scripts int) {
	t.Logf("%d cuts over %d scripts: %d moved money, %d did not, %d left no record, %d never sent; %d were unknown until looked up",
		c.runs.Load(), scripts, c.paid.Load(), c.notCharged.Load(), c.absent.Load(), c.neverSent.Load(), c.unknown.Load())
	if min(c.paid.Load(), c.notCharged.Load(), c.absent.Load(), c.neverSent.Load(), c.unknown.Load()) == 0 && !t.Failed() {
		t.Error("an end never came up")
	}
}

// cutAll plays one script once for every position. The first script is cut in
// the greetings too.
func cutAll(t *testing.T, fresh func() rival, what deal, dead bool, script, others int, totals *tally) {
	var whole *plug
	var quiet cutRun
	synctest.Test(t, func(t *testing.T) { quiet, whole = cutOnce(t, fresh, what, false, -1, false) })
	draw := rand.New(rand.NewPCG(1, uint64(script)))
	for way, in := range []bool{false, true} {
		from, until := quiet.from[way], quiet.until[way]
		if script == 0 {
			from, until = 0, whole.n[way]
		}
		for _, at := range positions(whole.seen[way], from, until, others, draw) {
			synctest.Test(t, func(t *testing.T) {
				run, p := cutOnce(t, fresh, what, in, at, dead)
				if !p.cut {
					t.Errorf("the line was not cut behind byte %d of %d", at, whole.n[way])
				}
				totals.count(run)
			})
			if t.Failed() {
				return
			}
		}
	}
}
