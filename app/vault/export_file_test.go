package vault_test

import (
	"bytes"
	"crypto/rand"
	"testing"

	"frontdesk/app/vault"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments"
)

func TestExport(t *testing.T) {
	v, err := vault.Open(t.Context(), vault.Config{Dir: t.TempDir(), Name: "live", Keys: &vaulttest.Memory{}, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{"1/key": []byte("the private key"), "1/secret": {0, 255}}
	if err := v.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Export([]byte("short"), cheap()); payments.CodeOf(err) != "vault.passphrase_short" {
		t.Errorf("a short passphrase: %v", err)
	}
	raw, err := v.Export([]byte("correct horse"), cheap())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("private")) {
		t.Error("a secret in the clear")
	}
	got, err := vault.ReadExport(raw, []byte("correct horse"))
	if err != nil || len(got) != len(want) {
		t.Fatalf("%v, %v", got, err)
	}
	for name, secret := range want {
		if !bytes.Equal(got[name], secret) {
			t.Errorf("%s: %q", name, got[name])
		}
	}
	for name, c := range map[string]struct {
		raw  []byte
		code string
	}{
		"wrong passphrase": {raw, "vault.passphrase"},
		"changed":          {bytes.Replace(raw, []byte(`"sealed": "`), []byte(`"sealed": "AAAA`), 1), "vault.passphrase"},
		"endless cost":     {bytes.Replace(raw, []byte(`"memory": 64`), []byte(`"memory": 4000000000`), 1), "vault.damaged"},
		"newer":            {bytes.Replace(raw, []byte(`"version": 1`), []byte(`"version": 2`), 1), "vault.newer"},
		"something else":   {[]byte("{}"), "vault.damaged"},
	} {
		phrase := "correct horse"
		if name == "wrong passphrase" {
			phrase = "correct house"
		}
		if bytes.Equal(c.raw, raw) && name != "wrong passphrase" {
			t.Errorf("%s: the case changes nothing", name)
		}
		if _, err := vault.ReadExport(c.raw, []byte(phrase)); payments.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// FuzzReadExport: whatever lies in a file, reading it ends with an error or
// secrets, soon.
func FuzzReadExport(f *testing.F) {
	f.Add([]byte(`{"version":1,"salt":"AAAA","argon2id":{"time":1,"memory":8,"threads":1},"nonce":"AAAAAAAAAAAAAAAA","sealed":"AAAA"}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<12 || bytes.Contains(raw, []byte("memory")) && !bytes.Contains(raw, []byte(`"memory":8,`)) {
			t.Skip("a large cost is allowed, and slow")
		}
		if secrets, err := vault.ReadExport(raw, []byte("correct horse")); err == nil {
			t.Errorf("opened %q as %v", raw, secrets)
		}
	})
}
