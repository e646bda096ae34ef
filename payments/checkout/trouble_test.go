package checkout

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

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
	for transport, want := range map[http.RoundTripper]error{
		&wrapped{inner: &http.Transport{}}: payments.ErrUnreachable,
		&wrapped{}:                         payments.ErrUnknown,
	} {
		nowhere.HTTP = &http.Client{Transport: transport}
		c, err := NewClient(nowhere)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Refund(t.Context(), refund()); !errors.Is(err, want) {
			t.Errorf("through a transport of somebody else: %v, want %v", err, want)
		}
	}
	c, err := NewClient(plain)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refund(t.Context(), refund()); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("plain text to a TLS port: %v, want unknown because bytes left", err)
	}
}

// wrapped is a RoundTripper of somebody else, around a transport or on its own.
type wrapped struct{ inner *http.Transport }

func (w *wrapped) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.inner == nil {
		return nil, io.ErrUnexpectedEOF
	}
	return w.inner.RoundTrip(r)
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
