package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
)

// authority makes a certificate authority and a server certificate of it for
// loopback, as files. It returns the pool a client needs.
func authority(t *testing.T, dir string) (ca, cert, key string, pool *x509.CertPool) {
	t.Helper()
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:    x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		t.Fatal(err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, &leafKey.PublicKey, rootKey)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(rootDER)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return write("ca.pem", "CERTIFICATE", rootDER), write("cert.pem", "CERTIFICATE", leafDER),
		write("key.pem", "PRIVATE KEY", keyDER), pool
}

// TestEverythingOverTLS runs simulator, relay and frontdeskctl with a test
// authority that each of them is told about: the simulator by --ca, the others by
// SSL_CERT_FILE.
func TestEverythingOverTLS(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE adds authorities on Linux only")
	}
	r := newRig(t)
	ca, cert, key, pool := authority(t, r.dir)
	r.simURL, r.relayURL = "https://"+r.simAt, "https://"+r.relayAt
	r.simTLS = []string{"--cert", cert, "--key", key, "--ca", ca}
	r.relTLS = []string{"--cert", cert, "--key", key}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	r.browser.Transport = transport
	r.start()

	// Who does not know the authority gets nowhere.
	if out, code := r.ctl("setup", "practice", "--sim", r.simURL, "--relay", r.relayURL); code != exitNo {
		t.Fatalf("an unknown authority was trusted: exit %d: %s", code, out)
	}
	r.env = []string{"SSL_CERT_FILE=" + ca}
	r.setup()
	c, err := r.charge(t.Context(), "45.00", "--wait", "40s")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.first.Link, "https://") {
		t.Errorf("link: %s", c.first.Link)
	}
	if page, err := newCustomer(transport).pay(c.first.Link, goodCard); err != nil || !strings.Contains(page, "45.00") {
		t.Fatalf("landing page: %v\n%s", err, tail(page))
	}
	if last, code := c.end(t); last.State != app.Paid || code != exitDone {
		t.Errorf("%+v, exit %d: %s", last, code, c.stderr)
	}
	sales := r.sales()
	if len(sales) != 1 || len(r.truth().Payments) != 1 {
		t.Errorf("%+v", sales)
	}
	r.agree(sales)
	if out, code := r.ctl("doctor"); code != exitDone {
		t.Errorf("doctor: exit %d: %s", code, out)
	}
}
