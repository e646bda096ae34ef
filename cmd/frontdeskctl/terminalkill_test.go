package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments/simulator/pos"
)

// TestTerminalCrashOfTheProgram kills frontdeskctl itself with -9 at every frame
// to and from the terminal, on either side of each, in three scripts, and holds
// what `frontdeskctl sales --json` says later against the simulator's ledger.
// FRONTDESK_TERMINAL_CRASH=all takes every frame, otherwise one is drawn.
func TestTerminalCrashOfTheProgram(t *testing.T) {
	t.Parallel()
	s := openSalon(t)
	w := newWire(t, s.terminalAt)
	s.register(w.addr)
	k := &killing{salon: s, wire: w, template: s.data, ends: map[app.State]int{}}
	scripts := []string{"contactless", "wrong-pin", "unknown-15-charged"}
	if os.Getenv("FRONTDESK_TERMINAL_CRASH") != "all" {
		b := blow{frame: 7 + rand.IntN(8), after: rand.IntN(2) == 0}
		k.run(scripts[rand.IntN(len(scripts))], b)
		t.Logf("killed %s", b)
		return
	}
	for _, script := range scripts {
		frames := k.calibrate(script)
		for n := range frames {
			k.run(script, blow{frame: n + 1})
			k.run(script, blow{frame: n + 1, after: true})
		}
	}
	t.Logf("%d runs, %d killed, sales ended %v", k.runs, k.killed, k.ends)
}

// killing is a salon whose frontdeskctl dies; every run works in a folder of its
// own, copied from the one in which the terminal was registered.
type killing struct {
	*salon
	wire     *wire
	template string
	runs     int
	killed   int
	paid     int // sales that folders call paid
	ends     map[app.State]int
}

// fresh works in a new copy of the folder.
func (k *killing) fresh(script string) {
	k.t.Helper()
	k.runs++
	k.data = filepath.Join(k.dir, fmt.Sprintf("run%d", k.runs))
	if err := os.CopyFS(k.data, os.DirFS(k.template)); err != nil {
		k.t.Fatal(err)
	}
	k.press("play", `{"scenarios":[]}`)
	k.press("play", `{"scenarios":[{"name":"`+script+`"}]}`)
}

// charge runs frontdeskctl until it ends or is killed.
func (k *killing) charge() (killed bool) {
	k.t.Helper()
	var said bytes.Buffer
	cmd := k.command(k.t.Context(), "charge", "5.00", "--rail", "terminal", "--wait", "20s", "--json")
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	k.wire.victim(cmd.Process)
	err := cmd.Wait()
	k.wire.victim(nil)
	k.wire.hangUp()
	return err != nil && strings.Contains(err.Error(), "killed")
}

func (k *killing) calibrate(script string) (frames int) {
	k.t.Helper()
	k.fresh(script)
	k.wire.strike(blow{})
	if k.charge() {
		k.t.Fatalf("%s: killed by nobody", script)
	}
	frames = k.wire.count()
	k.agree(script + " undisturbed")
	k.t.Logf("%s: %d frames", script, frames)
	return frames
}

func (k *killing) run(script string, b blow) {
	k.t.Helper()
	k.fresh(script)
	k.wire.strike(b)
	if k.charge() {
		k.killed++
	}
	k.wire.strike(blow{})
	k.agree(script + ", " + b.String())
}

// agree asks frontdeskctl until it knows, and holds that against the ledger. A
// sale of which the terminal has no record may stay not known: nothing was
// charged then, and a person has to say so. The terminal has to be free of
// unfinished business in the end.
func (k *killing) agree(where string) {
	k.t.Helper()
	for k.view().State.Busy {
		time.Sleep(10 * time.Millisecond) // the terminal goes on without the desk
	}
	var sales []local.Sale
	for range 30 {
		sales = k.sales()
		charges := k.byOrder()
		open := k.view().State.Pending != ""
		for _, s := range sales {
			n := charges[s.Attempts[0].OrderID]
			if (s.State == app.Paid) != (n == 1) && s.State != app.Unknown && !s.State.Live() {
				k.t.Errorf("%s: the sale is %s, the customer was charged %d times", where, s.State, n)
				return
			}
			open = open || (n > 0 && s.State != app.Paid) || (s.State.Live() && s.State != app.Unknown)
		}
		if !open {
			for _, s := range sales {
				k.ends[s.State]++
				if s.State == app.Paid {
					k.paid++
				}
			}
			if _, n := k.charged(); n != k.paid {
				k.t.Errorf("%s: the terminal charged %d times, the journals say %d", where, n, k.paid)
			}
			return
		}
		k.ctl("doctor")
	}
	k.t.Errorf("%s: journal and ledger differ: %+v, %v", where, sales, k.byOrder())
}

// byOrder counts what was charged for each order.
func (k *killing) byOrder() map[string]int {
	all := map[string]int{}
	for _, c := range k.view().Charges {
		if c.Kind == pos.ChargeSale && c.State == pos.StateApproved {
			all[c.ReferenceNumber]++
		}
	}
	return all
}
