package till

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/relay/server"
	"frontdesk/payments/simulator"
)

// world is myPOS and a relay over TLS, as Live meets them.
type world struct {
	t       *testing.T
	dir     string
	sim     *simulator.Simulator
	relay   *server.Server
	simURL  string
	relURL  string
	http    *http.Client
	keyring *vaulttest.Memory
	ahead   time.Duration
}

// later serves with a handler that is set once the address is known.
type later struct {
	mu sync.Mutex
	h  http.Handler
}

func (l *later) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	h := l.h
	l.mu.Unlock()
	h.ServeHTTP(w, r)
}

func (l *later) set(h http.Handler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.h = h
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir(), keyring: &vaulttest.Memory{}}
	sim, rel := &later{h: http.NotFoundHandler()}, &later{h: http.NotFoundHandler()}
	simServer, relServer := httptest.NewTLSServer(sim), httptest.NewTLSServer(rel)
	w.simURL, w.relURL = simServer.URL, relServer.URL
	w.http = relServer.Client()
	transport := w.http.Transport.(*http.Transport)
	parts := t.TempDir()
	seed(t, parts)
	var err error
	w.sim, err = simulator.Open(simulator.Config{
		StateFile: filepath.Join(parts, simulatorName), Now: time.Now, Entropy: rand.Reader, AllowPrivate: true,
		HTTP: &http.Client{Transport: transport.Clone()},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.relay, err = server.Open(t.Context(), server.Config{
		Dir: filepath.Join(parts, "relay"), Public: func() string { return w.relURL }, Now: time.Now,
		Entropy: rand.Reader, AllowPractice: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	sim.set(w.sim.Handler())
	rel.set(w.relay.Handler())
	t.Cleanup(func() {
		simServer.Close()
		_ = w.sim.Close()
		w.relay.HangUp()
		relServer.CloseClientConnections()
		relServer.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = w.relay.Shutdown(ctx)
		transport.CloseIdleConnections()
	})
	return w
}

// config is a Live desk whose myPOS is the simulator.
func (w *world) config(mode payments.Mode) Config {
	cfg := config(w.t, w.dir)
	cfg.Mode, cfg.HTTP, cfg.Keyring = mode, w.http, w.keyring
	cfg.Now = func() time.Time { return time.Now().Add(w.ahead) }
	cfg.cost = vault.Cost{Time: 1, Memory: 8, Threads: 1}
	cfg.pinCost = operators.Cost{Time: 1, Memory: 8, Threads: 1}
	cfg.mypos = addresses{
		checkout: w.simURL + "/vmp/checkout", own: true,
		rest: merchant.Hosts{Auth: w.simURL, Transactions: w.simURL, Devices: w.simURL},
	}
	return cfg
}

func (w *world) code() string {
	w.t.Helper()
	code, err := w.relay.NewCode(w.t.Context(), "")
	if err != nil {
		w.t.Fatal(err)
	}
	return code.Text
}

func (w *world) pack() string {
	w.t.Helper()
	pack, err := w.sim.Pack()
	if err != nil {
		w.t.Fatal(err)
	}
	return string(pack)
}

// draft connects pack and relay.
func (w *world) draft() setup.Draft {
	return setup.Draft{Pack: w.pack(), Relay: w.relURL, Pair: w.code(), OnlinePayments: true}
}

// connected is a Live desk with pack and relay saved.
func (w *world) connected() *Desk {
	w.t.Helper()
	d := open(w.t, w.config(payments.Live))
	if err := d.Save(w.t.Context(), w.draft(), ""); err != nil {
		w.t.Fatal(err)
	}
	return d
}

// proven waits until the relay is proven.
func (w *world) proven(d *Desk) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	if err := d.catchup(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) charge(d *Desk) (app.Sale, error) {
	return d.Till().Charge(w.t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR",
	})
}

func TestLiveFromAPastedPackToACharge(t *testing.T) {
	w := newWorld(t)
	d := open(t, w.config(payments.Live))
	if _, err := w.charge(d); payments.CodeOf(err) != "store.none" {
		t.Fatalf("a charge with nothing connected: %v", err)
	}
	draft := w.draft()
	if problems := d.Check(draft); len(problems) > 0 {
		t.Fatalf("%+v", problems)
	}
	for _, row := range d.TestConnection(t.Context(), draft, nil) {
		if row.Result == setup.Fix || row.Result == setup.Unsure {
			t.Errorf("%+v", row)
		}
	}
	if err := d.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	s, err := w.charge(d)
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := get(t, d, s.Attempts[0].Link); code != http.StatusOK {
		t.Errorf("the pay page answers %d", code)
	}
	c := d.Connection()
	if c.SID == "" || c.KeyBits != 2048 || c.KeySince.IsZero() || c.PairedSince.IsZero() || c.Locked {
		t.Errorf("%+v", c)
	}
	shut(t, d)
	d = open(t, w.config(payments.Live))
	w.proven(d)
	if _, err := w.charge(d); err != nil {
		t.Errorf("after a restart: %v", err)
	}
}

// readPack reads a pack of the stand-in.
func (w *world) readPack(pack []byte) checkout.Store {
	w.t.Helper()
	s, err := checkout.ParsePack(pack)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}
