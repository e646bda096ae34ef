package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

const acmeHost = "pay.salon.example"

// TestACME: a relay without a certificate gets one from the authority on the
// first visit, serves it, and still has it after a restart.
func TestACME(t *testing.T) {
	t.Parallel()
	ca := newACMEServer(t)
	data := filepath.Join(t.TempDir(), "relay")
	visit := func(host string) error {
		p := startWith(t, []string{"SSL_CERT_FILE=" + ca.rootFile}, "serve", "--data", data, "--listen", "127.0.0.1:0",
			"--public", "https://"+acmeHost, "--acme", "owner@salon.example", "--acme-directory", ca.server.URL+"/dir")
		defer p.end(syscall.SIGTERM)
		at := strings.TrimPrefix(p.base, "https://")
		ca.relay.Store(&at)
		conn, err := tls.Dial("tcp", at, &tls.Config{RootCAs: ca.pool, ServerName: host})
		if err != nil {
			return err
		}
		return conn.Close()
	}
	if err := visit("other.example"); err == nil || ca.issued.Load() != 0 {
		t.Error("a certificate for a host that is not ours")
	}
	for range 2 { // the second time it has one
		if err := visit(acmeHost); err != nil {
			t.Fatal(err)
		}
		if n := ca.issued.Load(); n != 1 {
			t.Fatalf("%d certificates were issued", n)
		}
	}
	info, err := os.Stat(data + ".acme")
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("where account and keys lie: %v %v", info, err)
	}
}

// acmeServer is a strict ACME server (RFC 8555) for tests: it checks every
// signature and nonce, and proves the host by tls-alpn-01 (RFC 8737).
type acmeServer struct {
	t        *testing.T
	server   *httptest.Server
	pool     *x509.CertPool
	rootFile string
	root     *x509.Certificate
	key      *ecdsa.PrivateKey
	relay    atomic.Pointer[string]
	issued   atomic.Int32

	mu      sync.Mutex
	nonces  map[string]bool
	account *ecdsa.PublicKey
	proven  bool
	chain   []byte
}

func newACMEServer(t *testing.T) *acmeServer {
	t.Helper()
	a := &acmeServer{t: t, nonces: map[string]bool{}, pool: x509.NewCertPool()}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.root)
	a.server = httptest.NewTLSServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.server.Close)
	a.rootFile = filepath.Join(t.TempDir(), "roots.pem")
	roots := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.server.Certificate().Raw})
	if err := os.WriteFile(a.rootFile, roots, 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *acmeServer) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	nonce := rand.Text()
	a.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	url := func(path string) string { return a.server.URL + path }
	if r.Method != http.MethodPost {
		if r.URL.Path == "/dir" {
			a.answer(w, http.StatusOK, map[string]string{
				"newNonce": url("/nonce"), "newAccount": url("/account"), "newOrder": url("/order"),
				"revokeCert": url("/revoke"), "keyChange": url("/change"),
			})
		}
		return
	}
	payload, err := a.signed(r)
	if err == nil {
		err = a.act(w, r.URL.Path, payload, url)
	}
	if err != nil {
		a.t.Errorf("%s: %v", r.URL.Path, err)
		a.answer(w, http.StatusBadRequest, map[string]string{"type": "urn:ietf:params:acme:error:malformed", "detail": err.Error()})
	}
}

func (a *acmeServer) act(w http.ResponseWriter, path string, payload []byte, url func(string) string) error {
	status := func() string {
		if a.proven {
			return "valid"
		}
		return "pending"
	}
	challenge := func() map[string]string {
		return map[string]string{"type": "tls-alpn-01", "url": url("/challenge"), "token": "token", "status": status()}
	}
	order := func(code int) {
		o := map[string]any{
			"status": "pending", "authorizations": []string{url("/authz")}, "finalize": url("/finalize"),
			"identifiers": []map[string]string{{"type": "dns", "value": acmeHost}},
		}
		switch {
		case a.chain != nil:
			o["status"], o["certificate"] = "valid", url("/cert")
		case a.proven:
			o["status"] = "ready"
		}
		w.Header().Set("Location", url("/order/1"))
		a.answer(w, code, o)
	}
	switch path {
	case "/account":
		w.Header().Set("Location", url("/account/1"))
		a.answer(w, http.StatusCreated, map[string]string{"status": "valid"})
	case "/order":
		var asked struct {
			Identifiers []struct{ Type, Value string }
		}
		if err := json.Unmarshal(payload, &asked); err != nil || len(asked.Identifiers) != 1 || asked.Identifiers[0].Value != acmeHost {
			return fmt.Errorf("an order of %s", payload)
		}
		order(http.StatusCreated)
	case "/order/1":
		order(http.StatusOK)
	case "/authz":
		a.answer(w, http.StatusOK, map[string]any{
			"status": status(), "identifier": map[string]string{"type": "dns", "value": acmeHost}, "challenges": []map[string]string{challenge()},
		})
	case "/challenge":
		if err := a.prove(); err != nil {
			return err
		}
		a.proven = true
		a.answer(w, http.StatusOK, challenge())
	case "/finalize":
		var asked struct{ CSR string }
		if err := json.Unmarshal(payload, &asked); err != nil || !a.proven {
			return fmt.Errorf("finalize before the proof: %w", err)
		}
		if err := a.issue(asked.CSR); err != nil {
			return err
		}
		order(http.StatusOK)
	case "/cert":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		_, err := w.Write(a.chain)
		return err
	default:
		return errors.New("no such resource")
	}
	return nil
}

func (a *acmeServer) answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		a.t.Error(err)
	}
}

// signed checks a request's JWS and returns what it carries.
func (a *acmeServer) signed(r *http.Request) ([]byte, error) {
	var body struct{ Protected, Payload, Signature string }
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err == nil {
		err = json.Unmarshal(raw, &body)
	}
	if err != nil {
		return nil, err
	}
	var head struct {
		Alg, Nonce, URL, KID string
		JWK                  *struct{ X, Y string }
	}
	protected, err := base64.RawURLEncoding.DecodeString(body.Protected)
	if err == nil {
		err = json.Unmarshal(protected, &head)
	}
	if err != nil || head.Alg != "ES256" || head.URL != a.server.URL+r.URL.Path || !a.nonces[head.Nonce] {
		return nil, fmt.Errorf("protected header %s: %w", protected, err)
	}
	delete(a.nonces, head.Nonce)
	if head.JWK != nil && r.URL.Path == "/account" {
		x, errX := base64.RawURLEncoding.DecodeString(head.JWK.X)
		y, errY := base64.RawURLEncoding.DecodeString(head.JWK.Y)
		if a.account, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...)); err != nil {
			return nil, errors.Join(err, errX, errY)
		}
	}
	sig, err := base64.RawURLEncoding.DecodeString(body.Signature)
	if err != nil || len(sig) != 64 || a.account == nil {
		return nil, fmt.Errorf("a signature of %d bytes", len(sig))
	}
	sum := sha256.Sum256([]byte(body.Protected + "." + body.Payload))
	if !ecdsa.Verify(a.account, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return nil, errors.New("a signature that does not fit")
	}
	return base64.RawURLEncoding.DecodeString(body.Payload)
}

// prove visits the relay and looks for the answer in its certificate.
func (a *acmeServer) prove() error {
	conn, err := tls.Dial("tcp", *a.relay.Load(), &tls.Config{
		ServerName: acmeHost, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true, // the proof is in an extension
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	thumb, err := acme.JWKThumbprint(crypto.PublicKey(a.account))
	if err != nil {
		return err
	}
	want := sha256.Sum256([]byte("token." + thumb))
	state := conn.ConnectionState()
	for _, e := range state.PeerCertificates[0].Extensions {
		var got []byte
		if !e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) {
			continue
		}
		if _, err := asn1.Unmarshal(e.Value, &got); err != nil || !bytes.Equal(got, want[:]) {
			return fmt.Errorf("another proof: %w", err)
		}
		if state.NegotiatedProtocol != acme.ALPNProto || !e.Critical {
			return errors.New("the proof is not made as it should be")
		}
		return nil
	}
	return errors.New("no proof in the certificate")
}

func (a *acmeServer) issue(csr string) error {
	der, err := base64.RawURLEncoding.DecodeString(csr)
	if err != nil {
		return err
	}
	asked, err := x509.ParseCertificateRequest(der)
	if err != nil || asked.CheckSignature() != nil || len(asked.DNSNames) != 1 || asked.DNSNames[0] != acmeHost {
		return fmt.Errorf("the request names %v: %w", asked.DNSNames, err)
	}
	leaf, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: asked.DNSNames, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(80 * 24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.root, asked.PublicKey, a.key)
	if err != nil {
		return err
	}
	for _, block := range [][]byte{leaf, a.root.Raw} {
		a.chain = append(a.chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: block})...)
	}
	a.issued.Add(1)
	return nil
}
