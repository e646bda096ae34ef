package server

import (
	"context"
	"testing"
	"time"

	"frontdesk/payments/relay"
)

const oneDay = 24 * time.Hour

func (r *rig) sweepNow() int {
	r.t.Helper()
	n, err := r.sweep(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// TestUnackedIsNeverDropped however old, and acked notices stay for 30 days.
func TestUnackedIsNeverDropped(t *testing.T) {
	r := newRig(t)
	for i, link := range []string{linkA, linkB} {
		id := []string{"P1", "P2"}[i]
		r.register(id, "45.00", link)
		r.wantOK(r.signer.notify(t, id, "45.00", "1"))
	}
	r.clock.move(400 * oneDay)
	if n := r.sweepNow(); n != 0 {
		t.Fatalf("%d unacked notices were dropped", n)
	}
	all := r.deliveries(deskA, relay.At{})
	r.ack(deskA, all[0].At)
	for range 30 {
		r.clock.move(oneDay)
		if n := r.sweepNow(); n != 0 {
			t.Fatalf("%d dropped within 30 days of the ack", n)
		}
	}
	r.restart()
	r.clock.move(2 * oneDay)
	if n := r.sweepNow(); n != 1 {
		t.Errorf("%d dropped 32 days after the ack, want 1", n)
	}
	if rest := r.deliveries(deskA, relay.At{}); len(rest) != 1 || rest[0].At != all[1].At {
		t.Errorf("%d left", len(rest))
	}
	r.restart()
	if rest := r.deliveries(deskA, relay.At{}); len(rest) != 1 || rest[0].At != all[1].At {
		t.Errorf("%d left after a restart", len(rest))
	}
}

// TestSweepRemembersReferences: the order admits for 60 days, its notice may
// be deleted after 30; another reference is refused all the same.
func TestSweepRemembersReferences(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	r.ack(deskA, r.deliveries(deskA, relay.At{})[0].At)
	r.clock.move(2 * oneDay)
	r.sweepNow()
	r.clock.move(32 * oneDay)
	if n := r.sweepNow(); n != 1 {
		t.Fatalf("%d dropped, want 1", n)
	}
	r.restart()
	r.wantRefused(r.signer.notify(t, order1, "45.00", "2"))
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	if n := len(r.deliveries(deskA, relay.At{})); n != 0 {
		t.Errorf("a repeat was stored: %d", n)
	}
}

// TestNoticeForAllWaitsForAll: an unknown order concerns every desk.
func TestNoticeForAllWaitsForAll(t *testing.T) {
	r := newRig(t)
	r.deliveries(deskB, relay.At{})
	r.register("P1", "45.00", linkA)
	r.wantOK(r.signer.notify(t, "P1", "45.00", "1"))
	r.wantOK(r.signer.rollback(t, "P9", "45.00"))
	a, b := r.deliveries(deskA, relay.At{}), r.deliveries(deskB, relay.At{})
	if len(a) != 2 || len(b) != 1 || b[0].OrderID != "P9" {
		t.Fatalf("desk A has %d, desk B %+v", len(a), b)
	}
	r.ack(deskA, a[1].At)
	for range 3 {
		r.clock.move(20 * oneDay)
		r.sweepNow()
	}
	if got := r.deliveries(deskB, relay.At{}); len(got) != 1 {
		t.Errorf("desk B lost what it had not acknowledged: %d", len(got))
	}
	if got := r.deliveries(deskA, relay.At{}); len(got) != 1 {
		t.Errorf("desk A's own notice was not swept: %d", len(got))
	}
}

// TestEpoch: a desk that remembers more than the relay holds, or another
// epoch, starts at the beginning.
func TestEpoch(t *testing.T) {
	r := newRig(t)
	first := r.register(order1, "45.00", linkA).Epoch
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	if got := r.deliveries(deskA, relay.At{Epoch: "OTHER", Seq: 900}); len(got) != 1 || got[0].At.Epoch != first {
		t.Errorf("other epoch: %+v", got)
	}
	got := r.deliveries(deskA, relay.At{Epoch: first, Seq: 900})
	if len(got) != 1 || got[0].At.Epoch == first {
		t.Errorf("a cursor from the future: %+v, epoch was %s", got, first)
	}
}
