package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"frontdesk/payments/relay"
)

// member is a paired desk that signs by hand.
type member struct {
	r           *rig
	store, desk string
	key         ed25519.PrivateKey
}

// paired pairs a desk; store empty makes a new one.
func (r *rig) paired(store string) member {
	r.t.Helper()
	code, err := r.NewCode(context.Background(), store)
	if err != nil {
		r.t.Fatal(err)
	}
	m, status, p := r.pairWith(code.Text)
	if status != http.StatusOK {
		r.t.Fatalf("pairing: %d %+v", status, p)
	}
	return m
}

func (r *rig) pairWith(code string) (member, int, relay.Problem) {
	r.t.Helper()
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		r.t.Fatal(err)
	}
	in := relay.PairRequest{Code: code, Name: "Front", Key: pub}
	in.Prove(key)
	return r.present(in, key)
}

func (r *rig) present(in relay.PairRequest, key ed25519.PrivateKey, head ...string) (member, int, relay.Problem) {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	status, text, _ := r.ask("POST", relay.PathPair, body, head...)
	var out relay.Paired
	var p relay.Problem
	if status == http.StatusOK {
		err = json.Unmarshal([]byte(text), &out)
	} else {
		err = json.Unmarshal([]byte(text), &p)
	}
	if err != nil {
		r.t.Fatalf("%d %s", status, text)
	}
	return member{r, out.Store, out.Desk, key}, status, p
}

// sign returns a signed request that forge may spoil before it is sent.
func (m member) sign(method, path string, in any) (*relay.SignedRequest, []byte) {
	m.r.t.Helper()
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			m.r.t.Fatal(err)
		}
	}
	var nonce [16]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		m.r.t.Fatal(err)
	}
	return &relay.SignedRequest{
		Method: method, Path: path, Body: sha256.Sum256(body), Store: m.store, Desk: m.desk, Run: m.r.run,
		Time: m.r.clock.now(), Nonce: hex.EncodeToString(nonce[:]),
	}, body
}

func (m member) send(method, path string, body []byte, h http.Header) (int, relay.Problem, []byte) {
	m.r.t.Helper()
	req, err := http.NewRequest(method, m.r.web.URL+path, bytes.NewReader(body))
	if err != nil {
		m.r.t.Fatal(err)
	}
	req.Header = h
	resp, err := m.r.web.Client().Do(req)
	if err != nil {
		m.r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		m.r.t.Fatal(err)
	}
	var p relay.Problem
	if resp.StatusCode != http.StatusOK {
		if err := json.Unmarshal(text, &p); err != nil {
			m.r.t.Fatalf("%s %s: %d %q", method, path, resp.StatusCode, text)
		}
	}
	return resp.StatusCode, p, text
}

// do makes a proper request.
func (m member) do(method, path string, in, out any) (int, relay.Problem) {
	m.r.t.Helper()
	q, body := m.sign(method, path, in)
	h := http.Header{}
	q.Sign(m.key, h)
	status, p, text := m.send(method, path, body, h)
	if out != nil && status == http.StatusOK {
		if err := json.Unmarshal(text, out); err != nil {
			m.r.t.Fatal(err)
		}
	}
	return status, p
}

func (m member) putStore(mode string) (int, relay.Problem) {
	m.r.t.Helper()
	return m.do("PUT", relay.PathStore, relay.Store{ID: m.store, SID: sid, Certificates: []string{string(m.r.signer.cert.PEM())}, Mode: mode}, nil)
}

func (m member) register(order, link string) {
	m.r.t.Helper()
	reg := m.r.registration(order, "45.00", link)
	reg.Store, reg.Desk = m.store, m.desk
	for i, f := range reg.Form {
		if f.Name == "URL_Notify" {
			reg.Form[i].Value = m.r.web.URL + "/n/" + m.store
		}
	}
	if status, p := m.do("POST", relay.PathOrders, reg, nil); status != http.StatusOK {
		m.r.t.Fatalf("register: %d %+v", status, p)
	}
}

func (m member) orders(after relay.At) []string {
	m.r.t.Helper()
	var out relay.Polled
	if status, p := m.do("POST", relay.PathPoll, relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello, At: after}}}, &out); status != http.StatusOK {
		m.r.t.Fatalf("poll: %d %+v", status, p)
	}
	var ids []string
	for _, f := range out.Frames {
		if f.Type == relay.FrameDeliver {
			ids = append(ids, f.OrderID)
		}
	}
	return ids
}

// TestPairing: a code works once, for one key, within its time, and the relay
// keeps no copy of it.
func TestPairing(t *testing.T) {
	r := newRig(t)
	code, err := r.NewCode(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	in := relay.PairRequest{Code: strings.ToLower(code.Text), Name: "Front", Key: pub}
	in.Prove(key)
	m, status, p := r.present(in, key)
	if status != http.StatusOK || m.store != code.Store || !relay.IsName(m.store) {
		t.Fatalf("%d %+v %+v", status, m, p)
	}
	r.restart()
	again, status, _ := r.present(in, key)
	if status != http.StatusOK || again.desk != m.desk || len(r.Desks(m.store)) != 1 {
		t.Errorf("the same key again: %d %s, want %s", status, again.desk, m.desk)
	}
	if _, status, p := r.pairWith(code.Text); status != http.StatusConflict || p.Code != relay.CodePairUsed {
		t.Errorf("another key: %d %+v", status, p)
	}
	late, err := r.NewCode(t.Context(), m.store)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.move(codeLife)
	if _, status, p := r.pairWith(late.Text); status != http.StatusGone || p.Code != relay.CodePairExpired {
		t.Errorf("too late: %d %+v", status, p)
	}
	if _, status, p := r.pairWith(relay.FormatCode([16]byte{1})); status != http.StatusNotFound || p.Code != relay.CodePairUnknown {
		t.Errorf("guessed: %d %+v", status, p)
	}
	r.noTrace(code.Text, late.Text, strings.ReplaceAll(code.Text, "-", ""))
	if _, err := r.NewCode(t.Context(), "0000000000000000000000000Z"); err == nil {
		t.Error("a code for a store that does not exist")
	}
}

// TestForgedPairing: whoever intercepts a request cannot put a key of his own
// into it, and nothing malformed uses a code up.
func TestForgedPairing(t *testing.T) {
	r := newRig(t)
	code, err := r.NewCode(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	pub, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*relay.PairRequest){
		"other key":    func(p *relay.PairRequest) { p.Key = bytes.Repeat([]byte{3}, 32) },
		"short key":    func(p *relay.PairRequest) { p.Key = p.Key[:31] },
		"no proof":     func(p *relay.PairRequest) { p.Proof = nil },
		"other name":   func(p *relay.PairRequest) { p.Name = "Back" },
		"sealing key":  func(p *relay.PairRequest) { p.Seal = bytes.Repeat([]byte{9}, 32) },
		"control":      func(p *relay.PairRequest) { p.Name = "a\nb"; p.Prove(key) },
		"no code":      func(p *relay.PairRequest) { p.Code = ""; p.Prove(key) },
		"wrong length": func(p *relay.PairRequest) { p.Code = code.Text + "0"; p.Prove(key) },
	} {
		in := relay.PairRequest{Code: code.Text, Name: "Front", Key: pub}
		in.Prove(key)
		spoil(&in)
		if _, status, p := r.present(in, key, "X-Forwarded-For", "192.0.2.1"); status != http.StatusBadRequest || p.Code != relay.CodeMalformed {
			t.Errorf("%s: %d %+v", name, status, p)
		}
	}
	if _, status, p := r.pairWith(code.Text); status != http.StatusOK {
		t.Errorf("afterwards: %d %+v", status, p)
	}
}

// TestSignedRequests: everything that a signature covers, spoiled one by one.
func TestSignedRequests(t *testing.T) {
	r := newRig(t)
	m, other := r.paired(""), r.paired("")
	in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello}}}
	if status, p := m.putStore("practice"); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	for name, c := range map[string]struct {
		spoil func(q *relay.SignedRequest, h http.Header, body []byte) []byte
		want  string
	}{
		"nothing": {func(_ *relay.SignedRequest, _ http.Header, b []byte) []byte { return b }, ""},
		"body":    {func(_ *relay.SignedRequest, _ http.Header, b []byte) []byte { return append(b, ' ') }, relay.CodeForbidden},
		"method": {func(q *relay.SignedRequest, h http.Header, b []byte) []byte {
			q.Method = "PUT"
			q.Sign(m.key, h)
			return b
		}, relay.CodeForbidden},
		"path": {func(q *relay.SignedRequest, h http.Header, b []byte) []byte {
			q.Path = relay.PathOrders
			q.Sign(m.key, h)
			return b
		}, relay.CodeForbidden},
		"time": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte {
			h.Set(relay.HeaderTime, "9"+h.Get(relay.HeaderTime)[1:])
			return b
		}, relay.CodeSkew},
		"nonce": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte {
			h.Set(relay.HeaderNonce, strings.Repeat("a", 32))
			return b
		}, relay.CodeForbidden},
		"no nonce": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte { h.Del(relay.HeaderNonce); return b }, relay.CodeForbidden},
		"run": {func(q *relay.SignedRequest, h http.Header, b []byte) []byte {
			q.Run = storeA
			q.Sign(m.key, h)
			return b
		}, relay.CodeRun},
		"other key": {func(q *relay.SignedRequest, h http.Header, b []byte) []byte { q.Sign(other.key, h); return b }, relay.CodeForbidden},
		"other desk": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte {
			h.Set(relay.HeaderDesk, other.desk)
			return b
		}, relay.CodeForbidden},
		"other store": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte {
			h.Set(relay.HeaderStore, other.store)
			return b
		}, relay.CodeForbidden},
		"desk there": {func(q *relay.SignedRequest, h http.Header, b []byte) []byte {
			q.Store, q.Desk = other.store, other.desk
			q.Sign(m.key, h)
			return b
		}, relay.CodeForbidden},
		"no signature": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte { h.Del(relay.HeaderSignature); return b }, relay.CodeForbidden},
		"garbage": {func(_ *relay.SignedRequest, h http.Header, b []byte) []byte {
			h.Set(relay.HeaderSignature, "x")
			return b
		}, relay.CodeForbidden},
	} {
		q, body := m.sign("POST", relay.PathPoll, in)
		h := http.Header{}
		q.Sign(m.key, h)
		body = c.spoil(q, h, body)
		if status, p, _ := m.send("POST", relay.PathPoll, body, h); p.Code != c.want || (status == http.StatusOK) != (c.want == "") {
			t.Errorf("%s: %d %+v, want %q", name, status, p, c.want)
		}
	}
}

// TestReplay: a request is good for once, also across a restart of the relay.
func TestReplay(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	if status, p := m.putStore("practice"); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	q, body := m.sign("POST", relay.PathPoll, relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello}}})
	h := http.Header{}
	q.Sign(m.key, h)
	if status, p, _ := m.send("POST", relay.PathPoll, body, h); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	if status, p, _ := m.send("POST", relay.PathPoll, body, h); status != http.StatusConflict || p.Code != relay.CodeReplayed {
		t.Errorf("again: %d %+v", status, p)
	}
	r.restart()
	if status, p, _ := m.send("POST", relay.PathPoll, body, h); status != http.StatusUnauthorized || p.Code != relay.CodeRun {
		t.Errorf("after a restart: %d %+v", status, p)
	}
	if status, p := m.do("GET", relay.PathDesks, nil, nil); status != http.StatusOK {
		t.Errorf("signed anew: %d %+v", status, p)
	}
}

// TestClockSkew: five minutes either way are accepted; beyond, the answer
// carries the relay's time.
func TestClockSkew(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	for _, c := range []struct {
		off  time.Duration
		want string
	}{
		{0, ""},
		{relay.SkewLimit - 5*time.Second, ""},
		{-relay.SkewLimit + 5*time.Second, ""},
		{relay.SkewLimit + 5*time.Second, relay.CodeSkew},
		{-relay.SkewLimit - time.Second, relay.CodeSkew},
		{24 * time.Hour, relay.CodeSkew},
		{-24 * time.Hour, relay.CodeSkew},
	} {
		q, _ := m.sign("GET", relay.PathDesks, nil)
		q.Time = q.Time.Add(c.off)
		h := http.Header{}
		q.Sign(m.key, h)
		_, p, _ := m.send("GET", relay.PathDesks, nil, h)
		if p.Code != c.want || c.want != "" && r.clock.now().Sub(p.Time).Abs() > time.Minute {
			t.Errorf("%v: %+v, want %q", c.off, p, c.want)
		}
	}
}

// TestRevoke: a revoked desk is cut off in the middle of a stream and of a
// poll, by another desk, for good, and its notices go to the other one.
func TestRevoke(t *testing.T) {
	r := newRig(t)
	m := r.paired("")
	m.putStore("practice")
	var code relay.Code
	if status, p := m.do("POST", relay.PathCodes, struct{}{}, &code); status != http.StatusOK || code.Store != m.store {
		t.Fatalf("%d %+v", status, p)
	}
	second, status, p := r.pairWith(code.Text)
	if status != http.StatusOK || second.store != m.store || second.desk == m.desk {
		t.Fatalf("%d %+v", status, p)
	}
	second.register("P1", linkA)
	if status, text, _ := r.ask("POST", "/n/"+m.store, r.signer.notify(t, "P1", "45.00", "1")); text != "OK" {
		t.Fatalf("%d %s", status, text)
	}
	if got := m.orders(relay.At{}); len(got) != 0 {
		t.Errorf("the first desk got %v of the second", got)
	}
	q, _ := second.sign("GET", relay.PathStream, nil)
	h := http.Header{}
	q.Sign(second.key, h)
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(r.web.URL, "http")+relay.PathStream, &websocket.DialOptions{HTTPHeader: h})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if err := say(t.Context(), conn, relay.Frame{Type: relay.FrameHello}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // hello and P1, which it does not acknowledge
		if _, _, err := conn.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	polled, before := make(chan relay.Problem), second.used()
	go func() {
		in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello, At: relay.At{Epoch: r.stores.epoch(m.store), Seq: r.hub.newest(), Index: 9}}}, WaitMS: 10_000}
		_, p := second.do("POST", relay.PathPoll, in, nil)
		polled <- p
	}()
	for second.used() == before { // the poll is not let in yet
		time.Sleep(time.Millisecond)
	}
	if status, p := m.do("POST", relay.PathDesks+"/"+second.desk+"/revoke", struct{}{}, nil); status != http.StatusOK {
		t.Fatalf("%d %+v", status, p)
	}
	start := time.Now()
	if p := <-polled; p.Code != relay.CodeRevoked {
		t.Errorf("the poll: %+v", p)
	}
	for {
		_, data, err := conn.Read(t.Context())
		if err != nil {
			break
		}
		if f, err := relay.ParseFrame(data); err != nil || f.Type != relay.FrameBeat {
			t.Fatalf("after it was revoked: %s", data)
		}
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("cut off after %v", took)
	}
	if _, p := second.do("GET", relay.PathDesks, nil, nil); p.Code != relay.CodeRevoked {
		t.Errorf("afterwards: %+v", p)
	}
	r.restart()
	if _, p := second.do("GET", relay.PathDesks, nil, nil); p.Code != relay.CodeRevoked {
		t.Errorf("after a restart: %+v", p)
	}
	if got := m.orders(relay.At{}); len(got) != 1 || got[0] != "P1" {
		t.Errorf("what the second did not acknowledge: %v, want [P1]", got)
	}
}

// used returns how many signatures of the desk the relay has seen.
func (m member) used() int {
	m.r.nonces.mu.Lock()
	defer m.r.nonces.mu.Unlock()
	if of := m.r.nonces.spent[Identity{Store: m.store, Desk: m.desk, Signed: true}]; of != nil {
		return of.count
	}
	return 0
}
