package till

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/devices"
	"frontdesk/app/reconcile"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/pos"
)

// matching is a Practice desk with a terminal whose list does not lag.
type matching struct {
	*world
	d *Desk
}

func newMatching(t *testing.T) *matching {
	t.Helper()
	cfg := config(t, t.TempDir())
	m := &matching{world: &world{t: t, http: cfg.HTTP}, d: open(t, cfg)}
	m.d.compare.cfg.Grace = time.Nanosecond
	m.d.inside.terminal.Speed = 20 // nobody speaks to it yet
	dev, err := m.d.AddDevice(t.Context(), devices.Draft{Label: "Front counter", Driver: devices.Practice, Model: "Other"}, "")
	if err == nil {
		_, err = m.d.TestDevice(t.Context(), dev.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *matching) link() app.Sale {
	m.t.Helper()
	s := m.mustCharge(m.d)
	m.pay(s.Attempts[0].Link)
	m.until(m.d, s.ID, app.Paid)
	return m.sale(s.ID)
}

func (m *matching) terminal() app.Sale {
	m.t.Helper()
	s, err := terminalCharge(m.t, m.d)
	if err != nil {
		m.t.Fatal(err)
	}
	m.until(m.d, s.ID, app.Paid)
	m.told(s.ID)
	return m.sale(s.ID)
}

// told waits until the terminal knows that we know.
func (m *matching) told(id app.SaleID) {
	m.t.Helper()
	for c := range m.d.Till().WatchSale(m.t.Context(), id) {
		if !slices.ContainsFunc(c.Sale.Attempts, app.Attempt.Owes) {
			return
		}
	}
}

func (m *matching) sale(id app.SaleID) app.Sale {
	m.t.Helper()
	s, _, err := m.d.Till().Sale(m.t.Context(), id)
	if err != nil {
		m.t.Fatal(err)
	}
	return s
}

func (m *matching) refund(s app.Sale, minor int64) app.Sale {
	m.t.Helper()
	s, err := m.d.Till().Refund(m.t.Context(), s.ID, app.RefundRequest{Amount: euro(minor), Reason: "test"})
	if err != nil {
		m.t.Fatal(err)
	}
	m.told(s.ID)
	for _, r := range s.Attempts[0].Refunds {
		if r.State == app.RefundFailed {
			m.t.Fatalf("refund failed: %s", r.Code)
		}
	}
	return s
}

func euro(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func (m *matching) faults(list ...simulator.Fault) {
	m.t.Helper()
	if err := m.d.inside.sim.SetFaults(list...); err != nil {
		m.t.Fatal(err)
	}
}

// report compares and returns the day.
func (m *matching) report() day.Report {
	m.t.Helper()
	if err := m.d.Reconcile(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
	return m.seen()
}

func (m *matching) seen() day.Report {
	m.t.Helper()
	r, err := m.d.Days().Report(m.t.Context(), "")
	if err != nil || !r.Agrees {
		m.t.Fatalf("agrees %t, %v", r.Agrees, err)
	}
	return r
}

// codes are the differences of a report.
func codes(r day.Report) []string {
	var list []string
	for _, d := range r.Differences {
		list = append(list, d.Code)
	}
	return list
}

func (m *matching) want(r day.Report, want ...string) {
	m.t.Helper()
	if got := codes(r); !slices.Equal(got, want) {
		m.t.Errorf("differences %q, want %q", got, want)
	}
}

// TestEverythingAgrees: links, terminals and refunds of both stand in the list
// under names of ours, and are neither guessed nor left over.
func TestEverythingAgrees(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	if got := m.seen().Match.State; got != day.MatchNever {
		t.Errorf("before the first comparison: %s", got)
	}
	m.link()
	m.refund(m.link(), 2000)
	m.terminal()
	m.refund(m.terminal(), 4500)
	m.refund(m.terminal(), 1000)
	m.mustCharge(m.d) // open: nowhere
	r := m.report()
	m.want(r, day.StillOpen)
	if got := r.Match; got.State != day.MatchDone || got.Agree != 5 || got.Noticed != 5 || got.Listed != 8 || got.Here != 8 || got.Elsewhere != 0 {
		t.Errorf("%+v", got)
	}
	if r.Match.Probable > 1 { // a refund with a card carries no name of ours
		t.Errorf("%d sales are guessed", r.Match.Probable)
	}
	closed, err := m.d.Days().Close(t.Context(), app.Actor{}, "", false)
	if err != nil {
		t.Fatal(err)
	}
	if s := closed.Closed.Match; s == nil || s.State != string(day.MatchDone) || s.Agree != 5 || s.Differences != 0 || closed.Match.Agree != 5 {
		t.Errorf("sealed %+v", s)
	}
}

// TestAPaymentTypedByHand is at myPOS only, becomes a sale once, and counts.
func TestAPaymentTypedByHand(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.terminal()
	if _, err := m.d.PracticeTerminal().Typed(euro(1800), "3380", false); err != nil {
		t.Fatal(err)
	}
	r := m.report()
	m.want(r, day.NotHere)
	x := r.Differences[0]
	if e := x.Entry; x.Do != day.DoAdopt || !x.Money || e == nil || e.Amount != euro(1800) || e.Last4 != "3380" || e.Device != "Front counter" || e.Kind != day.EntryPayment {
		t.Fatalf("%+v %+v", x, x.Entry)
	}
	if _, err := m.d.Adopt(t.Context(), day.Entry{Key: "none"}, app.Actor{}); payments.CodeOf(err) != "adopt.gone" {
		t.Errorf("a line that is not there: %v", err)
	}
	id, err := m.d.Adopt(t.Context(), *x.Entry, app.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	if s := m.sale(id); s.State != app.Paid || s.Received != euro(1800) || s.Attempts[0].DeviceLabel != "Front counter" || s.Attempts[0].CardLast4 != "3380" || s.Operator == "" {
		t.Errorf("%+v", s)
	}
	r = m.seen()
	m.want(r)
	if r.Totals[0].Payments != 6300 || r.Match.Agree != 2 || len(r.Settled) != 1 || r.Settled[0].How != day.HowAdded {
		t.Errorf("%+v %+v %+v", r.Totals, r.Match, r.Settled)
	}
	if _, err := m.d.Adopt(t.Context(), *x.Entry, app.Actor{}); payments.CodeOf(err) != "adopt.gone" {
		t.Errorf("a second time: %v", err)
	}
	if _, err := m.d.Till().Adopt(t.Context(), app.Adoption{Reference: x.Entry.Reference, Amount: x.Entry.Amount, Rail: payments.RailTerminal}, app.Actor{}); payments.CodeOf(err) != "adopt.used" {
		t.Errorf("a second time behind the back of the list: %v", err)
	}
	m.want(m.report())
	s := m.refund(m.sale(id), 1800) // with the card: the terminal has no name for it
	if s.State != app.Refunded {
		t.Errorf("given back: %s", s.State)
	}
}

// TestALineFindsItsSaleBeforeItIsAdopted: what was missing half an hour ago is
// compared again before it becomes a sale of its own.
func TestALineFindsItsSaleBeforeItIsAdopted(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	if _, err := m.d.Adopt(t.Context(), day.Entry{Key: "none"}, app.Actor{}); payments.CodeOf(err) != "adopt.gone" {
		t.Errorf("before the first comparison: %v", err)
	}
	m.terminal()
	m.want(m.report())
	c := m.d.compare
	old := c.Matched()
	if len(old.Result.Agree) != 1 {
		t.Fatalf("%+v", old.Result)
	}
	line := old.Result.Agree[0].Line
	old.Result.Agree, old.Result.NotHere = nil, []reconcile.Loose{{Line: line}} // as it looked while the payment ran
	c.tell(old)
	_, err := m.d.Adopt(t.Context(), day.Entry{Key: line.Key, Amount: line.Amount}, app.Actor{})
	if payments.CodeOf(err) != "adopt.gone" {
		t.Errorf("adopted: %v", err)
	}
	if r := m.seen(); r.Totals[0].Payments != 4500 {
		t.Errorf("counted twice: %+v", r.Totals)
	}
}

// TestRefundsBehindOurBack are differences, on the terminal and in the portal.
func TestRefundsBehindOurBack(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.link()
	if _, err := m.d.PracticeTerminal().Typed(euro(700), "1111", true); err != nil {
		t.Fatal(err)
	}
	store := m.d.socket.now()
	if _, err := store.provider.Refund(t.Context(), checkout.RefundRequest{
		Reference: s.Attempts[0].Reference, OrderID: "PORTAL1", Amount: euro(500),
	}); err != nil {
		t.Fatal(err)
	}
	r := m.report()
	m.want(r, day.RefundNotHere, day.RefundNotHere)
	if i := slices.IndexFunc(r.Differences, func(x day.Difference) bool { return x.Sale.ID == s.ID }); i < 0 {
		t.Error("the refund in the portal does not name its sale")
	}
	for _, x := range r.Differences {
		if x.Entry == nil || x.Entry.Kind != day.EntryRefund {
			t.Errorf("%+v", x)
		}
		want, do := "adopt.refund", day.DoOpen // of no sale here
		if x.Sale.ID == s.ID {
			want, do = "", day.DoAdoptRefund
		}
		for range 2 {
			if _, err := m.d.Adopt(t.Context(), *x.Entry, app.Actor{}); payments.CodeOf(err) != want || x.Do != do {
				t.Errorf("%s: %v, want %q", x.Do, err, want)
			}
			want = cmp.Or(want, "adopt.gone")
		}
	}
	if s = m.sale(s.ID); s.State != app.PartRefunded || s.Refunded != euro(500) || s.Attempts[0].Left() != 4000 {
		t.Errorf("%+v", s)
	}
	for _, r := range []day.Report{m.seen(), m.report()} {
		m.want(r, day.RefundNotHere) // the one that names nothing
		if r.Totals[0].Refunds != -500 {
			t.Errorf("%+v", r.Totals)
		}
	}
}

// TestWhatTheListDoesNotSay: left out or misstated is a difference after the grace
// time, and proves nothing.
func TestWhatTheListDoesNotSay(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	kept, wrong := m.link(), m.terminal()
	back := m.refund(m.link(), 4000)
	m.d.compare.cfg.Grace = time.Hour
	hide := func(kind simulator.FaultKind, order string) simulator.Fault {
		return simulator.Fault{Kind: kind, Order: order, Count: -1}
	}
	m.faults(
		hide(simulator.RestUnlisted, kept.Attempts[0].OrderID),
		hide(simulator.RestUnlisted, back.Attempts[0].Refunds[0].OrderID),
		hide(simulator.RestMisstated, wrong.Attempts[0].OrderID),
	)
	r := m.report()
	m.want(r, day.AmountDiffers)
	if r.Match.Fresh != 2 || r.Match.Agree != 0 {
		t.Errorf("%+v", r.Match)
	}
	m.d.compare.cfg.Grace = time.Nanosecond
	r = m.report()
	m.want(r, day.AmountDiffers, day.NotListed, day.RefundNotListed)
	for _, x := range r.Differences {
		if x.Sale.ID == "" || x.Key == "" || x.Do == "" {
			t.Errorf("%+v", x)
		}
	}
	if m.sale(kept.ID).State != app.Paid || m.sale(back.ID).State != app.PartRefunded {
		t.Error("absence changed a sale")
	}
	m.faults()
	m.want(m.report())
}

// TestTheListSettlesARefund whose answer was lost.
func TestTheListSettlesARefund(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.link()
	m.faults(simulator.Fault{Kind: simulator.AnswerLost, Method: checkout.MethodRefund})
	s = m.refund(s, 4500)
	if got := s.Attempts[0].Refunds[0].State; got != app.RefundUnknown {
		t.Fatalf("refund %s", got)
	}
	m.want(m.seen(), day.RefundUnknown)
	r := m.report()
	m.want(r)
	if got := m.sale(s.ID); got.State != app.Refunded || r.Match.Agree != 1 {
		t.Errorf("%s, %+v", got.State, r.Match)
	}
}

// TestYoungLines: until myPOS cannot take the money back any more a line is no
// evidence, whatever zone its time is in.
func TestYoungLines(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for _, c := range []struct {
		rail       payments.Rail
		line, seen time.Time
		want       bool
	}{
		{payments.RailLink, ago(time.Minute), ago(time.Minute), true},
		{payments.RailLink, ago(2 * time.Hour), ago(time.Minute), true}, // of another zone
		{payments.RailLink, time.Time{}, ago(time.Minute), true},
		{payments.RailLink, now.Add(time.Hour), ago(time.Hour), true},
		{payments.RailLink, ago(settleAfter), ago(settleAfter), false},
		{payments.RailTerminal, ago(time.Minute), ago(time.Minute), false},
	} {
		p := reconcile.Pair{Line: reconcile.Line{At: c.line}, Move: reconcile.Move{Rail: c.rail, Kind: reconcile.In, At: c.seen}}
		if got := young(p, now); got != c.want {
			t.Errorf("%s, listed at %s, seen at %s: %t", c.rail, c.line, c.seen, got)
		}
	}
}

// TestALostNoticeIsSettled: the notice never came and the money stayed.
func TestALostNoticeIsSettled(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.faults(simulator.Fault{Kind: simulator.NotifyLostKept})
	s := m.mustCharge(m.d)
	m.pay(s.Attempts[0].Link)
	m.report()
	if got := m.sale(s.ID).State; got != app.Unknown { // one answer: myPOS may take it back
		t.Fatalf("state %s", got)
	}
	result := m.d.compare.Matched().Result
	if len(result.NotHere)+len(result.Elsewhere) != 0 {
		t.Errorf("the line of an unknown payment is offered as a sale: %+v", result)
	}
}

// TestAListThatIsDownNeverPreventsClosing: the closing says so.
func TestAListThatIsDownNeverPreventsClosing(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.link()
	m.faults(simulator.Fault{Kind: simulator.RestPortal, Method: "rest.transactions", Count: -1})
	if err := m.d.Reconcile(t.Context()); err == nil {
		t.Error("no error")
	}
	if r := m.seen(); r.Match.State != day.MatchFailed || r.Match.Code == "" {
		t.Errorf("%+v", r.Match)
	}
	r, err := m.d.Days().Close(t.Context(), app.Actor{}, "", false)
	if err != nil || r.Closed.Match.State != string(day.MatchFailed) || r.Closed.Match.Code == "" {
		t.Errorf("%+v, %v", r.Closed, err)
	}
}

// TestOneComparisonAtATime: a second one waits, and its context ends the waiting.
func TestOneComparisonAtATime(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	if err := m.d.compare.alone(t.Context(), func() error {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return m.d.Reconcile(ctx)
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := m.seen().Match.State; got != day.MatchNever {
		t.Errorf("state %s", got)
	}
}

// TestAWindowComparesByItself, soon after it was opened, and a desk that closes
// ends a comparison that hangs.
func TestAWindowComparesByItself(t *testing.T) {
	t.Parallel()
	cfg := config(t, t.TempDir())
	cfg.Window = true
	d := open(t, cfg)
	until := func(want day.MatchState) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); d.compare.Matched().State != want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("still %s", d.compare.Matched().State)
			}
		}
	}
	until(day.MatchDone)
	m := &matching{world: &world{t: t, http: cfg.HTTP}, d: d}
	m.faults(simulator.Fault{Kind: simulator.RestSlow, Method: "rest.transactions", Delay: 60_000, Count: -1})
	ended := make(chan error, 1)
	go func() { ended <- d.Reconcile(context.Background()) }()
	until(day.MatchRunning)
	begun := time.Now()
	shut(t, d)
	if err := <-ended; err == nil || time.Since(begun) > 15*time.Second {
		t.Errorf("after %s: %v", time.Since(begun), err)
	}
}

// TestALiveAccountIsCompared once it is connected: a payment request agrees, an
// order of another desk belongs elsewhere.
func TestALiveAccountIsCompared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := open(t, w.config(payments.Live))
	m := &matching{world: w, d: d}
	d.compare.cfg.Grace = time.Nanosecond
	if r := m.report(); r.Match.State != day.MatchOff || r.Match.Code != "match.off" {
		t.Errorf("not connected: %+v", r.Match)
	}
	api := w.sim.Identity()
	draft := setup.Draft{EnableAPI: true, ClientID: api.ClientID, ClientSecret: api.ClientSecret, OnlinePayments: true}
	if err := d.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s, err := d.Till().Charge(t.Context(), app.ChargeRequest{
			Lines: []app.Line{{Amount: euro(4500)}}, Currency: "EUR", Rail: payments.RailRequest,
		})
		if err != nil {
			t.Fatal(err)
		}
		w.fetch(w.http, http.MethodPost, s.Attempts[0].Link, nil)
	}
	r := m.report() // asks, too: both are paid by their entries
	m.want(r)
	if r.Match.State != day.MatchDone || r.Match.Agree != 2 || r.Match.Probable != 0 || r.Totals[0].Payments != 9000 {
		t.Errorf("%+v %+v", r.Match, r.Totals)
	}
	other, err := w.sim.OpenTerminal(pos.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Typed(euro(100), "", false); err != nil { // not a terminal of this desk
		t.Fatal(err)
	}
	r = m.report()
	m.want(r)
	if r.Match.Elsewhere != 1 {
		t.Errorf("%+v", r.Match)
	}
}

// TestWhatWasTakenBackSilently is asked about when the list shows it: a reversal
// that no notice told of becomes TAKEN BACK.
func TestWhatWasTakenBackSilently(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.link()
	m.want(m.report())
	if _, err := m.d.socket.now().provider.Reversal(t.Context(), s.Attempts[0].Reference); err != nil {
		t.Fatal(err)
	}
	r := m.report()
	m.want(r, day.TakenBack)
	if got := m.sale(s.ID).State; got != app.Reversed || r.Differences[0].Do != day.DoAskAgain {
		t.Errorf("%s, %+v", got, r.Differences)
	}
}
