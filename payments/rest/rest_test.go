package rest_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/rest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// canary stands where secrets stand; no error may ever hold it.
const canary = "canary-9f3b1c"

func caller(t *testing.T, change func(*rest.Config)) *rest.Caller {
	t.Helper()
	c := rest.Config{HTTP: &http.Client{}, UserAgent: "test", Now: time.Now, Entropy: rand.Reader}
	if change != nil {
		change(&c)
	}
	made, err := rest.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func post(address string) rest.Call {
	return rest.Call{
		Op: "test.post", Method: http.MethodPost, URL: address, Body: []byte(`{"secret":"` + canary + `"}`),
		Header: http.Header{"Authorization": {"Bearer " + canary}},
	}
}

func check(t *testing.T, name string, err error, code string, condition error) {
	t.Helper()
	if payments.CodeOf(err) != code || !errors.Is(err, condition) {
		t.Errorf("%s: %v, want %s and %v", name, err, code, condition)
	}
	if err != nil && strings.Contains(err.Error(), canary) {
		t.Errorf("%s: the error holds a secret: %v", name, err)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	const json, page = "application/json", "text/html; charset=utf-8"
	for name, c := range map[string]struct {
		status     int
		kind, body string
		code       string
		condition  error
	}{
		"fine":                {200, json, `{"a":1}`, "", nil},
		"created":             {201, json, `{"a":1}`, "", nil},
		"a list":              {200, json, `[]`, "", nil},
		"json as text":        {200, "text/plain", `{"a":1}`, "", nil},
		"empty":               {200, json, ``, "rest.answer", payments.ErrUnknown},
		"cut short":           {200, json, `{"a":`, "rest.answer", payments.ErrUnknown},
		"two values":          {200, json, `{} {}`, "rest.answer", payments.ErrUnknown},
		"deep":                {200, json, strings.Repeat("[", 40) + strings.Repeat("]", 40), "rest.answer", payments.ErrUnknown},
		"page":                {200, page, `<html>`, "rest.portal", payments.ErrUnknown},
		"page called json":    {200, json, "\xef\xbb\xbf <html>" + canary, "rest.portal", payments.ErrUnknown},
		"page with 511":       {511, page, `<html>`, "rest.portal", payments.ErrUnknown},
		"page with 403":       {403, page, `<html>`, "rest.portal", payments.ErrRefused},
		"page with 500":       {500, page, `<html>`, "rest.500", payments.ErrUnknown},
		"page with 404":       {404, page, `<html>`, "rest.404", payments.ErrRefused},
		"redirect":            {302, page, ``, "rest.redirect", payments.ErrUnknown},
		"kept redirect":       {307, json, `{}`, "rest.redirect", payments.ErrUnknown},
		"bad request":         {400, json, `{"error":"` + canary + `"}`, "rest.400", payments.ErrRefused},
		"no access":           {401, json, `{}`, "rest.401", payments.ErrRefused},
		"conflict":            {409, json, `{}`, "rest.409", payments.ErrRefused},
		"timeout of theirs":   {408, json, `{}`, "rest.408", payments.ErrUnknown},
		"too often":           {429, json, `{}`, "rest.429", payments.ErrRefused},
		"broken":              {500, json, `{"error":"` + canary + `"}`, "rest.500", payments.ErrUnknown},
		"gateway":             {504, json, ``, "rest.504", payments.ErrUnknown},
		"long":                {200, json, `"` + strings.Repeat("a", 5<<20) + `"`, "rest.size", payments.ErrUnknown},
		"refused, and long":   {400, json, strings.Repeat("a", 5<<20), "rest.400", payments.ErrRefused},
		"no content for JSON": {204, json, ``, "rest.answer", payments.ErrUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var elsewhere atomic.Int32
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					elsewhere.Add(1)
				}
				w.Header().Set("Content-Type", c.kind)
				if c.status/100 == 3 {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.body)
			})
			body, err := caller(t, nil).Do(t.Context(), post(s.URL+"/"))
			check(t, name, err, c.code, c.condition)
			if (body == nil) != (c.code != "") {
				t.Errorf("%d bytes with error %v", len(body), err)
			}
			if elsewhere.Load() != 0 {
				t.Error("a redirect was followed")
			}
		})
	}
}

func TestABareAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	c := post(s.URL)
	c.Bare = true
	if body, err := caller(t, nil).Do(t.Context(), c); body != nil || err != nil {
		t.Errorf("%q, %v", body, err)
	}
}

// What never left is told apart from what may have been carried out.
func TestTheNetwork(t *testing.T) {
	t.Parallel()
	hang := make(chan struct{})
	slow := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(hang) })
	cut := serve(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	short := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"a":1`)
	})
	closed := serve(t, func(http.ResponseWriter, *http.Request) {})
	closed.Close()

	quick := func(c *rest.Config) { c.Limits = rest.Limits{Header: 100 * time.Millisecond} }
	check(t, "cut", second(caller(t, nil).Do(t.Context(), post(cut.URL))), "net.cut", payments.ErrUnknown)
	check(t, "short", second(caller(t, nil).Do(t.Context(), post(short.URL))), "net.cut", payments.ErrUnknown)
	check(t, "slow", second(caller(t, quick).Do(t.Context(), post(slow.URL))), "net.timeout", payments.ErrUnknown)
	check(t, "nobody", second(caller(t, nil).Do(t.Context(), post(closed.URL))), "net.dial", payments.ErrUnreachable)
	check(t, "no address", second(caller(t, nil).Do(t.Context(), post("http://127.0.0.1:x"))), "config.endpoint", payments.ErrUnreachable)

	drip := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(10 * time.Millisecond)
		}
	})
	whole := func(c *rest.Config) { c.Limits = rest.Limits{Whole: 100 * time.Millisecond} }
	check(t, "an answer without end", second(caller(t, whole).Do(t.Context(), post(drip.URL))), "net.timeout", payments.ErrUnknown)

	name := func(c *rest.Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}
		}}}
	}
	check(t, "no name", second(caller(t, name).Do(t.Context(), post("https://transactions-api.example"))), "net.name", payments.ErrUnreachable)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	check(t, "cancelled before", second(caller(t, nil).Do(ctx, post(slow.URL))), "net.cancelled", payments.ErrUnreachable)

	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	arrived := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		cancel()
		<-r.Context().Done()
	})
	check(t, "cancelled while waiting", second(caller(t, nil).Do(ctx, post(arrived.URL))), "net.cancelled", payments.ErrUnknown)

	odd := func(c *rest.Config) { c.HTTP = &http.Client{Transport: mute{}} }
	check(t, "a transport that tells nothing", second(caller(t, odd).Do(t.Context(), post(closed.URL))), "net.cut", payments.ErrUnknown)
}

// mute is a transport that does not tell whether it had a connection.
type mute struct{}

func (mute) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("something") }

func second(_ []byte, err error) error { return err }

// authority is a certificate authority of a test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test"}, NotBefore: time.Now().Add(-24 * time.Hour),
		NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return authority{cert, key, pool}
}

func (a authority) issue(t *testing.T, host string, from, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: until, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: raw}))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

// A network that puts itself in between, a wrong clock, and a server without TLS.
func TestTLS(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	now := time.Now()
	plain := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	for name, c := range map[string]struct {
		pair tls.Certificate
		max  uint16
		code string
	}{
		"fine":            {ours.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)), 0, ""},
		"intercepted":     {theirs.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)), 0, "net.tls"},
		"other name":      {ours.issue(t, "portal.example", now.Add(-time.Hour), now.Add(time.Hour)), 0, "net.tls"},
		"clock ahead":     {ours.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(-time.Minute)), 0, "net.clock"},
		"clock behind":    {ours.issue(t, "127.0.0.1", now.Add(time.Minute), now.Add(time.Hour)), 0, "net.clock"},
		"an old protocol": {ours.issue(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)), tls.VersionTLS11, "net.tls"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int32
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked.Add(1)
				_, _ = io.WriteString(w, "{}")
			}))
			s.TLS = &tls.Config{Certificates: []tls.Certificate{c.pair}, MinVersion: tls.VersionTLS10, MaxVersion: c.max}
			s.Config.ErrorLog = quiet(t)
			s.StartTLS()
			t.Cleanup(s.Close)
			trust := func(r *rest.Config) {
				r.HTTP = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ours.pool}}}
			}
			_, err := caller(t, trust).Do(t.Context(), post(s.URL))
			if c.code == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			check(t, name, err, c.code, payments.ErrUnreachable)
			if asked.Load() != 0 {
				t.Error("the request left")
			}
		})
	}
	_, err := caller(t, nil).Do(t.Context(), post(strings.Replace(plain.URL, "http:", "https:", 1)))
	check(t, "no TLS at all", err, "net.tls", payments.ErrUnreachable)
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := rest.Config{HTTP: &http.Client{}, UserAgent: "test", Now: time.Now, Entropy: rand.Reader}
	for code, change := range map[string]func(*rest.Config){
		"config.http":    func(c *rest.Config) { c.HTTP = nil },
		"config.agent":   func(c *rest.Config) { c.UserAgent = "a\r\nX-Evil: 1" },
		"config.clock":   func(c *rest.Config) { c.Now = nil },
		"config.entropy": func(c *rest.Config) { c.Entropy = nil },
		"config.tls": func(c *rest.Config) {
			c.HTTP = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
		},
	} {
		c := good
		change(&c)
		if _, err := rest.New(c); payments.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://api.example":       "https://api.example",
		"https://api.example/":      "https://api.example",
		"https://api.example/base/": "https://api.example/base",
		"http://127.0.0.1:8070":     "http://127.0.0.1:8070",
		"http://localhost:1":        "http://localhost:1",
		"http://192.168.1.4:8070":   "http://192.168.1.4:8070",
		"http://api.example":        "",
		"http://8.8.8.8":            "",
		"ftp://api.example":         "",
		"https://a:b@api.example":   "",
		"https://api.example?x=1":   "",
		"https://api.example#x":     "",
		"https://":                  "",
		"api.example":               "",
		"https://api example":       "",
		"":                          "",
	} {
		if got, ok := rest.Host(address); got != want || ok != (want != "") {
			t.Errorf("Host(%q) = %q, %v", address, got, ok)
		}
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	c := caller(t, nil)
	seen := map[string]bool{}
	for range 1000 {
		id, err := c.RequestID()
		if err != nil || len(id) != 36 || id[14] != '4' || !strings.ContainsRune("89ab", rune(id[19])) || seen[id] {
			t.Fatalf("%q, %v", id, err)
		}
		seen[id] = true
	}
	empty := caller(t, func(r *rest.Config) { r.Entropy = bytes.NewReader(nil) })
	if _, err := empty.RequestID(); err == nil {
		t.Error("a name without entropy")
	}
}

// quiet sends what a server complains about to the log of the test.
func quiet(t *testing.T) *log.Logger { return log.New(t.Output(), "", 0) }
