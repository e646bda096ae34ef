package simulator

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// keyBytes are one drawn store for all tests: drawing keys takes long.
var keyBytes = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "simulator")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "keys")
	if _, err := openKeys(path, Store{}, time.Now(), rand.Reader); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// shop is a merchant: it takes notices and answers as the test wants.
type shop struct {
	mu     sync.Mutex
	got    []checkout.Message
	bodies []string
	when   []time.Time
	answer func(m checkout.Message, n int) (*http.Response, error) // n counts from 1
	cert   *checkout.Certificate
}

func plain(code int, body string) *http.Response {
	return &http.Response{
		StatusCode: code, Status: http.StatusText(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"text/plain"}},
		Body:   io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func ok(checkout.Message, int) (*http.Response, error) { return plain(200, "OK"), nil }

// refuses answers everything of one method with another body.
func refuses(method string) func(checkout.Message, int) (*http.Response, error) {
	return func(m checkout.Message, n int) (*http.Response, error) {
		if m.Method == method {
			return plain(200, "ORDER NOT FOUND"), nil
		}
		return ok(m, n)
	}
}

func unreachable(checkout.Message, int) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}

func (s *shop) RoundTrip(r *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	m, err := checkout.VerifyForm(raw, s.cert)
	if err != nil {
		return plain(400, "INVALID SIGNATURE"), nil
	}
	s.mu.Lock()
	s.got, s.bodies, s.when = append(s.got, m), append(s.bodies, string(raw)), append(s.when, time.Now())
	n, answer := len(s.got), s.answer
	s.mu.Unlock()
	return answer(m, n)
}

// answers changes how the merchant answers from now on.
func (s *shop) answers(how func(checkout.Message, int) (*http.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = how
}

func (s *shop) methods() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, m := range s.got {
		names = append(names, strings.TrimPrefix(m.Method, "IPCPurchase"))
	}
	return strings.Join(names, " ")
}

// rig is a stand-in with a merchant and a browser, all without sockets.
type rig struct {
	t     testing.TB
	dir   string
	sim   *Simulator
	shop  *shop
	store checkout.Store
}

type option func(*Config)

func newRig(t testing.TB, options ...option) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), shop: &shop{answer: ok}}
	keys, err := keyBytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(r.state()+".keys", keys, 0o600); err != nil {
		t.Fatal(err)
	}
	r.start(options...)
	return r
}

func (r *rig) state() string { return filepath.Join(r.dir, "state") }

func (r *rig) config() Config {
	return Config{
		StateFile: r.state(), Now: time.Now, Entropy: rand.Reader, HTTP: &http.Client{Transport: r.shop},
		Log: slog.New(slog.NewTextHandler(r.t.Output(), nil)),
	}
}

// start opens the stand-in, again after a stop.
func (r *rig) start(options ...option) {
	r.t.Helper()
	c := r.config()
	for _, o := range options {
		o(&c)
	}
	if kept, err := os.ReadFile(r.state() + ".keys"); err == nil && r.shop.cert == nil {
		r.shop.cert = providerCertificate(r.t, kept) // notices may come before Open returns
	}
	sim, err := Open(c)
	if err != nil {
		r.t.Fatal(err)
	}
	r.sim, r.store = sim, sim.keys.store
	if r.shop.cert == nil {
		r.shop.cert = r.store.Certificate
	}
	r.t.Cleanup(func() { r.stop() })
}

func providerCertificate(t testing.TB, kept []byte) *checkout.Certificate {
	t.Helper()
	var f keyFile
	if err := json.Unmarshal(kept, &f); err != nil {
		t.Fatal(err)
	}
	k, err := f.parse()
	if err != nil {
		t.Fatal(err)
	}
	return k.store.Certificate
}

func (r *rig) stop() {
	r.t.Helper()
	if err := r.sim.Close(); err != nil {
		r.t.Error(err)
	}
}

func eur(text string) money.Amount {
	a, err := money.Parse(text, money.EUR)
	if err != nil {
		panic(err)
	}
	return a
}

// form is a signed form as the till makes it.
func (r *rig) form(order, amount string) checkout.Fields {
	r.t.Helper()
	f, err := r.store.PurchaseForm(checkout.Purchase{
		OrderID: order, Amount: eur(amount), Language: "en", Source: "test",
		Cart:  []checkout.CartRow{{Article: "Cut", Price: eur(amount)}},
		URLOK: "https://salon.example/ok", URLCancel: "https://salon.example/cancel", URLNotify: "https://salon.example/n",
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

// resign changes fields and signs again, as a caller with a wrong program would.
func (r *rig) resign(f checkout.Fields, changes ...[2]string) checkout.Fields {
	r.t.Helper()
	f = f.Without("Signature")
	for _, c := range changes {
		f = change(f, c[0], c[1])
	}
	return sign(r.t, r.store.Key, f)
}

const drop = "\x00drop"

func change(f checkout.Fields, name, value string) checkout.Fields {
	if value == drop {
		return f.Without(name)
	}
	out := append(checkout.Fields{}, f...)
	for i := range out {
		if strings.EqualFold(out[i].Name, name) {
			out[i].Value = value
			return out
		}
	}
	return append(out, checkout.Field{Name: name, Value: value})
}

func sign(t testing.TB, k *checkout.PrivateKey, f checkout.Fields) checkout.Fields {
	t.Helper()
	signed, err := checkout.Sign(k, f)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// do sends a request into the handler without sockets.
func (r *rig) do(method, path, kind, body string) *httptest.ResponseRecorder {
	return serveHTTP(r.sim.Handler(), method, path, kind, body)
}

func serveHTTP(h http.Handler, method, path, kind, body string) *httptest.ResponseRecorder {
	q := httptest.NewRequest(method, path, strings.NewReader(body))
	q.RemoteAddr, q.Host = "127.0.0.1:40000", "127.0.0.1:8070"
	q.Header.Set("User-Agent", "test")
	if kind != "" {
		q.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	return w
}

const formType = "application/x-www-form-urlencoded"

func (r *rig) post(path string, f checkout.Fields) *httptest.ResponseRecorder {
	return r.do(http.MethodPost, path, formType, f.Encode())
}

// open posts a purchase form and returns the path of its page.
func (r *rig) open(f checkout.Fields) string {
	r.t.Helper()
	w := r.post("/vmp/checkout", f)
	if w.Code != http.StatusSeeOther {
		r.t.Fatalf("form refused: %d %s", w.Code, errorCode(w))
	}
	return w.Header().Get("Location")
}

func (r *rig) get(path string) *httptest.ResponseRecorder { return r.do(http.MethodGet, path, "", "") }

// card submits the card form and returns the page the browser ends on.
func (r *rig) card(path, pan string) *httptest.ResponseRecorder {
	return r.submit(path, url.Values{"pan": {pan}, "exp": {"12/39"}, "cvc": {"123"}})
}

func (r *rig) submit(path string, v url.Values) *httptest.ResponseRecorder {
	w := r.do(http.MethodPost, path, formType, v.Encode())
	for range 5 {
		if w.Code != http.StatusSeeOther {
			break
		}
		w = r.get(w.Header().Get("Location"))
	}
	return w
}

// charge opens a page and pays it.
func (r *rig) charge(order, amount string) result {
	r.t.Helper()
	return r.result(r.card(r.open(r.form(order, amount)), panApproved))
}

var (
	codeMark   = regexp.MustCompile(`data-code="(\d+)"`)
	stageMark  = regexp.MustCompile(`data-stage="(\w+)"`)
	actionMark = regexp.MustCompile(`<form method="post" action="([^"]*)">`)
	hiddenMark = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// errorCode is the number on an error page, "" on any other.
func errorCode(w *httptest.ResponseRecorder) string { return first(codeMark, w.Body.String()) }

func first(mark *regexp.Regexp, text string) string {
	if m := mark.FindStringSubmatch(text); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

// result is what a result page tells and where it sends the browser.
type result struct {
	stage, action string
	message       checkout.Message
}

func (r *rig) result(w *httptest.ResponseRecorder) result {
	r.t.Helper()
	page := w.Body.String()
	out := result{stage: first(stageMark, page), action: first(actionMark, page)}
	var f checkout.Fields
	for _, m := range hiddenMark.FindAllStringSubmatch(page, -1) {
		f = append(f, checkout.Field{Name: html.UnescapeString(m[1]), Value: html.UnescapeString(m[2])})
	}
	if out.stage == "" {
		return out
	}
	var err error
	if out.message, err = checkout.VerifyForm([]byte(f.Encode()), r.store.Certificate); err != nil {
		r.t.Fatalf("the browser's message does not verify: %v", err)
	}
	return out
}

// handlerTransport leads a client into a handler. An aborted handler is a cut
// connection.
type handlerTransport struct{ handler http.Handler }

func (h handlerTransport) RoundTrip(q *http.Request) (answer *http.Response, err error) {
	defer func() {
		if p := recover(); p != nil {
			answer, err = nil, io.ErrUnexpectedEOF
		}
	}()
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	w := serveHTTP(h.handler, q.Method, q.URL.Path, q.Header.Get("Content-Type"), string(body))
	return w.Result(), nil
}

// client is the till's own client.
func (r *rig) client() *checkout.Client {
	r.t.Helper()
	c, err := checkout.NewClient(checkout.Config{
		Store: r.store, Endpoint: "http://127.0.0.1:8070/vmp/checkout", UserAgent: "test",
		HTTP: &http.Client{Transport: handlerTransport{r.sim.Handler()}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *rig) paymentState(order string) int {
	r.t.Helper()
	p, err := r.client().PaymentStatus(context.Background(), order)
	if err != nil {
		r.t.Fatal(err)
	}
	return p.State
}

// faults sets the fault script.
func (r *rig) faults(f ...Fault) {
	r.t.Helper()
	if err := r.sim.SetFaults(f...); err != nil {
		r.t.Fatal(err)
	}
}

// only returns the one payment of the truth.
func (r *rig) only() TruthPayment {
	r.t.Helper()
	t := r.sim.Truth()
	if len(t.Payments) != 1 {
		r.t.Fatalf("%d payments, want 1", len(t.Payments))
	}
	return t.Payments[0]
}
