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
