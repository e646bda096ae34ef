package checkout

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/payments"
)

const tryOrder = "TEST0123456789ABCDEF"

// absent is the signed answer about an order that does not exist.
func absent(order string) []Node {
	return []Node{text("IPCMethod", MethodStatus), text("OrderID", order), text("PaymentStatus", "0"), number("Status", "0"), text("StatusMsg", "Success")}
}

func refusal(s Status) []Node {
	return []Node{text("IPCMethod", MethodStatus), number("Status", strconv.Itoa(int(s))), text("StatusMsg", s.Name())}
}

// TestTry: what each kind of answer shows.
func TestTry(t *testing.T) {
	t.Parallel()
	type handler = func(s *standIn, w http.ResponseWriter, f Fields)
	unsigned := func(status string) handler {
		return func(_ *standIn, w http.ResponseWriter, _ Fields) {
			_, _ = w.Write([]byte(`{"IPCMethod":"IPCGetPaymentStatus","Status":"` + status + `","StatusMsg":"x"}`))
		}
	}
	page := func(code int, kind string) handler {
		return func(_ *standIn, w http.ResponseWriter, _ Fields) {
			w.Header().Set("Content-Type", kind)
			if code >= 300 && code < 400 {
				w.Header().Set("Location", "https://login.hotel.example/")
			}
			w.WriteHeader(code)
			_, _ = w.Write([]byte("<html>Welcome to our network</html>"))
		}
	}
	for name, c := range map[string]struct {
		handle handler
		code   string
		signed bool
		status Status
	}{
		"no such order":     {func(s *standIn, w http.ResponseWriter, _ Fields) { s.answer(w, absent(tryOrder)...) }, "", true, 0},
		"refused, signed":   {func(s *standIn, w http.ResponseWriter, _ Fields) { s.answer(w, refusal(StatusInvalidSID)...) }, "status.4", true, StatusInvalidSID},
		"refused, unsigned": {unsigned("3"), "answer.unsigned", false, StatusGeneralError},
		"another certificate": {func(s *standIn, w http.ResponseWriter, _ Fields) {
			raw, err := SignJSON(s.store.Key, absent(tryOrder))
			if err == nil {
				_, _ = w.Write(raw)
			}
		}, "signature.wrong", false, 0},
		"a page":           {page(200, "text/html; charset=utf-8"), "net.portal", false, 0},
		"a way elsewhere":  {page(302, "text/plain"), "net.portal", false, 0},
		"an error page":    {page(503, "text/plain"), "http.503", false, 0},
		"not JSON":         {func(_ *standIn, w http.ResponseWriter, _ Fields) { _, _ = w.Write([]byte("OK")) }, "answer.malformed", false, 0},
		"another's answer": {func(s *standIn, w http.ResponseWriter, _ Fields) { s.answer(w, absent("OTHER")...) }, "answer.order", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, c1 := open(t, c.handle)
			got := c1.Try(t.Context(), tryOrder, time.Now)
			if payments.CodeOf(got.Err) != c.code || got.Signed != c.signed || got.Status != c.status {
				t.Errorf("%+v (%q)", got, payments.CodeOf(got.Err))
			}
			if got.Ahead.Abs() > 5*time.Second {
				t.Errorf("clocks differ by %v", got.Ahead)
			}
		})
	}
}

// TestTryTellsClocksApart: the Date of the answer is compared with our clock.
func TestTryTellsClocksApart(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-10 * time.Minute, -40 * time.Second, 40 * time.Second, 10 * time.Minute} {
		_, c := open(t, func(s *standIn, w http.ResponseWriter, _ Fields) {
			w.Header().Set("Date", time.Now().Add(-off).UTC().Format(http.TimeFormat))
			s.answer(w, absent(tryOrder)...)
		})
		got := c.Try(t.Context(), tryOrder, time.Now)
		if got.Err != nil || (got.Ahead-off).Abs() > 3*time.Second {
			t.Errorf("%v off: %+v", off, got)
		}
	}
}

// TestTryTellsConnectionsApart: no network, nobody there, somebody in between,
// and certificates of another time.
func TestTryTellsConnectionsApart(t *testing.T) {
	t.Parallel()
	s := newStandIn()
	t.Cleanup(s.Close)
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "https://" + closed.Addr().String()
	_ = closed.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	name := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "www.mypos.com", IsNotFound: true}}
	}
	trusted := s.Client().Transport.(*http.Transport)
	for code, c := range map[string]struct {
		at        string
		transport *http.Transport
		now       time.Time
	}{
		"net.dial":        {nobody, trusted.Clone(), time.Time{}},
		"net.name":        {s.URL, &http.Transport{DialContext: name}, time.Time{}},
		"net.intercepted": {s.URL, &http.Transport{}, time.Time{}},
		"net.portal":      {strings.Replace(plain.URL, "http://", "https://", 1), trusted.Clone(), time.Time{}},
		"net.clock":       {s.URL, trusted.Clone(), time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		cfg := s.config()
		if !c.now.IsZero() {
			c.transport.TLSClientConfig.Time = func() time.Time { return c.now }
		}
		cfg.Endpoint, cfg.HTTP = c.at+"/vmp/checkout", &http.Client{Transport: c.transport}
		client, err := NewClient(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if got := client.Try(t.Context(), tryOrder, time.Now); payments.CodeOf(got.Err) != code {
			t.Errorf("want %s: %+v", code, got)
		}
		c.transport.CloseIdleConnections()
	}
}
