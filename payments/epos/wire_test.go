package epos_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/money"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wire checks headers, remembers one call, and gives one answer.
type wire struct {
	t      *testing.T
	client *epos.Client

	mu     sync.Mutex
	got    string
	status int
	answer string
	passes []string
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t, status: 200}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	var err error
	w.client, err = epos.New(epos.Config{
		Host: server.URL + "/", PartnerID: "mps-p-1", ApplicationID: "mps-app-2", ClientID: "client_3", ClientSecret: "secret_canary&1",
		MerchantID: "cli_4", MerchantSecret: "sec_canary\"2", AppName: "Frontdesk", AppVersion: "1.2.3",
		HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "Frontdesk test",
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *wire) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.t.Error(err)
	}
	out.Header().Set("Content-Type", "application/json")
	h := func(name string) string { return name + "=" + r.Header.Get(name) }
	switch r.URL.Path {
	case "/api/v1/oauth/token":
		w.passes = append(w.passes, "token "+h("Content-Type")+" "+string(body))
		_, _ = io.WriteString(out, `{"access_token":"canary-token","token_type":"Bearer","expires_in":3600,"scope":"x"}`)
		return
	case "/api/v1/auth/session":
		w.passes = append(w.passes, "session "+h("Authorization")+" "+h("X-Partner-Id")+" "+h("X-Application-Id")+" "+string(body))
		_, _ = io.WriteString(out, `{"session":"canary-session","expires_in":300}`)
		return
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer canary-token", "X-Session": "canary-session", "X-Partner-Id": "mps-p-1", "X-Application-Id": "mps-app-2",
		"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Frontdesk test",
	} {
		if r.Header.Get(name) != want {
			w.t.Errorf("%s: %s is %q", r.URL, name, r.Header.Get(name))
		}
	}
	w.got = strings.TrimSpace(r.Method + " " + r.URL.String() + " " + string(body))
	out.WriteHeader(w.status)
	_, _ = io.WriteString(out, w.answer)
}

type wireCall struct {
	name   string
	do     func(context.Context, *epos.Client) (any, error)
	want   string
	answer string
}

func wireCalls() []wireCall {
	type client = epos.Client
	const answer = `{"payment_id":"a1","status":"InProgress"}`
	return []wireCall{
		{
			"create", func(ctx context.Context, c *client) (any, error) {
				s := sale("T-1", 4500)
				s.Tip = eur(500)
				return c.Create(ctx, s)
			},
			`POST /epos/v1/payments {"amount":{"currency_code":"EUR","tip":500,"value":4500},"app_name":"Frontdesk","app_version":"1.2.3","description":"Cut","operator_code":"7","reference_number":"T-1","terminal_id":"80000001"}`,
			answer,
		},
		{"payment", func(ctx context.Context, c *client) (any, error) { return c.Payment(ctx, "a1") }, `GET /epos/v1/payments/a1`, answer},
		{"cancel", func(ctx context.Context, c *client) (any, error) { return nil, c.Cancel(ctx, "a1") }, `DELETE /epos/v1/payments/a1`, `{"id":"a1"}`},
		{
			"reverse", func(ctx context.Context, c *client) (any, error) { return c.Reverse(ctx, "a1", tid, "x") },
			`POST /epos/v1/payments/a1/reversal {"app_name":"Frontdesk","app_version":"1.2.3","description":"x","terminal_id":"80000001"}`, answer,
		},
		{
			"refund", func(ctx context.Context, c *client) (any, error) {
				return c.Refund(ctx, tid, money.Amount{Minor: 1, Currency: money.GBP}, "")
			},
			`POST /epos/v1/payments/refund {"amount":{"currency_code":"GBP","value":1},"app_name":"Frontdesk","app_version":"1.2.3","description":"","terminal_id":"80000001"}`, answer,
		},
		{
			"list", func(ctx context.Context, c *client) (any, error) { return c.Payments(ctx, tid, 2, 50) },
			`GET /epos/v1/payments?page=2&size=50&terminal_id=80000001`, `{"items":[]}`,
		},
		{
			"terminals", func(ctx context.Context, c *client) (any, error) { return c.Terminals(ctx) },
			`GET /pos/v1/terminals?page=1&size=100`, `{"terminals":[]}`,
		},
		{
			"terminal", func(ctx context.Context, c *client) (any, error) { return c.Terminal(ctx, tid) },
			`GET /pos/v1/terminals/80000001`, `{"terminal_id":"80000001","status":"Active"}`,
		},
	}
}

func TestEveryCallSendsExactlyThis(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, c := range wireCalls() {
		w.answer = c.answer
		if _, err := c.do(t.Context(), w.client); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if w.got != c.want {
			t.Errorf("%s sent\n%s, want\n%s", c.name, w.got, c.want)
		}
	}
	want := []string{
		"token Content-Type=application/x-www-form-urlencoded client_id=client_3&client_secret=secret_canary%261&grant_type=client_credentials",
		`session Authorization=Bearer canary-token X-Partner-Id=mps-p-1 X-Application-Id=mps-app-2 {"client_id":"cli_4","client_secret":"sec_canary\"2"}`,
	}
	if strings.Join(w.passes, "\n") != strings.Join(want, "\n") {
		t.Errorf("passes\n%s", strings.Join(w.passes, "\n"))
	}
}

func TestEveryCallToldApartAndNothingSecret(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, c := range wireCalls() {
		for status, want := range map[int]error{
			400: payments.ErrRefused, 401: payments.ErrRefused, 403: payments.ErrRefused, 404: payments.ErrRefused,
			408: payments.ErrUnknown, 500: payments.ErrUnknown, 503: payments.ErrUnknown, 302: payments.ErrUnknown,
		} {
			w.status, w.answer = status, `{"title":"canary-echo"}`
			_, err := c.do(t.Context(), w.client)
			if !errors.Is(err, want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: %d gives %v", c.name, status, err)
			}
		}
		w.status = 200
		for _, odd := range []string{`"text"`, `12`, `[]`, `<html>`, `{"a":`} {
			w.answer = odd
			if _, err := c.do(t.Context(), w.client); !errors.Is(err, payments.ErrUnknown) {
				t.Errorf("%s: %q gives %v", c.name, odd, err)
			}
		}
	}
}

// An answer that speaks of another payment than was asked for is no answer.
func TestAnotherPaymentIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, answer := range []string{
		`{"payment_id":"a2","status":"Success","reference_number":"T-9","amount":{"value":4500,"currency_code":"EUR"}}`,
		`{"payment_id":"a2","status":"Success","reference_number":"T-1","amount":{"value":4501,"currency_code":"EUR"}}`,
		`{"status":"Success"}`, `{}`,
	} {
		w.answer = answer
		if _, err := w.client.Create(t.Context(), sale("T-1", 4500)); !errors.Is(err, payments.ErrUnknown) {
			t.Errorf("create takes %s: %v", answer, err)
		}
		if _, err := w.client.Payment(t.Context(), "a1"); !errors.Is(err, payments.ErrUnknown) {
			t.Errorf("payment takes %s: %v", answer, err)
		}
	}
}

func TestTwoPaymentsOfOneReference(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answer = `{"items":[{"payment_id":"a1","reference_number":"T-1"},{"payment_id":"a2","reference_number":"T-1"}],"total_pages":1}`
	if _, err := w.client.Lookup(t.Context(), tid, "T-1"); payments.CodeOf(err) != "epos.twice" || !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := epos.Config{
		Host: epos.Demo, PartnerID: "a", ApplicationID: "b", ClientID: "c", ClientSecret: "d", MerchantID: "e", MerchantSecret: "f",
		AppName: "g", AppVersion: "h", HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "t",
	}
	for name, c := range map[string]struct {
		change func(*epos.Config)
		code   string
	}{
		"production":  {func(c *epos.Config) { c.Host = epos.Production }, ""},
		"plain http":  {func(c *epos.Config) { c.Host = "http://gateway.example" }, "config.hosts"},
		"no secret":   {func(c *epos.Config) { c.MerchantSecret = " " }, "config.credentials"},
		"two lines":   {func(c *epos.Config) { c.PartnerID = "a\nb" }, "config.credentials"},
		"no network":  {func(c *epos.Config) { c.HTTP = nil }, "config.http"},
		"other signs": {func(c *epos.Config) { c.ClientID = "ключ" }, "config.credentials"},
	} {
		g := good
		c.change(&g)
		if _, err := epos.New(g); payments.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}
