package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/relay"
)

// TestDamagedEnvelope: it is loud, what may stand in it is neither paid nor
// admitted, and what is readable in it is not paid twice.
func TestDamagedEnvelope(t *testing.T) {
	r := newRig(t)
	r.register("P1", "45.00", linkA) // readable in it
	r.register("P2", "45.00", linkB) // perhaps in it
	r.register("P3", "45.00", "CCCCCCCCCCCCCCCCCCCCCCCCCC")
	r.wantOK(r.signer.notify(t, "P3", "45.00", "1")) // safe before it
	var group []notice
	for _, id := range []string{"P1", "P2"} {
		group = append(group, notice{
			kind: kindPurchase, received: time.Now(), order: r.keys.order(storeA, sid, id),
			store: storeA, desk: deskA, orderID: id, reference: "1", body: r.signer.notify(t, id, "45.00", "1"),
		})
	}
	data := encodeEnvelope(group)
	data[len(data)-1] ^= 1
	if _, err := r.engine.append(context.Background(), "damaged", data); err != nil {
		t.Fatal(err)
	}
	r.restart()
	if r.trouble() != alarmDamaged || !strings.Contains(r.log.String(), "damaged envelope") {
		t.Errorf("trouble is %q", r.trouble())
	}
	var out relay.Polled
	in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello}}}
	if r.desk(deskA, "POST", relay.PathPoll, in, &out); out.Frames[0].Alarm != alarmDamaged {
		t.Errorf("the desk is told %q", out.Frames[0].Alarm)
	}
	if status, text := r.post(r.signer.notify(t, "P2", "45.00", "2")); status != http.StatusServiceUnavailable {
		t.Errorf("a notice of an order that may be paid already: %d %q, want 503", status, text)
	}
	if status, _, _ := r.ask("POST", "/p/"+linkB+"/go", nil); status != http.StatusServiceUnavailable {
		t.Errorf("its form: %d, want 503", status)
	}
	r.wantRefused(r.signer.notify(t, "P1", "45.00", "2"))
	r.wantOK(r.signer.notify(t, "P1", "45.00", "1")) // stored again: the first cannot be read
	r.wantOK(r.signer.rollback(t, "P2", "45.00"))
	r.wantOK(r.signer.notify(t, "P3", "45.00", "1"))
	var got []string
	for _, f := range r.deliveries(deskA, relay.At{}) {
		got = append(got, f.OrderID)
	}
	if fmt.Sprint(got) != "[P3 P1 P2]" {
		t.Errorf("delivered %v", got)
	}
	if err := r.AcceptDamage(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if all := r.Damage(); r.trouble() != "" || len(all) != 1 || !all[0].Accepted || all[0].Readable != 1 {
			t.Errorf("accepted: %q %+v", r.trouble(), all)
		}
		if status, text := r.post(r.signer.notify(t, "P2", "45.00", "2")); status == http.StatusOK {
			t.Errorf("a notice of an order that may be paid already: %d %q", status, text)
		}
		r.restart()
	}
	r.clock.move(time.Hour)
	r.register("P4", "45.00", "DDDDDDDDDDDDDDDDDDDDDDDDDD")
	r.wantOK(r.signer.notify(t, "P4", "45.00", "1"))
	r.clock.move(relay.AdmitFor)
	if r.trouble() != "" {
		t.Errorf("nothing in it can be paid any more, but %q", r.trouble())
	}
}
