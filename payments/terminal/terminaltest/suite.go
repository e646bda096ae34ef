package terminaltest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// questions is how often an unknown sale is asked about before the suite gives up.
const questions = 60

// Run holds a driver to everything. Each test gets a rig of its own and may run
// beside others.
func Run(t *testing.T, around Around) {
	t.Helper()
	for _, c := range []struct {
		name string
		test func(*desk)
	}{
		{"approved, completed, and the next one", approved},
		{"what takes no money", takesNone},
		{"turned down", turnedDown},
		{"unknown, then found", unknown},
		{"cancelled", cancelled},
		{"a cancel that is ignored", ignored},
		{"nothing to cancel", nothingToCancel},
		{"two at once", twoAtOnce},
		{"the same id twice", twice},
		{"stopped in the middle", stopped},
		{"gone", gone},
		{"amounts that are none", amounts},
		{"a look-up moves nothing", lookUps},
		{"one after another", oneAfterAnother},
	} {
		t.Run(c.name, func(t *testing.T) {
			around(t, func(t *testing.T, r Rig) { c.test(&desk{T: t, Rig: r}) })
		})
	}
}

// desk is a till that knows nothing of drivers.
type desk struct {
	*testing.T
	Rig
	mu     sync.Mutex
	stages []Stage
}

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

// sale is one charge as the till went through it.
type sale struct {
	id, previous string
	answer       Answer
	err          error
}

// charge prepares and takes 45.00, and looks at the clock.
func (d *desk) charge(ctx context.Context, stage func(Stage)) sale {
	d.Helper()
	s := sale{id: d.NewID()}
	if s.previous, s.err = d.Driver.Prepare(ctx); s.err != nil {
		d.Fatalf("prepare: %v", s.err)
	}
	d.stages = nil
	begin := d.Now()
	s.answer, s.err = d.Driver.Charge(ctx, s.id, euros(4500), func(st Stage) {
		d.mu.Lock()
		d.stages = append(d.stages, st)
		d.mu.Unlock()
		if stage != nil {
			stage(st)
		}
	})
	if took := d.Now().Sub(begin); took > d.Patience {
		d.Errorf("the sale took %s, at most %s are allowed", took, d.Patience)
	}
	if s.err != nil && payments.CodeOf(s.err) == "" {
		d.Errorf("an error without a code: %v", s.err)
	}
	return s
}

// find asks until the driver knows, as a till does.
func (d *desk) find(s sale) Answer {
	d.Helper()
	for range questions {
		a, err := d.Driver.Find(d.Context(), s.id, s.previous)
		switch {
		case err == nil:
			return a
		case !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrRefused) || errors.Is(err, payments.ErrUnreachable):
			d.Fatalf("a look-up that finds nothing says %v: nobody may take that for an end", err)
		}
		time.Sleep(d.Pause)
	}
	d.Fatal("the sale was never found")
	return Answer{}
}

func (d *desk) complete(s sale) {
	d.Helper()
	if err := d.Driver.Complete(d.Context(), s.id); err != nil {
		d.Errorf("complete: %v", err)
	}
}

func (d *desk) charged(s sale, want int) {
	d.Helper()
	if n := d.Terminal.Charged(s.id); n != want {
		d.Errorf("the customer paid %d times, want %d", n, want)
	}
}

// is checks an answer without an error.
func (d *desk) is(s sale, want payments.Outcome) {
	d.Helper()
	if s.err != nil || s.answer.Outcome != want || want == payments.Paid && s.answer.Amount != euros(4500) {
		d.Errorf("the driver says %+v, %v; want %s", s.answer, s.err, want)
	}
	if want != payments.Paid && s.answer.Code == "" {
		d.Error("no code says why nothing was taken")
	}
}

func approved(d *desk) {
	d.Terminal.Play(d, Approves)
	s := d.charge(d.Context(), nil)
	d.is(s, payments.Paid)
	d.charged(s, 1)
	if len(d.stages) == 0 || !d.stages[0].Cancellable {
		d.Errorf("stages %+v: the first can be cancelled", d.stages)
	}
	if a := d.find(s); a.Outcome != payments.Paid || a.Amount != euros(4500) {
		d.Errorf("found %+v", a)
	}
	d.complete(s)
	d.complete(s) // again is fine
	d.Terminal.Play(d, Approves)
	next := d.charge(d.Context(), nil)
	d.is(next, payments.Paid)
	if next.previous != s.id {
		d.Errorf("the record before is %q, want %q", next.previous, s.id)
	}
	d.complete(next)
	d.charged(s, 1)
	d.charged(next, 1)
}

func takesNone(d *desk) {
	for _, scene := range []Scene{Declines, NoCard, CustomerStops} {
		d.Terminal.Play(d, scene)
		s := d.charge(d.Context(), nil)
		d.is(s, payments.Declined)
		d.charged(s, 0)
		d.complete(s)
	}
	again(d)
}

// again shows that the terminal takes the next sale.
func again(d *desk) {
	d.Helper()
	d.Terminal.Play(d, Approves)
	s := d.charge(d.Context(), nil)
	d.is(s, payments.Paid)
	d.charged(s, 1)
	d.complete(s)
}

func turnedDown(d *desk) {
	d.Terminal.Play(d, TurnsDown)
	s := d.charge(d.Context(), nil)
	if !errors.Is(s.err, payments.ErrRefused) || errors.Is(s.err, payments.ErrUnknown) || s.answer.Outcome == payments.Paid {
		d.Errorf("%+v, %v", s.answer, s.err)
	}
	d.charged(s, 0)
	again(d)
}

func unknown(d *desk) {
	for _, c := range []struct {
		scene Scene
		paid  bool
	}{{DropsThenPays, true}, {DropsGivesUp, false}, {FreezesCharged, true}, {LostBankPaid, true}, {LostBankUnpaid, false}} {
		d.Terminal.Play(d, c.scene)
		s := d.charge(d.Context(), nil)
		if !errors.Is(s.err, payments.ErrUnknown) || s.answer.Outcome != payments.Unknown {
			d.Errorf("%s: %+v, %v; want unknown", c.scene, s.answer, s.err)
		}
		a := d.find(s)
		want := 0
		if c.paid {
			want = 1
		}
		if (a.Outcome == payments.Paid) != c.paid || !c.paid && a.Outcome != payments.Declined && a.Outcome != payments.Absent {
			d.Errorf("%s: found %+v", c.scene, a)
		}
		d.charged(s, want)
		d.complete(s)
	}
	again(d)
}

func cancelled(d *desk) {
	d.Terminal.Play(d, WaitsForCard)
	s := d.charge(d.Context(), func(st Stage) {
		if st.Cancellable {
			if err := d.Driver.Cancel(d.Context()); err != nil {
				d.Errorf("cancel: %v", err)
			}
		}
	})
	d.is(s, payments.Declined)
	d.charged(s, 0)
	d.complete(s)
	again(d)
}

func ignored(d *desk) {
	d.Terminal.Play(d, PaysDespite)
	s := d.charge(d.Context(), func(st Stage) {
		if st.Cancellable {
			_ = d.Driver.Cancel(d.Context()) // refused or not: the outcome decides
		}
	})
	d.is(s, payments.Paid)
	d.charged(s, 1)
	d.complete(s)
}

func nothingToCancel(d *desk) {
	if err := d.Driver.Cancel(d.Context()); !errors.Is(err, payments.ErrRefused) {
		d.Errorf("cancel: %v", err)
	}
	again(d)
}

func twoAtOnce(d *desk) {
	d.Terminal.Play(d, Approves)
	other := d.NewID()
	asked := false
	s := d.charge(d.Context(), func(Stage) {
		if asked {
			return
		}
		asked = true
		if _, err := d.Driver.Charge(d.Context(), other, euros(4500), nil); !errors.Is(err, payments.ErrRefused) {
			d.Errorf("the second sale: %v", err)
		}
	})
	d.is(s, payments.Paid)
	d.charged(s, 1)
	d.charged(sale{id: other}, 0)
}

func twice(d *desk) {
	d.Terminal.Play(d, Approves)
	s := d.charge(d.Context(), nil)
	d.complete(s)
	d.Terminal.Play(d, Approves)
	if _, err := d.Driver.Charge(d.Context(), s.id, euros(4500), nil); !errors.Is(err, payments.ErrRefused) {
		d.Errorf("the same id again: %v", err)
	}
	d.charged(s, 1)
}

func stopped(d *desk) {
	d.Terminal.Play(d, Approves)
	ctx, stop := context.WithCancel(d.Context())
	defer stop()
	s := d.charge(ctx, func(Stage) { stop() })
	if !errors.Is(s.err, payments.ErrUnknown) || s.answer.Outcome != payments.Unknown {
		d.Errorf("%+v, %v", s.answer, s.err)
	}
	a := d.find(s)
	want := 0
	if a.Outcome == payments.Paid {
		want = 1
	}
	d.complete(s)
	d.charged(s, want)
	again(d)
}

func gone(d *desk) {
	d.Terminal.Play(d, Approves)
	s := d.charge(d.Context(), nil)
	d.complete(s)
	d.Terminal.Vanish(d)
	if _, err := d.Driver.Prepare(d.Context()); !errors.Is(err, payments.ErrUnreachable) {
		d.Errorf("prepare: %v", err)
	}
	id := d.NewID()
	if a, err := d.Driver.Charge(d.Context(), id, euros(4500), nil); !errors.Is(err, payments.ErrUnreachable) || errors.Is(err, payments.ErrUnknown) {
		d.Errorf("%+v, %v", a, err)
	}
	if _, err := d.Driver.Find(d.Context(), s.id, s.previous); !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrUnreachable) {
		d.Errorf("find: %v", err)
	}
	d.charged(s, 1)
	d.charged(sale{id: id}, 0)
}

func amounts(d *desk) {
	for _, a := range []money.Amount{{}, euros(0), euros(-100), {Minor: 100}, {Minor: 100, Currency: "XXX"}, euros(100_000_000)} {
		id := d.NewID()
		if _, err := d.Driver.Charge(d.Context(), id, a, nil); !errors.Is(err, payments.ErrRefused) {
			d.Errorf("%+v: %v", a, err)
		}
		d.charged(sale{id: id}, 0)
	}
	again(d)
}

func lookUps(d *desk) {
	previous, err := d.Driver.Prepare(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	never := sale{id: d.NewID(), previous: previous}
	for range 3 {
		if a := d.find(never); a.Outcome != payments.Absent {
			d.Errorf("a sale that never was: %+v", a)
		}
	}
	again(d)
	if a, err := d.Driver.Find(d.Context(), never.id, previous); err == nil && a.Outcome != payments.Absent {
		d.Errorf("a sale that never was, behind another: %+v", a)
	}
	d.charged(never, 0)
}

func oneAfterAnother(d *desk) {
	ids := map[string]bool{}
	for i, scene := range []Scene{Approves, Declines, Approves, CustomerStops, LostBankPaid, Approves, TurnsDown, DropsThenPays, Approves} {
		d.Terminal.Play(d, scene)
		s := d.charge(d.Context(), nil)
		if ids[s.id] {
			d.Fatal("an id came twice")
		}
		ids[s.id] = true
		end, want := s.answer.Outcome, 0
		if errors.Is(s.err, payments.ErrUnknown) {
			end = d.find(s).Outcome
		}
		if end == payments.Paid {
			want = 1
		}
		if paid := scene == Approves || scene == LostBankPaid || scene == DropsThenPays; paid != (end == payments.Paid) {
			d.Errorf("sale %d, %s, ended %s", i, scene, end)
		}
		d.charged(s, want)
		if !errors.Is(s.err, payments.ErrRefused) {
			d.complete(s)
		}
	}
}
