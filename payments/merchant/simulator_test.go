package merchant_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
	"frontdesk/payments/simulator/account"
)

// sim is the stand-in for myPOS behind a real socket, and a client of it.
type sim struct {
	t      *testing.T
	sim    *simulator.Simulator
	server *httptest.Server
	setup  setup
	client *merchant.Client
}

// setup is what GET /_sim/rest tells.
type setup struct {
	ClientID     string         `json:"client_id"`
	ClientSecret string         `json:"client_secret"`
	Hosts        merchant.Hosts `json:"hosts"`
}

// drawn are the keys of one stand-in, for all: drawing them takes long.
var drawn = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "merchant")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	state := filepath.Join(dir, "state")
	s, err := simulator.Open(simulator.Config{StateFile: state, Now: time.Now, Entropy: rand.Reader, HTTP: &http.Client{}})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(state + ".keys")
})

// stateFile is the path of an empty truth with keys beside it.
func stateFile(t *testing.T) string {
	t.Helper()
	keys, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path+".keys", keys, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newSim(t *testing.T) *sim {
	t.Helper()
	s, err := simulator.Open(simulator.Config{
		StateFile: stateFile(t), Now: time.Now, Entropy: rand.Reader, HTTP: &http.Client{},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &sim{t: t, sim: s, server: httptest.NewServer(s.Handler())}
	t.Cleanup(func() {
		r.server.CloseClientConnections()
		r.server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r.getJSON("/_sim/rest", &r.setup)
	r.client = r.connect(nil)
	return r
}

func (r *sim) connect(change func(*merchant.Config)) *merchant.Client {
	r.t.Helper()
	c := merchant.Config{
		ClientID: r.setup.ClientID, ClientSecret: r.setup.ClientSecret, Hosts: r.setup.Hosts,
		HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "test",
	}
	if change != nil {
		change(&c)
	}
	client, err := merchant.New(c)
	if err != nil {
		r.t.Fatal(err)
	}
	return client
}

func (r *sim) getJSON(path string, to any) {
	r.t.Helper()
	res, err := r.server.Client().Get(r.server.URL + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(to); err != nil {
		r.t.Fatal(err)
	}
}

func (r *sim) faults(f ...simulator.Fault) {
	r.t.Helper()
	if err := r.sim.SetFaults(f...); err != nil {
		r.t.Fatal(err)
	}
}

// pay presses the button of a hosted page, as a customer does.
func (r *sim) pay(address string) string {
	r.t.Helper()
	res, err := r.server.Client().Post(address, "application/x-www-form-urlencoded", strings.NewReader(""))
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("page: %d, %v", res.StatusCode, err)
	}
	return string(page)
}

func (r *sim) truth() simulator.Truth { return r.sim.Truth() }

func eur(t testing.TB, text string) money.Amount {
	t.Helper()
	a, err := money.Parse(text, money.EUR)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

const orderID = "T0123456789ABCDEFGHJ"

func (r *sim) request(text, amount string) merchant.Created {
	r.t.Helper()
	made, err := r.client.CreateRequest(r.t.Context(), merchant.Request{
		Amount: eur(r.t, amount), BookingText: text, Reason: "Cut and colour", Expires: time.Now(),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return made
}

func (r *sim) find(text, amount string) []merchant.Transaction {
	r.t.Helper()
	found, err := r.client.FindCredit(r.t.Context(), merchant.Want{
		Text: text, Amount: eur(r.t, amount), Since: time.Now().Add(-time.Hour),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return found
}

func TestEveryCallAgainstTheStandIn(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	ctx := t.Context()
	if err := r.client.Token(ctx); err != nil {
		t.Fatal(err)
	}
	devices, err := r.client.Devices(ctx)
	if err != nil || len(devices) != len(account.Devices()) || devices[0].TerminalID == "" || devices[0].Model == "" {
		t.Fatalf("devices: %+v, %v", devices, err)
	}
	one, err := r.client.Device(ctx, devices[1].TerminalID)
	if err != nil || one.SerialNumber != devices[1].SerialNumber || one.Currency != "EUR" {
		t.Errorf("device: %+v, %v", one, err)
	}
	accounts, err := r.client.Accounts(ctx)
	if err != nil || len(accounts) != len(money.Currencies()) {
		t.Errorf("accounts: %d, %v", len(accounts), err)
	}
	settlement, err := r.client.Settlement(ctx)
	if err != nil || len(settlement) != len(accounts) || settlement[0].Number == "" || settlement[0].Currency == "" {
		t.Errorf("settlement: %+v, %v", settlement, err)
	}
	languages, err := r.client.Languages(ctx)
	if err != nil || len(languages) < 3 || languages[0] != "EN" {
		t.Errorf("languages: %v, %v", languages, err)
	}
	made := r.request(orderID, "45.00")
	got, err := r.client.Request(ctx, made.Code)
	if err != nil || got.BookingText != orderID || got.Amount != eur(t, "45.00") || got.URL != made.URL || got.Status != "1" {
		t.Errorf("request: %+v, %v", got, err)
	}
	if _, err := r.client.Remind(ctx, made.Code, "+359888123456", ""); err != nil {
		t.Errorf("reminder: %v", err)
	}
	list, paging, err := r.client.Requests(ctx, merchant.RequestQuery{BookingText: orderID, Currency: money.EUR})
	if err != nil || len(list) != 1 || list[0].Code != made.Code || paging.Total != 1 {
		t.Errorf("requests: %+v, %+v, %v", list, paging, err)
	}
	if missing, err := r.client.Request(ctx, "BNOTHERE"); payments.CodeOf(err) != "rest.404" || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("missing request: %+v, %v", missing, err)
	}
}

func TestLinksAgainstTheStandIn(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	ctx := t.Context()
	made, err := r.client.CreateLink(ctx, merchant.Link{
		Article: "Gift card", Price: eur(t, "50.00"), Name: "Gift cards", Quantity: 1, Language: "en", Email: true,
	})
	if err != nil || !strings.HasSuffix(made.URL, made.Code) {
		t.Fatalf("create: %+v, %v", made, err)
	}
	name, off := "Gift cards 2026", false
	changed, err := r.client.ChangeLink(ctx, made.Code, merchant.LinkChange{Name: &name, Enable: &off})
	if err != nil || changed.Name != name || changed.Enabled || changed.Price != eur(t, "50.00") {
		t.Errorf("change: %+v, %v", changed, err)
	}
	links, _, err := r.client.Links(ctx, 1, 50, "")
	if err != nil || len(links) != 1 || links[0].Code != made.Code {
		t.Errorf("links: %+v, %v", links, err)
	}
	if err := r.client.DeleteLink(ctx, made.Code); err != nil {
		t.Error(err)
	}
	if _, err := r.client.Link(ctx, made.Code); payments.CodeOf(err) != "rest.404" {
		t.Errorf("deleted link: %v", err)
	}
}

// A customer really pays; only then is there a credit, and it is found by text,
// amount and currency.
func TestThePaymentOfARequestIsProvenByItsCredit(t *testing.T) {
	t.Parallel()
	for name, hidden := range map[string]bool{"in the line": false, "in the details": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newSim(t)
			if hidden {
				r.faults(simulator.Fault{Kind: simulator.RestHidden, Count: -1})
			}
			made := r.request(orderID, "45.00")
			twin := r.request("T0123456789ABCDEFGHK", "45.00")
			if found := r.find(orderID, "45.00"); len(found) != 0 {
				t.Fatalf("found before it was paid: %+v", found)
			}
			r.pay(twin.URL)
			if found := r.find(orderID, "45.00"); len(found) != 0 {
				t.Fatalf("found the payment of another request: %+v", found)
			}
			if page := r.pay(made.URL); !strings.Contains(page, `data-stage="paid"`) {
				t.Errorf("the page does not say paid:\n%s", page)
			}
			r.pay(made.URL) // a second press
			found := r.find(orderID, "45.00")
			if len(found) != 1 || found[0].Original != eur(t, "45.00") || found[0].Sign != merchant.Credit {
				t.Fatalf("found %+v", found)
			}
			if (found[0].ReferenceNumber == "") != hidden {
				t.Errorf("reference number %q", found[0].ReferenceNumber)
			}
			if other := r.find(orderID, "45.01"); len(other) != 0 {
				t.Errorf("found another amount: %+v", other)
			}
			truth := r.truth().Requests
			if len(truth) != 2 || !truth[0].Paid || truth[0].Reference != found[0].Reference {
				t.Errorf("truth: %+v", truth)
			}
		})
	}
}

func TestFindReadsPastOnePage(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	first := r.request(orderID, "45.00")
	r.pay(first.URL)
	link, err := r.client.CreateLink(t.Context(), merchant.Link{Article: "Soap", Price: eur(t, "9.00"), Name: "Soap", Quantity: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 60 { // with their fees 120 lines
		r.pay(link.URL)
	}
	if found := r.find(orderID, "45.00"); len(found) != 1 {
		t.Errorf("found %d", len(found))
	}
}

func TestWhatGoesWrong(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	create := func(ctx context.Context, c *merchant.Client) error {
		_, err := c.CreateRequest(ctx, merchant.Request{Amount: eur(t, "45.00"), BookingText: orderID})
		return err
	}
	const call = "rest.create_request"
	for name, c := range map[string]struct {
		fault   simulator.Fault
		code    string
		want    error
		created int
	}{
		"refused":           {simulator.Fault{Kind: simulator.RestRefused, Status: 400, Method: call}, "rest.400", payments.ErrRefused, 0},
		"forbidden":         {simulator.Fault{Kind: simulator.RestRefused, Status: 403, Method: call}, "rest.403", payments.ErrRefused, 0},
		"conflict":          {simulator.Fault{Kind: simulator.RestRefused, Status: 409, Method: call}, "rest.409", payments.ErrRefused, 0},
		"401 twice":         {simulator.Fault{Kind: simulator.RestRefused, Status: 401, Method: call, Count: 2}, "rest.401", payments.ErrRefused, 0},
		"401 once":          {simulator.Fault{Kind: simulator.RestRefused, Status: 401, Method: call}, "", nil, 1},
		"500, not made":     {simulator.Fault{Kind: simulator.HTTPError, Status: 500, Method: call}, "rest.500", payments.ErrUnknown, 0},
		"502, made":         {simulator.Fault{Kind: simulator.HTTPError, Status: 502, Method: call, Done: true}, "rest.502", payments.ErrUnknown, 1},
		"cut, made":         {simulator.Fault{Kind: simulator.AnswerLost, Method: call}, "net.cut", payments.ErrUnknown, 1},
		"late, made":        {simulator.Fault{Kind: simulator.RestSlow, Delay: 60_000, Method: call}, "net.timeout", payments.ErrUnknown, 1},
		"other answer":      {simulator.Fault{Kind: simulator.RestWrong, Method: call}, "rest.answer", payments.ErrUnknown, 1},
		"hotel":             {simulator.Fault{Kind: simulator.RestPortal, Method: call}, "rest.portal", payments.ErrUnknown, 0},
		"hotel for token":   {simulator.Fault{Kind: simulator.RestPortal, Method: "rest.token"}, "rest.portal", payments.ErrUnreachable, 0},
		"token refused":     {simulator.Fault{Kind: simulator.RestRefused, Status: 401, Method: "rest.token"}, "rest.credentials", payments.ErrRefused, 0},
		"token not now":     {simulator.Fault{Kind: simulator.HTTPError, Method: "rest.token"}, "rest.503", payments.ErrUnreachable, 0},
		"token cut":         {simulator.Fault{Kind: simulator.AnswerLost, Method: "rest.token"}, "net.cut", payments.ErrUnreachable, 0},
		"no token inside":   {simulator.Fault{Kind: simulator.RestWrong, Method: "rest.token"}, "rest.answer", payments.ErrUnreachable, 0},
		"too many requests": {simulator.Fault{Kind: simulator.RestRefused, Status: 429, Method: call}, "rest.429", payments.ErrRefused, 0},
	} {
		before := len(r.truth().Requests)
		r.faults(c.fault)
		limit := 10 * time.Second
		if c.code == "net.timeout" {
			limit = 300 * time.Millisecond
		}
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		err := create(ctx, r.connect(nil))
		cancel()
		if payments.CodeOf(err) != c.code || !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %s and %v", name, err, c.code, c.want)
		}
		if made := len(r.truth().Requests) - before; made != c.created {
			t.Errorf("%s: %d made, want %d", name, made, c.created)
		}
		r.faults()
	}
}

func TestTokensEnd(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	r.faults(simulator.Fault{Kind: simulator.RestLife, Delay: 2000, Method: "rest.token", Count: -1})
	now := time.Now()
	client := r.connect(func(c *merchant.Config) { c.Now = func() time.Time { return now } })
	for range 3 {
		if _, err := client.Devices(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if f := r.sim.Faults()[0]; f.Fired != 1 {
		t.Errorf("%d tokens for three calls at once, want 1", f.Fired)
	}
	now = now.Add(1900 * time.Millisecond)
	if _, err := client.Devices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if f := r.sim.Faults()[0]; f.Fired != 2 {
		t.Errorf("%d tokens, want a new one shortly before the end", f.Fired)
	}
}

func TestWrongCredentials(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	client := r.connect(func(c *merchant.Config) { c.ClientSecret = "canary-5e57" })
	err := client.Token(t.Context())
	if payments.CodeOf(err) != "rest.credentials" || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("token: %v", err)
	}
	if _, err := client.Devices(t.Context()); payments.CodeOf(err) != "rest.credentials" {
		t.Errorf("devices: %v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	r := newSim(t)
	client := r.connect(func(c *merchant.Config) { c.Hosts.Transactions = gone })
	_, err = client.CreateRequest(t.Context(), merchant.Request{Amount: eur(t, "45.00"), BookingText: orderID})
	if payments.CodeOf(err) != "net.dial" || !errors.Is(err, payments.ErrUnreachable) {
		t.Errorf("%v", err)
	}
}

func TestTheOlderDevicesCallIsAskedWhenTheNewerIsGone(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	r.faults(simulator.Fault{Kind: simulator.RestRefused, Status: 404, Method: "rest.devices", Count: -1})
	devices, err := r.client.Devices(t.Context())
	if err != nil || len(devices) != len(account.Devices()) {
		t.Errorf("%d devices, %v", len(devices), err)
	}
}

func TestSkewIsMeasured(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	if _, known := r.client.Skew(); known {
		t.Error("skew before any answer")
	}
	r.faults(simulator.Fault{Kind: simulator.ClockSkew, Delay: -600_000, Method: "rest.devices"})
	if _, err := r.client.Devices(t.Context()); err != nil {
		t.Fatal(err)
	}
	if skew, known := r.client.Skew(); !known || skew < 595*time.Second || skew > 605*time.Second {
		t.Errorf("skew %v, %v", skew, known)
	}
}

// The stand-in keeps requests and their payments over a restart.
func TestTheStandInRemembers(t *testing.T) {
	t.Parallel()
	state := stateFile(t)
	open := func() (*simulator.Simulator, *httptest.Server) {
		s, err := simulator.Open(simulator.Config{
			StateFile: state, Now: time.Now, Entropy: rand.Reader, HTTP: &http.Client{},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s, httptest.NewServer(s.Handler())
	}
	s, server := open()
	r := &sim{t: t, sim: s, server: server}
	r.getJSON("/_sim/rest", &r.setup)
	r.client = r.connect(nil)
	made := r.request(orderID, "45.00")
	r.pay(made.URL)
	before := r.setup
	want, err := json.Marshal(r.truth().Requests)
	if err != nil {
		t.Fatal(err)
	}
	server.Close()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, server = open()
	defer func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	r = &sim{t: t, sim: s, server: server}
	r.getJSON("/_sim/rest", &r.setup)
	if r.setup.ClientID != before.ClientID || r.setup.ClientSecret != before.ClientSecret {
		t.Error("the credentials changed")
	}
	if got, err := json.Marshal(r.truth().Requests); err != nil || !bytes.Equal(got, want) {
		t.Errorf("requests %s, want %s", got, want)
	}
	r.client = r.connect(nil)
	if found := r.find(orderID, "45.00"); len(found) != 1 {
		t.Errorf("found %d", len(found))
	}
}
