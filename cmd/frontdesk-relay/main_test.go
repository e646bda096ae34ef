package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// childEnv makes the test binary the program itself.
const childEnv = "FRONTDESK_RELAY_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

const (
	storeID = "0123456789ABCDEFGHJKMNPQRS"
	sid     = "000000000000010"
)

// process is the real program.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
	log  *bytes.Buffer
}

func start(t *testing.T, args ...string) *process {
	t.Helper()
	return startWith(t, nil, args...)
}

// startWith starts it with more in its environment.
func startWith(t *testing.T, env []string, args ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(self, args...), log: &bytes.Buffer{}}
	p.cmd.Env = append(append(os.Environ(), childEnv+"=1"), env...)
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no address: %v\n%s", err, p.end(syscall.SIGKILL))
	}
	p.base = strings.TrimSpace(line)
	return p
}

// end sends a signal, waits and returns the log.
func (p *process) end(signal syscall.Signal) string {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Error(err)
	}
	err := p.cmd.Wait()
	if signal == syscall.SIGTERM && err != nil {
		p.t.Errorf("it ended with %v\n%s", err, p.log)
	}
	return p.log.String()
}

// provider signs notices.
type provider struct {
	key  *checkout.PrivateKey
	cert *checkout.Certificate
}

func newProvider(t *testing.T) provider {
	t.Helper()
	key, err := checkout.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := key.SelfSigned("test", time.Now().Add(-time.Hour), time.Now().Add(time.Hour), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return provider{key, cert}
}

func (p provider) notice(t *testing.T, order string) string {
	t.Helper()
	f, err := checkout.Sign(p.key, checkout.Fields{
		{Name: "IPCmethod", Value: checkout.MethodNotify},
		{Name: "SID", Value: sid},
		{Name: "Amount", Value: "45.00"},
		{Name: "Currency", Value: "EUR"},
		{Name: "OrderID", Value: order},
		{Name: "IPC_Trnref", Value: "1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return f.Encode()
}

func desk(t *testing.T, base string, web *http.Client) *client.Client {
	t.Helper()
	c, err := client.New(client.Config{
		BaseURL: base, Store: storeID, Desk: "desk", HTTP: web, Now: time.Now, Entropy: rand.Reader, ProbeEvery: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func register(t *testing.T, c *client.Client, order string, n int) {
	t.Helper()
	_, err := c.Register(t.Context(), relay.Registration{
		Store: storeID, Desk: "desk", OrderID: order, SID: sid, Currency: "EUR", Amounts: []string{"45.00"},
		Form: []relay.Field{
			{Name: "SID", Value: sid},
			{Name: "Currency", Value: "EUR"},
			{Name: "Amount", Value: "45.00"},
			{Name: "OrderID", Value: order},
			{Name: "URL_Notify", Value: "/n/" + storeID},
			{Name: "Signature", Value: "x"},
		},
		Action: "http://127.0.0.1:9/vmp/checkout-test", Salon: "Salon", AmountText: "45.00 EUR", Words: "RED FOX",
		Language: "en", Link: fmt.Sprintf("%026d", n), ExpiresAt: time.Now().Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// killRounds is a small share of the campaign of product.md 10.
const killRounds = 3

// TestKilledRelayKeepsItsWord: kill -9 with notices in flight. Whatever was
// answered OK is delivered after the restart; what was not may be repeated and
// is stored once.
func TestKilledRelayKeepsItsWord(t *testing.T) {
	const each = 120
	p := newProvider(t)
	data := filepath.Join(t.TempDir(), "relay")
	args := []string{"serve", "--listen", "127.0.0.1:0", "--data", data}
	promised := map[string]bool{}
	for round := range killRounds {
		web := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
		proc := start(t, args...)
		c := desk(t, proc.base, web)
		err := c.PutStore(t.Context(), relay.Store{ID: storeID, SID: sid, Certificates: []string{string(p.cert.PEM())}, Mode: "practice"})
		if err != nil {
			t.Fatal(err)
		}
		bodies := map[string]string{}
		for i := range each {
			order := fmt.Sprintf("P%d-%d", round, i)
			register(t, c, order, round*each+i)
			bodies[order] = p.notice(t, order)
		}
		fresh := flood(proc, web, bodies, each/4+round*7)
		if len(fresh) == 0 || len(fresh) == each {
			t.Logf("round %d: killed too early or too late: %d of %d answered", round, len(fresh), each)
		}
		for order := range fresh {
			promised[order] = true
		}
		proc.end(syscall.SIGKILL)
		proc = start(t, args...)
		got := collect(t, desk(t, proc.base, web), promised)
		for order, times := range got {
			if times != 1 {
				t.Errorf("%s was stored %d times", order, times)
			}
		}
		web.CloseIdleConnections()
		proc.end(syscall.SIGTERM)
	}
	if len(promised) < killRounds*each/8 {
		t.Errorf("only %d notices were answered", len(promised))
	}
}

// flood posts all bodies at once and kills the relay in the middle. It returns
// the orders that were answered OK.
func flood(proc *process, web *http.Client, bodies map[string]string, killAfter int) map[string]bool {
	answered := make(chan string, len(bodies))
	work := make(chan string)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for order := range work {
				if postNotice(web, proc.base, bodies[order]) {
					answered <- order
				}
			}
		})
	}
	sent := 0
	for order := range bodies {
		if sent == killAfter {
			proc.end(syscall.SIGKILL)
		}
		work <- order
		sent++
	}
	close(work)
	wg.Wait()
	close(answered)
	fresh := map[string]bool{}
	for order := range answered {
		fresh[order] = true
	}
	return fresh
}

func postNotice(web *http.Client, base, body string) bool {
	resp, err := web.Post(base+"/n/"+storeID, "application/x-www-form-urlencoded", strings.NewReader(body))
	if err != nil {
		return false
	}
	text, err := io.ReadAll(resp.Body)
	return errors.Join(err, resp.Body.Close()) == nil && resp.StatusCode == http.StatusOK && string(text) == "OK"
}

// collect runs a desk until it has everything that was promised.
func collect(t *testing.T, c *client.Client, promised map[string]bool) map[string]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	missing := map[string]bool{}
	for order := range promised {
		missing[order] = true
	}
	got := map[string]int{}
	err := c.Run(ctx, payments.Position{}, func(_ context.Context, d relay.Delivery) error {
		got[d.OrderID]++
		delete(missing, d.OrderID)
		if len(missing) == 0 {
			cancel()
		}
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%d notices were answered OK and are lost: %v", len(missing), err)
	}
	return got
}

// TestGracefulStop: a waiting desk does not hold the relay up.
func TestGracefulStop(t *testing.T) {
	p := newProvider(t)
	proc := start(t, "serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "relay"))
	web := &http.Client{Transport: &http.Transport{}}
	defer web.CloseIdleConnections()
	c := desk(t, proc.base, web)
	err := c.PutStore(t.Context(), relay.Store{ID: storeID, SID: sid, Certificates: []string{string(p.cert.PEM())}})
	if err != nil {
		t.Fatal(err)
	}
	if ends, ok := c.Endpoints(); !ok || ends.Notify != proc.base+"/n/"+storeID {
		t.Errorf("%+v", ends)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- c.Run(ctx, payments.Position{}, func(context.Context, relay.Delivery) error { return nil })
	}()
	for c.Probe(ctx) != nil { // until the stream stands
		time.Sleep(10 * time.Millisecond)
	}
	begin := time.Now()
	proc.end(syscall.SIGTERM)
	if took := time.Since(begin); took > grace {
		t.Errorf("it took %v", took)
	}
	cancel()
	<-ended
}

// TestSilentConnection: one that never says anything uses up the time of the
// web server, not that of what is still to be written.
func TestSilentConnection(t *testing.T) {
	t.Parallel()
	proc := start(t, "serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(t.TempDir(), "relay"))
	silent, err := net.Dial("tcp", strings.TrimPrefix(proc.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	res, err := http.Get(proc.base + "/ok") // accepted after the silent one
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if log := proc.end(syscall.SIGTERM); strings.Contains(log, "deadline") {
		t.Errorf("something was not written:\n%s", log)
	}
}

// TestUsage: what the flags accept, with which code it ends, and what it says.
func TestUsage(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"version":    {[]string{"--version"}, exitDone, "frontdesk-relay " + version},
		"nothing":    {nil, exitUsage, "usage:"},
		"commands":   {nil, exitUsage, "frontdesk-relay pair [STORE]"},
		"no data":    {[]string{"serve", "--listen", "127.0.0.1:0"}, exitUsage, "--listen and --data"},
		"no public":  {[]string{"serve", "--listen", "127.0.0.1:8080", "--data", dir}, exitUsage, "--public"},
		"bad public": {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--public", "pay.example"}, exitUsage, "https://pay.example"},
		"half TLS":   {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--cert", "x"}, exitUsage, "go together"},
		"public":     {[]string{"serve", "--listen", "0.0.0.0:0", "--data", dir, "--public", "http://pay.example"}, exitUsage, "without TLS"},
		"all":        {[]string{"serve", "--listen", ":0", "--data", dir}, exitUsage, "--public"},
		"bare https": {[]string{"serve", "--listen", "127.0.0.1:8080", "--data", dir, "--public", "https://pay.example"}, exitUsage, "--behind-proxy"},
		"http + TLS": {[]string{"serve", "--listen", ":0", "--data", dir, "--public", "http://pay.example", "--cert", "x", "--key", "y"}, exitUsage, "begins with https"},
		"two ways":   {[]string{"serve", "--listen", ":0", "--data", dir, "--public", "https://pay.example", "--acme", "a@b.example", "--behind-proxy"}, exitUsage, "exclude"},
		"acme whom":  {[]string{"serve", "--listen", ":0", "--data", dir, "--public", "https://pay.example", "--acme", "me"}, exitUsage, "e-mail"},
		"acme where": {[]string{"serve", "--listen", ":0", "--data", dir, "--public", "https://192.0.2.1", "--acme", "a@b.example"}, exitUsage, "domain name"},
		"acme port":  {[]string{"serve", "--listen", ":0", "--data", dir, "--public", "https://pay.example:8443", "--acme", "a@b.example"}, exitUsage, "without a port"},
		"acme http":  {[]string{"serve", "--listen", "127.0.0.1:80", "--data", dir, "--public", "http://pay.example", "--acme", "a@b.example"}, exitUsage, "https"},
		"directory":  {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--acme-directory", "https://ca.example"}, exitUsage, "goes with --acme"},
		"nats":       {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--nats", "nats://127.0.0.1:1"}, exitUsage, "--public"},
		"creds":      {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--nats-creds", "x"}, exitUsage, "goes with --nats"},
		"no queue": {
			[]string{"serve", "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "q"), "--nats", "nats://127.0.0.1:1", "--public", "http://127.0.0.1:1"},
			exitFailed, "the queue",
		},
		"no cert":    {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "--cert", "/dev/null/x", "--key", "y"}, exitFailed, "certificate"},
		"pair what":  {[]string{"pair", "A", "B", "--data", dir}, exitUsage, "pair [STORE] --data DIR"},
		"pair where": {[]string{"pair"}, exitUsage, "pair [STORE] --data DIR"},
		"pair whom":  {[]string{"pair", "--data", dir}, exitFailed, "no relay runs on"},
		"extra":      {[]string{"serve", "--listen", "127.0.0.1:0", "--data", dir, "x"}, exitUsage, "unexpected"},
		"no folder":  {[]string{"serve", "--listen", "127.0.0.1:0", "--data", "/dev/null/x"}, exitFailed, "data folder"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), c.args, strings.NewReader(""), &out, &out); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%s: %d %q", name, code, out.String())
		}
	}
}

// What a relay is started with stands in what it says about itself.
func TestUsageNamesEveryWayToTLS(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"--help"}, nil, &out, &errs); code == exitFailed {
		t.Errorf("exit %d", code)
	}
	for _, flag := range []string{"--acme EMAIL", "--cert FILE", "--behind-proxy"} {
		if said := out.String() + errs.String(); !strings.Contains(said, flag) {
			t.Errorf("%s is not in %q", flag, said)
		}
	}
}
