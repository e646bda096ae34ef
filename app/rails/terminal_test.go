package rails_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/journal"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// counter is a till with one stand-in terminal, on a real journal.
type counter struct {
	t      *testing.T
	dir    string
	pos    *pos.Terminal
	device devices.Device
	driver *terminal.Terminal
	ledger rails.Ledger
	more   []app.Rail
	book   *journal.Journal
	till   *app.Till
	dialed int
	broken error                                       // what dialling gives; nil reaches the terminal
	wrap   func(io.ReadWriteCloser) io.ReadWriteCloser // changes what is said; may be nil
	mu     sync.Mutex
}

func (c *counter) Find(id string) (devices.Device, error) {
	if id != "" && id != c.device.ID {
		return devices.Device{}, &payments.Error{Op: "t", Code: "device.missing", Err: payments.ErrRefused}
	}
	return c.device, nil
}

func (c *counter) Terminal(string) (devices.Device, *terminal.Terminal, error) {
	return c.device, c.driver, nil
}

func (c *counter) Seen(string, terminal.Info) {}

func (c *counter) dial(ctx context.Context) (io.ReadWriteCloser, error) {
	c.mu.Lock()
	broken := c.broken
	c.dialed++
	c.mu.Unlock()
	if broken != nil {
		return nil, broken
	}
	line, err := c.pos.Dial(ctx)
	if err == nil && c.wrap != nil {
		return c.wrap(line), nil
	}
	return line, err
}

func newCounter(t *testing.T, s pos.Switches, more ...app.Rail) *counter {
	t.Helper()
	c := &counter{t: t, dir: t.TempDir(), more: more, device: devices.Device{ID: "D1", Label: "Front", TerminalID: pos.DefaultTID, Currency: "EUR"}}
	var err error
	if c.pos, err = pos.Open(pos.Config{Now: time.Now, Entropy: rand.NewChaCha8([32]byte{1}), Switches: s}); err != nil {
		t.Fatal(err)
	}
	c.driver, err = terminal.New(terminal.Config{Dial: c.dial, Now: time.Now, Entropy: rand.NewChaCha8([32]byte{2})})
	if err != nil {
		t.Fatal(err)
	}
	c.open()
	t.Cleanup(func() {
		c.close()
		if err := c.pos.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *counter) open() {
	c.t.Helper()
	var err error
	if c.book, err = journal.Open(context.Background(), journal.Config{Dir: c.dir, Entropy: rand.NewChaCha8([32]byte{3})}); err != nil {
		c.t.Fatal(err)
	}
	rail, err := rails.NewTerminal(rails.TerminalConfig{Devices: c, Ledger: func() rails.Ledger { return c.ledger }})
	if err != nil {
		c.t.Fatal(err)
	}
	begun := time.Now()
	var seed [32]byte
	copy(seed[:], begun.String()[11:])
	c.till, err = app.New(context.Background(), app.Config{
		Mode: payments.Practice, Journal: c.book, Rails: append([]app.Rail{rail}, c.more...),
		Now: time.Now, Mono: func() time.Duration { return time.Since(begun) }, Entropy: rand.NewChaCha8(seed),
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) close() {
	if err := errors.Join(c.till.Close(), c.book.Close()); err != nil {
		c.t.Error(err)
	}
}

func (c *counter) restart() {
	c.t.Helper()
	c.close()
	c.open()
}

// soon ends after longer than anything takes.
func (c *counter) soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	c.t.Cleanup(cancel)
	return ctx
}

func (c *counter) play(name string) {
	c.t.Helper()
	if err := c.pos.Play(pos.Scenario{Name: name}); err != nil {
		c.t.Fatal(err)
	}
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func (c *counter) charge(minor int64) (app.Sale, error) {
	c.t.Helper()
	return c.till.Charge(context.Background(), app.ChargeRequest{
		Lines: []app.Line{{Label: "Cut", Amount: eur(minor)}}, Currency: "EUR", Rail: payments.RailTerminal,
	})
}

// settled waits until the sale has ended or is not known, and lets the terminal
// hear of it.
func (c *counter) settled(id app.SaleID) app.Sale {
	c.t.Helper()
	var got app.Sale
	for w := range c.till.WatchSale(c.soon(), id) {
		got = w.Sale
		if !got.Live() || got.State == app.Unknown {
			break
		}
	}
	time.Sleep(5 * time.Second)
	return c.sale(id)
}

func (c *counter) sale(id app.SaleID) app.Sale {
	c.t.Helper()
	s, _, err := c.till.Sale(context.Background(), id)
	if err != nil {
		c.t.Fatal(err)
	}
	return s
}

// charged is how often the customer really paid.
func (c *counter) charged() int {
	n := 0
	for _, e := range c.pos.Charges() {
		if e.Kind == pos.ChargeSale && e.State == pos.StateApproved {
			n++
		}
	}
	return n
}

// TestEveryScriptOfTheTerminal runs every scenario of the stand-in through the
// till: what the journal says is what happened to the money, or is not known.
func TestEveryScriptOfTheTerminal(t *testing.T) {
	t.Parallel()
	want := map[string]app.State{
		"contactless": app.Paid, "chip": app.Paid, "wrong-pin": app.Paid, "online-pin": app.Paid, "dcc": app.Paid, "unsupported": app.Paid,
		"no-paper": app.Paid, "information": app.Paid, "signature": app.Paid, "tip": app.Paid,
		"pin-locked": app.NotCharged, "chip-error": app.NotCharged, "no-card": app.NotCharged, "customer-cancel": app.NotCharged,
		"not-enabled": app.NotCharged, "busy": app.NotCharged, "activation": app.NotCharged, "update": app.NotCharged,
		"not-finished": app.NotCharged, "forbidden": app.NotCharged, "declined": app.Declined, "declined-14": app.Declined,
		"unknown-12": app.Declined, "unknown-12-charged": app.Paid, "unknown-14": app.Declined, "unknown-14-charged": app.Paid,
		"unknown-15": app.Declined, "unknown-15-charged": app.Paid, "unknown-16": app.Declined, "unknown-16-charged": app.Paid,
	}
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		for _, name := range pos.Names() {
			before := c.charged()
			c.play(name)
			s, err := c.charge(4500)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := c.settled(s.ID)
			if got.State == app.Unknown {
				time.Sleep(time.Minute) // it is being looked up
				got = c.sale(s.ID)
			}
			charged := c.charged() - before
			if got.State != want[name] || (got.State == app.Paid) != (charged == 1) || charged > 1 {
				t.Fatalf("%s: sale is %q (%s), want %q; the customer paid %d times", name, got.State, got.Attempts[0].Reason, want[name], charged)
			}
			if got.State != app.Paid && got.Attempts[0].Reason == "" {
				t.Errorf("%s: no reason is told", name)
			}
		}
		c.play("contactless")
		s, err := c.charge(100)
		if err != nil || c.settled(s.ID).State != app.Paid {
			t.Errorf("the next payment: %v, %+v", err, c.sale(s.ID).Attempts)
		}
	})
}

func TestWhatATerminalTellsIsKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		c.play("signature")
		s, err := c.charge(4500)
		if err != nil {
			t.Fatal(err)
		}
		a := c.settled(s.ID).Attempts[0]
		if a.State != app.Paid || a.RRN == "" || a.AuthCode == "" || a.CardLast4 == "" || a.TerminalID != pos.DefaultTID || !a.SignatureNeeded || a.Dirty {
			t.Errorf("attempt is %+v", a)
		}
		c.play("no-paper")
		if s, err = c.charge(4500); err != nil {
			t.Fatal(err)
		}
		if a := c.settled(s.ID).Attempts[0]; a.State != app.Paid || !a.NoPaper {
			t.Errorf("attempt is %+v", a)
		}
		c.play("tip")
		if s, err = c.charge(4500); err != nil {
			t.Fatal(err)
		}
		if a := c.settled(s.ID).Attempts[0]; a.State != app.Paid || a.Tip.Minor == 0 {
			t.Errorf("attempt is %+v", a)
		}
	})
}

func TestTerminalsThatRefuse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change func(*counter)
		code   string
	}{
		{"nothing there", func(c *counter) { c.broken = errors.New("no route") }, "terminal.unreachable"},
		{"another one", func(c *counter) { c.device.TerminalID = "80000099" }, "terminal.changed"},
		{"another currency", func(c *counter) { c.device.Currency = "GBP"; c.pos.Currency = "GBP" }, "terminal.currency"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, pos.Switches{})
				tt.change(c)
				s, err := c.charge(4500)
				if payments.CodeOf(err) != tt.code || s.State != app.NotCharged {
					t.Errorf("got %v and %q, want %s", err, s.State, tt.code)
				}
				if len(c.pos.Charges()) != 0 {
					t.Error("money moved")
				}
			})
		})
	}
}

func TestCancelThroughTheTerminal(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		how  string
		want app.State
	}{{pos.CancelHonoured, app.NotCharged}, {pos.CancelAnswered, app.NotCharged}, {pos.CancelRace, app.Paid}} {
		t.Run("cancel "+tt.how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCounter(t, pos.Switches{Cancel: tt.how})
				s, err := c.charge(4500)
				if err != nil {
					t.Fatal(err)
				}
				for w := range c.till.WatchSale(c.soon(), s.ID) {
					if w.Sale.Attempts[0].Stage.Name == app.StagePresentCard {
						break
					}
				}
				if err := c.till.Cancel(context.Background(), s.ID, "Anna"); err != nil {
					t.Fatal(err)
				}
				if got := c.settled(s.ID); got.State != tt.want || (got.State == app.Paid) != (c.charged() == 1) {
					t.Errorf("sale is %q, charged %d", got.State, c.charged())
				}
			})
		})
	}
}

type ledger struct{ list []merchant.DeviceTransaction }

func (l *ledger) DeviceTransactions(_ context.Context, q merchant.DeviceTransactionQuery) ([]merchant.DeviceTransaction, merchant.Paging, error) {
	var found []merchant.DeviceTransaction
	for _, e := range l.list {
		if e.ReferenceNumber == q.ReferenceNumber {
			found = append(found, e)
		}
	}
	return found, merchant.Paging{}, nil
}

func (l *ledger) RefundDevice(context.Context, string, string, money.Amount) error { return nil }

// unrecorded charges while the terminal gives up at the card and keeps no record, so
// that the account's list, which is empty, alone can tell.
func (c *counter) unrecorded(minor int64) (*ledger, app.Sale) {
	c.t.Helper()
	book := &ledger{}
	c.ledger = book
	if err := c.pos.Play(pos.Scenario{Name: "contactless", Faults: []pos.Fault{{Kind: pos.FaultDrop, Stage: 2, Abandon: true}}}); err != nil {
		c.t.Fatal(err)
	}
	s, err := c.charge(minor)
	if err != nil {
		c.t.Fatal(err)
	}
	return book, s
}

// A terminal that has no record leaves it open; an entry in the account's list
// settles it, the lack of one does not.
func TestTheAccountSettlesWhatTheTerminalCannot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		book, s := c.unrecorded(4500)
		got := c.settled(s.ID)
		if got.State != app.Unknown || got.Attempts[0].Reason != app.ReasonAbsent {
			t.Fatalf("sale is %q (%s)", got.State, got.Attempts[0].Reason)
		}
		a := got.Attempts[0]
		book.list = []merchant.DeviceTransaction{{
			Reference: "POS1", ReferenceNumber: a.OrderID, TerminalID: pos.DefaultTID, Amount: eur(4500), RRN: "623100000077", Status: "Success",
		}}
		if err := c.till.CheckNow(context.Background(), s.ID); err != nil {
			t.Fatal(err)
		}
		if got = c.sale(s.ID); got.State != app.Paid || got.Attempts[0].RRN != "623100000077" {
			t.Errorf("sale is %q: %+v", got.State, got.Attempts[0])
		}
	})
}

func TestRestartWhileTheCardIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, pos.Switches{})
		c.play("contactless")
		s, err := c.charge(4500)
		if err != nil {
			t.Fatal(err)
		}
		for w := range c.till.WatchSale(c.soon(), s.ID) {
			if w.Sale.State == app.Opened {
				break
			}
		}
		c.restart()
		time.Sleep(30 * time.Second)
		got := c.sale(s.ID)
		if got.State != app.Paid || c.charged() != 1 || got.Attempts[0].Dirty {
			t.Errorf("sale is %q (%s), charged %d", got.State, got.Attempts[0].Reason, c.charged())
		}
	})
}
