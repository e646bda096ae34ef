package till

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/local"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/app/vault"
	"frontdesk/payments"
)

// TestADisconnectThatIsCutOffIsFinished: where the erasing failed, or the program
// ended before it, the next start erases the private key.
func TestADisconnectThatIsCutOffIsFinished(t *testing.T) {
	w := newWorld(t)
	d := w.charged()
	if err := d.Save(t.Context(), setup.Draft{Pack: w.pack(), OnlinePayments: true, Insist: true}, ""); err != nil { // no relay any more
		t.Fatal(err)
	}
	w.keyring.Fail(errors.New("the keyring is away"))
	if err := d.Disconnect(t.Context(), ""); err == nil {
		t.Fatal("nothing was cut off")
	}
	w.keyring.Fail(nil)
	w.vaultless(d)
}

// TestAnErasureThatIsCutOffIsFinished: the same for all that is stored.
func TestAnErasureThatIsCutOffIsFinished(t *testing.T) {
	w := newWorld(t)
	d := w.charged()
	if err := d.records.abandon(d.stamp()); err != nil { // and no further
		t.Fatal(err)
	}
	w.vaultless(d)
}

// charged is a Live desk that a payment may still come in for.
func (w *world) charged() *Desk {
	w.t.Helper()
	d := w.connected()
	s := w.mustCharge(d)
	if err := d.Till().Cancel(w.t.Context(), s.ID, ""); err != nil {
		w.t.Fatal(err)
	}
	return d
}

// vaultless opens the desk again, in which no secret may be left.
func (w *world) vaultless(d *Desk) {
	w.t.Helper()
	shut(w.t, d)
	d = open(w.t, w.config(payments.Live))
	defer shut(w.t, d)
	v, err := vault.Open(w.t.Context(), d.box.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	if names := v.Names(); len(names) > 0 {
		w.t.Errorf("the vault still has %v", names)
	}
	for _, name := range []string{"vault", "vault.previous"} {
		if _, err := os.Stat(filepath.Join(w.dir, "live", name)); !errors.Is(err, os.ErrNotExist) {
			w.t.Errorf("%s is still there", name)
		}
	}
}

// TestDevicesAskForThePIN: another program that names the owner changes no
// terminals without the PIN of the owner.
func TestDevicesAskForThePIN(t *testing.T) {
	w := newWorld(t)
	d := open(t, w.config(payments.Live))
	const pin = "83615207"
	if err := d.Staff().SetPIN(t.Context(), operators.FirstOwner, operators.FirstOwner, pin); err != nil {
		t.Fatal(err)
	}
	add := local.DevicesArgs{Do: local.DevicesAdd, Label: "Liar", Driver: "ipp-tcp", Host: "127.0.0.1", Port: "7900"}
	for _, c := range []struct{ pin, code string }{{"", "operator.pin_needed"}, {"94027163", "operator.pin"}, {pin, ""}} {
		add.PIN = c.pin
		if err := d.asked(t, add); payments.CodeOf(err) != c.code {
			t.Errorf("add with %q: %v", c.pin, err)
		}
	}
	for _, do := range []string{local.DevicesEnable, local.DevicesDisable, local.DevicesDefault, local.DevicesRemove} {
		if err := d.asked(t, local.DevicesArgs{Do: do, Device: "Liar", Insist: true}); payments.CodeOf(err) != "operator.pin_needed" {
			t.Errorf("%s: %v", do, err)
		}
	}
	if err := d.asked(t, local.DevicesArgs{Do: local.DevicesList}); err != nil {
		t.Errorf("the list: %v", err)
	}
}

func (d *Desk) asked(t *testing.T, a local.DevicesArgs) error {
	t.Helper()
	req, err := local.Ask(local.OpDevices, a)
	if err != nil {
		t.Fatal(err)
	}
	return d.Handler().Call(context.WithoutCancel(t.Context()), req, func(json.RawMessage) error { return nil })
}
