package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

func (w *world) pairConfig(code string) PairConfig {
	return PairConfig{BaseURL: w.front.URL, Code: code, Name: "Front", HTTP: w.http, Entropy: rand.Reader, Now: w.now, RetryFor: 2 * time.Second}
}

func (w *world) code(store string) string {
	w.t.Helper()
	code, err := w.relay.NewCode(context.Background(), store)
	if err != nil {
		w.t.Fatal(err)
	}
	return code.Text
}

// member pairs a desk and returns its client, which has announced the store.
func (w *world) member(store string, change ...func(*Config)) (*Client, Paired) {
	w.t.Helper()
	p, err := Pair(w.t.Context(), w.pairConfig(w.code(store)))
	if err != nil {
		w.t.Fatal(err)
	}
	return w.client(append([]func(*Config){func(c *Config) {
		c.Store, c.Desk, c.Identity = p.Store, p.Desk, p.Key
	}}, change...)...), p
}

func (w *world) order(p Paired, i int) relay.Registration {
	r := w.registration(i)
	r.Store, r.Desk = p.Store, p.Desk
	for j, f := range r.Form {
		if f.Name == "URL_Notify" {
			r.Form[j].Value = w.front.URL + "/n/" + p.Store
		}
	}
	return r
}

// TestPair: what each wrong code gets, and that a lost answer costs nothing.
func TestPair(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		change func(*PairConfig)
		want   string
	}{
		"mistyped":  {func(c *PairConfig) { c.Code = c.Code[1:] }, "pair.malformed"},
		"no code":   {func(c *PairConfig) { c.Code = "" }, "pair.malformed"},
		"guessed":   {func(c *PairConfig) { c.Code = relay.FormatCode([16]byte{7}) }, relay.CodePairUnknown},
		"no name":   {func(c *PairConfig) { c.Name = " " }, "pair.name"},
		"in clear":  {func(c *PairConfig) { c.BaseURL = "http://pay.example" }, relay.CodeInsecure},
		"no relay":  {func(c *PairConfig) { c.BaseURL = "http://127.0.0.1:1" }, "relay.unreachable"},
		"no scheme": {func(c *PairConfig) { c.BaseURL = "pay.example" }, "relay.address"},
	} {
		cfg := w.pairConfig(w.code(""))
		cfg.RetryFor = 10 * time.Millisecond
		c.change(&cfg)
		if _, err := Pair(t.Context(), cfg); payments.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	code := w.code("")
	h := *w.handler.Load()
	var lost atomic.Int32
	var losing http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == relay.PathPair && lost.Add(1) < 3 {
			h.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&losing)
	p, err := Pair(t.Context(), w.pairConfig(code))
	if err != nil || lost.Load() != 3 {
		t.Fatalf("after lost answers: %v, %d", err, lost.Load())
	}
	if list := w.relay.Desks(p.Store); len(list) != 1 || list[0].ID != p.Desk {
		t.Errorf("%+v", list)
	}
	if _, err := Pair(t.Context(), w.pairConfig(code)); payments.CodeOf(err) != relay.CodePairUsed || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("used: %v", err)
	}
	w.skew.Store(int64(time.Hour))
	if _, err := Pair(t.Context(), w.pairConfig(w.code(p.Store))); err != nil {
		t.Errorf("a second desk: %v", err)
	}
	fresh := w.code(p.Store)
	w.skew.Store(int64(2 * time.Hour))
	if _, err := Pair(t.Context(), w.pairConfig(fresh)); payments.CodeOf(err) != relay.CodePairExpired {
		t.Errorf("late: %v", err)
	}
}

// TestTwoDesks: a notice goes to the desk that registered the order, over
// either way, across a restart of the relay; the other is told of unknown ones
// only.
func TestTwoDesks(t *testing.T) {
	w := newWorld(t)
	first, p1 := w.member("")
	second, p2 := w.member(p1.Store, func(c *Config) { c.LongPoll = true })
	if p1.Store != p2.Store || p1.Desk == p2.Desk {
		t.Fatalf("%+v %+v", p1, p2)
	}
	d1, d2 := w.run(first, payments.Position{}), w.run(second, payments.Position{})
	for i, who := range []struct {
		c *Client
		p Paired
	}{{first, p1}, {second, p2}, {first, p1}, {second, p2}} {
		if i == 2 {
			w.stop()
			w.start()
		}
		if _, err := who.c.Register(t.Context(), w.order(who.p, i)); err != nil {
			t.Fatal(err)
		}
		w.post(p1.Store, i)
	}
	until(t, func() bool { return d1.count() == 2 && d2.count() == 2 })
	if v := d1.next(t); v.OrderID != "P0" || !bytes.Contains(v.Body, []byte("IPCPurchaseNotify")) {
		t.Errorf("%+v", v) // it was sealed on its way
	}
	for _, c := range []*Client{first, second} {
		until(t, func() bool { return c.Probe(t.Context()) == nil })
	}
	list, err := second.Desks(t.Context())
	if err != nil || len(list) != 2 || list[0].Seen.IsZero() {
		t.Errorf("%+v %v", list, err)
	}
}

// TestRestoredRelay: the relay's data was put back from a copy. The desk hears
// of the new epoch and is told everything again, what came after the copy once
// it is posted again.
func TestRestoredRelay(t *testing.T) {
	w := newWorld(t)
	renewed := make(chan string, 1)
	c, p := w.member("", func(cfg *Config) {
		cfg.OnEpoch = func(_ context.Context, epoch string) error {
			renewed <- epoch
			return nil
		}
	})
	d := w.run(c, payments.Position{})
	say := func(i int) payments.Position {
		t.Helper()
		if _, err := c.Register(t.Context(), w.order(p, i)); err != nil {
			t.Fatal(err)
		}
		w.post(p.Store, i)
		v := d.next(t)
		if want := fmt.Sprintf("P%d", i); v.OrderID != want {
			t.Fatalf("%s, want %s", v.OrderID, want)
		}
		return v.Position
	}
	before := say(1)
	w.stop()
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	w.start()
	say(2)
	w.stop()
	if err := errors.Join(os.RemoveAll(w.dir), os.Rename(copied, w.dir)); err != nil {
		t.Fatal(err)
	}
	w.start()
	if epoch := <-renewed; epoch == before.Epoch {
		t.Error("the epoch is the same")
	}
	if v := d.next(t); v.OrderID != "P1" || v.Position.Epoch == before.Epoch {
		t.Errorf("%s at %+v, want P1 from the beginning", v.OrderID, v.Position)
	}
	if got := say(2); got.Epoch == before.Epoch {
		t.Error("the epoch is the old one")
	}
}

// TestWrongClock: a desk whose clock is off is told so, with the relay's time,
// ahead and behind.
func TestWrongClock(t *testing.T) {
	w := newWorld(t)
	for _, off := range []time.Duration{relay.SkewLimit + time.Minute, -relay.SkewLimit - time.Minute} {
		c, p := w.member("")
		wrong, err := New(Config{
			BaseURL: w.front.URL, Store: p.Store, Desk: p.Desk, Identity: p.Key, HTTP: w.http, Entropy: rand.Reader,
			Now: func() time.Time { return w.now().Add(off) },
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = wrong.Desks(t.Context())
		var skew *relay.SkewError
		if payments.CodeOf(err) != relay.CodeSkew || !errors.As(err, &skew) || (skew.Skew()-off).Abs() > 10*time.Second {
			t.Errorf("%v: %v", off, err)
		}
		if got := wrong.Proof().Skew; (got - off).Abs() > 10*time.Second {
			t.Errorf("%v: proof says %v", off, got)
		}
		if _, err := c.Desks(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// TestProbeGoesStraight: an address that sends the probe elsewhere proves
// nothing about notices.
func TestProbeGoesStraight(t *testing.T) {
	w := newWorld(t)
	c, p := w.member("")
	w.run(c, payments.Position{})
	until(t, func() bool { return c.Probe(t.Context()) == nil })
	h := *w.handler.Load()
	var sending http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == relay.PathNotify+p.Store {
			http.Redirect(rw, r, w.front.URL+"/elsewhere", http.StatusTemporaryRedirect)
			return
		}
		if r.URL.Path == "/elsewhere" {
			r.URL.Path = relay.PathNotify + p.Store
		}
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&sending)
	if err := c.Probe(t.Context()); !errors.Is(err, payments.ErrUnknown) || c.Proof().Err == "" {
		t.Errorf("%v, %+v", err, c.Proof())
	}
}

// TestKeyStaysHome: the key of a desk stays with it.
func TestKeyStaysHome(t *testing.T) {
	w := newWorld(t)
	var seen atomic.Pointer[[]byte]
	h := *w.handler.Load()
	var watching http.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var b bytes.Buffer
		if err := r.Clone(context.Background()).Header.Write(&b); err != nil {
			t.Error(err)
		}
		body := new(bytes.Buffer)
		if _, err := body.ReadFrom(r.Body); err != nil {
			t.Error(err)
		}
		r.Body = http.NoBody
		if body.Len() > 0 {
			r.Body = readCloser{bytes.NewReader(body.Bytes())}
		}
		b.Write(body.Bytes())
		all := b.Bytes()
		if old := seen.Load(); old != nil {
			all = append(*old, all...)
		}
		seen.Store(&all)
		h.ServeHTTP(rw, r)
	})
	w.handler.Store(&watching)
	c, p := w.member("")
	if _, err := c.Register(t.Context(), w.order(p, 1)); err != nil {
		t.Fatal(err)
	}
	quoted, err := json.Marshal([]byte(p.Key.Seed()))
	if err != nil {
		t.Fatal(err)
	}
	if sent := *seen.Load(); bytes.Contains(sent, p.Key.Seed()) || bytes.Contains(sent, bytes.Trim(quoted, `"`)) || len(sent) < 1000 {
		t.Errorf("%d bytes were sent and hold the key", len(sent))
	}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
