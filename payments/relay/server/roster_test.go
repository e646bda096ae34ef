package server

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/payments/relay"
)

// believed is what the model knows of a code.
type believed struct {
	text    string
	store   string
	expires time.Time
	by      *member
}

// pairingModel says who may come in, whatever happened before.
type pairingModel struct {
	r       *rig
	stores  []string
	codes   []*believed
	members []*member
	revoked map[string]bool // desk
}

// TestPairingModel: codes, pairings, revocations, restarts and the passing of
// time in any order; who is let in is what the model says.
func TestPairingModel(t *testing.T) {
	r := newRig(t)
	rapid.Check(t, func(rt *rapid.T) {
		m := &pairingModel{r: r, revoked: map[string]bool{}}
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			m.step(rt)
			r.clock.move(pairEvery) // as slow as the limit of one address allows
		}
		m.check(rt)
	})
}

func (m *pairingModel) step(rt *rapid.T) {
	switch rapid.SampledFrom([]string{"code", "code", "pair", "pair", "pair", "revoke", "time", "restart"}).Draw(rt, "what") {
	case "code":
		store := ""
		if len(m.stores) > 0 && rapid.Bool().Draw(rt, "known") {
			store = rapid.SampledFrom(m.stores).Draw(rt, "store")
		}
		code, err := m.r.NewCode(context.Background(), store)
		if err != nil {
			rt.Fatal(err)
		}
		m.codes = append(m.codes, &believed{text: code.Text, store: code.Store, expires: code.Expires})
	case "pair":
		if len(m.codes) > 0 {
			m.pair(rt, rapid.SampledFrom(m.codes).Draw(rt, "with"))
		}
	case "revoke":
		if len(m.members) > 0 {
			who := rapid.SampledFrom(m.members).Draw(rt, "who")
			if err := m.r.RevokeDesk(context.Background(), who.store, who.desk); err != nil {
				rt.Fatal(err)
			}
			m.revoked[who.desk] = true
		}
	case "time":
		m.r.clock.move(rapid.SampledFrom([]time.Duration{time.Minute, 5 * time.Minute, codeLife}).Draw(rt, "long"))
	case "restart":
		if rapid.IntRange(0, 9).Draw(rt, "seldom") == 0 {
			m.r.restart()
		}
	}
}

func (m *pairingModel) pair(rt *rapid.T, code *believed) {
	want := ""
	switch {
	case code.by != nil:
		want = relay.CodePairUsed
	case !m.r.clock.now().Before(code.expires):
		want = relay.CodePairExpired
	}
	got, status, p := m.r.pairWith(code.text)
	if p.Code != want || (status == http.StatusOK) != (want == "") {
		rt.Fatalf("%d %+v, want %q", status, p, want)
	}
	if want != "" {
		return
	}
	if got.store != code.store {
		rt.Fatalf("paired with another store")
	}
	code.by = &got
	m.members = append(m.members, &got)
	m.stores = append(m.stores, got.store)
}

func (m *pairingModel) check(rt *rapid.T) {
	count := map[string]int{}
	for _, who := range m.members {
		count[who.store]++
		want := ""
		if m.revoked[who.desk] {
			want = relay.CodeRevoked
		}
		if _, p := who.do("GET", relay.PathDesks, nil, nil); p.Code != want {
			rt.Fatalf("%s: %+v, want %q", who.desk, p, want)
		}
	}
	for store, n := range count {
		list := m.r.Desks(store)
		if len(list) != n {
			rt.Fatalf("%d desks are listed, want %d", len(list), n)
		}
		for _, d := range list {
			if d.Revoked.IsZero() == m.revoked[d.ID] {
				rt.Fatalf("%s", fmt.Sprintf("%+v", d))
			}
		}
	}
}

// TestRevokedWhileANoticeIsStored: it was meant for the desk that is revoked in this
// moment, and is answered OK: the other desks get it.
func TestRevokedWhileANoticeIsStored(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	m.putStore("practice")
	second := r.paired(m.store)
	second.register("P1", linkA)
	n := notice{
		kind: kindPurchase, received: r.clock.now(), order: r.keys.order(m.store, sid, "P1"), store: m.store, orderID: "P1",
		desk: r.roster.addressee(m.store, second.desk), body: r.signer.notify(t, "P1", "45.00", "1"),
	}
	if err := r.RevokeDesk(t.Context(), m.store, second.desk); err != nil {
		t.Fatal(err)
	}
	if err := r.keep(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	if got := m.orders(relay.At{}); len(got) != 1 || got[0] != "P1" {
		t.Errorf("the other desk gets %v, want [P1]", got)
	}
}

// TestPairedAgain: a desk that was paired once more registers its orders again, and
// gets their notices from then on: nobody listens under the name it had.
func TestPairedAgain(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	m.putStore("practice")
	m.register("P1", linkA)
	again := r.paired(m.store)
	again.register("P1", linkA)
	r.restart()
	if status, text, _ := r.ask("POST", "/n/"+m.store, r.signer.notify(t, "P1", "45.00", "1")); text != "OK" {
		t.Fatalf("%d %s", status, text)
	}
	if got := again.orders(relay.At{}); len(got) != 1 || got[0] != "P1" {
		t.Errorf("the desk that registered it last gets %v, want [P1]", got)
	}
}
