package vault_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/folder"
	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
)

// A file that is in force, but perhaps not after a power cut, costs no secret:
// whichever of the two files is found, its key is there.
func TestSaveInForce(t *testing.T) {
	for name, changes := range map[string]map[string][]byte{
		"the same key": {"second": []byte("two")},
		"a new key":    {"first": []byte("changed")},
	} {
		for _, back := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, old file back: %v", name, back), func(t *testing.T) {
				keys, dir := &vaulttest.Memory{}, t.TempDir()
				cfg := vault.Config{Dir: dir, Name: "live", Keys: keys, Entropy: rand.Reader}
				v, err := vault.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				if err := v.Save(t.Context(), map[string][]byte{"first": []byte("one")}); err != nil {
					t.Fatal(err)
				}
				old, err := os.ReadFile(filepath.Join(dir, "vault"))
				if err != nil {
					t.Fatal(err)
				}
				v.SetReplace(func(path string, raw []byte) error {
					return errors.Join(folder.Replace(path, raw), folder.ErrInForce)
				})
				if err := v.Save(t.Context(), changes); !errors.Is(err, folder.ErrInForce) {
					t.Fatalf("save: %v", err)
				}
				want := map[string]string{"first": "one"}
				for k, s := range changes {
					if got, _ := v.Load(k); string(got) != string(s) {
						t.Errorf("%s in memory is %q", k, got)
					}
					if !back {
						want[k] = string(s)
					}
				}
				if back { // the power went, and the rename with it
					if err := os.WriteFile(filepath.Join(dir, "vault"), old, 0o600); err != nil {
						t.Fatal(err)
					}
				}
				again, err := vault.Open(t.Context(), cfg)
				if err != nil {
					t.Fatalf("open: %v", err)
				}
				for k, s := range want {
					if got, err := again.Load(k); err != nil || string(got) != s {
						t.Errorf("%s is %q, %v; want %q", k, got, err, s)
					}
				}
			})
		}
	}
}
