package main

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
)

// TestRefundCrashOnTheTerminal kills `frontdeskctl refund` with -9 at frames to
// and from the terminal, on either side of each, and at writes of its journal:
// reversals of the whole payment and refunds of a part with the customer's card.
// Each runs in a folder of its own, and the next start has to find out from the
// terminal what became of the money.
func TestRefundCrashOnTheTerminal(t *testing.T) {
	t.Parallel()
	runs, dice := refundDraw(t, terminalShare)
	s := openSalon(t, "--terminal-customer", "tap")
	w := newWire(t, s.terminalAt)
	s.register(w.addr)
	k := &giving{salon: s, wire: w, template: s.data, landed: map[landing]int{}, ends: map[app.RefundState]int{}}
	k.calibrate()
	for tries := 0; tries-k.landed[lived] < runs && tries < 4*runs; tries++ {
		k.run(dice)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d refunds killed, landed %v, ended %v, %d repeated; the terminal reversed %d and refunded %d",
		runs, k.landed, k.ends, k.repeated, k.reversed, k.refunded)
}

// giving is a salon whose refunds on a terminal are struck.
type giving struct {
	*salon
	wire      *wire
	template  string
	n         int
	frames    map[bool]int // of an undisturbed refund, whole or not
	journaled map[bool]int // writes of the journal in it
	landed    map[landing]int
	ends      map[app.RefundState]int
	repeated  int

	reversed, refunded int // by the terminal so far
}

// fresh is a folder with the terminal and one payment on it.
func (k *giving) fresh() app.SaleID {
	k.t.Helper()
	k.n++
	k.data = filepath.Join(k.dir, "refund"+strconv.Itoa(k.n))
	if err := os.CopyFS(k.data, os.DirFS(k.template)); err != nil {
		k.t.Fatal(err)
	}
	k.wire.strike(blow{})
	k.must(exitDone, "charge", "5.00", "--rail", "terminal", "--wait", "20s")
	k.reversed, k.refunded = k.moved()
	return k.sales()[0].ID
}

// moved counts what the terminal has given back.
func (k *giving) moved() (reversed, refunded int) {
	for _, c := range k.view().Charges {
		switch {
		case c.Kind == pos.ChargeRefund && c.State == pos.StateApproved:
			refunded++
		case c.Kind == pos.ChargeSale && c.State == pos.StateReversed:
			reversed++
		}
	}
	return reversed, refunded
}

func (k *giving) calibrate() {
	k.t.Helper()
	k.frames, k.journaled = map[bool]int{}, map[bool]int{}
	for _, whole := range []bool{true, false} {
		sale := k.fresh()
		w := watchWrites(k.t, k.folder(), 0, nil)
		k.must(exitDone, "refund", string(sale), amountOf(whole))
		k.frames[whole], k.journaled[whole] = k.wire.count(), w.stop()
		if reversed, refunded := k.moved(); reversed+refunded != k.reversed+k.refunded+1 {
			k.t.Fatalf("undisturbed: %d reversed, %d refunded, before %d and %d", reversed, refunded, k.reversed, k.refunded)
		}
	}
	k.t.Logf("frames of a whole refund and of a part: %v, writes of the journal: %v", k.frames, k.journaled)
}

func amountOf(whole bool) string {
	if whole {
		return "5.00"
	}
	return "2.00"
}

func (k *giving) folder() string { return filepath.Join(k.data, string(payments.Practice)) }

// run strikes one refund and holds what is found afterwards against the terminal.
func (k *giving) run(dice *rand.Rand) {
	k.t.Helper()
	whole := dice.IntN(2) == 0
	sale := k.fresh()
	b, write := blow{frame: 1 + dice.IntN(k.frames[whole]), after: dice.IntN(2) == 0}, 0
	if dice.IntN(3) == 0 {
		b, write = blow{}, 1+dice.IntN(k.journaled[whole])
	}
	killed := k.strike(sale, amountOf(whole), b, write)
	where := k.where(sale, killed)
	k.landed[where]++
	k.wire.strike(blow{})
	k.agree(sale, where, whole)
}

// strike runs the refund until it ends or is killed.
func (k *giving) strike(sale app.SaleID, amount string, b blow, write int) (killed bool) {
	k.t.Helper()
	var said bytes.Buffer
	cmd := k.command(k.t.(*testing.T).Context(), "refund", string(sale), amount, "--json")
	cmd.Stdout, cmd.Stderr = &said, &said
	k.wire.strike(b)
	started := make(chan struct{})
	w := watchWrites(k.t, k.folder(), write, func() {
		<-started
		kill9(cmd.Process)
	})
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	close(started)
	k.wire.victim(cmd.Process)
	err := cmd.Wait()
	w.stop()
	k.wire.victim(nil)
	k.wire.hangUp()
	if err != nil && !strings.Contains(err.Error(), "killed") {
		k.t.Fatalf("refund: %v: %s", err, tail(said.String()))
	}
	return err != nil
}

// where says in which window the kill landed.
func (k *giving) where(sale app.SaleID, killed bool) landing {
	refunds := k.refunds(sale)
	asked, answered := false, false
	for _, f := range k.wire.through() {
		method, _ := f.Get("METHOD")
		_, told := f.Get("STATUS")
		stage, _ := f.Get("STAGE")
		ours := method == "REVERSAL" || method == "REFUND"
		asked = asked || ours && !told
		answered = answered || ours && told && stage == "5"
	}
	switch {
	case !killed:
		return lived
	case len(refunds) == 0 && asked:
		k.t.Errorf("the terminal was asked and no intent is on disk")
		return beforeCommit
	case len(refunds) == 0:
		return beforeCommit
	case refunds[0].State != app.RefundPending:
		return afterResult
	case !asked:
		return afterCommit
	case !answered:
		return afterSend
	}
	return afterAnswer
}

func (k *giving) refunds(sale app.SaleID) (list []app.Refund) {
	k.t.Helper()
	readJournal(k.t, k.folder(), func(j *journal.Journal) error {
		events, err := j.Sale(context.Background(), sale)
		if err == nil {
			list = app.Fold(events).Attempts[0].Refunds
		}
		return err
	})
	return list
}

// agree waits until the terminal has come to rest and the journal knows. Only a
// refund of which the terminal has no record may stay not known.
func (k *giving) agree(sale app.SaleID, where landing, whole bool) {
	k.t.Helper()
	for k.view().State.Busy {
		time.Sleep(10 * time.Millisecond) // the terminal goes on without the desk
	}
	made := func() int {
		reversed, refunded := k.moved()
		return reversed + refunded - k.reversed - k.refunded
	}
	tries := 30
	if made() == 0 {
		tries = 2 // the terminal has no record of it, and never will
	}
	var r app.Refund
	for range tries {
		k.must(exitDone, "show", string(sale))
		refunds := k.refunds(sale)
		if len(refunds) > 1 || len(refunds) == 0 && where != beforeCommit {
			k.t.Fatalf("%s: the journal has %+v", where, refunds)
		}
		if len(refunds) == 0 {
			break
		}
		if r = refunds[0]; r.State == app.RefundDone || r.State == app.RefundFailed {
			break
		}
		k.ctl("reconcile")
	}
	k.ends[r.State]++
	switch n := made(); {
	case n > 1, r.State == app.RefundDone && n != 1, r.State != app.RefundDone && n != 0:
		k.t.Errorf("%s: the refund is %q, the terminal has given back %d times", where, r.State, n)
	case r.State == app.RefundUnknown:
		if out, code := k.ctl("refund", string(sale), "5.00"); code != exitNo {
			k.t.Errorf("%s: more than is left: exit %d: %s", where, code, out)
		}
	case n == 0: // it did not happen: the desk asks again
		k.must(exitDone, "refund", string(sale), amountOf(whole))
		k.repeated++
		if n := made(); n != 1 {
			k.t.Errorf("%s: asked again, given back %d times", where, n)
		}
	}
	k.must(exitDone, "journal", "verify")
	k.reversed, k.refunded = k.moved()
}
