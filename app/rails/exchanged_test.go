package rails_test

import (
	"bytes"
	"context"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
)

// exchanged is the line to an address at which another terminal stands by now.
type exchanged struct {
	io.ReadWriteCloser
	by *atomic.Bool
}

func (e exchanged) Read(b []byte) (int, error) {
	n, err := e.ReadWriteCloser.Read(b)
	if e.by.Load() {
		copy(b[:n], bytes.ReplaceAll(b[:n], []byte("TERMINAL_ID="+pos.DefaultTID), []byte("TERMINAL_ID=80009999")))
	}
	return n, err
}

// TestAnotherTerminalKnowsNothingOfAPayment: that it has no record tells nothing.
func TestAnotherTerminalKnowsNothingOfAPayment(t *testing.T) {
	t.Parallel()
	for _, another := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			c := newCounter(t, pos.Switches{})
			c.device.TerminalID = pos.DefaultTID
			var by atomic.Bool
			c.wrap = func(conn io.ReadWriteCloser) io.ReadWriteCloser { return exchanged{conn, &by} }
			if err := c.pos.Play(pos.Scenario{Name: "contactless", Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2, Abandon: true}}}); err != nil {
				t.Fatal(err)
			}
			s, err := c.charge(4500)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			by.Store(another)
			time.Sleep(2 * time.Minute)
			a := c.sale(s.ID).Attempts[0]
			if a.State != app.Unknown || (a.Reason == app.ReasonAbsent) == another {
				t.Errorf("another terminal %v: %s, %s", another, a.State, a.Reason)
			}
			if err := c.till.CheckNow(context.Background(), s.ID); another && payments.CodeOf(err) != "terminal.changed" {
				t.Errorf("asked: %v", err)
			}
		})
	}
}
