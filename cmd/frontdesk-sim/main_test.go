package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
)

// asProgram makes the test binary be the program.
const asProgram = "FRONTDESK_SIM_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	goleak.VerifyTestMain(m)
}

// program is a running stand-in in a process of its own.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	base string
	http *http.Client
}

// launch starts the program and reads the address it prints.
func launch(t *testing.T, client *http.Client, args ...string) *program {
	t.Helper()
	p := &program{t: t, http: client, cmd: exec.Command(os.Args[0], args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = t.Output()
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p.base = strings.TrimSpace(line)
	return p
}

// kill ends the program without a warning.
func (p *program) kill() {
	if p.cmd.ProcessState == nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

func (p *program) get(path string) []byte {
	p.t.Helper()
	answer, err := p.http.Get(p.base + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	return body
}

func (p *program) truth() simulator.Truth {
	p.t.Helper()
	var truth simulator.Truth
	if err := json.Unmarshal(p.get("/_sim/truth"), &truth); err != nil {
		p.t.Fatal(err)
	}
	return truth
}

func (p *program) store() checkout.Store {
	p.t.Helper()
	store, err := checkout.ParsePack(p.get("/_sim/pack"))
	if err != nil {
		p.t.Fatal(err)
	}
	return store
}

// pay opens and pays an order and returns the last page, or why it got cut.
func (p *program) pay(store checkout.Store, order, shop string) (string, error) {
	p.t.Helper()
	f, err := store.PurchaseForm(checkout.Purchase{
		OrderID: order, Amount: money.Amount{Minor: 4500, Currency: money.EUR}, Language: "en", Source: "test",
		URLOK: shop + "/ok", URLCancel: shop + "/cancel", URLNotify: shop + "/n",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	const kind = "application/x-www-form-urlencoded"
	page, err := p.http.Post(p.base+"/vmp/checkout", kind, strings.NewReader(f.Encode()))
	if err != nil {
		return "", err
	}
	defer page.Body.Close()
	card := url.Values{"pan": {"5555555555554444"}, "exp": {"12/39"}, "cvc": {"123"}}
	end, err := p.http.Post(page.Request.URL.String(), kind, strings.NewReader(card.Encode()))
	if err != nil {
		return "", err
	}
	defer end.Body.Close()
	body, err := io.ReadAll(end.Body)
	return string(body), err
}

// merchant takes notices until the test ends.
type merchant struct {
	mu     sync.Mutex
	bodies []string
	hold   chan struct{} // when set, notices wait for it
	came   chan struct{}
}

func (m *merchant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	m.mu.Lock()
	m.bodies = append(m.bodies, string(body))
	hold := m.hold
	m.mu.Unlock()
	if hold != nil {
		m.came <- struct{}{}
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	_, _ = io.WriteString(w, "OK")
}

func direct(config *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}, Timeout: 30 * time.Second}
}

// kill -9 while a notice is under way: the next start posts the same notice
// again, and the truth is what was announced.
func TestKilledBetweenApprovalAndNotice(t *testing.T) {
	m := &merchant{hold: make(chan struct{}), came: make(chan struct{}, 1)}
	shop := httptest.NewServer(m)
	defer shop.Close()
	args := []string{"--http", "127.0.0.1:0", "--state", filepath.Join(t.TempDir(), "state"), "--allow-private"}
	p := launch(t, direct(nil), args...)
	store := p.store()
	var browser sync.WaitGroup
	browser.Go(func() {
		if _, err := p.pay(store, "P1", shop.URL); err == nil {
			t.Error("the browser got an answer from a dead program")
		}
	})
	<-m.came
	p.kill()
	browser.Wait()
	m.mu.Lock()
	close(m.hold)
	m.hold = nil
	m.mu.Unlock()

	p = launch(t, direct(nil), args...)
	var truth simulator.Truth
	for range 200 {
		if truth = p.truth(); len(truth.Payments) == 1 && truth.Payments[0].Notified {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if len(truth.Payments) != 1 || !truth.Payments[0].Notified || truth.Payments[0].State != simulator.StateApproved {
		t.Fatalf("truth: %+v", truth.Payments)
	}
	if p.store().SID != store.SID {
		t.Error("another store after the restart")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.bodies) != 2 || m.bodies[0] != m.bodies[1] {
		t.Errorf("%d notices, or they differ", len(m.bodies))
	}
	if got, err := checkout.VerifyForm([]byte(m.bodies[1]), store.Certificate); err != nil || got.Reference != truth.Payments[0].Reference {
		t.Errorf("notice: %+v %v", got, err)
	}
}

// All over TLS with an authority of our own, and a stop by signal.
func TestTLSAndSignal(t *testing.T) {
	dir := t.TempDir()
	pool, pair := authority(t, dir)
	m := &merchant{}
	shop := httptest.NewUnstartedServer(m)
	shop.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	shop.StartTLS()
	defer shop.Close()
	client := direct(&tls.Config{RootCAs: pool})
	args := []string{
		"--http", "127.0.0.1:0", "--state", filepath.Join(dir, "state"), "--allow-private",
		"--cert", filepath.Join(dir, "cert.pem"), "--key", filepath.Join(dir, "key.pem"),
	}
	p := launch(t, client, append(args, "--ca", filepath.Join(dir, "ca.pem"))...)
	if !strings.HasPrefix(p.base, "https://127.0.0.1:") {
		t.Fatalf("address: %s", p.base)
	}
	if page, err := p.pay(p.store(), "P1", shop.URL); err != nil || !strings.Contains(page, `data-stage="paid"`) {
		t.Fatalf("not paid: %v\n%s", err, page)
	}
	if truth := p.truth(); len(truth.Payments) != 1 || !truth.Payments[0].Notified {
		t.Errorf("truth: %+v", truth)
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("stopped by signal: %v", err)
	}

	p = launch(t, client, args...) // does not trust the shop's certificate
	if page, err := p.pay(p.store(), "P2", shop.URL); err != nil || !strings.Contains(page, `data-stage="returned"`) {
		t.Errorf("an untrusted certificate was accepted: %v\n%s", err, page)
	}
}

// authority writes ca.pem, cert.pem and key.pem for 127.0.0.1 into dir.
func authority(t *testing.T, dir string) (*x509.CertPool, tls.Certificate) {
	t.Helper()
	caKey, caDER := certificate(t, nil, nil)
	ca, err := x509.ParseCertificate(caDER)
	if err != nil {
		t.Fatal(err)
	}
	key, der := certificate(t, ca, caKey)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"ca.pem":   {Type: "CERTIFICATE", Bytes: caDER},
		"cert.pem": {Type: "CERTIFICATE", Bytes: der},
		"key.pem":  {Type: "PRIVATE KEY", Bytes: raw},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca)
	return pool, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// certificate makes an authority, or a server's certificate under one.
func certificate(t *testing.T, ca *x509.Certificate, caKey *ecdsa.PrivateKey) (*ecdsa.PrivateKey, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	parent, signer := c, key
	if ca != nil {
		c = &x509.Certificate{
			SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "test server"},
			NotBefore: c.NotBefore, NotAfter: c.NotAfter, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		parent, signer = ca, caKey
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return key, der
}

func TestUsage(t *testing.T) {
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	if err := os.WriteFile(filepath.Join(dir, "empty.pem"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer")
	if err := os.WriteFile(newer, []byte(`{"kind":"begin","version":99}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, c := range map[string]struct {
		args []string
		code int
		says string
	}{
		"help":        {[]string{"--help"}, exitDone, "--allow-private"},
		"nothing":     {nil, exitUsage, "--http and --state are required"},
		"no state":    {[]string{"--http", "127.0.0.1:0"}, exitUsage, "required"},
		"argument":    {[]string{"--http", ":0", "--state", state, "now"}, exitUsage, `"now"`},
		"flag":        {[]string{"--port", "1"}, exitUsage, "-port"},
		"half a pair": {[]string{"--http", ":0", "--state", state, "--cert", "x"}, exitUsage, "go together"},
		"no ca":       {[]string{"--http", "127.0.0.1:0", "--state", state, "--ca", filepath.Join(dir, "none")}, exitFailed, "none"},
		"empty ca": {
			[]string{"--http", "127.0.0.1:0", "--state", state, "--ca", filepath.Join(dir, "empty.pem")},
			exitFailed, "no certificate in it",
		},
		"bad pair": {
			[]string{"--http", "127.0.0.1:0", "--state", state, "--cert", newer, "--key", newer},
			exitFailed, "certificate",
		},
		"newer state": {[]string{"--http", "127.0.0.1:0", "--state", newer}, exitFailed, "newer version"},
		"port taken":  {[]string{"--http", taken.Addr().String(), "--state", state}, exitFailed, "in use"},
	} {
		var out, err bytes.Buffer
		if code := run(t.Context(), c.args, &out, &err); code != c.code {
			t.Errorf("%s: exit %d, want %d: %s", name, code, c.code, &err)
		}
		if text := strings.ReplaceAll(err.String(), "  -", "  --"); !strings.Contains(text, c.says) {
			t.Errorf("%s: says %q", name, text)
		}
	}
	if _, err := os.Stat(state); !errors.Is(err, os.ErrNotExist) {
		t.Error("a refused start left a state file")
	}
}

func TestStopsWithItsContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"--http", "127.0.0.1:0", "--state", filepath.Join(t.TempDir(), "s")}, in, t.Output())
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "http://127.0.0.1:") {
		t.Fatalf("%q %v", line, err)
	}
	stop()
	if code := <-done; code != exitDone {
		t.Errorf("exit %d", code)
	}
}
