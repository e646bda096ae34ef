package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	storeID = "0123456789ABCDEFGHJKMNPQRS"
	sid     = "000000000000010"
	beat    = 100 * time.Millisecond
)

// world is a relay behind an address that stays while the relay comes and
// goes, and the provider's key.
type world struct {
	t       testing.TB
	dir     string
	front   *httptest.Server
	handler atomic.Pointer[http.Handler]
	relay   *server.Server
	key     *checkout.PrivateKey
	cert    *checkout.Certificate
	skew    atomic.Int64
	http    *http.Client
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "relay")}
	var err error
	if w.key, err = checkout.GenerateKey(rand.Reader, 2048); err != nil {
		t.Fatal(err)
	}
	if w.cert, err = w.key.SelfSigned("test", w.now().Add(-time.Hour), w.now().Add(time.Hour), rand.Reader); err != nil {
		t.Fatal(err)
	}
	w.front = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if h := w.handler.Load(); h != nil {
			(*h).ServeHTTP(rw, r)
			return
		}
		http.Error(rw, "<html>bad gateway</html>", http.StatusBadGateway)
	}))
	w.http = &http.Client{Transport: &http.Transport{}}
	w.start()
	t.Cleanup(func() {
		w.stop()
		w.http.CloseIdleConnections()
		w.front.Close()
	})
	return w
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.skew.Load())) }

func (w *world) start() {
	w.t.Helper()
	s, err := server.Open(context.Background(), server.Config{
		Dir: w.dir, Public: func() string { return w.front.URL }, Now: w.now, Entropy: rand.Reader,
		AllowPractice: true, Beat: beat,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	h := s.Handler()
	w.relay = s
	w.handler.Store(&h)
}

func (w *world) stop() {
	w.handler.Store(nil)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := w.relay.Shutdown(ctx); err != nil {
		w.t.Error(err)
	}
}

func (w *world) client(change ...func(*Config)) *Client {
	w.t.Helper()
	cfg := Config{
		BaseURL: w.front.URL, Store: storeID, Desk: "desk-a", HTTP: w.http, Now: w.now, Entropy: rand.Reader,
		Beat: beat, ProbeEvery: -1,
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.PutStore(w.t.Context(), relay.Store{ID: cfg.Store, SID: sid, Certificates: []string{string(w.cert.PEM())}, Mode: "practice"}); err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) registration(i int) relay.Registration {
	id := fmt.Sprintf("P%d", i)
	return relay.Registration{
		Store: storeID, Desk: "desk-a", OrderID: id, SID: sid, Currency: "EUR", Amounts: []string{"45.00"},
		Form: []relay.Field{
			{Name: "SID", Value: sid},
			{Name: "Currency", Value: "EUR"},
			{Name: "Amount", Value: "45.00"},
			{Name: "OrderID", Value: id},
			{Name: "URL_Notify", Value: w.front.URL + "/n/" + storeID},
			{Name: "Signature", Value: "x"},
		},
		Action: "http://127.0.0.1:9/vmp/checkout-test", Salon: "Salon", AmountText: "45.00 EUR", Words: "BLUE TULIP",
		Language: "en", Link: fmt.Sprintf("%026d", i), ExpiresAt: w.now().Add(15 * time.Minute),
	}
}

// pay registers an order and posts its notice.
func (w *world) pay(c *Client, i int) {
	w.t.Helper()
	if _, err := c.Register(w.t.Context(), w.registration(i)); err != nil {
		w.t.Fatal(err)
	}
	w.post(storeID, i)
}

// post posts the notice of an order.
func (w *world) post(store string, i int) {
	w.t.Helper()
	f, err := checkout.Sign(w.key, checkout.Fields{
		{Name: "IPCmethod", Value: checkout.MethodNotify},
		{Name: "SID", Value: sid},
		{Name: "Amount", Value: "45.00"},
		{Name: "Currency", Value: "EUR"},
		{Name: "OrderID", Value: fmt.Sprintf("P%d", i)},
		{Name: "IPC_Trnref", Value: "1"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	resp, err := w.http.Post(w.front.URL+"/n/"+store, "application/x-www-form-urlencoded", strings.NewReader(f.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	var body bytes.Buffer
	_, err = body.ReadFrom(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil || body.String() != "OK" {
		w.t.Fatalf("%q %v", body.String(), err)
	}
}

// desk runs a client and collects what it delivers.
type desk struct {
	got  chan relay.Delivery
	stop func()
	fail atomic.Int32 // so many deliveries fail
}

func (w *world) run(c *Client, from payments.Position) *desk {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d := &desk{got: make(chan relay.Delivery, 1000)}
	ended := make(chan error, 1)
	go func() {
		ended <- c.Run(ctx, from, func(_ context.Context, v relay.Delivery) error {
			if d.fail.Add(-1) >= 0 {
				return errors.New("the journal is busy")
			}
			d.got <- v
			return nil
		})
	}()
	var once sync.Once
	d.stop = func() {
		once.Do(func() {
			cancel()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				w.t.Errorf("Run returned %v", err)
			}
		})
	}
	w.t.Cleanup(d.stop)
	return d
}

func (d *desk) count() int { return len(d.got) }

func (d *desk) next(t testing.TB) relay.Delivery {
	t.Helper()
	select {
	case v := <-d.got:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was delivered")
		return relay.Delivery{}
	}
}

// TestBothPipesGiveTheSame: WebSocket and long-poll deliver the same notices
// at the same positions, old ones and new ones.
func TestBothPipesGiveTheSame(t *testing.T) {
	w := newWorld(t)
	c := w.client()
	for i := range 200 {
		w.pay(c, i)
	}
	socket := w.run(c, payments.Position{})
	poll := w.run(w.client(func(c *Config) { c.LongPoll = true }), payments.Position{})
	w.pay(c, 200)
	for i := range 201 {
		a, b := socket.next(t), poll.next(t)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("%d: %s", i, diff)
		}
		if a.OrderID != fmt.Sprintf("P%d", i) || a.Kind != relay.KindNotice || len(a.Body) == 0 {
			t.Fatalf("%d: %s %s", i, a.Kind, a.OrderID)
		}
	}
}

// TestResume: after its own restart the desk gets what came after the position
// it stored, and nothing before.
func TestResume(t *testing.T) {
	for _, longPoll := range []bool{false, true} {
		t.Run(fmt.Sprintf("longpoll=%v", longPoll), func(t *testing.T) {
			w := newWorld(t)
			c := w.client(func(c *Config) { c.LongPoll = longPoll })
			for i := range 5 {
				w.pay(c, i)
			}
			first := w.run(c, payments.Position{})
			var at payments.Position
			for range 3 {
				at = first.next(t).Position
			}
			first.stop()
			second := w.run(c, at)
			if v := second.next(t); v.OrderID != "P3" {
				t.Errorf("got %s, want P3", v.OrderID)
			}
		})
	}
}

// TestRelayRestarts under a running desk: nothing is lost, nothing comes twice
// without need, and the desk finds back by itself.
func TestRelayRestarts(t *testing.T) {
	w := newWorld(t)
	c := w.client()
	d := w.run(c, payments.Position{})
	for i := range 4 {
		w.pay(c, i)
		if v := d.next(t); v.OrderID != fmt.Sprintf("P%d", i) {
			t.Errorf("got %s, want P%d", v.OrderID, i)
		}
		w.stop()
		w.start()
	}
}

// TestDeliverFails: the same delivery comes again until it is stored.
func TestDeliverFails(t *testing.T) {
	w := newWorld(t)
	c := w.client()
	d := w.run(c, payments.Position{})
	d.fail.Store(2)
	w.pay(c, 1)
	w.pay(c, 2)
	for _, want := range []string{"P1", "P2"} {
		if v := d.next(t); v.OrderID != want {
			t.Errorf("got %s, want %s", v.OrderID, want)
		}
	}
}

// TestForgottenRelay: the relay lost its data. The desk hears of the new epoch
// before any delivery and starts at the beginning.
func TestForgottenRelay(t *testing.T) {
	w := newWorld(t)
	renewed := make(chan string, 1)
	c := w.client(func(cfg *Config) {
		cfg.OnEpoch = func(_ context.Context, epoch string) error {
			renewed <- epoch
			return nil
		}
	})
	d := w.run(c, payments.Position{})
	w.pay(c, 1)
	old := d.next(t).Position
	w.stop()
	w.dir = filepath.Join(t.TempDir(), "new")
	w.start()
	w.client()
	epoch := <-renewed
	if epoch == old.Epoch {
		t.Error("the epoch is the same")
	}
	w.pay(c, 2)
	if v := d.next(t); v.OrderID != "P2" || v.Position.Epoch != epoch || v.Position.Seq != 1 {
		t.Errorf("%s at %+v", v.OrderID, v.Position)
	}
}

// TestProbe goes through the public address and back; when the relay is gone
// the proof says so and keeps the time of the last one.
func TestProbe(t *testing.T) {
	for _, longPoll := range []bool{false, true} {
		t.Run(fmt.Sprintf("longpoll=%v", longPoll), func(t *testing.T) {
			w := newWorld(t)
			c := w.client(func(c *Config) { c.LongPoll, c.ProbeEvery = longPoll, 50*time.Millisecond })
			if p := c.Proof(); !p.At.IsZero() || p.Err != "" {
				t.Errorf("before anything: %+v, want neither proof nor fault", p)
			}
			if err := c.Probe(t.Context()); !errors.Is(err, payments.ErrUnreachable) {
				t.Errorf("probe without a stream: %v", err)
			}
			d := w.run(c, payments.Position{})
			until(t, func() bool { return c.Proof().Err == "" && !c.Proof().At.IsZero() })
			last := c.Proof().At
			until(t, func() bool { return c.Proof().At.After(last) })
			w.stop()
			until(t, func() bool { return c.Proof().Err != "" })
			if c.Proof().At.IsZero() {
				t.Error("the time of the last proof is lost")
			}
			w.start()
			until(t, func() bool { return c.Proof().Err == "" })
			d.stop()
		})
	}
}

// TestForgedProbe: only a desk that the relay knows may write its disk so.
func TestForgedProbe(t *testing.T) {
	w := newWorld(t)
	w.client()
	body := `{"desk":"desk-a","nonce":"00","mac":"AAAA"}`
	resp, err := w.http.Post(w.front.URL+"/n/"+storeID, relay.ProbeType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("%d %v", resp.StatusCode, err)
	}
}

// TestSleep: the clock jumped, so the line is given up though it looks alive.
func TestSleep(t *testing.T) {
	w := newWorld(t)
	sockets := atomic.Int32{}
	h := *w.handler.Load()
	var counting http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == relay.PathStream {
			sockets.Add(1)
		}
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&counting)
	c := w.client()
	d := w.run(c, payments.Position{})
	w.pay(c, 1)
	d.next(t)
	w.skew.Store(int64(8 * time.Hour))
	until(t, func() bool { return sockets.Load() == 2 })
	w.pay(c, 2)
	if v := d.next(t); v.OrderID != "P2" {
		t.Errorf("got %s", v.OrderID)
	}
}

// TestDeafLine: the relay is there but nothing of it arrives any more. The
// desk notices within three beats and connects again.
func TestDeafLine(t *testing.T) {
	w := newWorld(t)
	wall := newWall(t, w.front.Listener.Addr().String())
	c := w.client(func(c *Config) { c.BaseURL = "http://" + wall.address() })
	d := w.run(c, payments.Position{})
	w.pay(c, 1)
	d.next(t)
	wall.mute()
	w.pay(w.client(), 2)
	if v := d.next(t); v.OrderID != "P2" {
		t.Errorf("got %s", v.OrderID)
	}
}

// TestBrokenProxy: it answers WebSockets with an error of its own; long-poll
// gets through.
func TestBrokenProxy(t *testing.T) {
	w := newWorld(t)
	h := *w.handler.Load()
	var proxy http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == relay.PathStream {
			http.Error(rw, "upgrade not supported", http.StatusBadRequest)
			return
		}
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&proxy)
	c := w.client()
	d := w.run(c, payments.Position{})
	w.pay(c, 1)
	if v := d.next(t); v.OrderID != "P1" {
		t.Errorf("got %s", v.OrderID)
	}
}

// TestErrors: what callers branch on.
func TestErrors(t *testing.T) {
	w := newWorld(t)
	c := w.client(func(c *Config) { c.RetryFor = 200 * time.Millisecond })
	if _, err := c.Register(t.Context(), w.registration(1)); err != nil {
		t.Fatal(err)
	}
	if done, err := c.Register(t.Context(), w.registration(1)); err == nil && done.URL == "" {
		t.Error("repeating gave no address")
	}
	other := w.registration(1)
	other.Form[2].Value, other.Amounts = "46.00", []string{"46.00"}
	_, err := c.Register(t.Context(), other)
	if !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != relay.CodeOrderTaken {
		t.Errorf("another form: %v", err)
	}
	if err := c.Close(t.Context(), "P1"); err != nil {
		t.Error(err)
	}
	if err := c.Close(t.Context(), "P999"); err != nil {
		t.Errorf("an order never registered: %v", err)
	}
	if ends, ok := c.Endpoints(); !ok || ends.Notify != w.front.URL+"/n/"+storeID {
		t.Errorf("%+v", ends)
	}
	w.handler.Store(nil)
	if _, err := c.Register(t.Context(), w.registration(2)); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("a proxy's page: %v", err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	c.base = "http://" + closed.Addr().String()
	if _, err := c.Register(t.Context(), w.registration(2)); !errors.Is(err, payments.ErrUnreachable) {
		t.Errorf("nobody there: %v", err)
	}
}

func until(t testing.TB, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("did not happen")
}
