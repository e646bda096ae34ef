package vault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments"
)

func open(t *testing.T, dir string, keys vault.Keys) (*vault.Vault, error) {
	t.Helper()
	return vault.Open(t.Context(), vault.Config{Dir: dir, Name: "live", Keys: keys, Entropy: rand.Reader})
}

func filled(t *testing.T, dir string, keys vault.Keys, secrets map[string][]byte) *vault.Vault {
	t.Helper()
	v, err := open(t, dir, keys)
	if err == nil {
		err = v.Save(t.Context(), secrets)
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A file that was damaged on the disk gives the generation before, and says so;
// two damaged ones are told and left as they are.
func TestDamagedFile(t *testing.T) {
	damages := map[string]func([]byte) []byte{
		"cut":     func(b []byte) []byte { return b[:len(b)/2] },
		"empty":   func([]byte) []byte { return nil },
		"flipped": func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-10] ^= 1; return b },
		"generation": func(b []byte) []byte {
			return bytes.Replace(b, []byte(`"generation": 2`), []byte(`"generation": 9`), 1)
		},
	}
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			dir, keys := t.TempDir(), &vaulttest.Memory{}
			v := filled(t, dir, keys, map[string][]byte{"a": []byte("1")})
			if err := v.Save(t.Context(), map[string][]byte{"b": []byte("2")}); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(dir, "vault")
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			broken := damage(raw)
			if bytes.Equal(broken, raw) {
				t.Fatal("nothing was damaged")
			}
			write(t, path, broken)
			v, err = open(t, dir, keys)
			if err != nil || !v.Recovered() {
				t.Fatalf("%v, recovered %v", err, v != nil && v.Recovered())
			}
			if got, err := v.Load("a"); err != nil || string(got) != "1" {
				t.Errorf("a: %q %v", got, err)
			}
			if err := v.Save(t.Context(), map[string][]byte{"c": []byte("3")}); err != nil {
				t.Fatal(err)
			}
			if v, err = open(t, dir, keys); err != nil || v.Recovered() {
				t.Fatalf("after the next save: %v", err)
			}
			write(t, path, broken)
			write(t, filepath.Join(dir, "vault.previous"), []byte("{}"))
			if _, err = open(t, dir, keys); !errors.Is(err, vault.ErrLocked) || payments.CodeOf(err) != "vault.damaged" {
				t.Errorf("both damaged: %v", err)
			}
			if now, _ := os.ReadFile(path); !bytes.Equal(now, broken) {
				t.Error("a file that cannot be opened was touched")
			}
		})
	}
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestLockedVault(t *testing.T) {
	dir, keys := t.TempDir(), &vaulttest.Memory{}
	filled(t, dir, keys, map[string][]byte{"a": []byte("1")})
	for code, cause := range map[string]error{
		"vault.keylost": vault.ErrMissing, "vault.keyring": vault.ErrNoKeyring, "vault.keyring_slow": context.DeadlineExceeded,
	} {
		keys.Fail(cause)
		if _, err := open(t, dir, keys); !errors.Is(err, vault.ErrLocked) || payments.CodeOf(err) != code {
			t.Errorf("%v: %v, want %s", cause, err, code)
		}
	}
	keys.Fail(nil)
	if _, err := open(t, dir, keys); err != nil {
		t.Errorf("once the keyring is back: %v", err)
	}
	write(t, filepath.Join(dir, "vault"), []byte(`{"version":7,"id":"X"}`))
	if _, err := open(t, dir, keys); payments.CodeOf(err) != "vault.newer" {
		t.Errorf("a newer file: %v", err)
	}
}

// A failing keyring or disk changes nothing, neither on disk nor in memory.
func TestSaveThatFails(t *testing.T) {
	dir, keys := t.TempDir(), &vaulttest.Memory{}
	v := filled(t, dir, keys, map[string][]byte{"a": []byte("1")})
	check := func(what string, err error) {
		t.Helper()
		if err == nil {
			t.Fatalf("%s: no error", what)
		}
		again, openErr := open(t, dir, keys)
		if openErr != nil {
			t.Fatalf("%s: %v", what, openErr)
		}
		for _, v := range []*vault.Vault{v, again} {
			if got, err := v.Load("a"); err != nil || string(got) != "1" || len(v.Names()) != 1 {
				t.Errorf("%s: a is %q (%v), names %v", what, got, err, v.Names())
			}
		}
	}
	keys.Fail(vault.ErrNoKeyring)
	err := v.Save(t.Context(), map[string][]byte{"a": nil})
	keys.Fail(nil)
	check("keyring", err)
	if err := os.Mkdir(filepath.Join(dir, "vault.new"), 0o700); err != nil {
		t.Fatal(err)
	}
	check("disk", v.Save(t.Context(), map[string][]byte{"b": []byte("2")}))
	check("disk, with a new key", v.Save(t.Context(), map[string][]byte{"a": []byte("9")}))
	if keys.Len() != 1 {
		t.Errorf("%d keys in the keyring after failed saves", keys.Len())
	}
	check("a nameless secret", v.Save(t.Context(), map[string][]byte{"": []byte("2"), "b": []byte("2")}))
}

// crashing is a place for keys after which the program is gone: every later
// call fails, as do the writes that would have followed.
type crashing struct {
	*vaulttest.Memory
	left int
	dir  string
}

func (c *crashing) blocked() []string {
	return []string{filepath.Join(c.dir, "vault.new"), filepath.Join(c.dir, "vault.previous.new")}
}

func (c *crashing) step() {
	if c.left--; c.left == 0 {
		c.Fail(errors.New("crashed"))
		for _, name := range c.blocked() {
			_ = os.Mkdir(name, 0o700) // nothing can be written there any more, by root neither
		}
	}
}

// Set stores, then may crash.
func (c *crashing) Set(ctx context.Context, name string, key []byte) error {
	err := c.Memory.Set(ctx, name, key)
	c.step()
	return err
}

// Delete may crash first.
func (c *crashing) Delete(ctx context.Context, name string) error {
	c.step()
	return c.Memory.Delete(ctx, name)
}

// Cut off at each call to the keyring, the vault opens with all or nothing of
// the change.
func TestCrashWhileTheKeyChanges(t *testing.T) {
	for left := 1; left <= 2; left++ {
		dir := t.TempDir()
		c := &crashing{Memory: &vaulttest.Memory{}, dir: dir, left: -1}
		v := filled(t, dir, c, map[string][]byte{"a": []byte("1"), "b": []byte("2")})
		c.left = left
		_ = v.Save(t.Context(), map[string][]byte{"a": []byte("new"), "b": nil})
		c.Fail(nil)
		for _, name := range c.blocked() {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		v, err := open(t, dir, c.Memory)
		if err != nil {
			t.Fatalf("crash %d: %v", left, err)
		}
		a, errA := v.Load("a")
		_, errB := v.Load("b")
		old := string(a) == "1" && errB == nil
		done := string(a) == "new" && errors.Is(errB, vault.ErrMissing)
		if errA != nil || !old && !done {
			t.Errorf("crash %d: a is %q, b %v", left, a, errB)
		}
	}
}

// Whatever is saved, in whatever order, across restarts, is what is loaded.
func TestVaultIsAMap(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp("", "vault")
		if err != nil {
			r.Fatal(err)
		}
		defer os.RemoveAll(dir)
		keys, model := &vaulttest.Memory{}, map[string][]byte{}
		v, err := vault.Open(t.Context(), vault.Config{Dir: dir, Name: "test", Keys: keys, Entropy: rand.Reader})
		if err != nil {
			r.Fatal(err)
		}
		r.Repeat(map[string]func(*rapid.T){
			"save": func(r *rapid.T) {
				changes := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.OneOf(rapid.Just([]byte(nil)), rapid.SliceOfN(rapid.Byte(), 1, 20)), 0, 3).Draw(r, "changes")
				if err := v.Save(t.Context(), changes); err != nil {
					r.Fatal(err)
				}
				for name, value := range changes {
					if value == nil {
						delete(model, name)
					} else {
						model[name] = value
					}
				}
			},
			"restart": func(r *rapid.T) {
				if v, err = vault.Open(t.Context(), vault.Config{Dir: dir, Name: "test", Keys: keys, Entropy: rand.Reader}); err != nil {
					r.Fatal(err)
				}
			},
			"": func(r *rapid.T) {
				if got, want := v.Names(), slices.Sorted(maps.Keys(model)); !slices.Equal(got, want) {
					r.Fatalf("names %v, want %v", got, want)
				}
				for name, want := range model {
					if got, err := v.Load(name); err != nil || !bytes.Equal(got, want) {
						r.Fatalf("%s: %x, %v; want %x", name, got, err, want)
					}
				}
				if keys.Len() > 1 {
					r.Fatalf("%d keys are left in the keyring", keys.Len())
				}
			},
		})
	})
}

// FuzzOpen feeds any bytes as the file: it opens or says why not, and the
// file stays.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"version":1,"id":"ABC","generation":1,"nonce":"AAAA","sealed":"AAAA"}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir, keys := t.TempDir(), &vaulttest.Memory{}
		path := filepath.Join(dir, "vault")
		write(t, path, raw)
		if err := keys.Set(t.Context(), "live/ABC", make([]byte, vault.KeySize)); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, dir, keys); !errors.Is(err, vault.ErrLocked) {
			t.Fatalf("opened bytes nobody sealed: %v", err)
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, raw) {
			t.Fatalf("the file was touched: %v", err)
		}
		if _, err := os.Stat(filepath.Join(dir, "vault.previous")); !errors.Is(err, fs.ErrNotExist) {
			t.Fatal("a generation was made of it")
		}
	})
}
