package pos

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// Point 11: the line is cut at every stage, and the transaction goes on inside
// or is given up.
func TestDropsAtEveryStage(t *testing.T) {
	stages := []string{"1", "11", "2", "13", "3", "5"}
	for i, stage := range []int{1, 11, 2, 13, 3, 5} {
		for _, after := range []bool{false, true} {
			for _, abandon := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d after=%v abandon=%v", stage, after, abandon), func(t *testing.T) {
					play(t, Switches{Customer: CustomerInsert}, func(r *rig) {
						r.play(Scenario{Faults: []Fault{{Kind: FaultDrop, Stage: stage, After: after, Abandon: abandon}}})
						r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
						told := i
						if after {
							told++
						}
						for n := range told {
							if f := r.next(); value(f, "STAGE") != stages[n] {
								r.Fatalf("frame %d: %s", n, text(f))
							}
						}
						r.ended()
						time.Sleep(2 * time.Minute)
						r.dial()
						n := 1
						if abandon && (stage != 5 || !after) {
							n = 0
						}
						r.wantCharged(int64(n)*500, n)
						want := map[int]string{0: "0", 1: "20"}[n]
						if f := r.status(); value(f, "STATUS") != want {
							r.Errorf("afterwards %s", text(f))
						}
					})
				})
			}
		}
	}
}

func TestFreezeDelayDuplicateForeign(t *testing.T) {
	with := func(f Fault, test func(*rig)) {
		play(t, Switches{Customer: CustomerTap}, func(r *rig) {
			r.play(Scenario{Faults: []Fault{f}})
			r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
			test(r)
		})
	}
	with(Fault{Kind: FaultFreeze, Stage: 2}, func(r *rig) {
		r.next()
		r.next()
		r.silence(4 * time.Minute)
		r.wantCharged(500, 1)
		if f := r.status(); value(f, "STATUS") != "20" {
			r.Errorf("the line is dead afterwards: %s", text(f))
		}
	})
	with(Fault{Kind: FaultFreeze, Stage: 2, Abandon: true}, func(r *rig) {
		r.next()
		r.next()
		r.silence(4 * time.Minute)
		r.wantCharged(0, 0)
	})
	with(Fault{Kind: FaultDelay, Stage: 5}, func(r *rig) {
		for range 3 {
			r.next()
		}
		r.silence(190 * time.Second)
		if f := r.next(); step(f) != "5/0" {
			r.Error(text(f))
		}
	})
	with(Fault{Kind: FaultDelay, Stage: 2, Delay: 1000}, func(r *rig) {
		if got, _ := r.steps(); got != "1/0 11/0 2/0 5/0" {
			r.Error(got)
		}
	})
	with(Fault{Kind: FaultDuplicate, Stage: 5}, func(r *rig) {
		r.steps()
		if f := r.next(); step(f) != "5/0" || value(f, "SID") != sidS {
			r.Error(text(f))
		}
		r.wantCharged(500, 1)
	})
	with(Fault{Kind: FaultForeign, Stage: 5}, func(r *rig) {
		_, f := r.steps()
		if value(f, "SID") == sidS || value(f, "TX_STATUS") != "0" {
			r.Error(text(f))
		}
		if f := r.next(); value(f, "SID") != sidS {
			r.Error(text(f))
		}
	})
}

func TestResetOnConnect(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		if err := r.term.SetFaults(Fault{Kind: FaultReset, Skip: 1}); err != nil {
			r.Fatal(err)
		}
		r.dial()
		r.ask("PING", sidS, "")
		r.steps()
		r.dial()
		r.ended()
		r.dial()
		r.ask("PING", sidS, "")
		r.steps()
		if f := r.term.Faults(); len(f) != 1 || f[0].Matched != 3 || f[0].Fired != 1 {
			r.Errorf("%+v", f)
		}
	})
}

// A reboot in the middle: 20 s without a port, and what had an outcome waits to
// be completed.
func TestReboot(t *testing.T) {
	for stage, n := range map[int]int{1: 0, 11: 0, 2: 0, 5: 1} {
		play(t, Switches{Customer: CustomerTap}, func(r *rig) {
			r.play(Scenario{Faults: []Fault{{Kind: FaultReboot, Stage: stage}}})
			r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
			for range map[int]int{1: 0, 11: 1, 2: 2, 5: 3}[stage] {
				r.next()
			}
			r.ended()
			synctest.Wait()
			if s, _ := r.term.State(); s.Screen != ScreenBoot || s.Powered {
				r.Errorf("%+v", s)
			}
			time.Sleep(19 * time.Second)
			if _, err := r.term.Dial(context.Background()); !errors.Is(err, ErrOff) {
				r.Errorf("after 19 s: %v", err)
			}
			time.Sleep(2 * time.Second)
			r.dial()
			r.wantCharged(int64(n)*500, n)
			if f := r.status(); (value(f, "STATUS") == "20") != (n == 1) {
				r.Errorf("stage %d: %s", stage, text(f))
			}
			if s, _ := r.term.State(); s.Screen != ScreenIdle {
				r.Errorf("screen %s", s.Screen)
			}
		})
	}
	play(t, Switches{}, func(r *rig) {
		r.ask("REBOOT", sidS, "")
		r.steps()
		r.ended()
		time.Sleep(21 * time.Second)
		r.dial()
	})
}

// Point 10: the five ways a cancel ends.
func TestCancel(t *testing.T) {
	cancel := func(r *rig) { r.ask("PURCHASE", sidT, "STAGE=101|STATUS=0") }
	begin := func(mode string, test func(*rig)) {
		play(t, Switches{Cancel: mode}, func(r *rig) {
			r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
			r.next()
			r.next()
			test(r)
		})
	}
	begin(CancelHonoured, func(r *rig) {
		cancel(r)
		if f := r.next(); step(f) != "5/13" || value(f, "SID") != sidS {
			r.Error(text(f))
		}
		r.wantCharged(0, 0)
	})
	begin(CancelHonoured, func(r *rig) {
		if err := r.term.Tap(); err != nil {
			r.Fatal(err)
		}
		r.next()
		cancel(r)
		if f := r.next(); step(f) != "1/1" || value(f, "SID") != sidT {
			r.Errorf("once the card is read: %s", text(f))
		}
		if f := r.next(); step(f) != "5/0" {
			r.Error(text(f))
		}
		r.wantCharged(500, 1)
	})
	begin(CancelAnswered, func(r *rig) {
		cancel(r)
		if f := r.next(); step(f) != "5/0" || value(f, "SID") != sidT || value(f, "TX_STATUS") != "" {
			r.Error(text(f))
		}
		if f := r.next(); step(f) != "5/13" || value(f, "SID") != sidS {
			r.Error(text(f))
		}
	})
	begin(CancelBusy, func(r *rig) {
		cancel(r)
		if f := r.next(); step(f) != "1/1" || value(f, "SID") != sidT {
			r.Error(text(f))
		}
	})
	begin(CancelRace, func(r *rig) {
		cancel(r)
		if got, _ := r.steps(); got != "2/0 5/0" {
			r.Error(got)
		}
		r.wantCharged(500, 1)
	})
	begin(CancelIgnored, func(r *rig) {
		cancel(r)
		r.silence(30 * time.Second)
		if err := r.term.Tap(); err != nil {
			r.Fatal(err)
		}
		if got, _ := r.steps(); got != "2/0 5/0" {
			r.Error(got)
		}
	})
	play(t, Switches{Cancel: CancelRace}, func(r *rig) {
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.next()
		cancel(r)
		if got, _ := r.steps(); got != "11/0 2/0 5/0" {
			r.Errorf("cancelled before the card is asked for: %s", got)
		}
	})
}

// A till that hangs up does not cancel.
func TestHangingUpIsNoCancel(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
		r.next()
		r.next()
		r.dial()
		if f := func() string { r.ask("GET_STATUS", sidT, ""); s, _ := r.steps(); return s }(); f != "1/1" {
			r.Errorf("while it runs: %s", f)
		}
		if err := r.term.Tap(); err != nil {
			r.Fatal(err)
		}
		time.Sleep(10 * time.Second)
		r.wantCharged(500, 1)
	})
}

func TestScriptsAreChecked(t *testing.T) {
	play(t, Switches{}, func(r *rig) {
		for _, err := range []error{
			r.term.SetFaults(Fault{Kind: "earthquake"}),
			r.term.SetFaults(Fault{Kind: FaultDrop, Skip: -1}),
			r.term.Play(Scenario{Name: "nobody"}),
			r.term.Play(Scenario{Customer: []Act{"dance"}}),
			r.term.Play(Scenario{Faults: []Fault{{Kind: "x"}}}),
			r.term.Change(func(s *Switches) { s.Line = "x" }),
			r.term.Change(func(s *Switches) { s.Condition = 99 }),
			r.term.Change(func(s *Switches) { s.Protected = []string{"REFUND"} }),
			r.term.Change(func(s *Switches) { s.Version = 150 }),
		} {
			if !errors.Is(err, ErrScript) {
				r.Errorf("%v", err)
			}
		}
		if s := r.term.Switches(); s.Line != "" || s.Condition != 0 {
			r.Errorf("%+v", s)
		}
	})
}
