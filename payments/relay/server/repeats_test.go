package server

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// browserMessage is what the provider signs for the customer's browser.
func (s signer) browserMessage(t testing.TB, order string) checkout.Fields {
	t.Helper()
	f, err := checkout.ParseForm(s.post(t, "IPCmethod", checkout.MethodCancel, "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", order, "Note", "18:30"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestBrowserMessagesFillNothing: a customer who posts the message of their
// browser as a notice, again and again and under other names, takes the room
// of one; a restart and the sweep do not change that.
func TestBrowserMessagesFillNothing(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	f := r.signer.browserMessage(t, order1)
	var bodies [][]byte
	for i := range 20 {
		f = append(checkout.Fields{}, f...)
		f[5].Name = fmt.Sprintf("Note%d", i) // under the order it has
		bodies = append(bodies, []byte(f.Encode()))
		f = append(checkout.Fields{}, f...)
		f[4].Name, f[5].Name = fmt.Sprintf("Was%d", i), "OrderID" // or under another one
		bodies = append(bodies, []byte(f.Encode()))
		f[4].Name = "OrderID"
	}
	var all sync.WaitGroup
	for _, b := range bodies {
		all.Go(func() {
			if status, text := r.post(b); status != http.StatusOK || text != "OK" {
				t.Errorf("%d %q", status, text)
			}
		})
	}
	all.Wait()
	if n := len(r.deliveries(deskA, relay.At{})); n != 1 {
		t.Errorf("%d copies of one message were stored", n)
	}
	twisted := append(checkout.Fields{}, f...)
	twisted[0].Name, twisted[3].Name = "Was", "IPCmethod" // the method is EUR now
	if status, _ := r.post([]byte(twisted.Encode())); status != http.StatusBadRequest {
		t.Errorf("a message under another method: %d", status)
	}
	r.restart()
	r.wantOK(bodies[0])
	r.wantOK(r.signer.post(t, "IPCmethod", checkout.MethodCancel, "SID", sid, "Amount", "46.00", "Currency", "EUR", "OrderID", order1))
	got := r.deliveries(deskA, relay.At{})
	if len(got) != 2 {
		t.Fatalf("%d stored after a restart, want the first copy and one other message", len(got))
	}
	r.ack(deskA, got[1].At)
	for range 3 {
		r.clock.move(20 * oneDay)
		r.sweepNow()
	}
	if len(r.repeats.places) != 0 || len(r.repeats.of) != 0 {
		t.Errorf("what the sweep deleted is remembered: %v", r.repeats.places)
	}
}

// TestRollbackCopies: every copy may mean that money moved again. One is
// needless only while the copy before it was sent to nobody.
func TestRollbackCopies(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	back := r.signer.rollback(t, order1, "45.00")
	want := 1
	stored := func(when string, more int) {
		t.Helper()
		r.wantOK(back)
		r.wantOK(back)
		want += more
		if got := r.deliveries(deskA, relay.At{}); len(got) != want {
			t.Fatalf("%s: %d stored, want %d", when, len(got), want)
		}
	}
	stored("nobody has the first", 1)
	stored("sent, but not acknowledged", 1)
	r.ack(deskA, r.deliveries(deskA, relay.At{})[want-1].At)
	stored("acknowledged", 1)
	r.restart()
	r.wantOK(back)
	want++
	stored("who had it before the restart is not known", 0)
	r.deliveries(deskB, relay.At{})
	r.wantOK(back)
	want++
	r.deliveries(deskB, relay.At{})
	r.wantOK(back)
	if got := r.deliveries(deskA, relay.At{}); len(got) != want {
		t.Errorf("%d stored, want %d: it does not concern desk B", len(got), want)
	}
	r.wantOK(r.signer.rollback(t, "P2", "45.00"))
	if got := r.deliveries(deskB, relay.At{}); len(got) != 1 {
		t.Errorf("the Rollback of an unknown order: %d", len(got))
	}
}

// TestTwistedRollback: names are not signed, so a copy with exchanged names
// may arrive first; it does not stand for the real one.
func TestTwistedRollback(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	real := r.signer.post(t, "IPCmethod", checkout.MethodRollback, "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", order1, "Extra", "99.00")
	twisted := strings.NewReplacer("Amount=", "Extra=", "Extra=", "Amount=").Replace(string(real))
	r.wantOK([]byte(twisted))
	r.wantOK(real)
	if got := r.deliveries(deskA, relay.At{}); len(got) != 2 || string(got[1].Body) != string(real) {
		t.Errorf("the real Rollback is not stored: %d", len(got))
	}
}
