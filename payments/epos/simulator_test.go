package epos_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
)

// clock is a clock that tests turn.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) turn(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sim is the stand-in for the gateway behind a real socket, and a client of it.
type sim struct {
	t      *testing.T
	clock  *clock
	sim    *simulator.Simulator
	server *httptest.Server
	setup  setup
	client *epos.Client
}

// setup is what GET /_sim/rest tells of the gateway.
type setup struct {
	Host           string `json:"host"`
	PartnerID      string `json:"partner_id"`
	ApplicationID  string `json:"application_id"`
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
	MerchantID     string `json:"merchant_id"`
	MerchantSecret string `json:"merchant_secret"`
}

// drawn are the keys of one stand-in, for all: drawing them takes long.
var drawn = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "epos")
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

func newSim(t *testing.T) *sim {
	t.Helper()
	keys, err := drawn()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(path+".keys", keys, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &sim{t: t, clock: &clock{now: time.Now()}}
	r.sim, err = simulator.Open(simulator.Config{
		StateFile: path, Now: r.clock.Now, Entropy: rand.Reader, HTTP: &http.Client{},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.server = httptest.NewServer(r.sim.Handler())
	t.Cleanup(func() {
		r.server.CloseClientConnections()
		r.server.Close()
		if err := r.sim.Close(); err != nil {
			t.Error(err)
		}
	})
	res, err := r.server.Client().Get(r.server.URL + "/_sim/rest")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var told struct {
		Gateway setup `json:"gateway"`
	}
	if err := json.NewDecoder(res.Body).Decode(&told); err != nil {
		t.Fatal(err)
	}
	r.setup = told.Gateway
	r.client = r.connect(nil)
	return r
}

func (r *sim) connect(change func(*epos.Config)) *epos.Client {
	r.t.Helper()
	c := epos.Config{
		Host: r.setup.Host, PartnerID: r.setup.PartnerID, ApplicationID: r.setup.ApplicationID,
		ClientID: r.setup.ClientID, ClientSecret: r.setup.ClientSecret,
		MerchantID: r.setup.MerchantID, MerchantSecret: r.setup.MerchantSecret,
		AppName: "Frontdesk", AppVersion: "1.0.0", UserAgent: "test",
		HTTP: &http.Client{}, Now: r.clock.Now, Entropy: rand.Reader,
	}
	if change != nil {
		change(&c)
	}
	client, err := epos.New(c)
	if err != nil {
		r.t.Fatal(err)
	}
	return client
}

func (r *sim) faults(f ...simulator.Fault) {
	r.t.Helper()
	if err := r.sim.SetFaults(f...); err != nil {
		r.t.Fatal(err)
	}
}

const tid = "80000001"

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

func sale(reference string, minor int64) epos.Sale {
	return epos.Sale{Reference: reference, Amount: eur(minor), TerminalID: tid, Description: "Cut", Operator: "7"}
}

func (r *sim) create(s epos.Sale) epos.Payment {
	r.t.Helper()
	p, err := r.client.Create(r.t.Context(), s)
	if err != nil {
		r.t.Fatal(err)
	}
	if p.Outcome != payments.Pending || p.Final() {
		r.t.Fatalf("a new payment is %s", p.Outcome)
	}
	return p
}

// ask turns the clock past the customer and asks.
func (r *sim) ask(id string) epos.Payment {
	r.t.Helper()
	r.clock.turn(2 * time.Second)
	p, err := r.client.Payment(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func (r *sim) charged() (n int, minor int64) {
	for _, c := range r.sim.Truth().Cloud {
		if c.Charged && c.Kind == "sale" && !c.Reversed {
			n, minor = n+1, minor+c.Minor
		}
	}
	return n, minor
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		minor int64
		fault simulator.Fault
		want  payments.Outcome
	}{
		"approved":            {4500, simulator.Fault{}, payments.Paid},
		"approved, camelCase": {4500, simulator.Fault{Kind: simulator.CloudCamel, Count: -1}, payments.Paid},
		"approved, Completed": {4500, simulator.Fault{Kind: simulator.CloudWords, Count: -1}, payments.Paid},
		"declined":            {4501, simulator.Fault{}, payments.Declined},
		"declined, Rejected":  {4501, simulator.Fault{Kind: simulator.CloudWords, Count: -1}, payments.Declined},
		"cancelled by card":   {4503, simulator.Fault{}, payments.Declined},
		"cancelled, other":    {4503, simulator.Fault{Kind: simulator.CloudWords, Count: -1}, payments.Declined},
		"nobody comes":        {4504, simulator.Fault{}, payments.Pending},
		"late":                {4500, simulator.Fault{Kind: simulator.CloudLate, Delay: 60_000}, payments.Pending},
		"a word of its own":   {4504, simulator.Fault{Kind: simulator.CloudStrange, Count: -1}, payments.Pending},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newSim(t)
			if c.fault.Kind != "" {
				r.faults(c.fault)
			}
			s := sale("T-"+strconv.FormatInt(c.minor, 10), c.minor)
			p := r.ask(r.create(s).ID)
			if p.Outcome != c.want {
				t.Fatalf("%s (%q), want %s", p.Outcome, p.Status, c.want)
			}
			if err := p.Proves(s); err != nil {
				t.Error(err)
			}
			n, minor := r.charged()
			if paid := c.want == payments.Paid; paid != (n == 1) || paid && (minor != c.minor || p.CardLast4 != "1111" || p.RRN == "" || p.AuthCode == "") {
				t.Errorf("charged %d, %d: %+v", n, minor, p)
			}
		})
	}
}

func TestCancelOnlyAsks(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	p := r.create(sale("T1", 4504))
	if err := r.client.Cancel(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if got := r.ask(p.ID); got.Outcome != payments.Declined {
		t.Errorf("after delete: %s", got.Outcome)
	}
	r.faults(simulator.Fault{Kind: simulator.CloudStubborn, Order: "T2"})
	p = r.create(sale("T2", 4500))
	if err := r.client.Cancel(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	if got := r.ask(p.ID); got.Outcome != payments.Paid {
		t.Errorf("a success after delete: %s", got.Outcome)
	}
	if err := r.client.Cancel(t.Context(), p.ID); payments.CodeOf(err) != "rest.409" || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("delete of what has ended: %v", err)
	}
}

func TestGivingBack(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	p := r.ask(r.create(sale("T1", 4500)).ID)
	back, err := r.client.Reverse(t.Context(), p.ID, tid, "Wrong amount")
	if err != nil || back.Outcome != payments.Pending {
		t.Fatalf("reverse: %s, %v", back.Outcome, err)
	}
	if got := r.ask(p.ID); got.Outcome != payments.Reversed {
		t.Errorf("reversed: %s", got.Outcome)
	}
	if _, err := r.client.Reverse(t.Context(), p.ID, tid, ""); payments.CodeOf(err) != "epos.busy" {
		t.Errorf("reverse again: %v", err)
	}
	refund, err := r.client.Refund(t.Context(), tid, eur(1000), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.ask(refund.ID); got.Outcome != payments.Paid || got.Amount != eur(1000) {
		t.Errorf("refund: %+v", got)
	}
	if n, _ := r.charged(); n != 0 {
		t.Errorf("%d payments stay", n)
	}
}

// Whatever happens to the answer of Create, Lookup says what is true.
func TestLookupAfterALostAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  simulator.Fault
		code   string
		exists bool
	}{
		"cut":           {simulator.Fault{Kind: simulator.AnswerLost}, "net.cut", true},
		"500, made":     {simulator.Fault{Kind: simulator.HTTPError, Status: 500, Done: true}, "rest.500", true},
		"500, not made": {simulator.Fault{Kind: simulator.HTTPError, Status: 500}, "rest.500", false},
		"late":          {simulator.Fault{Kind: simulator.RestSlow, Delay: 60_000}, "net.timeout", true},
		"408":           {simulator.Fault{Kind: simulator.RestRefused, Status: 408}, "rest.408", false},
		"other answer":  {simulator.Fault{Kind: simulator.RestWrong}, "rest.answer", true},
		"hotel":         {simulator.Fault{Kind: simulator.RestPortal}, "rest.portal", false},
	} {
		for _, oldest := range []bool{false, true} {
			t.Run(name+" oldest "+strconv.FormatBool(oldest), func(t *testing.T) {
				t.Parallel()
				r := newSim(t)
				c.fault.Method, c.fault.Order = "epos.create", "T-lost"
				script := []simulator.Fault{c.fault}
				if oldest {
					script = append(script, simulator.Fault{Kind: simulator.CloudOldest, Count: -1})
				}
				r.faults(script...)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				if c.code == "net.timeout" {
					ctx, cancel = context.WithTimeout(t.Context(), 300*time.Millisecond)
				}
				defer cancel()
				_, err := r.client.Create(ctx, sale("T-lost", 4500))
				if payments.CodeOf(err) != c.code || !errors.Is(err, payments.ErrUnknown) {
					t.Fatalf("create: %v", err)
				}
				p, err := r.client.Lookup(t.Context(), tid, "T-lost")
				if c.exists && (err != nil || p.Proves(sale("T-lost", 4500)) != nil) || !c.exists && !errors.Is(err, epos.ErrAbsent) {
					t.Errorf("lookup: %+v, %v", p, err)
				}
			})
		}
	}
}

func TestLookupReadsBothEndsOfALongList(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	first := sale("T-first", 100)
	r.ask(r.create(first).ID)
	for i := range 4 * 50 {
		r.ask(r.create(sale("T-"+strconv.Itoa(i), 100)).ID)
	}
	last := sale("T-last", 100)
	r.ask(r.create(last).ID)
	for _, oldest := range []bool{false, true} {
		if oldest {
			r.faults(simulator.Fault{Kind: simulator.CloudOldest, Count: -1})
		}
		for _, s := range []epos.Sale{first, last} {
			if p, err := r.client.Lookup(t.Context(), tid, s.Reference); err != nil || p.Proves(s) != nil {
				t.Errorf("%s, oldest first %v: %v", s.Reference, oldest, err)
			}
		}
	}
	if _, err := r.client.Lookup(t.Context(), tid, "T-none"); !errors.Is(err, epos.ErrAbsent) {
		t.Errorf("none: %v", err)
	}
	r.faults(simulator.Fault{Kind: simulator.HTTPError, Method: "epos.list", Skip: 2})
	if _, err := r.client.Lookup(t.Context(), tid, "T-none"); errors.Is(err, epos.ErrAbsent) || !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("a page that cannot be read: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	for name, c := range map[string]struct {
		change func(*epos.Sale)
		code   string
	}{
		"no such terminal": {func(s *epos.Sale) { s.TerminalID = "99999999" }, "epos.terminal"},
		"not enabled":      {func(s *epos.Sale) { s.TerminalID = "80000003" }, "epos.forbidden"},
		"busy":             {func(s *epos.Sale) { s.Amount = eur(4508) }, "epos.busy"},
		"no reference":     {func(s *epos.Sale) { s.Reference = "" }, "epos.reference"},
		"long reference":   {func(s *epos.Sale) { s.Reference = string(make([]byte, 51)) }, "epos.reference"},
		"short terminal":   {func(s *epos.Sale) { s.TerminalID = "8000" }, "epos.reference"},
		"long operator":    {func(s *epos.Sale) { s.Operator = "12345" }, "epos.text"},
		"two lines":        {func(s *epos.Sale) { s.Description = "a\nb" }, "epos.text"},
		"zero":             {func(s *epos.Sale) { s.Amount = eur(0) }, "amount.zero"},
		"forint":           {func(s *epos.Sale) { s.Amount = money.Amount{Minor: 450_000, Currency: money.HUF} }, "currency.encoding"},
		"yen":              {func(s *epos.Sale) { s.Amount = money.Amount{Minor: 4500, Currency: money.JPY} }, "currency.encoding"},
		"krona (ISK)":      {func(s *epos.Sale) { s.Amount = money.Amount{Minor: 4500, Currency: money.ISK} }, "currency.encoding"},
		"Taiwan dollar":    {func(s *epos.Sale) { s.Amount = money.Amount{Minor: 450_000, Currency: money.TWD} }, "currency.encoding"},
		"mixed tip":        {func(s *epos.Sale) { s.Tip = money.Amount{Minor: 100, Currency: money.GBP} }, "amount.mixed"},
	} {
		s := sale("T-"+strconv.Itoa(len(name)), 4500)
		c.change(&s)
		if _, err := r.client.Create(t.Context(), s); payments.CodeOf(err) != c.code || !errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if n := len(r.sim.Truth().Cloud); n != 0 {
		t.Errorf("%d payments were made", n)
	}
	if _, err := r.client.Payment(t.Context(), "0123456789abcdef01234567"); payments.CodeOf(err) != "epos.missing" {
		t.Errorf("payment: %v", err)
	}
}

// A terminal that really is busy with another payment.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	r.create(sale("T1", 4504))
	if _, err := r.client.Create(t.Context(), sale("T2", 4500)); payments.CodeOf(err) != "epos.busy" {
		t.Errorf("second: %v", err)
	}
	r.faults(simulator.Fault{Kind: simulator.HTTPError, Method: "epos.list"})
	if _, err := r.client.Create(t.Context(), sale("T3", 4500)); !errors.Is(err, payments.ErrUnknown) {
		t.Errorf("busy, and the list cannot be read: %v", err)
	}
}

func TestTokenAndSessionEnd(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	r.faults(
		simulator.Fault{Kind: simulator.RestLife, Delay: 3600_000, Method: "epos.token", Count: -1},
		simulator.Fault{Kind: simulator.RestLife, Delay: 300_000, Method: "epos.session", Count: -1},
	)
	fetched := func() [2]int { f := r.sim.Faults(); return [2]int{f[0].Fired, f[1].Fired} }
	p := r.create(sale("T1", 4504))
	for range 3 {
		if _, err := r.client.Payment(t.Context(), p.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := fetched(); got != [2]int{1, 1} {
		t.Errorf("tokens and sessions: %v", got)
	}
	r.clock.turn(271 * time.Second) // 30 s before the end
	r.ask(p.ID)
	if got := fetched(); got != [2]int{1, 2} {
		t.Errorf("tokens and sessions: %v", got)
	}
	r.clock.turn(time.Hour)
	r.ask(p.ID)
	if got := fetched(); got != [2]int{2, 3} {
		t.Errorf("tokens and sessions: %v", got)
	}
	r.faults(simulator.Fault{Kind: simulator.RestRefused, Status: 401, Method: "epos.create"})
	r.ask(p.ID)
	if err := r.client.Cancel(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	r.clock.turn(2 * time.Second)
	if _, err := r.client.Create(t.Context(), sale("T2", 4500)); err != nil {
		t.Errorf("create after 401: %v", err)
	}
}

func TestWrongCredentialsAreToldApart(t *testing.T) {
	t.Parallel()
	r := newSim(t)
	for name, c := range map[string]struct {
		change func(*epos.Config)
		code   string
	}{
		"integration": {func(c *epos.Config) { c.ClientSecret = "canary-1" }, "epos.credentials"},
		"merchant":    {func(c *epos.Config) { c.MerchantSecret = "canary-2" }, "epos.merchant"},
		"partner":     {func(c *epos.Config) { c.PartnerID = "mps-p-0" }, "epos.forbidden"},
	} {
		if err := r.connect(c.change).Session(t.Context()); payments.CodeOf(err) != c.code || !errors.Is(err, payments.ErrRefused) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	if err := r.client.Session(t.Context()); err != nil {
		t.Error(err)
	}
	terminals, err := r.client.Terminals(t.Context())
	if err != nil || len(terminals) != 3 || terminals[0].TerminalID != tid {
		t.Errorf("terminals: %+v, %v", terminals, err)
	}
}
