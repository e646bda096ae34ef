package server

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/relay"
)

func nonce(i int) string {
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[8:], uint64(i))
	return hex.EncodeToString(raw[:])
}

// TestNonceFlood: memory stays within its bounds, nothing is ever taken twice,
// and a desk that floods does not shut the others out.
func TestNonceFlood(t *testing.T) {
	t.Parallel()
	n := newNonces()
	n.perDesk, n.fair, n.total = 100, 10, 250
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	for d := range 3 {
		loud := Identity{Store: storeA, Desk: fmt.Sprint("loud", d)}
		for i := range 1000 {
			got := n.use(loud, nonce(i), now, now)
			if got != isFresh && got != isFlooded {
				t.Fatalf("%v", got)
			}
			if i < 100 && d < 2 && n.use(loud, nonce(i), now, now) != isUsed {
				t.Fatalf("desk %d: nonce %d was taken twice", d, i)
			}
		}
	}
	if n.count != 250 {
		t.Errorf("%d are kept, want 250", n.count)
	}
	quiet := Identity{Store: storeB, Desk: "quiet"}
	for i := range 10 {
		if n.use(quiet, nonce(i), now, now) != isFresh {
			t.Errorf("a quiet desk was turned away at %d", i)
		}
	}
	if n.use(quiet, nonce(10), now, now) != isFlooded {
		t.Error("no bound for a desk that becomes loud")
	}
	now = now.Add(3 * relay.SkewLimit)
	if n.use(quiet, nonce(0), now, now) != isFresh || n.count != 1 || len(n.spent) != 1 {
		t.Errorf("%d of %d desks are still kept", n.count, len(n.spent))
	}
}

// TestNonceWindow: as long as a time is accepted, its nonce is remembered,
// also when the clock is set back meanwhile.
func TestNonceWindow(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	id := Identity{Store: storeA, Desk: deskA}
	for signed := -relay.SkewLimit; signed <= relay.SkewLimit; signed += 30 * time.Second {
		n := newNonces()
		at := start.Add(signed)
		if n.use(id, nonce(1), at, start) != isFresh {
			t.Fatalf("%v: refused", signed)
		}
		for later := time.Duration(0); at.Sub(start.Add(later)).Abs() <= relay.SkewLimit; later += 10 * time.Second {
			if got := n.use(id, nonce(1), at, start.Add(later)); got != isUsed {
				t.Fatalf("signed %v off, replayed %v later: %v", signed, later, got)
			}
		}
		n.use(id, nonce(2), start.Add(time.Hour), start.Add(time.Hour))
		if got := n.use(id, nonce(1), at, start); got != isStale {
			t.Errorf("after the clock went back: %v", got)
		}
	}
}

// TestBruteForce: who guesses codes is slowed down, by address, also behind a
// proxy, and others are not.
func TestBruteForce(t *testing.T) {
	r := newRig(t, func(c *Config) { c.BehindProxy = true })
	r.paired("") // so that others than this machine are served
	guess := func(from string) (int, string) {
		in := relay.PairRequest{Code: "x"}
		_, status, p := r.present(in, nil, "X-Forwarded-For", "198.51.100.77, "+from)
		return status, p.Code
	}
	tries := 0
	for status, code := guess("203.0.113.9"); status != http.StatusTooManyRequests; status, code = guess("203.0.113.9") {
		if tries++; tries > 2*pairBurst || code != relay.CodeMalformed {
			t.Fatalf("%d tries: %d %s", tries, status, code)
		}
	}
	if tries < pairBurst-1 {
		t.Errorf("only %d tries", tries)
	}
	if status, _ := guess("203.0.113.10"); status != http.StatusBadRequest {
		t.Errorf("another address: %d", status)
	}
	r.clock.move(2 * pairEvery)
	if status, _ := guess("203.0.113.9"); status != http.StatusBadRequest {
		t.Errorf("later: %d", status)
	}
}

// TestLimits: pay pages and notices of unknown stores are limited by address;
// valid notices of known stores never are.
func TestLimits(t *testing.T) {
	r := newRig(t, func(c *Config) { c.BehindProxy = true })
	r.paired("") // so that others than this machine are served
	from := []string{"X-Forwarded-For", "203.0.113.9"}
	count := func(method, path string, body []byte) (served int) {
		for range 2 * pageBurst {
			if status, _, _ := r.ask(method, path, body, from...); status != http.StatusTooManyRequests {
				served++
			}
		}
		return served
	}
	if n := count("GET", "/p/"+linkB, nil); n < pageBurst || n > pageBurst+pageBurst/2 {
		t.Errorf("%d pages were served", n)
	}
	if n := count("POST", "/n/"+storeB, []byte("a=b")); n < wrongBurst || n > wrongBurst+pageBurst/2 {
		t.Errorf("%d notices of an unknown store were looked at", n)
	}
	r.register(order1, "45.00", linkA)
	body := r.signer.notify(t, order1, "45.00", "1")
	for range 2 * pageBurst {
		if status, text, _ := r.ask("POST", "/n/"+storeA, body, from...); text != "OK" {
			t.Fatalf("a valid notice: %d %s", status, text)
		}
	}
}

func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	l := newLimiter(time.Now, time.Hour, 1)
	l.most = 100
	for i := range 10_000 {
		l.allow(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), 32))
		if len(l.young)+len(l.old) > 2*l.most {
			t.Fatalf("%d addresses are kept", len(l.young)+len(l.old))
		}
	}
}

func TestCaller(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		remote, header string
		proxy          bool
		want           string
	}{
		{"192.0.2.1:5", "203.0.113.9", false, "192.0.2.1/32"},
		{"192.0.2.1:5", "203.0.113.9", true, "203.0.113.9/32"},
		{"192.0.2.1:5", "198.51.100.1, 203.0.113.9", true, "203.0.113.9/32"},
		{"192.0.2.1:5", "203.0.113.9:443", true, "203.0.113.9/32"},
		{"192.0.2.1:5", "nonsense", true, "192.0.2.1/32"},
		{"192.0.2.1:5", "", true, "192.0.2.1/32"},
		{"[2001:db8:1:2:3::4]:5", "", false, "2001:db8:1:2::/64"},
		{"[::ffff:192.0.2.1]:5", "", false, "192.0.2.1/32"},
		{"192.0.2.1:5", "::ffff:203.0.113.9", true, "203.0.113.9/32"},
		{"192.0.2.1:5", "[2001:db8:1:2:3::4]", true, "2001:db8:1:2::/64"},
	} {
		s := &Server{cfg: Config{BehindProxy: c.proxy}}
		req := &http.Request{RemoteAddr: c.remote, Header: http.Header{}}
		if c.header != "" {
			req.Header.Add("X-Forwarded-For", "198.51.100.200")
			req.Header.Add("X-Forwarded-For", c.header)
		}
		if got := s.caller(req).String(); got != c.want {
			t.Errorf("%s %q %v: %s, want %s", c.remote, c.header, c.proxy, got, c.want)
		}
	}
}

// TestUnsigned: what is not signed is for Practice on this machine, and for
// stores without paired desks.
func TestUnsigned(t *testing.T) {
	r := newRig(t)
	store := relay.Store{ID: storeA, SID: sid, Certificates: []string{string(r.signer.cert.PEM())}, Mode: "live"}
	if status := r.desk(deskA, "PUT", relay.PathStore, store, nil); status != http.StatusForbidden {
		t.Errorf("Live without a paired desk: %d", status)
	}
	for _, path := range []string{relay.PathCodes, relay.PathDesks + "/" + deskA + "/revoke"} {
		if status := r.desk(deskA, "POST", path, struct{}{}, nil); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	m := r.paired(storeA) // a store of Practice is taken over by paired desks
	if status := r.desk(deskA, "PUT", relay.PathStore, store, nil); status != http.StatusForbidden {
		t.Errorf("a paired store: %d", status)
	}
	if status, p := m.putStore("practice"); status != http.StatusOK {
		t.Errorf("%d %+v", status, p)
	}
	if status, p := m.putStore("live"); status != http.StatusForbidden || p.Code != relay.CodeInsecure {
		t.Errorf("Live over http: %d %+v", status, p)
	}
	r.Server.cfg.Public = func() string { return "https://pay.example" }
	if status, p := m.putStore("live"); status != http.StatusOK {
		t.Errorf("%d %+v", status, p)
	}
	r.Server.cfg.AllowPractice = false
	store.ID = storeB
	body := fmt.Appendf(nil, `{"id":%q,"sid":%q}`, storeB, sid)
	if status, _, _ := r.ask("PUT", relay.PathStore, body, relay.HeaderStore, storeB, relay.HeaderDesk, deskA); status != http.StatusForbidden {
		t.Errorf("Practice switched off: %d", status)
	}
}

// TestAloneUntilPaired: others than this machine are served when a desk is
// paired or about to be.
func TestAloneUntilPaired(t *testing.T) {
	r := newRig(t)
	ask := func() int {
		w := httptest.NewRecorder()
		req := httptest.NewRequest("POST", "/n/"+storeA, strings.NewReader("a=b"))
		req.RemoteAddr = "203.0.113.9:4444"
		r.Handler().ServeHTTP(w, req)
		return w.Code
	}
	if status := ask(); status != http.StatusServiceUnavailable {
		t.Errorf("nobody is paired: %d", status)
	}
	code, err := r.NewCode(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if status := ask(); status != http.StatusBadRequest {
		t.Errorf("a code is open: %d", status)
	}
	r.clock.move(codeLife)
	if status := ask(); status != http.StatusServiceUnavailable {
		t.Errorf("it ran out: %d", status)
	}
	r.clock.move(-codeLife)
	if _, status, _ := r.pairWith(code.Text); status != http.StatusOK {
		t.Fatal(status)
	}
	r.clock.move(2 * codeLife)
	if status := ask(); status != http.StatusBadRequest {
		t.Errorf("a desk is paired: %d", status)
	}
}
