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
	"frontdesk/payments/terminal"
)

// paid is a sale that was paid on the terminal.
func (c *counter) paid(minor int64) app.Sale {
	c.t.Helper()
	c.play("contactless")
	s, err := c.charge(minor)
	if err != nil {
		c.t.Fatal(err)
	}
	if s = c.settled(s.ID); s.State != app.Paid {
		c.t.Fatalf("sale is %q", s.State)
	}
	return s
}

// given is what the terminal really gave back, reversals included.
func (c *counter) given() (reversed, refunded int64) {
	for _, e := range c.pos.Charges() {
		switch {
		case e.Kind == pos.ChargeRefund && e.State == pos.StateApproved:
			refunded += e.Minor
		case e.State == pos.StateReversed:
			reversed += e.Minor
		}
	}
	return reversed, refunded
}

func TestRefundsOnATerminal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		minor    int64
		way      app.RefundWay
		after    bool // another payment came in between
		reversed int64
		refunded int64
		code     string
		want     app.State
	}{
		{"the last one, whole", 4500, "", false, 4500, 0, "", app.Refunded},
		{"in part: with the card", 1000, "", false, 0, 1000, "", app.PartRefunded},
		{"not the last any more: with the card", 4500, "", true, 0, 4500, "", app.Refunded},
		{"a reversal by name of an older one", 4500, app.RefundReversal, true, 0, 0, "terminal.not_last", app.Paid},
		{"a reversal of a part", 1000, app.RefundReversal, false, 0, 0, "refund.whole", app.Paid},
		{"the last one, with the card", 4500, app.RefundCard, false, 0, 4500, "", app.Refunded},
		{"through the account, not connected", 4500, app.RefundOnline, false, 0, 0, "refund.account", app.Paid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
				s := c.paid(4500)
				if tt.after {
					c.paid(100)
				}
				got, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(tt.minor), Way: tt.way})
				if payments.CodeOf(err) != tt.code {
					t.Fatal(err)
				}
				time.Sleep(5 * time.Second)
				got = c.sale(s.ID)
				if refunds := got.Attempts[0].Refunds; got.State != tt.want || (len(refunds) == 0) != (tt.code != "") || got.Attempts[0].Owes() {
					t.Errorf("sale is %q, refunds %+v", got.State, refunds) // what is refused is never begun
				}
				if reversed, refunded := c.given(); reversed != tt.reversed || refunded != tt.refunded {
					t.Errorf("really gave back %d and %d", reversed, refunded)
				}
				c.paid(200)
			})
		})
	}
}

// While the customer presents a card for a refund, the terminal takes nothing
// else, and the stages are shown.
func TestARefundHoldsTheTerminal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		s := c.paid(4500)
		done := make(chan error, 1)
		go func() {
			_, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)})
			done <- err
		}()
		for snap := range c.till.Watch(c.soon()) {
			if len(snap.Devices) == 1 && snap.Devices[0].Refund && snap.Devices[0].Stage.Name == app.StagePresentCard {
				break
			}
		}
		_, err := c.charge(100)
		if payments.CodeOf(err) != "terminal.busy" {
			t.Errorf("a charge gave %v", err)
		}
		if err := c.pos.Tap(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if got := c.sale(s.ID); got.State != app.PartRefunded || got.Refunded != eur(1000) {
			t.Errorf("sale is %q, refunded %v", got.State, got.Refunded)
		}
	})
}

// A refund whose answer was lost counts as done, is never sent again, blocks
// the terminal, and is settled by what the terminal has on record.
func TestALostRefundIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		abandon bool
		want    app.RefundState
		state   app.State
	}{
		{"it went back", false, app.RefundDone, app.PartRefunded},
		{"it did not", true, app.RefundUnknown, app.Paid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
				s := c.paid(4500)
				if err := c.pos.Play(pos.Scenario{Name: "contactless", Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2, Abandon: tt.abandon}}}); err != nil {
					t.Fatal(err)
				}
				got, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(1000)})
				if err != nil || got.Attempts[0].Refunds[0].State != app.RefundUnknown || got.Attempts[0].Left() != 3500 {
					t.Fatalf("got %+v, %v", got.Attempts[0].Refunds, err)
				}
				if _, err := c.charge(100); payments.CodeOf(err) != "terminal.unsettled" {
					t.Errorf("a charge gave %v", err)
				}
				time.Sleep(5 * time.Minute)
				got = c.sale(s.ID)
				r := got.Attempts[0].Refunds[0]
				if r.State != tt.want || got.State != tt.state || len(got.Attempts[0].Refunds) != 1 {
					t.Fatalf("refund is %+v, sale %q", r, got.State)
				}
				if _, refunded := c.given(); (refunded == 1000) != (tt.want == app.RefundDone) {
					t.Errorf("really gave back %d", refunded)
				}
				if tt.want == app.RefundUnknown {
					err := c.till.Resolve(context.Background(), s.ID, app.Resolution{Refund: r.OrderID, Evidence: "last is RRN 623100000001 at 14:03"})
					if err != nil {
						t.Fatal(err)
					}
				}
				c.paid(200)
			})
		})
	}
}

// A terminal that waits with a transaction of another till refuses ours until a
// person has looked at it and let go of it.
func TestATransactionOfSomebodyElse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
		other, err := terminal.New(terminal.Config{Dial: c.pos.Dial, Now: time.Now, Entropy: rand.NewChaCha8([32]byte{9})})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Purchase(context.Background(), terminal.Purchase{SID: "of-another-till", Amount: eur(700)}, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if _, err := c.charge(4500); payments.CodeOf(err) != "terminal.unfinished" {
			t.Fatalf("a charge gave %v", err)
		}
		about, err := c.till.Unfinished(context.Background(), payments.RailTerminal, "D1")
		if err != nil || about.SID != "of-another-till" || about.Amount != eur(700) || about.Outcome != payments.Paid || about.Card.RRN == "" {
			t.Fatalf("it waits with %+v, %v", about, err)
		}
		if err := c.till.Release(context.Background(), payments.RailTerminal, "D1", about, app.Actor{Operator: "Anna"}); err != nil {
			t.Fatal(err)
		}
		notes, err := c.till.Notes(context.Background(), 0, 1)
		if err != nil || len(notes) != 1 || notes[0].Kind != app.DeviceReleased || notes[0].Operator != "Anna" || notes[0].Data["rrn"] != about.Card.RRN {
			t.Errorf("notes are %+v, %v", notes, err)
		}
		c.paid(4500)
		if about, err = c.till.Unfinished(context.Background(), payments.RailTerminal, "D1"); err != nil || about.SID != "" {
			t.Errorf("it waits with %+v, %v", about, err)
		}
	})
}

// Another terminal answers at the address: no money goes back from it.
func TestNoRefundFromAStrangersTerminal(t *testing.T) {
	t.Parallel()
	for _, way := range []app.RefundWay{"", app.RefundReversal, app.RefundCard} {
		synctest.Test(t, func(t *testing.T) {
			c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
			s := c.paid(4500)
			c.device.TerminalID = "80000099"
			if _, err := c.till.Refund(context.Background(), s.ID, app.RefundRequest{Amount: eur(4500), Way: way}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second)
			r := c.sale(s.ID).Attempts[0].Refunds[0]
			if reversed, refunded := c.given(); r.State != app.RefundFailed || r.Code != "terminal.changed" || reversed+refunded != 0 {
				t.Errorf("way %q: %+v, reversed %d, refunded %d", way, r, reversed, refunded)
			}
		})
	}
}
