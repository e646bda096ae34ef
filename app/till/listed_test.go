package till

import (
	"path/filepath"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/app/day"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/simulator"
)

// plan is what a refund of the sale would do.
func (m *matching) plan(id app.SaleID, minor int64) app.RefundPlan {
	m.t.Helper()
	p, err := m.d.Till().RefundPlan(m.t.Context(), id, app.RefundRequest{Amount: euro(minor)})
	if err != nil {
		m.t.Fatal(err)
	}
	return p
}

// refuses asks for a refund that must not be sent.
func (m *matching) refuses(id app.SaleID, minor int64, code string) {
	m.t.Helper()
	if p := m.plan(id, minor); payments.CodeOf(p.Block) != code {
		m.t.Errorf("the plan says %v, want %s", p.Block, code)
	}
	before := m.sale(id).Revision
	_, err := m.d.Till().Refund(m.t.Context(), id, app.RefundRequest{Amount: euro(minor)})
	if payments.CodeOf(err) != code || m.sale(id).Revision != before {
		m.t.Errorf("%v, want %s", err, code)
	}
}

// older puts the journal back to what it was when keep ran.
func (m *matching) older(from string) {
	m.t.Helper()
	cfg := m.d.cfg
	shut(m.t, m.d)
	if _, err := (backup.Config{Dir: cfg.Dir, Mode: cfg.Mode, Now: cfg.Now}).Restore(m.t.Context(), from); err != nil {
		m.t.Fatal(err)
	}
	m.d = open(m.t, cfg)
	m.d.compare.cfg.Grace = time.Nanosecond
}

// keep copies the journal and returns the folder.
func (m *matching) keep() string {
	m.t.Helper()
	dir := m.t.TempDir()
	if err := m.d.journal.Copy(m.t.Context(), filepath.Join(dir, "journal.db")); err != nil {
		m.t.Fatal(err)
	}
	return dir
}

// add adds the only difference of a report as a refund of the sale.
func (m *matching) add(r day.Report, id app.SaleID) {
	m.t.Helper()
	m.want(r, day.RefundNotHere)
	if x := r.Differences[0]; x.Sale.ID != id || x.Do != day.DoAdoptRefund {
		m.t.Fatalf("%+v", x)
	}
	if _, err := m.d.Adopt(m.t.Context(), *r.Differences[0].Entry, app.Actor{}); err != nil {
		m.t.Fatal(err)
	}
}

// TestARefundThatAnOlderJournalForgot is not sent a second time: myPOS shows it, and
// until it is added no more of the payment is given back. A list that cannot be read
// any more does not change that.
func TestARefundThatAnOlderJournalForgot(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s, other := m.link(), m.link()
	copied := m.keep()
	m.refund(s, 2000)
	m.older(copied)
	if p := m.plan(s.ID, 1000); p.Block != nil {
		t.Errorf("before the first comparison: %v", p.Block)
	}
	r := m.report()
	m.refuses(s.ID, 2000, "refund.listed")
	m.refuses(s.ID, 1000, "refund.listed")
	m.faults(simulator.Fault{Kind: simulator.RestPortal, Method: "rest.transactions", Count: -1})
	if err := m.d.Reconcile(t.Context()); err == nil {
		t.Error("no error")
	}
	m.refuses(s.ID, 1000, "refund.listed")
	m.faults()
	if p := m.plan(other.ID, 2000); p.Block != nil {
		t.Errorf("another sale: %v", p.Block)
	}
	m.add(r, s.ID)
	m.refuses(s.ID, 2501, "refund.toomuch")
	if s = m.refund(s, 2500); s.State != app.Refunded {
		t.Errorf("the rest: %s", s.State)
	}
	m.want(m.report())
}

// TestTheFirstRefundAfterARestoreWaitsForTheList in each run, unless the list cannot be
// read: that holds nobody up.
func TestTheFirstRefundAfterARestoreWaitsForTheList(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s, other := m.link(), m.link()
	copied := m.keep()
	m.refund(s, 2000)
	m.older(copied)
	refund := func(id app.SaleID, want string) {
		t.Helper()
		if _, err := m.d.Till().Refund(t.Context(), id, app.RefundRequest{Amount: euro(2000)}); payments.CodeOf(err) != want {
			t.Errorf("%v, want %q", err, want)
		}
	}
	m.faults(simulator.Fault{Kind: simulator.RestPortal, Method: "rest.transactions", Count: -1})
	refund(other.ID, "")
	if got := m.d.compare.Matched().State; got != day.MatchFailed {
		t.Errorf("%s", got)
	}
	m.faults()
	for range 2 {
		refund(s.ID, "refund.listed")
		cfg := m.d.cfg
		shut(t, m.d)
		m.d = open(t, cfg)
	}
}

// TestAnOlderJournalIsComparedFromItsEnd, ten days at most.
func TestAnOlderJournalIsComparedFromItsEnd(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	m.link()
	now := time.Now()
	c := m.d.compare
	days := func(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
	c.cfg.Now = func() time.Time { return now.Add(days(30)) }
	for name, at := range map[string]struct{ until, want int }{
		"never": {0, 3}, "yesterday": {1, 3}, "a week ago": {7, 7}, "long ago": {20, 10},
	} {
		c.cfg.Restored = backup.Mark{}
		if at.until > 0 {
			c.cfg.Restored = backup.Mark{At: c.cfg.Now(), Until: c.cfg.Now().Add(-days(at.until))}
		}
		if got, err := c.since(t.Context()); err != nil || !got.Equal(c.cfg.Now().Add(-days(at.want))) {
			t.Errorf("%s: since %v, %v", name, got, err)
		}
	}
}

// TestAReversalThatAnOlderJournalForgot is known by the name of its payment, too.
func TestAReversalThatAnOlderJournalForgot(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.terminal()
	copied := m.keep()
	m.refund(s, 4500)
	m.older(copied)
	r := m.report()
	m.refuses(s.ID, 1000, "refund.listed")
	m.add(r, s.ID)
	if s = m.sale(s.ID); s.State != app.Refunded {
		t.Errorf("%s", s.State)
	}
	m.refuses(s.ID, 1000, "refund.toomuch")
	m.want(m.report())
}

// TestWhatARefundOfOursExplains blocks nothing: one whose answer was lost, one that is
// done, and money that came and went.
func TestWhatARefundOfOursExplains(t *testing.T) {
	t.Parallel()
	m := newMatching(t)
	s := m.link()
	m.refund(s, 1000)
	m.faults(simulator.Fault{Kind: simulator.AnswerLost, Method: checkout.MethodRefund})
	lost := m.refund(s, 500)
	if got := lost.Attempts[0].Refunds[1].State; got != app.RefundUnknown {
		t.Fatalf("refund %s", got)
	}
	c := m.d.compare
	if err := c.alone(t.Context(), func() error { return c.compare(t.Context()) }); err != nil {
		t.Fatal(err)
	}
	m.want(m.seen())
	if p := m.plan(s.ID, 1000); p.Block != nil {
		t.Errorf("%v", p.Block)
	}
	m.refund(s, 3000)
	if p := m.plan(s.ID, 1); payments.CodeOf(p.Block) != "refund.toomuch" {
		t.Errorf("%v", p.Block)
	}
}
