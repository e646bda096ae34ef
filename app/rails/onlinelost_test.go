package rails_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
)

// forgetful is an account whose answer to a refund is lost.
type forgetful struct{ ledger }

func (*forgetful) RefundDevice(context.Context, string, string, money.Amount) error {
	return &payments.Error{Op: "t", Code: "net.cut", Err: payments.ErrUnknown}
}

// TestALostOnlineRefundLeavesTheTerminalAlone: the terminal took no part in it. It
// is asked nothing, so that the next customer finds it free.
func TestALostOnlineRefundLeavesTheTerminalAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
		c.device.TerminalID = pos.DefaultTID
		c.ledger = &forgetful{}
		s := c.paid(4500)
		got, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500), Way: app.RefundOnline})
		if err != nil || got.Attempts[0].Refunds[0].State != app.RefundUnknown {
			t.Fatalf("%v, %+v", err, got.Attempts)
		}
		c.mu.Lock()
		before := c.dialed
		c.mu.Unlock()
		time.Sleep(5 * time.Minute)
		if err := c.till.CheckNow(context.Background(), s.ID); err != nil && payments.CodeOf(err) != "rail.missing" {
			t.Error(err)
		}
		c.mu.Lock()
		after := c.dialed
		c.mu.Unlock()
		if after != before {
			t.Errorf("the terminal was called %d times", after-before)
		}
		if a := c.sale(s.ID).Attempts[0]; a.Refunds[0].State != app.RefundUnknown || a.State != app.Paid {
			t.Errorf("%s, %+v", a.State, a.Refunds)
		}
	})
}
