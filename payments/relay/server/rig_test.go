package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	storeA = "0123456789ABCDEFGHJKMNPQRS"
	storeB = "ZYXWVTSRQPNMKJHGFEDCBA9876"
	sid    = "000000000000010"
	deskA  = "desk-a"
	deskB  = "desk-b"
	linkA  = "AAAAAAAAAAAAAAAAAAAAAAAAAA"
	linkB  = "BBBBBBBBBBBBBBBBBBBBBBBBBB"
)

// signer is the provider: it signs notices.
type signer struct {
	key  *checkout.PrivateKey
	cert *checkout.Certificate
}

var makeSigner = sync.OnceValues(func() (signer, error) {
	key, err := checkout.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signer{}, err
	}
	now := time.Now()
	cert, err := key.SelfSigned("test", now.Add(-time.Hour), now.Add(time.Hour), rand.Reader)
	return signer{key, cert}, err
})

func newSigner(t testing.TB) signer {
	t.Helper()
	s, err := makeSigner()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s signer) post(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var f checkout.Fields
	for i := 0; i < len(pairs); i += 2 {
		f = append(f, checkout.Field{Name: pairs[i], Value: pairs[i+1]})
	}
	f, err := checkout.Sign(s.key, f)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(f.Encode())
}

func (s signer) notify(t testing.TB, order, amount, reference string) []byte {
	t.Helper()
	return s.post(t, "IPCmethod", checkout.MethodNotify, "SID", sid, "Amount", amount, "Currency", "EUR", "OrderID", order,
		"IPC_Trnref", reference, "RequestSTAN", "000006", "RequestDateTime", "2026-11-21 10:39:37")
}

func (s signer) rollback(t testing.TB, order, amount string) []byte {
	t.Helper()
	return s.post(t, "IPCmethod", checkout.MethodRollback, "SID", sid, "Amount", amount, "Currency", "EUR", "OrderID", order)
}

// clock can be moved.
type clock struct {
	mu  sync.Mutex
	add time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.add)
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add += d
}

// rig is a relay on a real socket.
type rig struct {
	*Server
	t      testing.TB
	cfg    Config
	clock  *clock
	web    *httptest.Server
	log    *bytes.Buffer
	signer signer
}

func newRig(t testing.TB, change ...func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t, clock: &clock{}, log: &bytes.Buffer{}, signer: newSigner(t)}
	r.cfg = Config{
		Dir: filepath.Join(t.TempDir(), "relay"), Now: r.clock.now, Entropy: rand.Reader, AllowPractice: true,
		Public: func() string { return r.web.URL },
		Log:    slog.New(slog.NewTextHandler(&locked{w: r.log}, nil)),
	}
	for _, f := range change {
		f(&r.cfg)
	}
	r.open()
	t.Cleanup(r.close)
	r.putStore(storeA)
	return r
}

// locked makes a writer safe for several goroutines.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (r *rig) open() {
	r.t.Helper()
	s, err := Open(context.Background(), r.cfg)
	if err != nil {
		r.t.Fatal(err)
	}
	r.Server = s
	r.web = httptest.NewServer(s.Handler())
}

func (r *rig) close() {
	r.HangUp()
	r.web.Client().CloseIdleConnections()
	r.web.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := r.Shutdown(ctx); err != nil {
		r.t.Error(err)
	}
}

func (r *rig) restart() {
	r.t.Helper()
	r.close()
	r.open()
}

// ask makes a request and returns status and body.
func (r *rig) ask(method, path string, body []byte, head ...string) (int, string, http.Header) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.web.URL+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	resp, err := r.web.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

// desk makes a request of a desk.
func (r *rig) desk(desk, method, path string, in, out any) int {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	status, text, _ := r.ask(method, path, body, relay.HeaderStore, storeA, relay.HeaderDesk, desk)
	if out != nil {
		if err := json.Unmarshal([]byte(text), out); err != nil {
			r.t.Fatalf("%s %s: %d %q: %v", method, path, status, text, err)
		}
	}
	return status
}

func (r *rig) putStore(id string) relay.Endpoints {
	r.t.Helper()
	var ends relay.Endpoints
	body, err := json.Marshal(relay.Store{ID: id, SID: sid, Certificates: []string{string(r.signer.cert.PEM())}, Mode: "practice"})
	if err != nil {
		r.t.Fatal(err)
	}
	status, text, _ := r.ask("PUT", relay.PathStore, body, relay.HeaderStore, id, relay.HeaderDesk, deskA)
	if err := json.Unmarshal([]byte(text), &ends); status != http.StatusOK || err != nil {
		r.t.Fatalf("store: %d %s", status, text)
	}
	return ends
}

func (r *rig) registration(order, amount, link string) relay.Registration {
	return relay.Registration{
		Store: storeA, Desk: deskA, OrderID: order, SID: sid, Currency: "EUR", Amounts: []string{amount},
		Form: []relay.Field{
			{Name: "IPCmethod", Value: "IPCPurchase"},
			{Name: "SID", Value: sid},
			{Name: "Currency", Value: "EUR"},
			{Name: "Amount", Value: amount},
			{Name: "OrderID", Value: order},
			{Name: "URL_OK", Value: r.web.URL + "/ok"},
			{Name: "URL_Notify", Value: r.web.URL + "/n/" + storeA},
			{Name: "Note", Value: `Ärmel & "Kragen"`},
			{Name: "Signature", Value: "c2lnbmVk"},
		},
		Action: "http://127.0.0.1:9/vmp/checkout-test", Salon: "Salon Mirabelle", Note: "Cut, blow-dry",
		AmountText: amount + " EUR", Words: "BLUE TULIP", Language: "en", Link: link,
		ExpiresAt: r.clock.now().Add(15 * time.Minute).In(time.FixedZone("EET", 2*3600)),
	}
}

func (r *rig) register(order, amount, link string) relay.Registered {
	r.t.Helper()
	var done relay.Registered
	if status := r.desk(deskA, "POST", relay.PathOrders, r.registration(order, amount, link), &done); status != http.StatusOK {
		r.t.Fatalf("register %s: %d", order, status)
	}
	return done
}

// post posts a notice and returns status and body.
func (r *rig) post(body []byte) (int, string) {
	r.t.Helper()
	status, text, _ := r.ask("POST", "/n/"+storeA, body)
	return status, text
}

func (r *rig) wantOK(body []byte) {
	r.t.Helper()
	if status, text := r.post(body); status != http.StatusOK || text != "OK" {
		r.t.Fatalf("got %d %q, want 200 OK\n%s", status, text, r.log)
	}
}

func (r *rig) wantRefused(body []byte) {
	r.t.Helper()
	if status, text := r.post(body); status == http.StatusOK || strings.Contains(text, "OK") {
		r.t.Fatalf("got %d %q, want a refusal", status, text)
	}
}

// deliveries polls everything a desk would get after a position.
func (r *rig) deliveries(desk string, after relay.At) []relay.Frame {
	r.t.Helper()
	var all []relay.Frame
	for {
		var out relay.Polled
		in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello, At: after}}}
		if status := r.desk(desk, "POST", relay.PathPoll, in, &out); status != http.StatusOK {
			r.t.Fatalf("poll: %d", status)
		}
		more := false
		for _, f := range out.Frames {
			if f.Type == relay.FrameDeliver {
				all, after, more = append(all, f), f.At, true
			}
		}
		if !more {
			return all
		}
	}
}

func (r *rig) ack(desk string, at relay.At) {
	r.t.Helper()
	in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello, At: at}, {Type: relay.FrameAck, At: at}}}
	if status := r.desk(desk, "POST", relay.PathPoll, in, nil); status != http.StatusOK {
		r.t.Fatalf("ack: %d", status)
	}
}
