package rails_test

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/payments/simulator/pos"
)

// saying is the line of a terminal that words its records another way.
type saying struct {
	io.ReadWriteCloser
	words *strings.Replacer // of equal lengths
	on    *atomic.Bool
}

func (s saying) Read(b []byte) (int, error) {
	n, err := s.ReadWriteCloser.Read(b)
	if s.on.Load() {
		copy(b[:n], s.words.Replace(string(b[:n])))
	}
	return n, err
}

// TestARecordThatCannotBeRead: the outcome was lost, and the terminal's record tells
// an amount that is not, or cannot be compared with, what was asked for.
func TestARecordThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		words []string
		want  app.State
	}{
		"as asked":                        {nil, app.Paid},
		"no currency, as asked":           {[]string{"CURRENCY", "XURRENCY"}, app.Paid},
		"no currency, a part of it":       {[]string{"CURRENCY", "XURRENCY", "AMOUNT=45.00", "AMOUNT=40.00"}, app.Unknown},
		"a currency nobody knows":         {[]string{"CURRENCY=978", "CURRENCY=986", "CURRENCY_NAME=EUR", "CURRENCY_NAME=BRL"}, app.Unknown},
		"another currency":                {[]string{"CURRENCY=978", "CURRENCY=756", "CURRENCY_NAME=EUR", "CURRENCY_NAME=CHF"}, app.Unknown},
		"an amount nobody can read":       {[]string{"AMOUNT=45.00", "AMOUNT=45,0O"}, app.Unknown},
		"nothing":                         {[]string{"AMOUNT=45.00", "AMOUNT=00.00"}, app.Unknown},
		"no amount":                       {[]string{"AMOUNT=45.00", "XMOUNT=45.00"}, app.Paid},
		"a part of it, of what was asked": {[]string{"AMOUNT=45.00", "AMOUNT=40.00"}, app.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, pos.Switches{Customer: pos.CustomerTap})
				var on atomic.Bool
				c.wrap = func(conn io.ReadWriteCloser) io.ReadWriteCloser {
					return saying{conn, strings.NewReplacer(tt.words...), &on}
				}
				if err := c.pos.Play(pos.Scenario{Name: "contactless", Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2}}}); err != nil {
					t.Fatal(err)
				}
				s, err := c.charge(4500)
				if err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				on.Store(true)
				time.Sleep(2 * time.Minute)
				if got := c.sale(s.ID); got.State != tt.want || got.Received.Minor != map[app.State]int64{app.Paid: 4500}[tt.want] {
					t.Errorf("%s, received %v", got.State, got.Received)
				}
			})
		})
	}
}
