package till

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app"
	"frontdesk/app/backup"
	"frontdesk/app/operators"
	"frontdesk/app/vault/vaulttest"
	"frontdesk/payments"
)

// TestACopyWithSecrets moves a Live desk to a new computer: the copy holds no
// secret in the clear, and with its passphrase the desk works where it is
// restored, and recognises what was open.
func TestACopyWithSecrets(t *testing.T) {
	const phrase = "a passphrase of the copy"
	w := newWorld(t)
	d := w.connected()
	s := w.mustCharge(d)
	vera, err := d.Staff().Add(t.Context(), operators.FirstOwner, operators.Operator{Name: "Vera", Rights: operators.Receptionist()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.BackupFor(t.Context(), phrase, vera.ID); payments.CodeOf(err) != "operator.right" {
		t.Errorf("a receptionist takes the credentials away: %v", err)
	}
	copied, err := d.BackupFor(t.Context(), phrase, operators.FirstOwner)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Backup(t.Context()); err != nil { // without secrets: those of today's copy stay
		t.Fatal(err)
	}
	shut(t, d)
	sealed, err := backup.Secrets(copied.Path)
	if err != nil || sealed == nil {
		t.Fatalf("no secrets in the copy: %v", err)
	}
	if bytes.Contains(sealed, []byte("PRIVATE KEY")) {
		t.Error("a private key in the clear")
	}
	cfg := w.config(payments.Live)
	if done, err := RestoreSecrets(t.Context(), cfg, sealed, []byte(phrase)); done || err != nil {
		t.Errorf("over a vault that is there: %v, %v", done, err)
	}

	from := copied.Path
	w.dir, w.keyring = t.TempDir(), &vaulttest.Memory{}
	cfg = w.config(payments.Live)
	restore := backup.Config{Dir: cfg.Dir, Mode: payments.Live, Now: cfg.Now}
	if _, err := restore.Restore(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	if done, err := RestoreSecrets(t.Context(), cfg, sealed, []byte("another passphrase")); done || payments.CodeOf(err) != "vault.passphrase" {
		t.Errorf("a wrong passphrase: %v, %v", done, err)
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, "live", "vault")); err == nil {
		t.Fatal("a wrong passphrase made a vault")
	}
	if done, err := RestoreSecrets(t.Context(), cfg, sealed, []byte(phrase)); !done || err != nil {
		t.Fatalf("restored %v, %v", done, err)
	}
	d = open(t, cfg)
	w.proven(d)
	w.pay(s.Attempts[0].Link)
	w.until(d, s.ID, app.Paid)
	w.mustCharge(d)
}
