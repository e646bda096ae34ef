package main

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// TestBehindProxy: a proxy does TLS. Paired desks work through it, nobody else
// passes for one, and limits count the customers, not the proxy.
func TestBehindProxy(t *testing.T) {
	t.Parallel()
	var target atomic.Pointer[url.URL]
	front := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target.Load())
		r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
		r.SetXForwarded()
	}})
	defer front.Close()
	s := &salon{t: t, data: filepath.Join(t.TempDir(), "relay"), web: front.Client(), provider: newProvider(t)}
	s.proc = start(t, "serve", "--data", s.data, "--listen", "127.0.0.1:0", "--public", front.URL, "--behind-proxy")
	defer func() { s.proc.end(syscall.SIGTERM) }()
	inside, err := url.Parse(s.proc.base)
	if err != nil {
		t.Fatal(err)
	}
	target.Store(inside)
	ask := func(base, from string) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+relay.PathPair, strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Forwarded-For", from)
		resp, err := s.web.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode
	}
	if got := ask(front.URL, "198.51.100.1"); got != http.StatusServiceUnavailable {
		t.Errorf("before a desk is paired: %d", got)
	}
	text, _ := s.owner("", "pair")
	code, _, _ := strings.Cut(text, "\n")
	p, err := client.Pair(t.Context(), client.PairConfig{BaseURL: front.URL, Code: code, Name: "Front", HTTP: s.web, Entropy: rand.Reader, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	cfg := client.Config{
		BaseURL: front.URL, Store: p.Store, Desk: p.Desk, Identity: p.Key, HTTP: s.web, Now: time.Now, Entropy: rand.Reader, ProbeEvery: -1,
	}
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.PutStore(t.Context(), s.store(p.Store)); err != nil {
		t.Fatal(err)
	}
	if ends, _ := c.Endpoints(); ends.Notify != front.URL+relay.PathNotify+p.Store {
		t.Errorf("%+v", ends)
	}
	for _, base := range []string{front.URL, s.proc.base} { // straight to the relay nobody is a desk either
		cfg.BaseURL, cfg.Store, cfg.Identity = base, storeID, nil
		stranger, err := client.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		err = stranger.PutStore(t.Context(), relay.Store{ID: storeID, SID: sid, Certificates: []string{string(s.provider.cert.PEM())}, Mode: "practice"})
		if !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != relay.CodeForbidden {
			t.Errorf("unsigned at %s: %v", base, err)
		}
	}
	// The proxy appends the address it sees: what the customer says does not count.
	last := 0
	for i := range 30 {
		last = ask(front.URL, "198.51.100."+string(rune('0'+i%10)))
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("30 guesses under other names: %d", last)
	}
}
