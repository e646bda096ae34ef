package till

import (
	"slices"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/operators"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// TestWhoMayChangeTheConnection: a receptionist may not, and every change stands
// in the journal with the name of who made it.
func TestWhoMayChangeTheConnection(t *testing.T) {
	w := newWorld(t)
	d := open(t, w.config(payments.Live))
	staff := d.Staff()
	vera, err := staff.Add(t.Context(), operators.FirstOwner, operators.Operator{Name: "Vera", Rights: operators.Receptionist()})
	if err != nil {
		t.Fatal(err)
	}
	draft := w.draft()
	for what, err := range map[string]error{
		"save":       d.Save(t.Context(), draft, vera.ID),
		"disconnect": d.Disconnect(t.Context(), vera.ID),
		"erase":      d.EraseEverything(t.Context(), vera.ID),
		"pin":        staff.SetPIN(t.Context(), vera.ID, operators.FirstOwner, "4711"),
		"remove":     d.RemoveDevice(t.Context(), "X", vera.ID),
	} {
		if payments.CodeOf(err) != "operator.right" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := d.Save(t.Context(), draft, operators.FirstOwner); err != nil {
		t.Fatal(err)
	}
	notes, err := d.Till().Notes(t.Context(), 0, 10)
	if err != nil || len(notes) != 2 || notes[0].Kind != app.CredentialsSaved || notes[0].Operator != operators.FirstName ||
		notes[1].Kind != app.OperatorAdded || notes[1].Data["name"] != "Vera" {
		t.Errorf("%+v, %v", notes, err)
	}
}

// TestAForgottenOwnerPIN is reset by the key that is stored for Live, from any
// mode, and by nothing else.
func TestAForgottenOwnerPIN(t *testing.T) {
	w := newWorld(t)
	shut(t, w.connected())
	cfg := config(t, w.dir)
	cfg.pinCost = operators.Cost{Time: 1, Memory: 8, Threads: 1}
	d := open(t, cfg) // Practice
	staff := d.Staff()
	if err := staff.SetPIN(t.Context(), "", operators.FirstOwner, "4711"); err != nil {
		t.Fatal(err)
	}
	sandbox, err := setup.Sandbox()
	if err != nil {
		t.Fatal(err)
	}
	for text, code := range map[string]string{string(sandbox.Key.PEM()): "operator.key", "junk": "paste.unknown", string(sandbox.Certificate.PEM()): "key.certificate"} {
		if err := staff.ResetOwner(t.Context(), text); payments.CodeOf(err) != code {
			t.Errorf("want %s: %v", code, err)
		}
	}
	if !staff.OwnerReset().IsZero() || !staff.List()[0].HasPIN {
		t.Error("the PIN went without the key")
	}
	if err := staff.ResetOwner(t.Context(), w.pack()); err != nil {
		t.Fatal(err)
	}
	if time.Since(staff.OwnerReset()) > time.Minute || staff.List()[0].HasPIN {
		t.Errorf("%v, %+v", staff.OwnerReset(), staff.List())
	}
}

// TestDesksOfAStore: a second desk is paired from the first and revoked there.
func TestDesksOfAStore(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	code, err := d.NewPairingCode(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	second := w.config(payments.Live)
	second.Dir = t.TempDir()
	other := open(t, second)
	draft := w.draft()
	draft.Pair = code.Text
	if err := other.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	desks, err := d.RelayDesks(t.Context())
	if err != nil || len(desks) != 2 || !slices.ContainsFunc(desks, func(k relay.Desk) bool { return k.ID == other.Place() }) {
		t.Fatalf("%+v, %v", desks, err)
	}
	if err := d.RenameRelayDesk(t.Context(), other.Place(), "Back room", ""); err != nil {
		t.Error(err)
	}
	if err := d.RevokeRelayDesk(t.Context(), other.Place(), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := other.RelayDesks(t.Context()); payments.CodeOf(err) != relay.CodeRevoked {
		t.Errorf("a revoked desk: %v", err)
	}
	notes, err := d.Till().Notes(t.Context(), 0, 1)
	if err != nil || len(notes) != 1 || notes[0].Kind != app.DeskRevoked {
		t.Errorf("%+v, %v", notes, err)
	}
	practice := open(t, config(t, t.TempDir()))
	if _, err := practice.RelayDesks(t.Context()); payments.CodeOf(err) != "relay.none" {
		t.Errorf("Practice: %v", err)
	}
}

// TestADisconnectedStoreOutlivesItsPayments: what recognises payments goes by
// itself once none can come in any more.
func TestADisconnectedStoreOutlivesItsPayments(t *testing.T) {
	w := newWorld(t)
	d := w.connected()
	s := w.mustCharge(d)
	if err := d.Till().Cancel(t.Context(), s.ID, ""); err != nil {
		t.Fatal(err)
	}
	if err := d.Disconnect(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	shut(t, d)
	for _, c := range []struct {
		days time.Duration
		kept bool
	}{{59, true}, {61, false}} {
		w.ahead = c.days * 24 * time.Hour
		d = open(t, w.config(payments.Live))
		if got := d.Connection().SID != ""; got != c.kept {
			t.Errorf("%d days later it is kept: %v", c.days, got)
		}
		shut(t, d)
	}
}
