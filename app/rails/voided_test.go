package rails_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments/merchant"
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

// TestAPaymentThatTheAccountTookBack: its list has the payment and its return under
// our order. The terminal has no record, and neither of them settles it.
func TestAPaymentThatTheAccountTookBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		book, s := c.unrecorded(4500)
		a := c.settled(s.ID).Attempts[0]
		line := func(reference string, minor int64, status string) merchant.DeviceTransaction {
			return merchant.DeviceTransaction{
				Reference: reference, ReferenceNumber: a.OrderID, TerminalID: pos.DefaultTID, Amount: eur(minor), RRN: "623100000077", Status: status,
			}
		}
		book.list = []merchant.DeviceTransaction{line("POS1", 4500, "Success"), line("RFD1", -4500, "Success")}
		if err := c.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		if got := c.sale(s.ID); got.State != app.Unknown {
			t.Errorf("sale is %q: %+v", got.State, got.Attempts[0])
		}
		book.list[1] = line("POS2", 4500, "Declined") // no money moved by it
		if err := c.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		if got := c.sale(s.ID); got.State != app.Paid {
			t.Errorf("sale is %q: %+v", got.State, got.Attempts[0])
		}
	})
}
