package account_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
)

// rig is an account without sockets, with a journal in memory.
type rig struct {
	t       *testing.T
	now     time.Time
	records []account.Record
	full    bool // the journal refuses
	account *account.Account
	mux     *http.ServeMux
	count   int
	config  account.Config
}

var errFull = errors.New("disk full")

func (r *rig) Append(rec account.Record) error {
	if r.full {
		return errFull
	}
	// What is kept is what can be read back.
	raw, err := json.Marshal(rec)
	if err != nil {
		return err
	}
	var back account.Record
	if err := json.Unmarshal(raw, &back); err != nil {
		return err
	}
	r.records = append(r.records, back)
	return nil
}

// counter is entropy that never repeats.
type counter struct{ n byte }

func (c *counter) Read(p []byte) (int, error) {
	for i := range p {
		c.n += 7
		p[i] = c.n ^ byte(i*31)
	}
	return len(p), nil
}

func identity(t *testing.T) account.Identity {
	t.Helper()
	id, err := account.Draw(strings.NewReader(strings.Repeat("practice", 64)))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	r.config = account.Config{
		Identity: identity(t), Now: func() time.Time { return r.now }, Entropy: &counter{}, Journal: r,
	}
	r.open()
	return r
}

func (r *rig) open() {
	r.t.Helper()
	c := r.config
	c.History = r.records
	a, err := account.Open(c)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(a.Close)
	r.account, r.mux = a, http.NewServeMux()
	a.Handle(r.mux)
}

// asked is one request with what can be wrong about it.
type asked struct {
	method, path, body string
	header             map[string]string // "" takes a header away
}

func (r *rig) send(q asked, header http.Header) (int, map[string]any) {
	r.t.Helper()
	req := httptest.NewRequest(q.method, q.path, strings.NewReader(q.body))
	if q.body == "" {
		req.Body = http.NoBody
	}
	req.Header = header
	for name, value := range q.header {
		req.Header.Set(name, value)
		if value == "" {
			req.Header.Del(name)
		}
	}
	w := httptest.NewRecorder()
	r.mux.ServeHTTP(w, req)
	var body map[string]any
	raw := w.Body.Bytes()
	if json.Unmarshal(raw, &body) != nil && len(bytes.TrimSpace(raw)) > 0 {
		body = map[string]any{"raw": string(raw)}
	}
	return w.Code, body
}

func (r *rig) token() string {
	r.t.Helper()
	h := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	q := httptest.NewRequest("POST", "/", nil)
	q.SetBasicAuth(r.account.Identity.ClientID, r.account.Identity.ClientSecret)
	h["Authorization"] = q.Header["Authorization"]
	code, body := r.send(asked{method: "POST", path: "/oauth/token", body: "grant_type=client_credentials"}, h)
	if code != http.StatusOK {
		r.t.Fatalf("token: %d %v", code, body)
	}
	return body["access_token"].(string)
}

func (r *rig) headers(token string) http.Header {
	r.count++
	return http.Header{
		"Authorization": {"Bearer " + token}, "Api-Key": {r.account.Identity.ClientID},
		"X-Request-Id": {fmt.Sprintf("00000000-0000-4000-8000-%012x", r.count)},
		"Content-Type": {"application/json"}, "Accept": {"application/json"}, "User-Agent": {"test"},
	}
}

func (r *rig) rest(q asked) (int, map[string]any) {
	r.t.Helper()
	return r.send(q, r.headers(r.token()))
}

const create = `{"qr_generated":true,"amount":45.00,"currency":"EUR","booking_text":"T0123456789ABCDEFGHJ"}`

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	const requests = "/v1.1/online-payments/payment-request"
	replace := func(from, to string) string { return strings.Replace(create, from, to, 1) }
	for name, c := range map[string]struct {
		asked
		want int
	}{
		"good":                {asked{"POST", requests, create, nil}, 200},
		"no bearer":           {asked{"POST", requests, create, map[string]string{"Authorization": ""}}, 401},
		"unknown bearer":      {asked{"POST", requests, create, map[string]string{"Authorization": "Bearer x"}}, 401},
		"no API-Key":          {asked{"POST", requests, create, map[string]string{"API-Key": ""}}, 403},
		"no request id":       {asked{"POST", requests, create, map[string]string{"X-Request-ID": ""}}, 400},
		"odd request id":      {asked{"POST", requests, create, map[string]string{"X-Request-ID": "1"}}, 400},
		"form":                {asked{"POST", requests, create, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, 415},
		"accepts nothing":     {asked{"POST", requests, create, map[string]string{"Accept": "text/html"}}, 406},
		"no agent":            {asked{"POST", requests, create, map[string]string{"User-Agent": ""}}, 400},
		"other method":        {asked{"PUT", requests, create, nil}, 405},
		"other path":          {asked{"POST", requests + "s", create, nil}, 405},
		"no body":             {asked{"POST", requests, "", nil}, 400},
		"a list":              {asked{"POST", requests, "[]", nil}, 400},
		"two values":          {asked{"POST", requests, create + create, nil}, 400},
		"unknown member":      {asked{"POST", requests, replace(`"amount"`, `"order_id":"1","amount"`), nil}, 400},
		"member twice":        {asked{"POST", requests, replace(`"amount":45.00`, `"amount":45.00,"amount":1`), nil}, 400},
		"amount as text":      {asked{"POST", requests, replace(`45.00`, `"45.00"`), nil}, 400},
		"three decimals":      {asked{"POST", requests, replace(`45.00`, `45.001`), nil}, 400},
		"zero":                {asked{"POST", requests, replace(`45.00`, `0`), nil}, 400},
		"negative":            {asked{"POST", requests, replace(`45.00`, `-1`), nil}, 400},
		"currency of nobody":  {asked{"POST", requests, replace(`EUR`, `BGN`), nil}, 400},
		"currency in smalls":  {asked{"POST", requests, replace(`EUR`, `eur`), nil}, 400},
		"no qr_generated":     {asked{"POST", requests, replace(`"qr_generated":true,`, ``), nil}, 400},
		"qr_generated text":   {asked{"POST", requests, replace(`true`, `"true"`), nil}, 400},
		"normal without name": {asked{"POST", requests, replace(`true`, `false`), nil}, 400},
		"an old day":          {asked{"POST", requests, replace(`"amount"`, `"expired_date":"2020-01-01","amount"`), nil}, 400},
		"a strange day":       {asked{"POST", requests, replace(`"amount"`, `"expired_date":"tomorrow","amount"`), nil}, 400},

		"list":              {asked{"GET", "/v1.1/transactions", "", nil}, 200},
		"body with GET":     {asked{"GET", "/v1.1/transactions", "{}", nil}, 400},
		"unknown parameter": {asked{"GET", "/v1.1/transactions?sign=C", "", nil}, 400},
		"parameter twice":   {asked{"GET", "/v1.1/transactions?page=1&page=2", "", nil}, 400},
		"size 101":          {asked{"GET", "/v1.1/transactions?size=101", "", nil}, 400},
		"page 0":            {asked{"GET", "/v1.1/transactions?page=0", "", nil}, 400},
		"order 2":           {asked{"GET", "/v1.1/transactions?order=2", "", nil}, 400},
		"a day for a time":  {asked{"GET", "/v1.1/transactions?from_date=2026-11-21", "", nil}, 400},
		"unknown start":     {asked{"GET", "/v1.1/transactions?start_trn_id=1", "", nil}, 400},
		"six references":    {asked{"GET", "/v1.1/transactions/details?references=1,2,3,4,5,6", "", nil}, 400},
		"no such reference": {asked{"GET", "/v1.1/transactions/NOPE", "", nil}, 404},
		"old devices":       {asked{"GET", "/v1/devices", "{}", nil}, 200},
		"old devices, bare": {asked{"GET", "/v1/devices", "", nil}, 400},
		"no such device":    {asked{"GET", "/v1.1/devices/1", "", nil}, 404},
		"no such request":   {asked{"GET", requests + "/NOPE", "", nil}, 404},
	} {
		if code, body := r.rest(c.asked); code != c.want {
			t.Errorf("%s: %d %v, want %d", name, code, body, c.want)
		}
	}
	if n := len(r.account.Requests()); n != 1 {
		t.Errorf("%d requests were made", n)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.account.Identity
	for name, c := range map[string]struct {
		user, secret, body, kind string
		want                     int
		word                     string
	}{
		"good":         {id.ClientID, id.ClientSecret, "grant_type=client_credentials", "application/x-www-form-urlencoded", 200, ""},
		"webhooks":     {id.ClientID, id.ClientSecret, "grant_type=client_credentials&scope=webhooks", "application/x-www-form-urlencoded", 200, ""},
		"devices":      {id.ClientID, id.ClientSecret, "grant_type=client_credentials&scope=devices", "application/x-www-form-urlencoded", 400, "invalid_scope"},
		"wrong secret": {id.ClientID, "x", "grant_type=client_credentials", "application/x-www-form-urlencoded", 401, "invalid_client"},
		"other grant":  {id.ClientID, id.ClientSecret, "grant_type=password", "application/x-www-form-urlencoded", 400, "unsupported_grant_type"},
		"json":         {id.ClientID, id.ClientSecret, `{"grant_type":"client_credentials"}`, "application/json", 400, "invalid_request"},
		"twice":        {id.ClientID, id.ClientSecret, "grant_type=client_credentials&grant_type=x", "application/x-www-form-urlencoded", 400, "invalid_request"},
		"gateway's":    {id.MerchantClient, id.MerchantSecret, "grant_type=client_credentials", "application/x-www-form-urlencoded", 401, "invalid_client"},
	} {
		q := httptest.NewRequest("POST", "/", nil)
		q.SetBasicAuth(c.user, c.secret)
		code, body := r.send(asked{"POST", "/oauth/token", c.body, nil},
			http.Header{"Content-Type": {c.kind}, "Authorization": q.Header["Authorization"]})
		if code != c.want || c.word != "" && body["error"] != c.word {
			t.Errorf("%s: %d %v", name, code, body)
		}
	}
	token := r.token()
	r.now = r.now.Add(time.Hour)
	if code, _ := r.send(asked{method: "GET", path: "/v1.1/devices"}, r.headers(token)); code != 401 {
		t.Errorf("an old token: %d", code)
	}
}

// What was kept is what comes back after a restart.
func TestTheTruthComesBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, made := r.rest(asked{"POST", "/v1.1/online-payments/payment-request", create, nil})
	code := made["code"].(string)
	for range 2 {
		if _, err := r.account.Pay(code); err != nil {
			t.Fatal(err)
		}
	}
	_, link := r.rest(asked{"POST", "/v1.1/online-payments/link", `{"item_name":"Soap","item_price":9,"currency":"EUR","custom_name":"Soap","quantity":1}`, nil})
	url := link["url"].(string)
	for range 2 {
		if ok, err := r.account.Pay(url[strings.LastIndex(url, "/")+1:]); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	_, want := r.rest(asked{"GET", "/v1.1/transactions", "", nil})
	if total := want["pagination"].(map[string]any)["total"]; total != 6.0 { // a request once, a link twice, with fees
		t.Errorf("%v lines", total)
	}
	before := r.account.Requests()
	r.open()
	if _, got := r.rest(asked{"GET", "/v1.1/transactions", "", nil}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after a restart\n%v, want\n%v", got, want)
	}
	if got := r.account.Requests(); fmt.Sprint(got) != fmt.Sprint(before) || !got[0].Paid || got[0].Status != 2 {
		t.Errorf("requests %+v", got)
	}
	for i, record := range r.records {
		if record.Kind == "link" || strings.HasPrefix(record.Reference, "LNK") {
			continue // a link may change and be paid again
		}
		c := r.config
		c.History = append(append([]account.Record{}, r.records...), record)
		if _, err := account.Open(c); !errors.Is(err, account.ErrRecord) {
			t.Errorf("record %d twice: %v", i, err)
		}
	}
}

// When the truth cannot be kept, nothing happened and nobody is told otherwise.
func TestNothingHappensWithoutTheJournal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, made := r.rest(asked{"POST", "/v1.1/online-payments/payment-request", create, nil})
	r.full = true
	if code, _ := r.rest(asked{"POST", "/v1.1/online-payments/payment-request", create, nil}); code != http.StatusServiceUnavailable {
		t.Errorf("create: %d", code)
	}
	if _, err := r.account.Pay(made["code"].(string)); !errors.Is(err, errFull) {
		t.Errorf("pay: %v", err)
	}
	r.full = false
	if got := r.account.Requests(); len(got) != 1 || got[0].Paid {
		t.Errorf("%+v", got)
	}
}

func TestRequestsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, made := r.rest(asked{"POST", "/v1.1/online-payments/payment-request", strings.Replace(create, `"amount"`, `"expired_date":"2026-11-21","amount"`, 1), nil})
	r.now = r.now.Add(20 * time.Hour)
	code := made["code"].(string)
	if p, ok := r.account.Page(code); !ok || !p.Payable {
		t.Errorf("not payable on its last day: %+v", p)
	}
	r.now = r.now.Add(24 * time.Hour)
	if p, ok := r.account.Page(code); !ok || p.Payable {
		t.Errorf("payable after its last day: %+v", p)
	}
	if ok, err := r.account.Pay(code); ok || err != nil {
		t.Errorf("paid after its last day: %v", err)
	}
	if got := r.account.Requests()[0]; got.Status != 3 || got.Paid {
		t.Errorf("%+v", got)
	}
}

// Movements from elsewhere stand in the list, and their refund is limited.
func TestRefundsThroughADevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.config.Others = func() []account.Movement {
		return []account.Movement{{
			At: r.now, Reference: "POSA1", Operation: "POS sale", Amount: money.Amount{Minor: 4500, Currency: money.EUR},
			ReferenceNumber: "T1", TerminalID: "80000001",
		}}
	}
	r.open()
	_, list := r.rest(asked{"GET", "/v1.1/devices/80000001/transactions?reference_number=T1", "", nil})
	if rows := list["transactions"].([]any); len(rows) != 1 || rows[0].(map[string]any)["amount"] != "45.00" {
		t.Errorf("%v", list)
	}
	for _, c := range []struct {
		path, body string
		want       int
	}{
		{"/v1.1/devices/80000001/refund", `{"reference_number":"T1","amount":45.01}`, 400},
		{"/v1.1/devices/80000002/refund", `{"reference_number":"T1","amount":1}`, 404},
		{"/v1.1/devices/80000001/refund", `{"reference_number":"T2","amount":1}`, 404},
		{"/v1.1/devices/80000001/refund", `{"reference_number":"T1","amount":40}`, 200},
		{"/v1.1/devices/80000001/refund", `{"reference_number":"T1","amount":5.01}`, 400},
		{"/v1.1/devices/80000001/refund", `{"reference_number":"T1","amount":5}`, 200},
	} {
		if code, body := r.rest(asked{"POST", c.path, c.body, nil}); code != c.want {
			t.Errorf("%s %s: %d %v", c.path, c.body, code, body)
		}
	}
}

func TestDrawNeedsEntropy(t *testing.T) {
	t.Parallel()
	if _, err := account.Draw(strings.NewReader("short")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%v", err)
	}
	id := identity(t)
	if len(id.ClientID) != len("PR-0000-0000") || !strings.HasPrefix(id.PartnerSecret, "secret_") || len(id.PartnerSecret) != 71 {
		t.Errorf("%+v", id)
	}
	if _, err := account.Open(account.Config{}); err == nil {
		t.Error("an account without clock")
	}
}

// A list that leaves an order out, or misstates it, does so for that order only,
// and the truth stays.
func TestListsThatDoNotTellTheTruth(t *testing.T) {
	t.Parallel()
	for on, want := range map[account.Switch]string{"": "[45.00 20.00]", account.Unlisted: "[20.00]", account.Misstated: "[45.01 20.00]"} {
		r := newRig(t)
		r.config.Others = func() []account.Movement {
			return []account.Movement{
				{At: r.now, Reference: "ONE", Amount: money.Amount{Minor: 4500, Currency: money.EUR}, Details: []account.Line{{Title: "Order ID", Value: "T1"}}},
				{At: r.now, Reference: "TWO", Amount: money.Amount{Minor: 2000, Currency: money.EUR}, ReferenceNumber: "T2"},
			}
		}
		r.config.Switch = func(s account.Switch, call, order string) (time.Duration, bool) {
			return 0, s == on && order == "T1" && call == "rest.transactions"
		}
		r.open()
		_, list := r.rest(asked{"GET", "/v1.1/transactions?order=0&transaction_types=008", "", nil})
		amounts := []string{}
		for _, row := range list["transactions"].([]any) {
			amounts = append(amounts, row.(map[string]any)["transaction_amount"].(string))
		}
		if got := fmt.Sprint(amounts); got != want {
			t.Errorf("%q: %s, want %s", on, got, want)
		}
	}
}
