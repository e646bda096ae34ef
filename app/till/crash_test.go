package till

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"frontdesk/app/folder"
	"frontdesk/app/setup"
	"frontdesk/app/vault"
	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/merchant"
)

// asSaver makes the test program one that saves until it is killed: the folder
// it works in.
const asSaver = "FRONTDESK_TEST_SAVER"

// fileKeys keeps vault keys in a folder, as a keyring that outlives programs.
type fileKeys struct{ dir string }

func (f fileKeys) path(name string) string { return filepath.Join(f.dir, filepath.Base(name)) }

func (f fileKeys) Get(_ context.Context, name string) ([]byte, error) {
	raw, err := os.ReadFile(f.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return nil, vault.ErrMissing
	}
	return raw, err
}

func (f fileKeys) Set(_ context.Context, name string, key []byte) error {
	return folder.Replace(f.path(name), key)
}

func (f fileKeys) Delete(_ context.Context, name string) error { return folder.Remove(f.path(name)) }

// savers are two stores between which the saver goes to and fro.
func savers(dir string) ([]setup.Draft, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "drafts.json"))
	var drafts []setup.Draft
	if err == nil {
		err = json.Unmarshal(raw, &drafts)
	}
	return drafts, err
}

// saverConfig is a Live desk that never asks anybody.
func saverConfig(dir string) Config {
	start := time.Now()
	return Config{
		Dir: filepath.Join(dir, "data"), Mode: payments.Live, Name: "Front", Now: time.Now, Entropy: rand.Reader,
		Mono: func() time.Duration { return time.Since(start) }, HTTP: &http.Client{Transport: &http.Transport{}},
		Keyring: fileKeys{filepath.Join(dir, "keys")},
		mypos:   addresses{checkout: "https://127.0.0.1:1/vmp/checkout", rest: merchant.Production(), own: true},
	}
}

// beSaver saves one draft after the other and says a letter before each.
func beSaver(dir string) int {
	drafts, err := savers(dir)
	if err == nil {
		err = saveForEver(dir, drafts)
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func saveForEver(dir string, drafts []setup.Draft) error {
	d, err := Open(context.Background(), saverConfig(dir))
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		fmt.Println("next")
		if err := d.Save(context.Background(), drafts[i%len(drafts)], ""); err != nil {
			return err
		}
	}
}

// TestASaveThatIsKilledChangesNothingOrAll: the program is killed at drawn
// moments of saving, and what is found is one store whole: its number, its
// index, the key and the secret that belong to it, and nothing else in the
// vault.
func TestASaveThatIsKilledChangesNothingOrAll(t *testing.T) {
	const rounds = 8
	dir := t.TempDir()
	keys := map[string]string{} // fingerprint of a key to the number of its store
	var drafts []setup.Draft
	for i, sid := range []string{"111111", "222222"} {
		key, err := checkout.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		provider, err := checkout.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := provider.SelfSigned("myPOS", time.Now().Add(-time.Hour), time.Now().Add(time.Hour), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		keys[key.Fingerprint()] = sid
		drafts = append(drafts, setup.Draft{
			SID: sid, Wallet: "4000", KeyIndex: fmt.Sprint(i + 1), PrivateKey: string(key.PEM()), Certificate: string(cert.PEM()),
			EnableAPI: true, ClientID: "ID-" + sid, ClientSecret: "secret of " + sid, OnlinePayments: true,
		})
	}
	raw, err := json.Marshal(drafts)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "drafts.json"), raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for round := range rounds {
		killSaver(t, dir, time.Duration(round*round)*1200*time.Microsecond)
		found(t, dir, keys)
	}
}

// killSaver lets the saver save three times and kills it a moment later.
func killSaver(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), asSaver+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for range 3 {
		if !lines.Scan() {
			t.Fatal("the saver ended by itself")
		}
	}
	time.Sleep(after) // the moment of the kill is what is drawn
	_ = cmd.Process.Kill()
	_, _ = io.Copy(io.Discard, out)
	_ = cmd.Wait()
}

// found opens the folder as the next start would and looks at everything.
func found(t *testing.T, dir string, keys map[string]string) {
	t.Helper()
	d, err := Open(t.Context(), saverConfig(dir))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, w := d.Connection(), d.socket.now()
	if c.Locked || w.store.Key == nil || w.merchant == nil {
		t.Fatalf("nothing usable was found: %+v", c)
	}
	sid := keys[w.store.Key.Fingerprint()]
	if c.SID != sid || w.store.SID != sid || c.ClientID != "ID-"+sid || c.KeyIndex != int(sid[0]-'0') {
		t.Errorf("the key is of store %s, the rest is %+v", sid, c)
	}
	rec := d.records.get()
	v, err := d.box.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := v.Load(rec.Secrets[secretAPI])
	if err != nil || string(secret) != "secret of "+sid {
		t.Errorf("the secret of store %s is %q, %v", sid, secret, err)
	}
	if names := v.Names(); len(names) != len(rec.Secrets) {
		t.Errorf("leftovers in the vault: %v beside %v", names, rec.secretNames())
	}
}
