package merchant_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
)

const (
	clientID = "ZZ-1234-5678"
	// canary is a secret with characters that escaping would change.
	canary = "canary+7f/=&%x"
	bearer = "canary-bearer-51"
)

var uuid = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// wire is a stand-in that checks headers, remembers one call, and gives one answer.
type wire struct {
	t      *testing.T
	server *httptest.Server
	client *merchant.Client

	mu     sync.Mutex
	tokens int
	ids    map[string]bool
	got    string // "METHOD path?query body"
	token  string // answer of the token call
	status int
	answer string
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t, ids: map[string]bool{}, status: 200, token: `{"access_token":"` + bearer + `","token_type":"Bearer","expires_in":3600}`}
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	var err error
	w.client, err = merchant.New(merchant.Config{
		ClientID: " " + clientID + "\n", ClientSecret: canary, HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "Frontdesk test",
		Hosts: merchant.Hosts{Auth: w.server.URL + "/auth/", Transactions: w.server.URL + "/trn", Devices: w.server.URL + "/dev"},
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
	if r.URL.Path == "/auth/oauth/token" {
		w.tokens++
		want := "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+":"+canary))
		if r.Method != "POST" || r.Header.Get("Authorization") != want || string(body) != "grant_type=client_credentials" ||
			r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.Header.Get("User-Agent") != "Frontdesk test" {
			w.t.Errorf("token call: %s %v %q", r.Method, r.Header, body)
		}
		_, _ = io.WriteString(out, w.token)
		return
	}
	id := r.Header.Get("X-Request-ID")
	if r.Header.Get("Authorization") != "Bearer "+bearer || r.Header.Get("API-Key") != clientID || !uuid.MatchString(id) || w.ids[id] ||
		r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept") != "application/json" || r.Header.Get("User-Agent") != "Frontdesk test" {
		w.t.Errorf("headers of %s: %v", r.URL.Path, r.Header)
	}
	w.ids[id] = true
	w.got = strings.TrimSpace(r.Method + " " + r.URL.String() + " " + string(body))
	out.WriteHeader(w.status)
	_, _ = io.WriteString(out, w.answer)
}

// gives sets the next answers.
func (w *wire) gives(status int, answer string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.status, w.answer = status, answer
}

// wireCall is one call with the bytes it sends.
type wireCall struct {
	name   string
	do     func(context.Context, *merchant.Client) (any, error)
	want   string
	answer string
	result any // nil is not compared
}

func calls(t *testing.T) []wireCall {
	type client = merchant.Client
	day := time.Date(2026, 11, 21, 23, 30, 0, 0, time.FixedZone("", 7200))
	yes := true
	return append(paymentCalls(t, day), []wireCall{
		{
			"devices", func(ctx context.Context, c *client) (any, error) { return c.Devices(ctx) },
			"GET /dev/v1.1/devices?page=1&size=100", `{"devices":[{"terminal_id":"90004889","serial_number":123,"model":"Ultra"}]}`,
			[]merchant.Device{{
				TerminalID: "90004889", SerialNumber: "123", Model: "Ultra",
				Raw: json.RawMessage(`{"terminal_id":"90004889","serial_number":123,"model":"Ultra"}`),
			}},
		},
		{
			"device", func(ctx context.Context, c *client) (any, error) { return c.Device(ctx, "90004889") },
			"GET /dev/v1.1/devices/90004889", `{"device":{"terminal_id":"90004889"}}`, nil,
		},
		{
			"device transactions", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.DeviceTransactions(ctx, merchant.DeviceTransactionQuery{
					Page: 2, Size: 500, From: day, To: day, TerminalID: "90004889", RRN: "1", STAN: "2", ReferenceNumber: "T1",
				})
				return list, err
			},
			"GET /dev/v1.1/devices/90004889/transactions?from_date=2026-11-21&page=2&reference_number=T1&rrn=1&size=100&stan=2&to_date=2026-11-21",
			`{"transactions":[{"amount":12.5,"currency":"EUR","pan":"****1234"}]}`,
			[]merchant.DeviceTransaction{{
				Amount: eur(t, "12.50"), CardLast4: "1234", Raw: json.RawMessage(`{"amount":12.5,"currency":"EUR","pan":"****1234"}`),
			}},
		},
		{
			"all device transactions", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.DeviceTransactions(ctx, merchant.DeviceTransactionQuery{})
				return list, err
			},
			"GET /dev/v1.1/devices/transactions", `{"transactions":[]}`, nil,
		},
		{
			"device refund", func(ctx context.Context, c *client) (any, error) {
				return nil, c.RefundDevice(ctx, "90004889", "T1", eur(t, "12.50"))
			},
			`POST /dev/v1.1/devices/90004889/refund {"amount":12.50,"reference_number":"T1"}`, ``, nil,
		},
		{
			"transactions", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.Transactions(ctx, merchant.Query{Page: 1, Size: 50, From: day, To: day, Types: []string{"008", "013"}, After: "7"})
				return list, err
			},
			"GET /trn/v1.1/transactions?from_date=2026-11-21T21%3A30%3A00Z&order=1&page=1&size=50&start_trn_id=7&to_date=2026-11-21T21%3A30%3A00Z&transaction_types=008%2C013",
			`{"transactions":[],"pagination":{"page":1,"size":50,"total":0}}`, nil,
		},
		{
			"oldest first", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.Transactions(ctx, merchant.Query{Oldest: true})
				return list, err
			},
			"GET /trn/v1.1/transactions?order=0", `{"transactions":[]}`, nil,
		},
		{
			"transaction", func(ctx context.Context, c *client) (any, error) { return c.Transaction(ctx, "POSA00120029SK5F") },
			"GET /trn/v1.1/transactions/POSA00120029SK5F", `{"details":[{"title":"Payment","value":""},{"title":"Text","value":"T1"}]}`,
			merchant.Details{
				Reference: "POSA00120029SK5F", Lines: []merchant.Line{{Title: "Payment"}, {Title: "Text", Value: "T1"}},
				Raw: json.RawMessage(`{"details":[{"title":"Payment","value":""},{"title":"Text","value":"T1"}]}`),
			},
		},
		{
			"details", func(ctx context.Context, c *client) (any, error) { return c.Details(ctx, "A", "B") },
			"GET /trn/v1.1/transactions/details?references=A%2CB", `{"transactions_details":[]}`, nil,
		},
		{
			"accounts", func(ctx context.Context, c *client) (any, error) { return c.Accounts(ctx) },
			"GET /trn/v1.1/accounts?page=1&size=100", `{"accounts":[]}`, nil,
		},
		{
			"settlement", func(ctx context.Context, c *client) (any, error) { return c.Settlement(ctx) },
			"GET /trn/v1.1/online-payments/settlement-data", `[{"account_number":"40000","currency":"EUR"}]`,
			[]merchant.Account{{Number: "40000", Currency: money.EUR, Raw: json.RawMessage(`{"account_number":"40000","currency":"EUR"}`)}},
		},
		{
			"languages", func(ctx context.Context, c *client) (any, error) { return c.Languages(ctx) },
			"GET /trn/v1.1/online-payments/languages", `["EN","DE","EN"]`,
			[]string{"EN", "DE"},
		},
		{
			"change link", func(ctx context.Context, c *client) (any, error) {
				return c.ChangeLink(ctx, "BPYCO5XTQXK40", merchant.LinkChange{Email: &yes})
			},
			`PATCH /trn/v1.1/online-payments/link/BPYCO5XTQXK40 {"send_email":true,"sens_email":true}`, `{}`, nil,
		},
		{
			"delete link", func(ctx context.Context, c *client) (any, error) { return nil, c.DeleteLink(ctx, "BPYCO5XTQXK40") },
			"DELETE /trn/v1.1/online-payments/link/BPYCO5XTQXK40", ``, nil,
		},
	}...)
}

func paymentCalls(t *testing.T, day time.Time) []wireCall {
	type client = merchant.Client
	const made = `{"code":"BI8QOBJQKTWN45","payment_request_url":"https://mypos.com/r/BI8QOBJQKTWN45"}`
	created := merchant.Created{Code: "BI8QOBJQKTWN45", URL: "https://mypos.com/r/BI8QOBJQKTWN45"}
	return []wireCall{
		{
			"request for a QR code", func(ctx context.Context, c *client) (any, error) {
				return c.CreateRequest(ctx, merchant.Request{
					Amount: eur(t, "45.00"), BookingText: orderID, Reason: "Haarschnitt\r\n& \x00<Farbe>  für \"Änne\"", Expires: day, DBA: "Salon", NotifyGSM: "+359888",
				})
			},
			`POST /trn/v1.1/online-payments/payment-request {"amount":45.00,"booking_text":"` + orderID + `","currency":"EUR","dba":"Salon","expired_date":"2026-11-21","notify_gsm":"+359888","qr_generated":true,"reason":"Haarschnitt + (Farbe) für ”Änne”"}`,
			made, created,
		},
		{
			"request in forint", func(ctx context.Context, c *client) (any, error) {
				return c.CreateRequest(ctx, merchant.Request{Amount: money.Amount{Minor: 450_000, Currency: money.HUF}})
			},
			`POST /trn/v1.1/online-payments/payment-request {"amount":4500,"currency":"HUF","qr_generated":true}`, made, created,
		},
		{
			"normal request", func(ctx context.Context, c *client) (any, error) {
				return c.CreateRequest(ctx, merchant.Request{Amount: eur(t, "45.00"), ClientName: "Ana", Language: "bg"})
			},
			`POST /trn/v1.1/online-payments/payment-request {"amount":45.00,"client_name":"Ana","currency":"EUR","payment_request_lang":"BG","qr_generated":false}`,
			made, created,
		},
		{
			"requests", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.Requests(ctx, merchant.RequestQuery{Page: 1, BookingText: "T1", Currency: money.GBP, From: day})
				return list, err
			},
			"GET /trn/v1.1/online-payments/payment-requests?booking_text=T1&currency=GBP&from_date=2026-11-21&page=1&size=100",
			`{"items":[{"code":"A","status":1,"amount":"9.00","currency":"GBP","payment_request_url":"javascript:alert(1)"}]}`,
			[]merchant.PaymentRequest{{
				Code: "A", Status: "1", Amount: money.Amount{Minor: 900, Currency: money.GBP},
				Raw: json.RawMessage(`{"code":"A","status":1,"amount":"9.00","currency":"GBP","payment_request_url":"javascript:alert(1)"}`),
			}},
		},
		{
			"request", func(ctx context.Context, c *client) (any, error) { return c.Request(ctx, "BI8QOBJQKTWN45") },
			"GET /trn/v1.1/online-payments/payment-request/BI8QOBJQKTWN45", `{"details":{"code":"BI8QOBJQKTWN45"}}`, nil,
		},
		{
			"reminder", func(ctx context.Context, c *client) (any, error) {
				return c.Remind(ctx, "BI8QOBJQKTWN45", "", "ana@example.com")
			},
			`PATCH /trn/v1.1/online-payments/payment-request/BI8QOBJQKTWN45/reminder {"email":"ana@example.com"}`, `{}`, nil,
		},
		{
			"create link", func(ctx context.Context, c *client) (any, error) {
				return c.CreateLink(ctx, merchant.Link{Article: "Soap", Price: eur(t, "9.00"), Name: "Soap", Quantity: 1, Language: "de"})
			},
			`POST /trn/v1.1/online-payments/link {"account_number":"","ask_for_customer_name":false,"currency":"EUR","custom_name":"Soap","hide_quantity":false,"item_name":"Soap","item_price":9.00,"pref_language":"DE","quantity":1,"send_email":false,"send_sms":false}`,
			`{"payment_url":"https://mypos.com/l/BPYCO5XTQXK40"}`,
			merchant.Created{Code: "BPYCO5XTQXK40", URL: "https://mypos.com/l/BPYCO5XTQXK40"},
		},
		{
			"links", func(ctx context.Context, c *client) (any, error) {
				list, _, err := c.Links(ctx, 3, 10, "1")
				return list, err
			},
			"GET /trn/v1.1/online-payments/links?page=3&size=10&status=1", `{"items":[]}`, nil,
		},
		{
			"link", func(ctx context.Context, c *client) (any, error) { return c.Link(ctx, "BPYCO5XTQXK40") },
			"GET /trn/v1.1/online-payments/link/BPYCO5XTQXK40", `{"link":{"code":"BPYCO5XTQXK40"}}`, nil,
		},
	}
}

func TestEveryCallSendsExactlyThis(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	for _, c := range calls(t) {
		w.gives(200, c.answer)
		result, err := c.do(t.Context(), w.client)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if w.got != c.want {
			t.Errorf("%s sent\n%s, want\n%s", c.name, w.got, c.want)
		}
		if c.result != nil {
			if diff := cmp.Diff(c.result, result); diff != "" {
				t.Errorf("%s: (-want +got)\n%s", c.name, diff)
			}
		}
	}
	if w.tokens != 1 {
		t.Errorf("%d tokens for all calls, want 1", w.tokens)
	}
}

// Whatever comes back, a call says which of the three it was and no more.
func TestEveryCallToldApartAndNothingSecret(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	secrets := []string{canary, bearer, base64.StdEncoding.EncodeToString([]byte(clientID + ":" + canary)), "echo-of-a-card"}
	for _, c := range calls(t) {
		for status, want := range map[int]error{
			400: payments.ErrRefused, 401: payments.ErrRefused, 403: payments.ErrRefused, 404: payments.ErrRefused, 409: payments.ErrRefused,
			408: payments.ErrUnknown, 500: payments.ErrUnknown, 503: payments.ErrUnknown, 302: payments.ErrUnknown,
		} {
			w.gives(status, `{"error":"echo-of-a-card `+canary+" "+bearer+`"}`)
			_, err := c.do(t.Context(), w.client)
			if !errors.Is(err, want) {
				t.Errorf("%s: %d gives %v", c.name, status, err)
			}
			if code := payments.CodeOf(err); status != 302 && code != fmt.Sprint("rest.", status) || status == 302 && code != "rest.redirect" {
				t.Errorf("%s: %d gives code %s", c.name, status, code)
			}
			for _, s := range secrets {
				if err != nil && strings.Contains(err.Error(), s) {
					t.Errorf("%s: the error holds a secret: %v", c.name, err)
				}
			}
		}
		for _, odd := range []string{`"text"`, `12`, `null`, `[[[`, `<html>`, `{"a":`, "\x00"} {
			w.gives(200, odd)
			_, err := c.do(t.Context(), w.client)
			if err == nil && c.answer != `` {
				t.Errorf("%s takes %q for an answer", c.name, odd)
			}
			if err != nil && !errors.Is(err, payments.ErrUnknown) {
				t.Errorf("%s: %q gives %v", c.name, odd, err)
			}
		}
	}
}

func TestTokenAnswers(t *testing.T) {
	t.Parallel()
	const token = `"access_token":"` + bearer + `"`
	for name, c := range map[string]struct{ answer, code string }{
		"number":           {`{` + token + `,"token_type":"Bearer","expires_in":3600}`, ""},
		"text":             {`{` + token + `,"token_type":"bearer","expires_in":"3600"}`, ""},
		"no life":          {`{` + token + `}`, ""},
		"fraction":         {`{` + token + `,"expires_in":3599.5}`, ""},
		"negative":         {`{` + token + `,"expires_in":-1}`, ""},
		"huge":             {`{` + token + `,"expires_in":99999999999}`, ""},
		"empty life":       {`{` + token + `,"expires_in":""}`, ""},
		"no token":         {`{"token_type":"Bearer"}`, "rest.answer"},
		"empty token":      {`{"access_token":""}`, "rest.answer"},
		"two lines":        {`{"access_token":"a\r\nX-Evil: 1"}`, "rest.answer"},
		"other kind":       {`{` + token + `,"token_type":"MAC"}`, "rest.answer"},
		"error with 200":   {`{"error":"invalid_client","error_description":"` + canary + `"}`, "rest.credentials"},
		"list":             {`[` + `]`, "rest.answer"},
		"page":             {`<html>` + canary, "rest.portal"},
		"nothing":          {``, "rest.answer"},
		"error is nothing": {`{` + token + `,"error":null}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t)
			w.token = c.answer
			err := w.client.Token(t.Context())
			if payments.CodeOf(err) != c.code || err != nil && strings.Contains(err.Error(), "canary") {
				t.Fatalf("%v, want %q", err, c.code)
			}
			if err != nil {
				return
			}
			w.gives(200, `{"devices":[]}`)
			for range 3 {
				if _, err := w.client.Devices(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if w.tokens != 1 {
				t.Errorf("%d tokens", w.tokens)
			}
		})
	}
}

func TestManyCallsAtOnceShareAToken(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.gives(200, `{"devices":[]}`)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := w.client.Devices(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if w.tokens != 1 {
		t.Errorf("%d tokens, want 1", w.tokens)
	}
}

func TestNothingLeavesForAValueThatCannotBeSent(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	c, ctx := w.client, t.Context()
	request := func(change func(*merchant.Request)) error {
		r := merchant.Request{Amount: eur(t, "45.00"), BookingText: orderID}
		change(&r)
		_, err := c.CreateRequest(ctx, r)
		return err
	}
	for name, got := range map[string]struct {
		err  error
		code string
	}{
		"no amount":      {request(func(r *merchant.Request) { r.Amount = money.Amount{} }), "currency.unknown"},
		"zero":           {request(func(r *merchant.Request) { r.Amount.Minor = 0 }), "amount.zero"},
		"lev":            {request(func(r *merchant.Request) { r.Amount.Currency = money.BGN }), "currency.legacy"},
		"half a forint":  {request(func(r *merchant.Request) { r.Amount = money.Amount{Minor: 50, Currency: money.HUF} }), "amount.step"},
		"line break":     {request(func(r *merchant.Request) { r.BookingText = "a\nb" }), "rest.text"},
		"a sign":         {request(func(r *merchant.Request) { r.BookingText = `<b>` }), "rest.text"},
		"long":           {request(func(r *merchant.Request) { r.BookingText = strings.Repeat("a", 256) }), "rest.text"},
		"name only":      {request(func(r *merchant.Request) { r.ClientName = "Ana" }), "rest.field"},
		"odd code":       {second(c.Request(ctx, "../x")), "rest.field"},
		"no code":        {second(c.Request(ctx, "")), "rest.field"},
		"dots":           {second(c.Request(ctx, "..")), "rest.field"},
		"six references": {second(c.Details(ctx, "1", "2", "3", "4", "5", "6")), "rest.field"},
		"a comma":        {second(c.Details(ctx, "1,2")), "rest.field"},
		"no change":      {second(c.ChangeLink(ctx, "A", merchant.LinkChange{})), "rest.field"},
		"no reminder":    {second(c.Remind(ctx, "A", "", "")), "rest.field"},
		"refund of 0":    {c.RefundDevice(ctx, "1", "T1", money.Amount{Currency: money.EUR}), "amount.zero"},
		"no article":     {second(c.CreateLink(ctx, merchant.Link{Price: eur(t, "9.00"), Name: "x", Quantity: 1})), "rest.field"},
	} {
		if payments.CodeOf(got.err) != got.code || !errors.Is(got.err, payments.ErrRefused) {
			t.Errorf("%s: %v, want %s", name, got.err, got.code)
		}
	}
	if w.got != "" {
		t.Errorf("something left: %s", w.got)
	}
}

func second[T any](_ T, err error) error { return err }

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	good := merchant.Config{
		ClientID: clientID, ClientSecret: canary, Hosts: merchant.Sandbox(), HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "t",
	}
	for name, c := range map[string]struct {
		change func(*merchant.Config)
		code   string
	}{
		"production": {func(c *merchant.Config) { c.Hosts = merchant.Production() }, ""},
		"any shape":  {func(c *merchant.Config) { c.ClientID = "anything printable!" }, ""},
		"no id":      {func(c *merchant.Config) { c.ClientID = " " }, "config.credentials"},
		"no secret":  {func(c *merchant.Config) { c.ClientSecret = "" }, "config.credentials"},
		"two lines":  {func(c *merchant.Config) { c.ClientSecret = "a\nb" }, "config.credentials"},
		"colon":      {func(c *merchant.Config) { c.ClientID = "a:b" }, "config.credentials"},
		"long":       {func(c *merchant.Config) { c.ClientID = strings.Repeat("a", 257) }, "config.credentials"},
		"no hosts":   {func(c *merchant.Config) { c.Hosts = merchant.Hosts{} }, "config.hosts"},
		"plain http": {func(c *merchant.Config) { c.Hosts.Auth = "http://auth.example" }, "config.hosts"},
		"no network": {func(c *merchant.Config) { c.HTTP = nil }, "config.http"},
	} {
		m := good
		c.change(&m)
		_, err := merchant.New(m)
		if payments.CodeOf(err) != c.code || err != nil && strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}
