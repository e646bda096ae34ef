package till

import (
	"context"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
)

// TestThePracticeTerminalTakesMoney: added, on at once, tested, charged, and the
// charge is in the truth of the terminal.
func TestThePracticeTerminalTakesMoney(t *testing.T) {
	cfg := config(t, t.TempDir())
	d := open(t, cfg)
	if _, err := terminalCharge(t, d); payments.CodeOf(err) != "device.missing" {
		t.Fatalf("a charge without a terminal: %v", err)
	}
	dev, err := d.AddDevice(t.Context(), devices.Draft{Label: "Counter", Driver: devices.Practice, Model: "Other"}, "")
	if err != nil {
		t.Fatal(err)
	}
	report, err := d.TestDevice(t.Context(), dev.ID)
	if err != nil || report.TerminalID != pos.DefaultTID || report.Code != "" {
		t.Fatalf("%+v, %v", report, err)
	}
	if all := d.Devices(); len(all) != 1 || all[0].Health != devices.Ready || !all[0].Default {
		t.Errorf("%+v", all)
	}
	s, err := terminalCharge(t, d)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t}
	w.until(d, s.ID, app.Paid)
	if charges := d.PracticeTerminal().Charges(); len(charges) != 1 || charges[0].Minor != 4500 {
		t.Errorf("%+v", charges)
	}
	notes, err := d.Till().Notes(t.Context(), 0, 5)
	if err != nil || len(notes) != 1 || notes[0].Kind != app.DeviceAdded || notes[0].Data["label"] != "Counter" {
		t.Errorf("%+v, %v", notes, err)
	}
}

func terminalCharge(t *testing.T, d *Desk) (app.Sale, error) {
	t.Helper()
	return d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR", Rail: payments.RailTerminal,
	})
}

// TestALiveTerminal: a terminal on the network needs no other credentials, and
// enabling it switches terminal payments on.
func TestALiveTerminal(t *testing.T) {
	w := newWorld(t)
	term, err := w.sim.OpenTerminal(pos.Config{Switches: pos.Switches{Customer: pos.CustomerTap}, Speed: 20})
	if err != nil {
		t.Fatal(err)
	}
	address, err := term.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, w.config(payments.Live))
	dev, err := d.AddDevice(t.Context(), devices.Draft{Label: "Counter", Driver: devices.TCP, Model: "Ultra", Host: address}, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.EnableDevice(t.Context(), dev.ID, false, ""); payments.CodeOf(err) != "device.untested" {
		t.Errorf("enabled untested: %v", err)
	}
	if _, err := d.TestDevice(t.Context(), dev.ID); err != nil {
		t.Fatal(err)
	}
	if err := d.EnableDevice(t.Context(), dev.ID, false, ""); err != nil {
		t.Fatal(err)
	}
	if c := d.Connection(); !c.Terminal {
		t.Error("terminal payments are still off")
	}
	s, err := terminalCharge(t, d)
	if err != nil {
		t.Fatal(err)
	}
	w.until(d, s.ID, app.Paid)
	if err := term.PowerOff(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.TestDevice(t.Context(), dev.ID); err == nil {
		t.Error("a terminal without power answers")
	}
	if h := d.Devices()[0].Health; h != devices.Unreachable {
		t.Errorf("it is %s", h)
	}
	if err := d.RemoveDevice(t.Context(), dev.ID, ""); err != nil || len(d.Devices()) != 0 {
		t.Errorf("%v, %v", err, d.Devices())
	}
}

// TestWays: only what works is offered.
func TestWays(t *testing.T) {
	d := open(t, config(t, t.TempDir()))
	if got := d.Ways(); len(got) != 1 || got[0] != payments.RailLink {
		t.Errorf("Practice offers %v", got)
	}
	cfg := config(t, t.TempDir())
	cfg.Mode = payments.Test
	test := open(t, cfg)
	if got := test.Ways(); len(got) != 0 {
		t.Errorf("Test without a relay offers %v", got)
	}
	if _, err := charged(t, test); payments.CodeOf(err) != "relay.none" {
		t.Errorf("a link without a relay: %v", err)
	}
}

func charged(t *testing.T, d *Desk) (app.Sale, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	return d.Till().Charge(ctx, app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR",
	})
}
