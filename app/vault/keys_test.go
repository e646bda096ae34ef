package vault_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments"
)

// cheap makes passphrases quick to derive in tests.
func cheap() vault.Cost { return vault.Cost{Time: 1, Memory: 64, Threads: 1} }

func phrases(file, phrase string) *vault.Passphrase {
	return vault.NewPassphrase(vault.PassphraseConfig{
		File: file, Entropy: rand.Reader, Cost: cheap(),
		Ask: func(context.Context, bool) ([]byte, error) { return []byte(phrase), nil },
	})
}

// suites runs both suites over a place for keys.
func suites(t *testing.T, open func() vault.Keys) {
	t.Run("keys", func(t *testing.T) { vaulttest.Keys(t, open) })
	t.Run("vault", func(t *testing.T) { vaulttest.Vault(t, rand.Reader, open) })
}

func TestMemory(t *testing.T) {
	m := &vaulttest.Memory{}
	suites(t, func() vault.Keys { return m })
}

func TestPassphrase(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vault.key")
	suites(t, func() vault.Keys { return phrases(file, "long enough") })
}

func TestEitherWithoutKeyring(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vault.key")
	suites(t, func() vault.Keys { return vault.Either{Ring: noRing{}, Phrase: phrases(file, "long enough")} })
}

// noRing is a computer without a keyring that says so only when asked to store.
type noRing struct{}

func (noRing) Get(context.Context, string) ([]byte, error) { return nil, vault.ErrMissing }
func (noRing) Set(context.Context, string, []byte) error   { return vault.ErrNoKeyring }
func (noRing) Delete(context.Context, string) error        { return nil }

// inSession tells the copy of this test that runs inside a session bus with a
// Secret Service.
const inSession = "FRONTDESK_TEST_SECRET_SERVICE"

// TestSecretService runs the suites over the real Secret Service, which it
// starts on a bus of its own.
func TestSecretService(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the Secret Service is Linux's; the keyring here belongs to a person")
	}
	if os.Getenv(inSession) != "" {
		suites(t, func() vault.Keys { return vault.NewKeyring() })
		return
	}
	for _, program := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: make need-keyring installs it", program)
		}
	}
	home := t.TempDir()
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c",
		`printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -test.run '^TestSecretService$' -test.v`, os.Args[0])
	cmd.Env = append(os.Environ(), inSession+"=1", "HOME="+home, "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home, "XDG_CONFIG_HOME="+home, "XDG_CACHE_HOME="+home)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// A computer without a keyring says so; it does not hang and keeps nothing.
func TestNoKeyring(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the keyring of this system cannot be taken away")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	dir := t.TempDir()
	v, err := vault.Open(t.Context(), vault.Config{Dir: dir, Name: "live", Keys: vault.NewKeyring(), Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	err = v.Save(t.Context(), map[string][]byte{"key": []byte("secret")})
	if !errors.Is(err, vault.ErrLocked) || payments.CodeOf(err) != "vault.keyring" {
		t.Errorf("saving without a keyring: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("files were made: %v", left)
	}
}

func TestPassphraseRefusals(t *testing.T) {
	file := filepath.Join(t.TempDir(), "vault.key")
	code := func(err error) string {
		if err != nil && !errors.Is(err, vault.ErrLocked) {
			t.Errorf("%v does not wrap ErrLocked", err)
		}
		return payments.CodeOf(err)
	}
	key := make([]byte, vault.KeySize)
	ctx := t.Context()
	if got := code(phrases(file, "short").Set(ctx, "a", key)); got != "vault.passphrase_short" {
		t.Errorf("a short passphrase: %q", got)
	}
	if got := code(phrases(file, "").Set(ctx, "a", key)); got != "vault.passphrase_needed" {
		t.Errorf("no passphrase: %q", got)
	}
	if err := phrases(file, "the right one").Set(ctx, "a", key); err != nil {
		t.Fatal(err)
	}
	p := phrases(file, "the wrong one")
	if _, err := p.Get(ctx, "a"); code(err) != "vault.passphrase" {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if got := code(p.Set(ctx, "b", key)); got != "vault.passphrase" {
		t.Errorf("storing under a wrong passphrase: %q", got)
	}
	right := phrases(file, "the right one")
	if err := right.Change(ctx, []byte("another one")); err != nil {
		t.Fatal(err)
	}
	if _, err := phrases(file, "the right one").Get(ctx, "a"); code(err) != "vault.passphrase" {
		t.Errorf("the old passphrase still works: %v", err)
	}
	if _, err := phrases(file, "another one").Get(ctx, "a"); err != nil {
		t.Errorf("the new passphrase does not work: %v", err)
	}
	for name, raw := range map[string]string{
		"not JSON": "garbage", "newer": `{"version":9}`,
		"endless": `{"version":1,"salt":"AAAA","argon2id":{"time":4294967295,"memory":4294967295,"threads":255}}`,
	} {
		if err := os.WriteFile(file, []byte(raw), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := phrases(file, "another one").Get(ctx, "a"); code(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
