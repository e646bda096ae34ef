package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
)

// simliveBuild builds the programs that may take a stand-in for myPOS, once.
var simliveBuild sync.Once

// simlive makes the rig's frontdeskctl the one whose Live speaks to the
// simulator, over TLS, with a passphrase in place of a keyring.
func (r *rig) simlive() *rig {
	r.t.Helper()
	t, ok := r.t.(*testing.T)
	if !ok || runtime.GOOS != "linux" {
		r.t.Skip("SSL_CERT_FILE adds authorities on Linux only")
	}
	simliveBuild.Do(func() {
		build := exec.Command("go", "build", "-tags", "simlive", "-o", binary("frontdeskctl-simlive"), "frontdesk/cmd/frontdeskctl")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			t.Errorf("build: %v\n%s", err, out)
		}
	})
	ca, cert, key, pool := authority(t, r.dir)
	r.simURL, r.relayURL = "https://"+r.simAt, "https://"+r.relayAt
	r.simTLS = []string{"--cert", cert, "--key", key, "--ca", ca}
	r.relTLS = []string{"--cert", cert, "--key", key}
	r.browser.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}
	r.env = []string{
		"SSL_CERT_FILE=" + ca, "DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(r.dir, "no-bus"),
		"FRONTDESK_PASSPHRASE_FILE=" + r.file("passphrase", "correct horse battery staple"),
	}
	r.program, r.flags = "frontdeskctl-simlive", []string{"--sim-live", r.simURL}
	return r.start()
}

// file writes a file into the rig's folder.
func (r *rig) file(name, content string) string {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// fetch asks the simulator's control surface.
func (r *rig) fetch(method, path string) string {
	r.t.Helper()
	req, err := http.NewRequest(method, r.simURL+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	res, err := r.browser.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		r.t.Fatalf("%s: %s, %v", path, res.Status, err)
	}
	return string(body)
}

// pairingCode asks the relay for a code, as whoever runs it does. A relay that
// has just begun to listen may not hear its owner yet.
func (r *rig) pairingCode() string {
	r.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		var said bytes.Buffer
		pair := exec.Command(binary("frontdesk-relay"), "pair", "--data", r.relData)
		pair.Stderr = &said
		out, err := pair.Output()
		if err == nil {
			code, _, _ := strings.Cut(string(out), "\n")
			return code
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("pair: %v: %s", err, said.String())
		}
	}
}

// must runs frontdeskctl and returns what it said.
func (r *rig) must(args ...string) string {
	r.t.Helper()
	out, code := r.ctl(args...)
	if code != exitDone {
		r.t.Fatalf("frontdeskctl %v: exit %d: %s", args, code, out)
	}
	return out
}

// paid charges and pays.
func (r *rig) paid(amount string) {
	r.t.Helper()
	c, err := r.charge(r.t.(*testing.T).Context(), amount, "--wait", "60s")
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := newCustomer(r.browser.Transport).pay(c.first.Link, goodCard); err != nil {
		r.t.Fatal(err)
	}
	if last, code := c.end(r.t); last.State != app.Paid || code != exitDone {
		r.t.Fatalf("%+v, exit %d: %s", last, code, c.stderr)
	}
}

// TestLiveFromPackToDisconnect: the pack of the stand-in pasted as Live, a relay
// over TLS paired by code, everything tested, charged, the key rotated, and
// disconnected with a payment open that is still recognised.
func TestLiveFromPackToDisconnect(t *testing.T) {
	t.Parallel()
	r := newRig(t).simlive()
	if out := r.must("--version"); !strings.HasSuffix(strings.TrimSpace(out), "+simlive") {
		t.Errorf("version: %s", out)
	}
	var account struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(r.fetch("GET", "/_sim/rest")), &account); err != nil || account.ID == "" {
		t.Fatalf("%+v, %v", account, err)
	}
	r.must("setup", "live", "--pack", r.file("pack", r.fetch("GET", "/_sim/pack")), "--relay", r.relayURL, "--pair", r.pairingCode(),
		"--client-id", account.ID, "--client-secret-file", r.file("secret", account.Secret))
	steps := map[string]local.Finding{}
	for _, f := range lines[local.Finding](t, r.must("doctor", "--json")) {
		steps[f.Check] = f
	}
	for _, name := range []string{"key", "certificate", "account", "notify", "token", "devices"} {
		if f := steps[name]; f.Result != "works" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	r.paid("45.00")

	r.must("setup", "live", "--pack", r.file("pack2", r.fetch("POST", "/_sim/rotate")))
	r.paid("46.00")

	c, err := r.charge(t.Context(), "47.00", "--wait", "60s")
	if err != nil {
		t.Fatal(err)
	}
	r.must("setup", "live", "--disconnect") // through the socket of the program that waits
	if _, err := newCustomer(r.browser.Transport).pay(c.first.Link, goodCard); err != nil {
		t.Fatal(err)
	}
	if last, code := c.end(t); last.State != app.Paid || code != exitDone {
		t.Fatalf("after disconnecting: %+v, exit %d: %s", last, code, c.stderr)
	}
	sales := r.sales()
	if len(sales) != 3 {
		t.Errorf("%d sales", len(sales))
	}
	r.agree(sales)
	if out, code := r.ctl("charge", "48.00", "--wait", "5s"); code != exitNo || !strings.Contains(out, "store.disconnected") {
		t.Errorf("a charge after disconnecting: exit %d: %s", code, out)
	}
	r.findsNoSecret(account.Secret, "correct horse battery staple", "PRIVATE KEY")
}

// findsNoSecret looks through everything in the data folder.
func (r *rig) findsNoSecret(secrets ...string) {
	r.t.Helper()
	err := filepath.WalkDir(r.data, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(raw, []byte(secret)) {
				r.t.Errorf("%s holds a secret", path)
			}
		}
		return err
	})
	if err != nil {
		r.t.Error(err)
	}
}

// TestLiveRefusesWhatIsNotLive: the real program takes neither the public key of
// the sandbox nor one of Practice.
func TestLiveRefusesWhatIsNotLive(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if out, code := r.ctl("setup", "live", "--pack", filepath.Join("testdata", "pack.txt")); code != exitNo || !strings.Contains(out, "mode.sandbox_key") {
		t.Errorf("the sandbox pack: exit %d: %s", code, out)
	}
	r.startSim()
	if out, code := r.ctl("setup", "live", "--pack", r.file("pack", r.fetch("GET", "/_sim/pack"))); code != exitNo || !strings.Contains(out, "mode.practice_key") {
		t.Errorf("a practice pack: exit %d: %s", code, out)
	}
	if out, code := r.ctl("setup", "live", "--sim-live", r.simURL); code != exitUsage {
		t.Errorf("the real program takes a stand-in: exit %d: %s", code, out)
	}
}
