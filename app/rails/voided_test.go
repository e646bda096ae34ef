package rails_test

import (
	"bytes"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments/simulator/pos"
)

// voiding is the line of a terminal on which somebody has taken the last payment
// back by hand: its record has the name of the payment and the type of a void.
type voiding struct{ io.ReadWriteCloser }

func (v voiding) Read(b []byte) (int, error) {
	n, err := v.ReadWriteCloser.Read(b)
	copy(b[:n], bytes.ReplaceAll(b[:n], []byte("LAST_TX_TYPE=00"), []byte("LAST_TX_TYPE=02")))
	return n, err
}

// TestAPaymentThatWasTakenBackByHand, before the till had heard of it, is not paid.
func TestAPaymentThatWasTakenBackByHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
		c.wrap = func(conn io.ReadWriteCloser) io.ReadWriteCloser { return voiding{conn} }
		if err := c.pos.Play(pos.Scenario{Name: "contactless", Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2}}}); err != nil {
			t.Fatal(err)
		}
		s, err := c.charge(4500)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if got := c.sale(s.ID); got.State != app.Unknown || got.Received.Minor != 0 {
			t.Errorf("%s, received %v", got.State, got.Received)
		}
	})
}
