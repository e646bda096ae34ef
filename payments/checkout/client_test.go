package checkout

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

const exampleOrder = "P0123456789ABCDEFGHJ"

func exampleFile(name string) []byte {
	raw, err := os.ReadFile(filepath.Join("testdata", "vectors", name))
	if err != nil {
		return nil
	}
	return raw
}

// standIn is a myPOS made for one test, over TLS with a certificate of its own.
type standIn struct {
	*httptest.Server
	store Store
	key   *PrivateKey // of the stand-in
	mu    sync.Mutex
	seen  []*http.Request
	forms []Fields
	// handle answers; the default is a paid order.
	handle func(w http.ResponseWriter, f Fields)
}

func newStandIn() *standIn {
	s := &standIn{}
	s.store, _ = ParsePack(exampleFile("sandbox_configuration_pack.txt"))
	s.key, _ = GenerateKey(rand.Reader, 2048)
	s.store.Certificate, _ = s.key.SelfSigned("stand-in", time.Unix(0, 0), time.Unix(1, 0), rand.Reader)
	s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, paid(exampleOrder)...) }
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		f, _ := ParseForm(body)
		s.mu.Lock()
		s.seen, s.forms = append(s.seen, r), append(s.forms, f)
		handle := s.handle
		s.mu.Unlock()
		handle(w, f)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	return s
}

func (s *standIn) config() Config {
	return Config{Store: s.store, Endpoint: s.URL + "/vmp/checkout", HTTP: s.Server.Client(), UserAgent: "Frontdesk 0.1.0"}
}

func (s *standIn) client() (*Client, error) { return NewClient(s.config()) }

func (s *standIn) answer(w io.Writer, root ...Node) {
	raw, err := SignJSON(s.key, root)
	if err == nil {
		_, _ = w.Write(raw)
	}
}

func text(name, value string) Node   { return Node{Name: name, Kind: String, Text: value} }
func number(name, value string) Node { return Node{Name: name, Kind: Number, Text: value} }

func paid(order string) []Node {
	return []Node{
		text("IPCMethod", MethodStatus), text("OrderID", order), text("PaymentMethod", "1"), text("PaymentStatus", "1"),
		text("PaymentReference", "MTCOR0123456XXK7"), text("Amount", "45.00"), text("Currency", "EUR"),
		text("IPC_Trnref", "410227"), text("DateTime", "2026-11-21 10:00:00"), text("FeeAmount", "0.60"),
		number("Status", "0"), text("StatusMsg", "Success"),
	}
}

// with returns the members with one replaced, or dropped when it has no kind.
func with(root []Node, name string, n Node) []Node {
	var out []Node
	for _, x := range root {
		switch {
		case x.Name != name:
			out = append(out, x)
		case n.Kind != "":
			out = append(out, n)
		}
	}
	return out
}

func open(t *testing.T, handle func(s *standIn, w http.ResponseWriter, f Fields)) (*standIn, *Client) {
	t.Helper()
	s := newStandIn()
	t.Cleanup(s.Close)
	if handle != nil {
		s.handle = func(w http.ResponseWriter, f Fields) { handle(s, w, f) }
	}
	c, err := s.client()
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestPaymentStatusDecidesOnPaymentStatus(t *testing.T) {
	base := paid(exampleOrder)
	tests := []struct {
		name string
		root []Node
		want payments.Outcome
		code string
		err  error
	}{
		{"paid", base, payments.Paid, "", nil},
		{"paid, as a number", with(base, "PaymentStatus", number("PaymentStatus", "1")), payments.Paid, "", nil},
		{"paid though Status is 1", with(base, "Status", number("Status", "1")), payments.Paid, "", nil},
		{"paid, amount written otherwise", with(base, "Amount", number("Amount", "45")), payments.Paid, "", nil},
		{"none", with(base, "PaymentStatus", text("PaymentStatus", "0")), payments.Absent, "", nil},
		{"pending", with(base, "PaymentStatus", text("PaymentStatus", "2")), payments.Pending, "", nil},
		{"unsuccessful", with(base, "PaymentStatus", text("PaymentStatus", "3")), payments.Declined, "", nil},
		{"reversed", with(base, "PaymentStatus", text("PaymentStatus", "4")), payments.Reversed, "", nil},
		{"a number nobody knows", with(base, "PaymentStatus", text("PaymentStatus", "7")), payments.Unknown, "", nil},
		{"no PaymentStatus, Status 0", with(base, "PaymentStatus", Node{}), "", "answer.missing", payments.ErrUnknown},
		{
			"no PaymentStatus, Status 5",
			with(with(base, "PaymentStatus", Node{}), "Status", number("Status", "5")),
			"", "status.5", payments.ErrRefused,
		},
		{"another order", paid("P9999999999999999999"), "", "answer.order", payments.ErrUnknown},
		{"no order", with(base, "OrderID", Node{}), "", "answer.order", payments.ErrUnknown},
		{"paid without amount", with(base, "Amount", Node{}), "", "answer.amount", payments.ErrUnknown},
		{"paid in nothing known", with(base, "Currency", text("Currency", "XXX")), "", "answer.amount", payments.ErrUnknown},
		{"paid without reference", with(base, "IPC_Trnref", Node{}), "", "answer.missing", payments.ErrUnknown},
		{"another method", with(base, "IPCMethod", text("IPCMethod", MethodRefund)), "", "answer.method", payments.ErrUnknown},
		{"no Status", with(base, "Status", Node{}), "", "answer.missing", payments.ErrUnknown},
	}
	s, c := open(t, nil)
	for _, tt := range tests {
		s.mu.Lock()
		s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, tt.root...) }
		s.mu.Unlock()
		got, err := c.PaymentStatus(t.Context(), exampleOrder)
		if !errors.Is(err, tt.err) || payments.CodeOf(err) != tt.code || got.Outcome != tt.want {
			t.Errorf("%s: %q, %v, want %q, %q", tt.name, got.Outcome, err, tt.want, tt.code)
		}
		if got.Outcome == payments.Paid && (got.Amount != money.Amount{Minor: 4500, Currency: "EUR"} || got.Reference != "410227") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestRequestsAreWhatMyPOSExpects(t *testing.T) {
	s, c := open(t, func(s *standIn, w http.ResponseWriter, f Fields) {
		s.answer(w, text("IPCmethod", f.Value("IPCmethod")), text("OrderID", f.Value("OrderID")), text("IPC_Trnref", "410227"),
			text("Amount", "10.25"), text("Currency", "EUR"), text("PaymentStatus", "0"), number("Status", "0"), text("StatusMsg", "Success"))
	})
	merchant, err := s.store.Key.SelfSigned("store", time.Unix(0, 0), time.Unix(1, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	calls := []struct {
		method string
		call   func() error
	}{
		{MethodStatus, func() error { _, err := c.PaymentStatus(t.Context(), exampleOrder); return err }},
		{MethodTxnStatus, func() error { _, err := c.TxnStatus(t.Context(), exampleOrder); return err }},
		{MethodTxnLog, func() error { _, err := c.TxnLog(t.Context(), exampleOrder); return err }},
		{MethodRefund, func() error { _, err := c.Refund(t.Context(), refund()); return err }},
		{MethodReversal, func() error { _, err := c.Reversal(t.Context(), "410227"); return err }},
	}
	for i, call := range calls {
		if err := call.call(); err != nil {
			t.Errorf("%s: %v", call.method, err)
			continue
		}
		r, f := s.seen[i], s.forms[i]
		if r.Method != http.MethodPost || r.URL.Path != "/vmp/checkout" || r.UserAgent() != "Frontdesk 0.1.0" ||
			r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s: %s %s, %v", call.method, r.Method, r.URL, r.Header)
		}
		if err := VerifyFields(f, merchant); err != nil {
			t.Errorf("%s: %v", call.method, err)
		}
		if last := f[len(f)-1].Name; last != "Signature" {
			t.Errorf("%s: last field is %s", call.method, last)
		}
		if f.Value("IPCmethod") != call.method || f.Value("OutputFormat") != "json" || f.Value("SID") != s.store.SID {
			t.Errorf("%s: sent %v", call.method, f)
		}
	}
}

func refund() RefundRequest {
	return RefundRequest{Reference: "410227", OrderID: "P0123456789ABCDEFGHR", Amount: money.Amount{Minor: 1025, Currency: "EUR"}}
}

func TestRefundIsDoneOnlyWhenTheAnswerSaysSo(t *testing.T) {
	done := []Node{
		text("IPCmethod", MethodRefund), text("IPC_Trnref", "410228"), text("Amount", "10.25"), text("Currency", "EUR"),
		number("Status", "0"), text("StatusMsg", "Success"),
	}
	tests := []struct {
		name string
		root []Node
		code string
		err  error
	}{
		{"done", done, "", nil},
		{"not enough money", with(done, "Status", number("Status", "13")), "status.13", payments.ErrRefused},
		{"a status nobody knows", with(done, "Status", number("Status", "77")), "status.77", payments.ErrRefused},
		{"another amount", with(done, "Amount", text("Amount", "1.00")), "answer.amount", payments.ErrUnknown},
		{"another currency", with(done, "Currency", text("Currency", "USD")), "answer.amount", payments.ErrUnknown},
		{"no amount", with(done, "Amount", Node{}), "answer.amount", payments.ErrUnknown},
		{"no reference", with(done, "IPC_Trnref", Node{}), "answer.missing", payments.ErrUnknown},
		{"another method", with(done, "IPCmethod", text("IPCmethod", MethodReversal)), "answer.method", payments.ErrUnknown},
	}
	s, c := open(t, nil)
	for _, tt := range tests {
		s.mu.Lock()
		s.handle = func(w http.ResponseWriter, _ Fields) { s.answer(w, tt.root...) }
		s.mu.Unlock()
		got, err := c.Refund(t.Context(), refund())
		if !errors.Is(err, tt.err) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.code)
		}
		if (tt.err == nil) != (got.Reference == "410228") {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

func TestTroubleOnTheWay(t *testing.T) {
	good := func(s *standIn) []byte {
		raw, _ := SignJSON(s.key, paid(exampleOrder))
		return raw
	}
	tests := []struct {
		name   string
		handle func(s *standIn, w http.ResponseWriter, f Fields)
		code   string
	}{
		{"status 500", func(s *standIn, w http.ResponseWriter, _ Fields) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = w.Write(good(s))
		}, "http.500"},
		{"status 404", func(_ *standIn, w http.ResponseWriter, _ Fields) { w.WriteHeader(http.StatusNotFound) }, "http.404"},
		{"redirect", func(s *standIn, w http.ResponseWriter, _ Fields) {
			w.Header().Set("Location", s.URL+"/elsewhere")
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, "http.307"},
		{"connection closed", func(_ *standIn, w http.ResponseWriter, _ Fields) { hijack(w, "") }, "net.cut"},
		{"cut in the body", func(_ *standIn, w http.ResponseWriter, _ Fields) {
			hijack(w, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"Status\":0")
		}, "net.cut"},
		{"no HTTP at all", func(_ *standIn, w http.ResponseWriter, _ Fields) { hijack(w, "hello\r\n\r\n") }, "net.cut"},
		{"endless", func(_ *standIn, w http.ResponseWriter, _ Fields) {
			_, _ = w.Write(bytes.Repeat([]byte(" "), MaxAnswer+1))
		}, "answer.size"},
		{"not JSON", func(_ *standIn, w http.ResponseWriter, _ Fields) { _, _ = io.WriteString(w, "<html>") }, "answer.malformed"},
		{"empty", func(*standIn, http.ResponseWriter, Fields) {}, "answer.malformed"},
		{"unsigned success", func(_ *standIn, w http.ResponseWriter, _ Fields) {
			raw, _ := PrintJSON(paid(exampleOrder))
			_, _ = w.Write(raw)
		}, "answer.unsigned"},
		{"changed on the way", func(s *standIn, w http.ResponseWriter, _ Fields) {
			_, _ = w.Write(bytes.Replace(good(s), []byte("45.00"), []byte("54.00"), 1))
		}, "signature.wrong"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, c := open(t, tt.handle)
			_, err := c.PaymentStatus(t.Context(), exampleOrder)
			if !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrUnreachable) || payments.CodeOf(err) != tt.code {
				t.Errorf("%v, want unknown with code %q", err, tt.code)
			}
			_, err = c.Refund(t.Context(), refund())
			if !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrRefused) {
				t.Errorf("refund: %v, want unknown", err)
			}
			if n := len(s.seen); n != 2 {
				t.Errorf("%d requests were sent for 2 calls", n)
			}
		})
	}
}

func hijack(w http.ResponseWriter, raw string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = io.WriteString(conn, raw)
	_ = conn.Close()
}

func TestUnsignedErrorCarriesTheUntrustedStatus(t *testing.T) {
	_, c := open(t, func(_ *standIn, w http.ResponseWriter, _ Fields) {
		_, _ = io.WriteString(w, `{"IPCMethod":"IPCGetPaymentStatus","Status":3,"StatusMsg":"<b>E_IPC_ERROR</b>\nline"}`)
	})
	_, err := c.PaymentStatus(t.Context(), exampleOrder)
	var unsigned *UnsignedError
	if !errors.As(err, &unsigned) || !errors.Is(err, ErrUnsigned) || !errors.Is(err, payments.ErrUnknown) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff(&UnsignedError{Status: StatusGeneralError, Text: "(b)E_IPC_ERROR(/b) line"}, unsigned); diff != "" {
		t.Error(diff)
	}
}

func TestNothingLeftIsUnreachable(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := closed.Addr().String()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	s := newStandIn()
	defer s.Close()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	stranger := s.config()
	stranger.HTTP = &http.Client{Transport: &http.Transport{}}
	nowhere := s.config()
	nowhere.Endpoint = "https://" + address + "/vmp/checkout"
	plain := s.config()
	plain.Endpoint = strings.Replace(s.URL, "https:", "http:", 1) + "/vmp/checkout"
	tests := []struct {
		name string
		c    Config
		ctx  context.Context
		code string
	}{
		{"nobody listens", nowhere, t.Context(), "net.dial"},
		{"a certificate nobody vouches for", stranger, t.Context(), "net.tls"},
		{"cancelled before", s.config(), ended, "net.cancelled"},
	}
	for _, tt := range tests {
		c, err := NewClient(tt.c)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Refund(tt.ctx, refund())
		if !errors.Is(err, payments.ErrUnreachable) || errors.Is(err, payments.ErrUnknown) || payments.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, want unreachable with code %q", tt.name, err, tt.code)
		}
	}
	if len(s.seen) != 0 {
		t.Errorf("%d requests arrived", len(s.seen))
	}
	c, err := NewClient(plain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refund(t.Context(), refund()); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("plain text to a TLS port: %v, want unknown because bytes left", err)
	}
}

func TestLimitsOfEachPhase(t *testing.T) {
	release := make(chan struct{})
	s := newStandIn()
	defer s.Close()
	defer close(release)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts and never shakes hands
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	const short = 50 * time.Millisecond
	tests := []struct {
		name   string
		limits Limits
		adjust func(*Config)
		handle func(w http.ResponseWriter, f Fields)
		err    error
	}{
		{"dial", Limits{Dial: short}, func(c *Config) {
			c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}}}
		}, nil, payments.ErrUnreachable},
		{"handshake", Limits{TLS: short}, func(c *Config) { c.Endpoint = "https://" + silent.Addr().String() + "/" }, nil, payments.ErrUnreachable},
		{"header", Limits{Header: short}, nil, func(http.ResponseWriter, Fields) { <-release }, payments.ErrUnknown},
		{"whole", Limits{Whole: 10 * short}, nil, func(w http.ResponseWriter, _ Fields) {
			_, _ = io.WriteString(w, "{")
			_ = http.NewResponseController(w).Flush()
			<-release
		}, payments.ErrUnknown},
	}
	for _, tt := range tests {
		config := s.config()
		config.Limits = tt.limits
		if tt.adjust != nil {
			tt.adjust(&config)
		}
		s.mu.Lock()
		s.handle = tt.handle
		s.mu.Unlock()
		c, err := NewClient(config)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.PaymentStatus(t.Context(), exampleOrder)
		if !errors.Is(err, tt.err) || payments.CodeOf(err) != "net.timeout" {
			t.Errorf("%s: %v, want %v with code net.timeout", tt.name, err, tt.err)
		}
	}
}

func TestCancelWhileWaitingIsUnknown(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	_, c := open(t, func(*standIn, http.ResponseWriter, Fields) {
		close(arrived)
		<-release
	})
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := c.Refund(ctx, refund())
		done <- err
	}()
	<-arrived
	cancel()
	if err := <-done; !errors.Is(err, payments.ErrUnknown) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want unknown and cancelled", err)
	}
}

func TestRefusedBeforeSending(t *testing.T) {
	s, c := open(t, nil)
	eur := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: "EUR"} }
	requests := map[string]RefundRequest{
		"order.id":        {Reference: "410227", Amount: eur(1)},
		"order.reference": {OrderID: "R1", Amount: eur(1)},
		"amount.zero":     {Reference: "410227", OrderID: "R1", Amount: eur(0)},
		"amount.negative": {Reference: "410227", OrderID: "R1", Amount: eur(-1)},
		"amount.limit":    {Reference: "410227", OrderID: "R1", Amount: eur(100_000_000)},
	}
	for code, r := range requests {
		if _, err := c.Refund(t.Context(), r); !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != code {
			t.Errorf("%v, want refused with code %q", err, code)
		}
	}
	for _, order := range []string{"", "a b", "a&b", strings.Repeat("x", 81)} {
		if _, err := c.PaymentStatus(t.Context(), order); !errors.Is(err, payments.ErrRefused) {
			t.Errorf("order %q: %v", order, err)
		}
	}
	if _, err := c.Reversal(t.Context(), ""); !errors.Is(err, payments.ErrRefused) {
		t.Errorf("reversal of nothing: %v", err)
	}
	if len(s.seen) != 0 {
		t.Errorf("%d requests were sent", len(s.seen))
	}
}

func TestNewClientRefusesUnsafeSettings(t *testing.T) {
	s := newStandIn()
	defer s.Close()
	unsafe := s.Server.Client().Transport.(*http.Transport).Clone()
	unsafe.TLSClientConfig.InsecureSkipVerify = true
	tests := []struct {
		code   string
		change func(*Config)
	}{
		{"config.http", func(c *Config) { c.HTTP = nil }},
		{"config.endpoint", func(c *Config) { c.Endpoint = "" }},
		{"config.endpoint", func(c *Config) { c.Endpoint = "http://www.mypos.com/vmp/checkout" }},
		{"config.endpoint", func(c *Config) { c.Endpoint = "https://user:pass@www.mypos.com/" }},
		{"config.endpoint", func(c *Config) { c.Endpoint = "https://www.mypos.com/?a=b" }},
		{"config.agent", func(c *Config) { c.UserAgent = " " }},
		{"config.agent", func(c *Config) { c.UserAgent = "a\r\nb" }},
		{"config.tls", func(c *Config) { c.HTTP = &http.Client{Transport: unsafe} }},
		{"key.none", func(c *Config) { c.Store.Key = nil }},
		{"certificate.none", func(c *Config) { c.Store.Certificate = nil }},
	}
	for _, tt := range tests {
		config := s.config()
		tt.change(&config)
		if _, err := NewClient(config); payments.CodeOf(err) != tt.code {
			t.Errorf("%v, want code %q", err, tt.code)
		}
	}
	for _, endpoint := range []string{LiveEndpoint, TestEndpoint, "http://127.0.0.1:8080/vmp/checkout", "http://[::1]:1/x"} {
		config := s.config()
		config.Endpoint = endpoint
		if _, err := NewClient(config); err != nil {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

func TestEarlierCertificatesStillVerify(t *testing.T) {
	s := newStandIn()
	defer s.Close()
	config := s.config()
	config.Store.Certificate, config.Earlier = sandboxCertificate(t), []*Certificate{config.Store.Certificate}
	c, err := NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.PaymentStatus(t.Context(), exampleOrder); err != nil || got.Outcome != payments.Paid {
		t.Errorf("%q, %v", got.Outcome, err)
	}
}

func TestClientIsSafeForConcurrentUse(t *testing.T) {
	_, c := open(t, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if got, err := c.PaymentStatus(t.Context(), exampleOrder); err != nil || got.Outcome != payments.Paid {
				t.Errorf("%q, %v", got.Outcome, err)
			}
		})
	}
	wg.Wait()
}

func TestTxnStatusAndLog(t *testing.T) {
	var inner Fields
	s, c := open(t, nil)
	inner, err := Sign(s.key, Fields{
		{"IPCmethod", MethodNotify},
		{"SID", s.store.SID},
		{"Amount", "45.00"},
		{"Currency", "EUR"},
		{"OrderID", exampleOrder},
		{"IPC_Trnref", "410227"},
	})
	if err != nil {
		t.Fatal(err)
	}
	nested := Node{Name: "OrderStatus", Kind: Object}
	for _, f := range inner {
		nested.Children = append(nested.Children, text(f.Name, f.Value))
	}
	forged := Node{Name: "OrderStatus", Kind: Object, Children: with(nested.Children, "Amount", text("Amount", "54.00"))}
	s.handle = func(w http.ResponseWriter, f Fields) {
		order := f.Value("OrderID")
		n := nested
		if order == "FORGED" {
			n = forged
		}
		if f.Value("IPCmethod") == MethodTxnLog {
			s.answer(w, text("IPCMethod", MethodTxnLog), text("OrderID", order), text("OrderStatus", "2"),
				Node{Name: "Log", Kind: Array, Children: []Node{
					{Kind: Object, Children: []Node{text("Time", "21.11.2026 10:00:00"), text("Action", "Check <cart>"), text("Result", "OK")}},
				}}, number("Status", "0"))
			return
		}
		s.answer(w, text("IPCMethod", MethodTxnStatus), text("OrderID", order), n, number("Status", "0"))
	}
	got, err := c.TxnStatus(t.Context(), exampleOrder)
	if err != nil || got.Last.Method != MethodNotify || got.Last.Reference != "410227" {
		t.Errorf("%+v, %v", got.Last, err)
	}
	if _, err := c.TxnStatus(t.Context(), "FORGED"); !errors.Is(err, payments.ErrUnknown) || !errors.Is(err, ErrSignature) {
		t.Errorf("a forged message inside a signed answer: %v", err)
	}
	if _, err := c.TxnStatus(t.Context(), "OTHER"); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("a message of another order inside: %v", err)
	}
	answer, err := c.TxnLog(t.Context(), exampleOrder)
	want := TxnLog{
		OrderID: exampleOrder, State: LogReversed,
		Rows: []LogRow{{"21.11.2026 10:00:00", "Check (cart)", "OK"}}, Raw: answer.Raw,
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Error(diff)
	}
}

func TestErrorsHoldNoSecrets(t *testing.T) {
	s, c := open(t, func(_ *standIn, w http.ResponseWriter, _ Fields) { w.WriteHeader(http.StatusBadGateway) })
	_, err := c.Refund(t.Context(), refund())
	key := string(s.store.Key.PEM())
	for _, shown := range []string{fmt.Sprint(err), fmt.Sprintf("%+v", s.store), fmt.Sprintf("%#v", s.store), fmt.Sprint(s.store.Key)} {
		for _, line := range strings.Split(key, "\n")[1:] {
			if len(line) > 20 && strings.Contains(shown, line) {
				t.Errorf("the private key stands in %q", shown)
			}
		}
		if strings.Contains(shown, "410227") {
			t.Errorf("a reference stands in %q", shown)
		}
	}
}
