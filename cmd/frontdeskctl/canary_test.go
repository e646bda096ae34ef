package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"frontdesk/app/operators"
	"frontdesk/app/vault"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
)

const (
	canaryPhrase = "canary-phrase-7Qx2vT9mLwZr4Kd8"
	wrongPhrase  = "canary-wrong-phrase-Jh5sYb3nPq6"
	canaryPIN    = "83615207"
	wrongPIN     = "94027163"
)

// aviary is a Live desk whose secrets are canaries, and all that was said.
type aviary struct {
	*rig
	cage
	said map[string]string // by call: stdout and stderr
}

// say runs frontdeskctl and keeps both of its voices. env goes before that of the rig.
func (a *aviary) say(want int, env []string, args ...string) string {
	a.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	cmd := a.command(ctx, args...)
	cmd.Env = append(cmd.Env, env...)
	var both bytes.Buffer
	cmd.Stdout, cmd.Stderr = &both, &both
	err := cmd.Run()
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		a.t.Fatalf("%v: %v", args, err)
	}
	if code := cmd.ProcessState.ExitCode(); code != want && want >= 0 {
		a.t.Errorf("%v: exit %d, not %d: %s", args, code, want, both.String())
	}
	a.said[fmt.Sprintf("%d %v", len(a.said), args)] = both.String()
	return both.String()
}

// refuses runs a call that must fail with a code.
func (a *aviary) refuses(code string, env []string, args ...string) {
	a.t.Helper()
	if out := a.say(exitNo, env, args...); !strings.Contains(out, code) {
		a.t.Errorf("%v says nothing of %s: %s", args, code, out)
	}
}

// canary makes a secret nobody else uses.
func (a *aviary) canary(name string) string {
	secret := "Cnry" + strings.ReplaceAll(rand.Text(), " ", "")
	a.keep(name, secret)
	return secret
}

// faults sets the simulator's script.
func (a *aviary) faults(script string) {
	a.t.Helper()
	res, err := a.browser.Post(a.simURL+"/_sim/faults", "application/json", strings.NewReader(`{"faults":[`+script+`]}`))
	if err != nil {
		a.t.Fatal(err)
	}
	_ = res.Body.Close()
}

// keepPack keeps what is secret in a pack.
func (a *aviary) keepPack(name, pack string) string {
	a.t.Helper()
	store, err := checkout.ParsePack([]byte(pack))
	if err != nil {
		a.t.Fatal(err)
	}
	block, _ := pem.Decode(store.Key.PEM())
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			a.t.Fatal(err)
		}
	}
	a.keepKey(name, key.(*rsa.PrivateKey))
	return a.file(name, pack)
}

// keepVault keeps everything that is sealed now, and the key of the seal.
func (a *aviary) keepVault() {
	a.t.Helper()
	seen := &seenKeys{Keys: vault.NewPassphrase(vault.PassphraseConfig{
		File: filepath.Join(a.data, "vault.keys"), Entropy: rand.Reader,
		Ask: func(context.Context, bool) ([]byte, error) { return []byte(canaryPhrase), nil },
	})}
	v, err := vault.Open(a.t.(*testing.T).Context(), vault.Config{
		Dir: filepath.Join(a.data, "live"), Name: string(payments.Live), Keys: seen, Entropy: rand.Reader,
	})
	if err != nil {
		a.t.Fatal(err)
	}
	defer v.Close()
	for _, name := range v.Names() {
		secret, err := v.Load(name)
		if err != nil {
			a.t.Fatal(err)
		}
		if block, _ := pem.Decode(secret); block == nil { // keys are kept by their parts
			a.keep("sealed "+name, string(secret))
		}
	}
	for _, key := range seen.keys {
		a.keep("key of the vault", string(key))
	}
	if len(v.Names()) < 3 || len(seen.keys) == 0 {
		a.t.Errorf("the vault holds %v under %d keys", v.Names(), len(seen.keys))
	}
}

// seenKeys remembers the keys that were handed out.
type seenKeys struct {
	vault.Keys
	keys [][]byte
}

func (s *seenKeys) Get(ctx context.Context, name string) ([]byte, error) {
	key, err := s.Keys.Get(ctx, name)
	if err == nil {
		s.keys = append(s.keys, slices.Clone(key))
	}
	return key, err
}

func newAviary(t *testing.T) *aviary {
	a := &aviary{rig: newRig(t), said: map[string]string{}}
	a.simlive()
	a.env = append(a.env, "FRONTDESK_PASSPHRASE_FILE="+a.file("phrase", canaryPhrase), "GOTRACEBACK=all")
	for name, secret := range map[string]string{
		"passphrase": canaryPhrase, "wrong passphrase": wrongPhrase, "PIN": canaryPIN, "wrong PIN": wrongPIN,
	} {
		a.keep(name, secret)
	}
	return a
}

// connect stores canaries in Live, gives the owner a PIN, and charges.
func (a *aviary) connect() {
	var account struct {
		ID     string `json:"client_id"`
		Secret string `json:"client_secret"`
	}
	if err := json.Unmarshal([]byte(a.fetch("GET", "/_sim/rest")), &account); err != nil {
		a.t.Fatal(err)
	}
	a.keep("client secret", account.Secret)
	code := a.pairingCode()
	a.keep("pairing code", code)
	cloud := fmt.Sprintf(`{"partner_id":"P1","application_id":"A1","client_id":"cc","client_secret":%q,"merchant_id":"MM","merchant_secret":%q}`,
		a.canary("gateway secret"), a.canary("merchant secret"))
	a.refuses("pair.", nil, "setup", "live", "--pack", a.keepPack("pack", a.fetch("GET", "/_sim/pack")),
		"--relay", a.relayURL, "--pair", a.mistyped(code))
	a.say(exitDone, nil, "setup", "live", "--pack", filepath.Join(a.dir, "pack"), "--relay", a.relayURL, "--pair", code,
		"--client-id", account.ID, "--client-secret-file", a.file("secret", account.Secret), "--cloud-file", a.file("cloud", cloud), "--json")
	a.keepVault()
	book, err := operators.Open(operators.Config{Dir: a.data, Now: time.Now, Entropy: rand.Reader})
	if err == nil {
		err = book.SetPIN(a.t.(*testing.T).Context(), operators.FirstOwner, canaryPIN)
	}
	if err != nil {
		a.t.Fatal(err)
	}
	a.paid("45.00")
}

// mistyped is a pairing code with another last character.
func (a *aviary) mistyped(code string) string {
	last := "7"
	if strings.HasSuffix(code, last) {
		last = "8"
	}
	wrong := code[:len(code)-1] + last
	a.keep("wrong pairing code", wrong)
	return wrong
}

// refusals meets everything that goes wrong with a secret in hand.
func (a *aviary) refusals() {
	pin, bad := a.file("pin", canaryPIN), a.file("wrongpin", wrongPIN)
	sale := string(a.sales()[0].ID)
	a.refuses("operator.pin", nil, "refund", sale, "1.00", "--pin-file", bad)
	a.refuses("operator.pin_needed", nil, "refund", sale, "1.00")
	a.say(exitDone, nil, "refund", sale, "1.00", "--pin-file", pin, "--reason", "canary")
	a.refuses("vault.locked", []string{"FRONTDESK_PASSPHRASE_FILE=" + a.file("wrongphrase", wrongPhrase)}, "doctor", "--json")
	a.refuses("vault.", []string{"FRONTDESK_PASSPHRASE_FILE="}, "charge", "5.00", "--wait", "5s")

	pack, err := os.ReadFile(filepath.Join(a.dir, "pack"))
	if err != nil {
		a.t.Fatal(err)
	}
	half := string(pack[:len(pack)/2])
	a.refuses("pack.", nil, "setup", "live", "--pack", a.file("half", half), "--pin-file", pin)
	store, err := checkout.ParsePack(pack)
	if err != nil {
		a.t.Fatal(err)
	}
	a.say(exitNo, nil, "setup", "live", "--pack", a.file("key", string(store.Key.PEM())), "--pin-file", pin)
	a.say(exitUsage, nil, "setup", "live", "--cloud-file", a.file("badcloud", `{"client_secret":"`+a.canary("broken file")), "--pin-file", pin)

	rotated := a.keepPack("pack2", a.fetch("POST", "/_sim/rotate"))
	a.faults(`{"kind":"unsigned_error","method":"IPCGetPaymentStatus","status":3,"count":-1}`)
	a.refuses("check.", nil, "setup", "live", "--pack", rotated, "--pin-file", pin)
	a.faults("")
	a.say(exitDone, nil, "setup", "live", "--pack", rotated, "--pin-file", pin)
	a.say(exitDone, nil, "setup", "live", "--client-id", "MB-0000-0001", "--client-secret-file",
		a.file("secret2", a.canary("refused client secret")), "--pin-file", pin)
	a.refuses("check.credentials", nil, "doctor", "--json")
	a.keepVault()
}

// crash ends a desk that holds its secrets as a crash does, with all stacks said.
func (a *aviary) crash() {
	c, err := a.charge(a.t.(*testing.T).Context(), "47.00", "--wait", "60s")
	if err != nil {
		a.t.Fatal(err)
	}
	if err := c.cmd.Process.Signal(syscall.SIGQUIT); err != nil {
		a.t.Fatal(err)
	}
	for c.out.Scan() {
		a.said["crash, stdout"] += c.out.Text()
	}
	_ = c.cmd.Wait()
	if !strings.Contains(c.stderr.String(), "goroutine ") {
		a.t.Errorf("no stacks: %s", c.stderr)
	}
	a.said["crash"] = c.stderr.String()
}

// TestNoSecretIsEverTold sets Live up with canaries, charges, is refused in every
// way and crashes, and then looks for the canaries in all that was said and
// written (issue 3).
func TestNoSecretIsEverTold(t *testing.T) {
	t.Parallel()
	a := newAviary(t)
	a.connect()
	a.refusals()
	a.crash()
	a.search() // with the log of the journal as the crash has left it
	a.relay.kill()
	a.say(-1, nil, "charge", "48.00", "--wait", "2s")
	a.say(exitNo, nil, "doctor", "--json")
	for _, words := range [][]string{{"sales", "--json"}, {"show", string(a.sales()[0].ID), "--json"}, {"journal", "verify"}, {"day", "--json"}} {
		a.say(-1, nil, words...)
	}
	a.say(exitDone, nil, "export", "--format", "json", "--pin-file", filepath.Join(a.dir, "pin"))
	a.say(exitDone, nil, "setup", "live", "--disconnect", "--pin-file", filepath.Join(a.dir, "pin"))
	a.search()
}

// search looks for every canary in all that was said and written so far.
func (a *aviary) search() {
	a.t.Helper()
	for name, said := range a.said {
		a.look(a.t, "said by "+name, []byte(said))
	}
	// The programs write into these while they run: kill has ended them, or the
	// copy is taken between two calls.
	select {
	case <-a.relay.exited:
		a.look(a.t, "log of the relay", a.relay.said.Bytes())
	default:
	}
	for _, dir := range []string{a.data, a.relData} {
		if files := a.walk(a.t, dir); files < 3 {
			a.t.Errorf("only %d files in %s", files, dir)
		}
	}
}
