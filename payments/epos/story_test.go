package epos_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/simulator/account"
)

// gateway is the other side without sockets, and one mishap for the next call.
type gateway struct {
	now     time.Time
	account *account.Account
	mux     *http.ServeMux
	mishap  account.Mishap
	call    string
	on      map[account.Switch]bool
}

func (g *gateway) RoundTrip(r *http.Request) (answer *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, io.ErrUnexpectedEOF
		}
	}()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	g.mux.ServeHTTP(w, r)
	return w.Result(), nil
}

func newGateway(t *rapid.T) (*gateway, *epos.Client) {
	id, err := account.Draw(strings.NewReader(strings.Repeat("practice", 64)))
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), mux: http.NewServeMux(), on: map[account.Switch]bool{}}
	g.account, err = account.Open(account.Config{
		Identity: id, Now: func() time.Time { return g.now }, Entropy: rand.NewChaCha8([32]byte{1}),
		Mishap: func(call, _ string) account.Mishap {
			if call != g.call {
				return account.Mishap{}
			}
			g.call = ""
			return g.mishap
		},
		Switch: func(s account.Switch, _, _ string) (time.Duration, bool) { return 5 * time.Second, g.on[s] },
	})
	if err != nil {
		t.Fatal(err)
	}
	g.account.Handle(g.mux)
	client, err := epos.New(epos.Config{
		Host: "http://127.0.0.1:1", PartnerID: id.PartnerID, ApplicationID: id.ApplicationID, ClientID: id.PartnerClient,
		ClientSecret: id.PartnerSecret, MerchantID: id.MerchantClient, MerchantSecret: id.MerchantSecret, AppName: "Frontdesk", AppVersion: "1",
		HTTP: &http.Client{Transport: g}, Now: func() time.Time { return g.now }, Entropy: rand.NewChaCha8([32]byte{2}), UserAgent: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return g, client
}

// A till that creates once, polls, looks up what it does not know, cancels and
// is interrupted at will knows in the end exactly what was charged.
func TestOneCreateIsChargedAtMostOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g, client := newGateway(t)
		defer g.account.Close()
		for _, s := range []account.Switch{account.Words, account.Camel, account.Oldest, account.Stubborn, account.Late, account.Strange} {
			g.on[s] = rapid.Bool().Draw(t, string(s))
		}
		for n := range rapid.IntRange(1, 5).Draw(t, "sales") {
			s := sale(fmt.Sprint("T-", n), int64(rapid.SampledFrom([]int{4500, 4501, 4503, 4504, 4508}).Draw(t, "minor")))
			g.call = rapid.SampledFrom([]string{"", "epos.create", "epos.create", "epos.session", "epos.list"}).Draw(t, "call")
			g.mishap = rapid.SampledFrom([]account.Mishap{
				{Status: 500}, {Status: 502, Done: true}, {Status: 401}, {Status: 408}, {Status: 408, Done: true}, {Cut: true}, {Portal: true}, {Wrong: true},
			}).Draw(t, "mishap")
			want := g.ends(t, client, s)
			charged := 0
			for _, c := range g.account.Charges() {
				if c.ReferenceNumber == s.Reference && c.Charged {
					charged++
				}
			}
			if charged > 1 || (want == payments.Paid) != (charged == 1) {
				t.Fatalf("%s is %s and was charged %d times", s.Reference, want, charged)
			}
		}
	})
}

// ends sees one sale through to its end and returns what the till believes.
func (g *gateway) ends(t *rapid.T, client *epos.Client, s epos.Sale) payments.Outcome {
	p, err := client.Create(t.Context(), s)
	for try := 0; errors.Is(err, payments.ErrUnknown); try++ {
		if try > 3 {
			t.Fatal(err)
		}
		g.call = ""
		p, err = client.Lookup(t.Context(), s.TerminalID, s.Reference)
	}
	if errors.Is(err, epos.ErrAbsent) || errors.Is(err, payments.ErrRefused) || errors.Is(err, payments.ErrUnreachable) {
		return payments.Absent
	}
	if err != nil {
		t.Fatal(err)
	}
	for poll := 0; !p.Final(); poll++ {
		if poll > 50 {
			t.Fatalf("%s stays %q", s.Reference, p.Status)
		}
		g.now = g.now.Add(2 * time.Second)
		if poll == 5 || rapid.IntRange(0, 9).Draw(t, "cancel") == 0 {
			if err := client.Cancel(t.Context(), p.ID); err != nil && !errors.Is(err, payments.ErrRefused) {
				t.Fatal(err)
			}
		}
		if next, err := client.Payment(t.Context(), p.ID); err == nil {
			p = next
		}
	}
	if err := p.Proves(s); err != nil {
		t.Fatal(err)
	}
	return p.Outcome
}
