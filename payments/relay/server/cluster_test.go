package server

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"

	"frontdesk/payments/relay"
)

// queues starts an external queue of n servers and returns its address.
func queues(t *testing.T, n int) (string, []*natsd.Server) {
	t.Helper()
	var all []*natsd.Server
	ports := freePorts(t, n)
	var routes []string
	for _, port := range ports {
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", port))
	}
	for i := range n {
		o := &natsd.Options{
			ServerName: fmt.Sprint("q", i), Host: "127.0.0.1", Port: natsd.RANDOM_PORT, JetStream: true,
			StoreDir: filepath.Join(t.TempDir(), "q"), SyncAlways: true, NoSigs: true, NoLog: true, DisableJetStreamBanner: true, MaxPayload: maxPayload,
		}
		if n > 1 {
			o.Cluster = natsd.ClusterOpts{Name: "salons", Host: "127.0.0.1", Port: ports[i]}
			o.Routes = natsd.RoutesFromStr(strings.Join(routes, ","))
		}
		s, err := natsd.NewServer(o)
		if err != nil {
			t.Fatal(err)
		}
		go s.Start()
		all = append(all, s)
	}
	t.Cleanup(func() {
		for _, s := range all {
			s.Shutdown()
			s.WaitForShutdown()
		}
	})
	var urls []string
	for _, s := range all {
		if !s.ReadyForConnections(20 * time.Second) {
			t.Fatal("the queue did not start")
		}
		urls = append(urls, s.ClientURL())
	}
	return strings.Join(urls, ","), all
}

// freePorts returns ports that nobody uses now.
func freePorts(t *testing.T, n int) (ports []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports
}

func external(url string, copies int) func(*Config) {
	return func(c *Config) {
		c.NATS, c.NATSReplicas, c.leaseFor = url, copies, 1500*time.Millisecond
	}
}

// TestExternalQueue: the same relay on another's queue, across a restart.
func TestExternalQueue(t *testing.T) {
	t.Parallel()
	url, _ := queues(t, 1)
	r := newRig(t, external(url, 1))
	first := r.register(order1, "45.00", linkA).Epoch
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	r.wantRefused(r.signer.notify(t, order1, "45.00", "2"))
	r.restart()
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
	r.wantRefused(r.signer.notify(t, order1, "45.00", "2"))
	if got := r.deliveries(deskA, relay.At{}); len(got) != 1 || got[0].OrderID != order1 || got[0].At.Epoch != first {
		t.Errorf("%+v", got)
	}
	if r.Lost() == nil {
		t.Error("no lease")
	}
}

// TestOneRelayAtATime: a second relay waits for the first; when the first has
// slept over its lease the second works, knows everything, and the first can
// store nothing any more.
func TestOneRelayAtATime(t *testing.T) {
	t.Parallel()
	url, _ := queues(t, 1)
	r := newRig(t, external(url, 1))
	r.register(order1, "45.00", linkA)
	r.register("P2", "45.00", linkB)
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))

	cfg := r.Server.cfg // the key file too
	cfg.MarkerFile = ""
	cfg.Dir = filepath.Join(t.TempDir(), "second")
	impatient, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	if s, err := Open(impatient, cfg); err == nil {
		t.Errorf("two relays work at once: %v", s.Shutdown(t.Context()))
	}
	r.engine.lease.mu.Lock() // it sleeps
	second, err := Open(t.Context(), cfg)
	r.engine.lease.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := second.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	ctx := t.Context()
	if err := second.admit(ctx, storeA, r.signer.notify(t, order1, "45.00", "2")); err == nil {
		t.Error("another reference was admitted by the second relay")
	}
	if err := second.admit(ctx, storeA, r.signer.notify(t, "P2", "45.00", "A")); err != nil {
		t.Error(err)
	}
	if status, text := r.post(r.signer.notify(t, "P2", "45.00", "B")); status != http.StatusServiceUnavailable {
		t.Errorf("the first relay: %d %s", status, text)
	}
	<-r.Lost()
	if r.trouble() != alarmLost {
		t.Errorf("trouble is %q", r.trouble())
	}
	if got := second.hub.newest(); got != 2 {
		t.Errorf("%d envelopes, want 2", got)
	}
}

// TestQuorum: of three copies one may go, whichever, and nothing that was
// answered OK is lost.
func TestQuorum(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("elections take seconds")
	}
	url, all := queues(t, 3)
	r := newRig(t, external(url, 3), func(c *Config) { c.leaseFor = 0 })
	promised := map[string]bool{}
	try := func(i int) bool {
		id := fmt.Sprintf("P%d", i)
		if r.desk(deskA, "POST", relay.PathOrders, r.registration(id, "45.00", fmt.Sprintf("%026d", i)), nil) != http.StatusOK {
			return false
		}
		_, text := r.post(r.signer.notify(t, id, "45.00", "1"))
		promised[id] = promised[id] || text == "OK"
		return text == "OK"
	}
	for i := range 20 {
		if !try(i) {
			t.Fatalf("%d was not stored", i)
		}
	}
	info, err := r.engine.stream.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.Name() == info.Cluster.Leader {
			s.Shutdown()
		}
	}
	begin := time.Now()
	for i := 20; len(promised) < 25; i++ {
		if !try(i) {
			delete(promised, fmt.Sprintf("P%d", i))
		}
		if time.Since(begin) > 60*time.Second {
			t.Fatal("it does not go on")
		}
	}
	t.Logf("it went on after %v", time.Since(begin))
	r.restart()
	got := map[string]int{}
	for _, f := range r.deliveries(deskA, relay.At{}) {
		got[f.OrderID]++
	}
	for id := range promised {
		if got[id] != 1 {
			t.Errorf("%s: delivered %d times", id, got[id])
		}
	}
}
