package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// passphrase of the vault: the virtual desktop has no keyring.
const passphrase = "no keyring on a virtual desktop"

// outside is what a salon in Live has outside its desk: myPOS, by its stand-in, and a relay behind
// TLS. Both are programs of their own.
type outside struct {
	simURL, relayURL string
	terminal         string // host:port of the stand-in's card terminal
	relay            string // program
	relayData        string
	authority        string   // file with the certificate that the desk trusts
	trust            []string // for the browser, see browser.Options
	passphrase       string   // file: the virtual desktop has no keyring
	programs         []*exec.Cmd
}

// openOutside starts both programs. They end with close.
func openOutside(ctx context.Context, env []string, sim, relay, dir string) (*outside, error) {
	o := &outside{relay: relay, relayData: filepath.Join(dir, "relay"), authority: filepath.Join(dir, "authority.pem"), passphrase: filepath.Join(dir, "passphrase")}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(o.passphrase, []byte(passphrase), 0o600); err != nil {
		return nil, err
	}
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if err := o.makeCertificates(cert, key); err != nil {
		return nil, err
	}
	var err error
	told, err := o.start(ctx, env, 2, sim, "--http", "127.0.0.1:0", "--state", filepath.Join(dir, "simulator.jsonl"), "--allow-private", "--ca", o.authority,
		"--terminal", "127.0.0.1:0", "--terminal-customer", "tap", "--terminal-speed", "10")
	if err == nil {
		o.simURL, o.terminal = told[0], strings.TrimPrefix(told[1], "terminal ")
		told, err = o.start(ctx, env, 1, relay, "serve", "--listen", "127.0.0.1:0", "--data", o.relayData, "--cert", cert, "--key", key)
	}
	if err != nil {
		return nil, errors.Join(err, o.close())
	}
	o.relayURL = told[0]
	return o, nil
}

// start runs a program and returns the lines it prints when it is ready: its
// addresses.
func (o *outside) start(ctx context.Context, env []string, lines int, program string, args ...string) (told []string, err error) {
	cmd := child(ctx, env, program, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	o.programs = append(o.programs, cmd)
	said := bufio.NewScanner(out)
	for len(told) < lines {
		if !said.Scan() {
			return nil, fmt.Errorf("%s told no address: %w", filepath.Base(program), said.Err())
		}
		told = append(told, strings.TrimSpace(said.Text()))
	}
	return told, nil
}

// close ends both programs and waits for them. In Practice there are none.
func (o *outside) close() error {
	if o == nil {
		return nil
	}
	var errs []error
	for _, cmd := range o.programs {
		errs = append(errs, cmd.Process.Signal(os.Interrupt), ended(cmd.Wait()))
	}
	return errors.Join(errs...)
}

// makeCertificates makes an authority and a certificate of it for this computer.
func (o *outside) makeCertificates(cert, key string) error {
	now := time.Now()
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Authority of the demo"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	leafKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	rootDER, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		return err
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, root, &leafKey.PublicKey, rootKey)
	if err != nil {
		return err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(&leafKey.PublicKey)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(public)
	o.trust = []string{base64.StdEncoding.EncodeToString(sum[:])}
	for _, file := range []struct {
		path, kind string
		der        []byte
	}{{o.authority, "CERTIFICATE", rootDER}, {cert, "CERTIFICATE", leafDER}, {key, "PRIVATE KEY", keyDER}} {
		if err := os.WriteFile(file.path, pem.EncodeToMemory(&pem.Block{Type: file.kind, Bytes: file.der}), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// pack asks the stand-in for the pack of its store: "pack" for the first, "rotate" for one with
// another key.
func (o *outside) pack(ctx context.Context, method, which string) (string, error) {
	raw, err := o.control(ctx, method, which, "")
	return string(raw), err
}

// control asks the control surface of the stand-in.
func (o *outside) control(ctx context.Context, method, path, body string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, o.simURL+"/_sim/"+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("stand-in, %s: %s: %s", path, resp.Status, raw)
	}
	return raw, err
}

// faults sets the fault script of the stand-in; none clears it.
func (o *outside) faults(ctx context.Context, faults ...string) error {
	_, err := o.control(ctx, http.MethodPost, "faults", `{"faults":[`+strings.Join(faults, ",")+`]}`)
	return err
}

// code asks the relay for a pairing code, as its owner does.
func (o *outside) code(ctx context.Context, env []string) (string, error) {
	out, err := child(ctx, env, o.relay, "pair", "--data", o.relayData).Output()
	if err != nil {
		return "", fmt.Errorf("frontdesk-relay pair: %w", err)
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line), nil
}
