package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
	"frontdesk/payments/relay/client"
)

// authority is a certificate authority of our own.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{t, key, cert}
}

// issue writes a certificate and its key for this machine.
func (a authority) issue(serial int64, certFile, keyFile string) {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.cert, &key.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		a.t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if name == "" {
			continue
		}
		if err := os.WriteFile(name+".new", pem.EncodeToMemory(block), 0o600); err != nil {
			a.t.Fatal(err)
		}
		if err := os.Rename(name+".new", name); err != nil {
			a.t.Fatal(err)
		}
	}
}

func (a authority) trusted(max uint16) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return &tls.Config{RootCAs: pool, MaxVersion: max, MinVersion: tls.VersionTLS10}
}

// salon is a relay with TLS, run by the real program, and its owner.
type salon struct {
	t                    *testing.T
	ca                   authority
	data, certFile, keys string
	args                 []string
	proc                 *process
	web                  *http.Client
	provider             provider
}

func newSalon(t *testing.T) *salon {
	t.Helper()
	dir := t.TempDir()
	s := &salon{
		t: t, ca: newAuthority(t), data: filepath.Join(dir, "relay"), certFile: filepath.Join(dir, "cert.pem"),
		keys: filepath.Join(dir, "key.pem"), provider: newProvider(t),
	}
	s.ca.issue(10, s.certFile, s.keys)
	s.web = &http.Client{Transport: &http.Transport{TLSClientConfig: s.ca.trusted(0)}}
	t.Cleanup(s.web.CloseIdleConnections)
	s.args = []string{"serve", "--data", s.data, "--cert", s.certFile, "--key", s.keys}
	s.proc = start(t, append(s.args, "--listen", "127.0.0.1:0")...)
	return s
}

// owner runs a command of the owner and returns what it prints.
func (s *salon) owner(stdin string, args ...string) (string, int) {
	s.t.Helper()
	var out bytes.Buffer
	code := run(s.t.Context(), append(args, "--data", s.data), strings.NewReader(stdin), &out, &out)
	return out.String(), code
}

// pair pairs a desk by a code of the owner.
func (s *salon) pair(args ...string) client.Paired {
	s.t.Helper()
	text, code := s.owner("", append([]string{"pair"}, args...)...)
	first, _, _ := strings.Cut(text, "\n")
	if code != exitDone {
		s.t.Fatalf("pair: %d %s", code, text)
	}
	p, err := client.Pair(s.t.Context(), client.PairConfig{
		BaseURL: s.proc.base, Code: first, Name: "Front", HTTP: s.web, Entropy: rand.Reader, Now: time.Now,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

func (s *salon) desk(p client.Paired) *client.Client {
	s.t.Helper()
	c, err := client.New(client.Config{
		BaseURL: s.proc.base, Store: p.Store, Desk: p.Desk, Identity: p.Key, HTTP: s.web, Now: time.Now, Entropy: rand.Reader, ProbeEvery: -1,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *salon) store(id string) relay.Store {
	return relay.Store{ID: id, SID: sid, Certificates: []string{string(s.provider.cert.PEM())}, Mode: string(payments.Live)}
}

// TestPairedOverTLS: a code of the owner, a desk, a store of real money, a
// probe through the public address, a second desk from the first, a restart,
// and the end of the first desk.
func TestPairedOverTLS(t *testing.T) {
	s := newSalon(t)
	p := s.pair()
	c := s.desk(p)
	if err := c.PutStore(t.Context(), s.store(p.Store)); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		ended <- c.Run(ctx, payments.Position{}, func(context.Context, relay.Delivery) error { return nil })
	}()
	s.until("a probe through "+s.proc.base, func() bool { return c.Probe(ctx) == nil })
	code, err := c.NewCode(ctx)
	if err != nil || code.Store != p.Store {
		t.Fatalf("%+v %v", code, err)
	}
	second := s.pair(p.Store)
	other := s.desk(second)
	if err := other.RenameDesk(ctx, p.Desk, "Back"); err != nil {
		t.Error(err)
	}
	s.proc.end(syscall.SIGTERM)
	s.proc = start(t, append(s.args, "--listen", strings.TrimPrefix(s.proc.base, "https://"), "--public", s.proc.base)...)
	s.until("a probe after a restart", func() bool { return c.Probe(ctx) == nil })
	list, err := other.Desks(ctx)
	if err != nil || len(list) != 2 || list[0].Name != "Back" || list[1].ID != second.Desk {
		t.Errorf("%+v %v", list, err)
	}
	if text, code := s.owner("", "desks"); code != exitDone || !strings.Contains(text, p.Store+"  "+p.Desk+"  Back") {
		t.Errorf("%d %s", code, text)
	}
	if text, code := s.owner("", "revoke", p.Store, p.Desk); code != exitDone {
		t.Errorf("%d %s", code, text)
	}
	s.until("the end of the stream", func() bool { return strings.Contains(c.Proof().Err, relay.CodeRevoked) })
	if _, err := c.Desks(ctx); payments.CodeOf(err) != relay.CodeRevoked || !errors.Is(err, payments.ErrRefused) {
		t.Errorf("%v", err)
	}
	if _, code := s.owner("", "revoke", p.Store, "NOBODY"); code != exitFailed {
		t.Error("revoked nobody")
	}
	cancel()
	<-ended
	s.proc.end(syscall.SIGTERM)
}

func (s *salon) until(what string, done func() bool) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("no %s\n%s", what, s.proc.end(syscall.SIGKILL))
		}
	}
}

// TestCertificateReload: new files are served without a restart, half of them
// are not, and nothing below TLS 1.2 is spoken.
func TestCertificateReload(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	address := strings.TrimPrefix(s.proc.base, "https://")
	serial := func() int64 {
		conn, err := tls.Dial("tcp", address, s.ca.trusted(0))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if conn, err := tls.Dial("tcp", address, s.ca.trusted(tls.VersionTLS11)); err == nil {
		conn.Close()
		t.Error("it speaks TLS 1.1")
	}
	if got := serial(); got != 10 {
		t.Fatalf("serial %d", got)
	}
	s.ca.issue(11, s.certFile, s.keys)
	s.until("new certificate", func() bool { return serial() == 11 })
	s.ca.issue(12, s.certFile, "") // its key does not come
	time.Sleep(2 * lookEvery)
	for range 3 {
		if got := serial(); got != 11 {
			t.Errorf("serial %d while the key is of another certificate", got)
		}
	}
	s.ca.issue(13, s.certFile, s.keys)
	s.until("the next one", func() bool { return serial() == 13 })
	if log := s.proc.end(syscall.SIGTERM); strings.Count(log, "cannot be used") != 1 || strings.Count(log, "new certificate is in use") != 2 {
		t.Errorf("%s", log)
	}
}
