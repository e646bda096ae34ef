package pos

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// desk is a till with the real driver. It concludes as a till does: from the
// outcome, else by asking until the terminal knows.
type desk struct {
	*testing.T
	term   *Terminal
	driver *terminal.Terminal
	stages []string
	cancel bool // asks to cancel once the card is asked for
}

func newDesk(t *testing.T, term *Terminal, dial terminal.Dialer, timers terminal.Timers) *desk {
	t.Helper()
	d, err := terminal.New(terminal.Config{Dial: dial, Now: time.Now, Entropy: rand.Reader, Timers: timers})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{T: t, term: term, driver: d}
}

// drive runs a test with the driver in fake time over lines in memory.
func drive(t *testing.T, s Switches, test func(*desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		c.Switches, c.Log = s, nil
		term, err := Open(c)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := term.Close(); err != nil {
				t.Error(err)
			}
		}()
		test(newDesk(t, term, term.Dial, terminal.Timers{}))
	})
}

func (d *desk) stage(s terminal.Stage) {
	d.stages = append(d.stages, string(s.Name))
	if d.cancel && s.Name == terminal.StagePresentCard {
		go func() { _ = d.driver.Cancel(context.Background()) }()
	}
}

// pay takes money once and returns what the till believes in the end.
func (d *desk) pay(minor int64) (r terminal.Result, err error) {
	d.Helper()
	ctx := context.Background()
	info, err := d.driver.Prepare(ctx)
	if err != nil {
		return r, err
	}
	if info.Code == "terminal.unfinished" {
		d.Fatalf("something is unfinished: %+v", info.Last)
	}
	sid, err := terminal.NewSID(rand.Reader)
	if err != nil {
		d.Fatal(err)
	}
	d.stages = nil
	r, err = d.driver.Purchase(ctx, terminal.Purchase{
		SID: sid, Amount: money.Amount{Minor: minor, Currency: money.EUR}, Reference: "V-1",
	}, d.stage)
	for range 200 {
		if err == nil || !errors.Is(err, payments.ErrUnknown) {
			break
		}
		time.Sleep(d.term.scale(10 * time.Second))
		r, err = d.driver.Lookup(ctx, sid, info.Last.SID)
	}
	if errors.Is(err, payments.ErrUnknown) {
		return r, err
	}
	if cerr := d.complete(ctx, sid); cerr != nil && err == nil {
		d.Errorf("Complete: %v", cerr)
	}
	return r, err
}

// complete tells the terminal of an outcome, later when it cannot be reached: one
// that restarts right after its last word is away for Pace.Boot.
func (d *desk) complete(ctx context.Context, sid string) (err error) {
	for range 12 {
		if err = d.driver.Complete(ctx, sid); !errors.Is(err, payments.ErrUnreachable) {
			return err
		}
		time.Sleep(d.term.scale(10 * time.Second))
	}
	return err
}

// agrees holds what the till believes against the truth.
func (d *desk) agrees(r terminal.Result, err error) {
	d.Helper()
	took := Total(d.term.Charges())
	believed := 0
	if err == nil && r.Class == terminal.Charged {
		believed = 1
	}
	if took.Sales != believed || errors.Is(err, payments.ErrUnknown) {
		d.Errorf("charged %+v, the till believes %d: %+v, %v; stages %v", took, believed, r, err, d.stages)
	}
}

// again shows that the device takes the next payment.
func (d *desk) again() {
	d.Helper()
	if err := d.term.SetFaults(); err != nil {
		d.Fatal(err)
	}
	if err := d.term.Change(func(s *Switches) { s.Customer, s.Condition = CustomerTap, 0 }); err != nil {
		d.Fatal(err)
	}
	d.cancel = false
	before := len(d.term.Charges())
	r, err := d.pay(700)
	if err != nil || r.Class != terminal.Charged || len(d.term.Charges()) != before+1 {
		d.Errorf("the next payment: %+v %v", r, err)
	}
}

// Every scenario, under every switch that changes the bookkeeping and every way
// frames are cut, ends with a till that believes the truth.
func TestDriverThroughEveryScenario(t *testing.T) {
	for _, s := range []Switches{
		{},
		{CompleteAll: true},
		{DeclinedIsLast: true},
		{CompleteAll: true, DeclinedIsLast: true, Information: true},
		{Line: LineSplit},
		{Line: LineMerge},
		{Line: LineDribble},
		{Line: LineChaos},
		{Condition: 34},
		{NoPaper: true},
		{Greeting: true},
	} {
		for _, name := range Names() {
			t.Run(fmt.Sprintf("%+v/%s", s, name), func(t *testing.T) {
				drive(t, s, func(d *desk) {
					if err := d.term.Play(Scenario{Name: name}); err != nil {
						d.Fatal(err)
					}
					r, err := d.pay(500)
					d.agrees(r, err)
					refused := []string{"busy", "activation", "update", "not-finished", "forbidden"}
					if slices.Contains(refused, name) != errors.Is(err, payments.ErrRefused) {
						d.Errorf("%+v %v", r, err)
					}
					if name == "wrong-pin" && strings.Count(strings.Join(d.stages, " "), "pin_wrong") < 2 {
						d.Errorf("stages %v", d.stages)
					}
					d.again()
				})
			})
		}
	}
}

// Every mishap at every stage of three scripts.
func TestDriverThroughEveryMishap(t *testing.T) {
	scripts := []string{"contactless", "wrong-pin", "dcc", "declined", "unknown-15-charged", "customer-cancel"}
	for _, kind := range []FaultKind{FaultDrop, FaultFreeze, FaultDelay, FaultDuplicate, FaultForeign, FaultReboot} {
		for _, stage := range []int{1, 11, 2, 12, 14, 13, 3, 5} {
			t.Run(fmt.Sprintf("%s/%d", kind, stage), func(t *testing.T) {
				for _, name := range scripts {
					mishap(t, name, Fault{Kind: kind, Stage: stage})
					if kind == FaultDrop || kind == FaultFreeze || kind == FaultReboot {
						mishap(t, name, Fault{Kind: kind, Stage: stage, After: true})
					}
					if kind == FaultDrop || kind == FaultFreeze {
						mishap(t, name, Fault{Kind: kind, Stage: stage, Abandon: true})
						mishap(t, name, Fault{Kind: kind, Stage: stage, After: true, Abandon: true})
					}
				}
			})
		}
	}
}

func mishap(t *testing.T, name string, f Fault) {
	t.Helper()
	drive(t, Switches{}, func(d *desk) {
		if err := d.term.Play(Scenario{Name: name, Faults: []Fault{f}}); err != nil {
			d.Fatal(err)
		}
		r, err := d.pay(500)
		d.agrees(r, err)
		if d.Failed() {
			d.Logf("%s %+v", name, f)
		}
		d.again()
	})
}

// A cancel from the till in each of its modes, against a customer who never
// comes and one who taps.
func TestDriverCancels(t *testing.T) {
	for _, mode := range []string{CancelHonoured, CancelAnswered, CancelBusy, CancelRace, CancelIgnored} {
		for _, customer := range []string{CustomerNone, CustomerTap} {
			drive(t, Switches{Cancel: mode, Customer: customer}, func(d *desk) {
				d.cancel = true
				r, err := d.pay(500)
				d.agrees(r, err)
				wins := mode == CancelRace || (customer == CustomerTap && (mode == CancelBusy || mode == CancelIgnored))
				if wins != (r.Class == terminal.Charged) {
					d.Errorf("%q with customer %q: %+v %v", mode, customer, r, err)
				}
				d.again()
			})
		}
	}
}

// Amounts that bring things about, over real ports, with scaled timers. A cable
// takes half a second for every session, so it gets fewer.
func TestDriverOverRealPorts(t *testing.T) {
	for place, amounts := range map[string]map[int64]int{
		"tcp": {
			1000: 1, 1001: 0, 1002: 1, 1003: 0, 1004: 0, 1005: 1, 1006: 0, 1007: 0, 1107: 1, 1008: 0, 1009: 1, 1010: 1,
			1011: 1, 1012: 0,
		},
		"pty": {1001: 0, 1005: 1},
	} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			term := quick(t, Switches{Customer: CustomerTap})
			timers := terminal.Timers{}.Scaled(20)
			timers.Connect = 5 * time.Second
			d := newDesk(t, term, placed(t, term, place), timers)
			for minor, want := range amounts {
				before := len(term.Charges())
				r, err := d.pay(minor)
				if err != nil && !errors.Is(err, payments.ErrRefused) {
					t.Fatalf("%d: %+v %v", minor, r, err)
				}
				charged := len(term.Charges()) - before
				if believed := err == nil && r.Class == terminal.Charged; believed != (charged == 1) || charged != want {
					t.Errorf("%d: charged %d times, the till believes %+v %v", minor, charged, r, err)
				}
			}
		})
	}
}

// Money back, and paper.
func TestDriverGivesBack(t *testing.T) {
	drive(t, Switches{Customer: CustomerTap}, func(d *desk) {
		ctx := context.Background()
		sale, err := d.pay(500)
		d.agrees(sale, err)
		void, err := d.driver.Reverse(ctx, "void-1", sale.SID, "")
		if err != nil || void.Class != terminal.Charged {
			d.Errorf("%+v %v", void, err)
		}
		d.agrees(terminal.Result{Class: terminal.NotCharged}, nil)
		if err := d.driver.Complete(ctx, "void-1"); err != nil {
			d.Error(err)
		}
		if _, err := d.driver.Reverse(ctx, "void-2", sale.SID, ""); payments.CodeOf(err) != "terminal.not_last" {
			d.Errorf("not the last any more: %v", err)
		}
		back, err := d.driver.Refund(ctx, terminal.Refund{SID: "back-1", Amount: money.Amount{Minor: 300, Currency: money.EUR}}, nil)
		if err != nil || back.Class != terminal.Charged || back.Outcome != payments.Refunded {
			d.Errorf("%+v %v", back, err)
		}
		if c := d.term.Charges(); len(c) != 2 || c[0].State != StateReversed || c[1].Kind != ChargeRefund || c[1].Minor != 300 {
			d.Errorf("%+v", c)
		}
		if err := d.driver.Complete(ctx, "back-1"); err != nil {
			d.Error(err)
		}
		if err := d.driver.Reprint(ctx); err != nil {
			d.Error(err)
		}
		if err := d.term.PaperOut(true); err != nil {
			d.Error(err)
		}
		if err := d.driver.Reprint(ctx); payments.CodeOf(err) != "terminal.no_paper" {
			d.Errorf("without paper: %v", err)
		}
	})
}

// What a till is told when it cannot take payments here.
func TestDriverIsToldWhy(t *testing.T) {
	for code, s := range map[string]Switches{
		"terminal.slave": {Slave: true}, "terminal.needs_update": {Condition: 26}, "terminal.activation": {Condition: 25},
	} {
		drive(t, s, func(d *desk) {
			info, err := d.driver.Test(context.Background())
			told := info.Code
			if err != nil {
				told = payments.CodeOf(err)
			}
			if told != code {
				d.Errorf("%q, want %q (%v)", told, code, err)
			}
		})
	}
}
