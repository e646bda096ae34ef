package simulator

import (
	"errors"
	"net/http"
	"net/http/httputil"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

// bubble runs a test under fake time and ends the stand-in inside.
func bubble(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		test(t, r)
		r.stop()
	})
}

// charged is what the world saw of one charge under a fault.
type charged struct {
	Browser string // where it ended
	After   time.Duration
	Status  int // PaymentStatus when the browser went on
	Notices string
	State   string // of the truth, at the very end
	Told    bool   // Notified
}

// under charges one order under a fault, waits until all is quiet and returns
// what was seen.
func under(t *testing.T, f ...Fault) charged {
	t.Helper()
	var c charged
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(f...)
		start := time.Now()
		c.Browser = r.charge("P1", "45.00").stage
		c.After = time.Since(start)
		c.Status = r.paymentState("P1")
		time.Sleep(time.Hour)
		synctest.Wait()
		c.Notices, c.State, c.Told = r.shop.methods(), r.only().State, r.only().Notified
	})
	return c
}

func TestFaultsOfNotices(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		want  charged
	}{
		"none":  {Fault{Kind: NotifyTwice, Order: "other"}, charged{"paid", 0, 1, "Notify", StateApproved, true}},
		"late":  {Fault{Kind: NotifyLate, Delay: 60_000}, charged{"paid", 0, 1, "Notify", StateApproved, true}},
		"twice": {Fault{Kind: NotifyTwice, Delay: 5_000}, charged{"paid", 0, 1, "Notify Notify", StateApproved, true}},
		"before the browser": {
			Fault{Kind: NotifyFirst, Delay: 7_000},
			charged{"paid", 7 * time.Second, 1, "Notify", StateApproved, true},
		},
		"lost":      {Fault{Kind: NotifyLost}, charged{"returned", 0, 4, "Rollback", StateReversed, false}},
		"lost kept": {Fault{Kind: NotifyLostKept}, charged{"paid", 0, 1, "", StateApproved, false}},
		"slow": {
			Fault{Kind: NotifySlow, Delay: 9_999},
			charged{"paid", 9_999 * time.Millisecond, 1, "Notify", StateApproved, true},
		},
		"too slow": {
			Fault{Kind: NotifySlow, Delay: 10_000},
			charged{"returned", 10 * time.Second, 4, "Notify Rollback", StateReversed, false},
		},
		"status, then reversed": {
			Fault{Kind: StatusThenReversed, Delay: 90_000},
			charged{"returned", 90 * time.Second, 4, "Rollback", StateReversed, false},
		},
		"two rollbacks": {Fault{Kind: RollbackTwice}, charged{"returned", 0, 4, "Notify Rollback Rollback", StateReversed, false}},
		"cut":           {Fault{Kind: OKCut, At: 20}, charged{"returned", 0, 4, "Notify Rollback", StateReversed, false}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, under(t, c.fault)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The notice of a late payment leaves exactly then, and copies are identical.
func TestLateAndTwice(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(Fault{Kind: NotifyLate, Delay: 60_000}, Fault{Kind: NotifyTwice, Delay: 30_000})
		start := time.Now()
		r.charge("P1", "45.00")
		if r.paymentState("P1") != 1 || r.shop.methods() != "" {
			t.Error("the browser went on, but status does not say paid or the notice was early")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		got := []time.Duration{r.shop.when[0].Sub(start), r.shop.when[1].Sub(start)}
		if d := cmp.Diff([]time.Duration{time.Minute, 90 * time.Second}, got); d != "" {
			t.Error(d)
		}
		if r.shop.bodies[0] != r.shop.bodies[1] {
			t.Error("the copy differs")
		}
	})
}

// A late notice that is refused takes the money back although the browser saw
// the thank-you page.
func TestLateNoticeRefused(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(Fault{Kind: NotifyLate, Delay: 60_000})
		r.shop.answers(refuses(checkout.MethodNotify))
		if got := r.charge("P1", "45.00"); got.stage != "paid" {
			t.Fatalf("browser: %+v", got)
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if p := r.only(); p.State != StateReversed || r.paymentState("P1") != 4 || r.shop.methods() != "Notify Rollback" {
			t.Errorf("%+v after %s", p, r.shop.methods())
		}
	})
}

// Status says paid while nobody has answered the notice, then the money goes.
func TestStatusBeforeTheNoticeIsAnswered(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(Fault{Kind: StatusThenReversed, Delay: 90_000})
		path := r.open(r.form("P1", "45.00"))
		done := make(chan struct{})
		go func() { r.card(path, panApproved); close(done) }()
		var seen []int
		for range 4 {
			synctest.Wait()
			seen = append(seen, r.paymentState("P1"))
			time.Sleep(30 * time.Second)
		}
		<-done
		if d := cmp.Diff([]int{1, 1, 1, 4}, seen); d != "" {
			t.Error(d)
		}
	})
}

// Without a fault, a payment whose notice is not answered yet is pending.
func TestPendingWhileTheNoticeWaits(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(Fault{Kind: NotifySlow, Delay: 5_000})
		path := r.open(r.form("P1", "45.00"))
		done := make(chan struct{})
		go func() { r.card(path, panApproved); close(done) }()
		synctest.Wait()
		if got := r.paymentState("P1"); got != 2 {
			t.Errorf("PaymentStatus %d, want 2", got)
		}
		if _, err := r.client().Refund(t.Context(), checkout.RefundRequest{
			Reference: r.only().Reference, OrderID: "R1", Amount: eur("1.00"),
		}); payments.CodeOf(err) != "status.14" {
			t.Errorf("refund while pending: %v", err)
		}
		<-done
	})
}

// Our OK, cut at every byte of the answer: all of it, or the money goes back.
func TestOKCutAtEveryByte(t *testing.T) {
	whole, err := httputil.DumpResponse(plain(200, "OK"), true)
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	for at := 0; at <= len(whole)+1; at++ {
		r.faults(Fault{Kind: OKCut, At: at})
		r.charge("P"+itoa(at), "45.00")
		want := StateReversed
		if at >= len(whole) {
			want = StateApproved
		}
		if got := r.sim.Truth().Payments[at].State; got != want {
			t.Errorf("cut at %d of %d: %s", at, len(whole), got)
		}
	}
}

func TestFaultsOfAnswers(t *testing.T) {
	refund := func(r *rig) error {
		_, err := r.client().Refund(r.t.Context(), checkout.RefundRequest{
			Reference: r.only().Reference, OrderID: "R1", Amount: eur("10.00"),
		})
		return err
	}
	for name, c := range map[string]struct {
		fault Fault
		done  bool
	}{
		"lost after the refund": {Fault{Kind: AnswerLost, Method: checkout.MethodRefund}, true},
		"5xx":                   {Fault{Kind: HTTPError, Status: 502}, false},
		"5xx after the refund":  {Fault{Kind: HTTPError, Order: "P1", Done: true}, true},
		"unsigned error":        {Fault{Kind: UnsignedError}, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.charge("P1", "45.00")
			r.faults(c.fault)
			if err := refund(r); !errors.Is(err, payments.ErrUnknown) {
				t.Errorf("the till takes it for %v", err)
			}
			if done := r.only().RefundedMinor == 1000; done != c.done {
				t.Errorf("refunded %d", r.only().RefundedMinor)
			}
			err := refund(r) // the fault is used up
			if c.done && payments.CodeOf(err) != "status.20" || !c.done && err != nil {
				t.Errorf("second try: %v", err)
			}
		})
	}
}

func TestFaultsOfForms(t *testing.T) {
	r := newRig(t)
	r.faults(Fault{Kind: HTTPError}, Fault{Kind: UnsignedError, Status: 99})
	codes := []string{}
	for range 3 {
		w := r.post("/vmp/checkout", r.form("P1", "45.00"))
		codes = append(codes, itoa(w.Code)+"/"+errorCode(w))
	}
	if d := cmp.Diff([]string{"503/", "400/99", "303/"}, codes); d != "" {
		t.Error(d)
	}
}

func TestClockSkew(t *testing.T) {
	bubble(t, func(t *testing.T, r *rig) {
		r.faults(Fault{Kind: ClockSkew, Method: checkout.MethodPurchase, Delay: -360_000},
			Fault{Kind: ClockSkew, Method: checkout.MethodStatus, Delay: 360_000})
		r.charge("P1", "45.00")
		if got, want := r.shop.got[0].DateTime, time.Now().Add(-6*time.Minute).UTC().Format(stampLayout); got != want {
			t.Errorf("RequestDateTime %s, want %s", got, want)
		}
		want := []string{time.Now().Add(6 * time.Minute).UTC().Format(http.TimeFormat), ""}
		var got []string
		for range 2 {
			w := r.post("/vmp/checkout", r.question(checkout.MethodStatus, "json", [2]string{"OrderID", "P1"}))
			got = append(got, w.Header().Get("Date"))
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	})
}

// Skip and Count choose which of the matching events are hit, for one order or
// all, the same way every time.
func TestFaultsMatchByOrderAndCount(t *testing.T) {
	for range 2 {
		r := newRig(t)
		r.faults(Fault{Kind: NotifyLost, Skip: 1, Count: 2}, Fault{Kind: NotifyTwice, Order: "P4", Count: -1})
		var got []string
		for _, order := range []string{"P1", "P2", "P3", "P4", "P5"} {
			got = append(got, r.charge(order, "45.00").stage)
		}
		r.stop()
		if d := cmp.Diff([]string{"paid", "returned", "returned", "paid", "paid"}, got); d != "" {
			t.Error(d)
		}
		if got := r.shop.methods(); got != "Notify Rollback Rollback Notify Notify Notify" {
			t.Errorf("notices: %s", got)
		}
		want := []FaultState{
			{Fault: Fault{Kind: NotifyLost, Skip: 1, Count: 2}, Matched: 5, Fired: 2},
			{Fault: Fault{Kind: NotifyTwice, Order: "P4", Count: -1}, Matched: 1, Fired: 1},
		}
		if d := cmp.Diff(want, r.sim.Faults()); d != "" {
			t.Error(d)
		}
	}
}

func TestSenselessFaultsAreRefused(t *testing.T) {
	r := newRig(t)
	r.faults(Fault{Kind: NotifyLost})
	for _, f := range []Fault{
		{},
		{Kind: "gremlins"},
		{Kind: NotifyLost, Skip: -1},
		{Kind: NotifyLost, Count: -2},
		{Kind: OKCut, At: -1},
		{Kind: NotifySlow},
		{Kind: NotifyFirst},
		{Kind: StatusThenReversed},
		{Kind: NotifyLate, Delay: -1},
		{Kind: ClockSkew},
		{Kind: HTTPError, Status: 404},
		{Kind: UnsignedError, Status: 100},
		{Kind: NotifyLost, Method: "IPCRefund"},
	} {
		if err := r.sim.SetFaults(f); !errors.Is(err, ErrFault) {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if got := r.sim.Faults(); len(got) != 1 || got[0].Kind != NotifyLost {
		t.Errorf("a refused script changed something: %+v", got)
	}
}
