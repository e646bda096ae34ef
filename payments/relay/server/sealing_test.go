package server

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// sealing pairs a desk that has a sealing key.
func (r *rig) sealing(store string) member {
	r.t.Helper()
	code, err := r.NewCode(context.Background(), store)
	if err != nil {
		r.t.Fatal(err)
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		r.t.Fatal(err)
	}
	seal, err := relay.SealKey(key)
	if err != nil {
		r.t.Fatal(err)
	}
	in := relay.PairRequest{Code: code.Text, Name: "Front", Key: pub, Seal: seal.PublicKey().Bytes()}
	in.Prove(key)
	m, status, p := r.present(in, key)
	if status != http.StatusOK {
		r.t.Fatalf("%d %+v", status, p)
	}
	return m
}

// opened polls all deliveries and opens them.
func (m member) opened() (ids []string, bodies []string) {
	m.r.t.Helper()
	var out relay.Polled
	if status, p := m.do("POST", relay.PathPoll, relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello}}}, &out); status != http.StatusOK {
		m.r.t.Fatalf("poll: %d %+v", status, p)
	}
	key, err := relay.SealKey(m.key)
	if err != nil {
		m.r.t.Fatal(err)
	}
	for _, f := range out.Frames {
		if f.Type != relay.FrameDeliver {
			continue
		}
		if len(f.Sealed) == 0 || f.OrderID != "" || len(f.Body) != 0 {
			m.r.t.Fatalf("not sealed: %+v", f)
		}
		id, body, err := relay.OpenSealed(key, m.store, m.desk, f.Kind, f.Sealed)
		if err != nil {
			m.r.t.Fatal(err)
		}
		ids, bodies = append(ids, id), append(bodies, string(body))
	}
	return ids, bodies
}

// TestSealedAtRest: what a store's desks are told can be read by them alone,
// before and after a restart, and decides as before.
func TestSealedAtRest(t *testing.T) {
	r := newRig(t)
	m := r.sealing("")
	if status, p := m.putStore("practice"); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	m.register("PSECRETORDER", linkA)
	post := func(body []byte) string {
		_, text, _ := r.ask("POST", "/n/"+m.store, body)
		return text
	}
	if status, _, _ := r.ask("POST", "/p/"+linkA+"/go", nil); status != http.StatusOK {
		t.Fatal(status)
	}
	paid := r.signer.notify(t, "PSECRETORDER", "45.00", "REF813705")
	other := r.signer.post(t, "IPCmethod", "IPCSecretThing", "SID", sid, "OrderID", "UNKNOWNORDER", "CustomerEmail", "anna@example.org")
	for range 2 {
		if got := post(paid); got != "OK" {
			t.Fatal(got)
		}
		if got := post(other); got != "OK" {
			t.Fatal(got)
		}
		if got := post(r.signer.notify(t, "PSECRETORDER", "45.00", "ANOTHER")); got == "OK" {
			t.Error("a second reference was admitted")
		}
		r.noTrace("PSECRETORDER", "REF813705", "anna%40example.org", "anna@example.org", "UNKNOWNORDER", "IPCSecretThing", "Mirabelle", linkA)
	}
	ids, bodies := m.opened()
	if strings.Join(ids, " ") != "PSECRETORDER PSECRETORDER UNKNOWNORDER" || bodies[0] != "" || bodies[1] != string(paid) || bodies[2] != string(other) {
		t.Errorf("%q %q", ids, bodies)
	}
	landed := r.signer.post(t, "IPCmethod", checkout.MethodOK, "SID", sid, "OrderID", "PSECRETORDER", "Amount", "45.00", "Currency", "EUR", "IPC_Trnref", "REF813705")
	if _, page, _ := r.ask("POST", "/ok", landed); !strings.Contains(page, "Mirabelle") {
		t.Error("the landing page does not name the salon")
	}
}

// TestSealedToThoseThere: a desk reads what was stored since it was paired and
// until it was revoked, and the others go on.
func TestSealedToThoseThere(t *testing.T) {
	r := newRig(t)
	first := r.sealing("")
	first.putStore("practice")
	say := func(order string) {
		t.Helper()
		body := r.signer.post(t, "IPCmethod", "IPCNews", "SID", sid, "OrderID", order)
		if _, text, _ := r.ask("POST", "/n/"+first.store, body); text != "OK" {
			t.Fatal(text)
		}
	}
	want := func(m member, ids string) {
		t.Helper()
		if got, _ := m.opened(); strings.Join(got, " ") != ids {
			t.Errorf("%q, want %q", got, ids)
		}
	}
	for range pollBatch + 1 { // more than one look finds
		say("P1")
	}
	second := r.sealing(first.store)
	want(second, "")
	say("P2")
	want(second, "P2")
	if err := r.RevokeDesk(t.Context(), first.store, first.desk); err != nil {
		t.Fatal(err)
	}
	say("P3")
	want(second, "P2 P3")
	plain := r.paired(first.store) // cannot open anything: from now on nothing is sealed
	say("P4")
	if got := plain.orders(relay.At{}); strings.Join(got, " ") != "P4" {
		t.Errorf("%q", got)
	}
}

// TestRevokedAreSweptToo: what was for a revoked desk is kept for 30 days, not
// for ever.
func TestRevokedAreSweptToo(t *testing.T) {
	r := newRig(t)
	first := r.sealing("")
	first.putStore("practice")
	first.register("P1", linkA)
	if _, text, _ := r.ask("POST", "/n/"+first.store, r.signer.notify(t, "P1", "45.00", "1")); text != "OK" {
		t.Fatal(text)
	}
	if err := r.RevokeDesk(t.Context(), first.store, first.desk); err != nil {
		t.Fatal(err)
	}
	r.clock.move(keepAcked - oneDay)
	if n := r.sweepNow(); n != 0 {
		t.Errorf("%d dropped too early", n)
	}
	r.clock.move(2 * oneDay)
	r.restart()
	if n := r.sweepNow(); n != 1 {
		t.Errorf("%d dropped, want the original; its copy waits for a desk", n)
	}
}
