package till

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator"
)

// cloudConfig is a Live desk whose gateway is the simulator, too.
func (w *world) cloudConfig() Config {
	cfg := w.config(payments.Live)
	cfg.mypos.gateway = w.simURL
	return cfg
}

// six are the credentials of the simulator's gateway.
func (w *world) six() setup.CloudDraft {
	id := w.sim.Identity()
	return setup.CloudDraft{
		PartnerID: id.PartnerID, ApplicationID: id.ApplicationID, ClientID: id.PartnerClient, ClientSecret: id.PartnerSecret,
		MerchantID: id.MerchantClient, MerchantSecret: id.MerchantSecret,
	}
}

// cloudDesk is a desk with the gateway connected and a cloud terminal enabled.
func (w *world) cloudDesk() (*Desk, devices.Device) {
	w.t.Helper()
	d := open(w.t, w.cloudConfig())
	if err := d.Save(w.t.Context(), setup.Draft{Cloud: w.six(), OnlinePayments: true}, ""); err != nil {
		w.t.Fatal(err)
	}
	found, err := d.AccountDevices(w.t.Context())
	if err != nil || len(found) < 2 || !found[0].Cloud {
		w.t.Fatalf("%+v, %v", found, err)
	}
	dev, err := d.AddDevice(w.t.Context(), devices.Draft{
		Label: "Cloud", Driver: devices.Cloud, TerminalID: found[0].TerminalID, SerialNo: found[0].SerialNo,
	}, "")
	if err != nil {
		w.t.Fatal(err)
	}
	if r, err := d.TestDevice(w.t.Context(), dev.ID); err != nil || r.Code != "" || r.Other || r.Currency != "EUR" {
		w.t.Fatalf("%+v, %v", r, err)
	}
	if err := d.EnableDevice(w.t.Context(), dev.ID, false, ""); err != nil {
		w.t.Fatal(err)
	}
	return d, dev
}

func cloudCharge(ctx context.Context, d *Desk, minor int64, currency money.Currency) (app.Sale, error) {
	return d.Till().Charge(ctx, app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: minor, Currency: currency}}}, Currency: currency, Rail: payments.RailTerminal,
	})
}

// TestTheGatewayIsConnected: six values, two of them secret, tested step by step,
// kept when left blank, and gone after Disconnect.
func TestTheGatewayIsConnected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := open(t, w.cloudConfig())
	six := w.six()
	step := func(c setup.CloudDraft) setup.Row {
		return row(d.TestConnection(t.Context(), setup.Draft{Cloud: c, OnlinePayments: true}, nil), setup.StepCloud)
	}
	if r := step(setup.CloudDraft{}); r.Result != setup.NotUsed {
		t.Errorf("nothing: %+v", r)
	}
	portal := six
	portal.MerchantID, portal.MerchantSecret = w.sim.Identity().ClientID, w.sim.Identity().ClientSecret
	stranger, nobody := six, six
	stranger.PartnerID, nobody.ClientSecret = "mps-p-1", "secret_1"
	half := six
	half.ApplicationID = ""
	for code, c := range map[string]setup.CloudDraft{
		"epos.merchant": portal, "epos.forbidden": stranger, "epos.credentials": nobody, "cloud.missing": half, "": six,
	} {
		if r := step(c); r.Code != code || code != "" && r.Result != setup.Fix || code == "" && r.Result != setup.Works {
			t.Errorf("want %q: %+v", code, r)
		}
	}
	if err := d.Save(t.Context(), setup.Draft{Cloud: six, OnlinePayments: true}, ""); err != nil {
		t.Fatal(err)
	}
	blank := d.Draft()
	if blank.Cloud.ClientSecret != "" || blank.Cloud.PartnerID != six.PartnerID {
		t.Errorf("%+v", blank.Cloud)
	}
	blank.Cloud.ApplicationID = "mps-app-other"
	if err := d.Save(t.Context(), blank, ""); err != nil {
		t.Fatal(err)
	}
	blank.Cloud.ApplicationID = six.ApplicationID
	if r := step(blank.Cloud); r.Result != setup.Works {
		t.Errorf("blank secrets: %+v", r)
	}
	shut(t, d)
	w.holdsNone(six.ClientSecret, six.MerchantSecret)
	d = open(t, w.cloudConfig())
	if err := d.Disconnect(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if c := d.Connection(); c.Cloud != (setup.CloudConnection{}) || len(d.records.get().Secrets) > 0 {
		t.Errorf("%+v, %v", c.Cloud, d.records.get().Secrets)
	}
}

// holdsNone looks for secrets in every file of the data folder.
func (w *world) holdsNone(secrets ...string) {
	w.t.Helper()
	err := filepath.WalkDir(w.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, s := range secrets {
			if bytes.Contains(raw, []byte(s)) {
				w.t.Errorf("%s holds a secret", path)
			}
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// TestChargesThroughTheCloud: each way a payment can go, against what the
// account really took.
func TestChargesThroughTheCloud(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		minor  int64
		fault  simulator.Fault
		cancel bool
		state  app.State
		took   int
	}{
		"paid":                 {minor: 4500, state: app.Paid, took: 1},
		"declined":             {minor: 4501, state: app.Declined},
		"cancelled":            {minor: 4504, cancel: true, state: app.NotCharged},
		"cancelled, paid":      {minor: 4504, cancel: true, fault: simulator.Fault{Kind: simulator.CloudStubborn, Count: -1}, state: app.Paid, took: 1},
		"made, answer lost":    {minor: 4500, fault: simulator.Fault{Kind: simulator.AnswerLost, Method: "epos.create"}, state: app.Paid, took: 1},
		"500, not made":        {minor: 4500, fault: simulator.Fault{Kind: simulator.HTTPError, Status: 500, Method: "epos.create"}, state: app.Unknown},
		"polls fail":           {minor: 4500, fault: simulator.Fault{Kind: simulator.HTTPError, Status: 500, Method: "epos.payment", Count: 2}, state: app.Paid, took: 1},
		"refused":              {minor: 4508, state: app.NotCharged},
		"a word nobody knows":  {minor: 4500, fault: simulator.Fault{Kind: simulator.CloudStrange, Count: 2}, state: app.Paid, took: 1},
		"the other way to say": {minor: 4500, fault: simulator.Fault{Kind: simulator.CloudWords, Count: -1}, state: app.Paid, took: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			d, dev := w.cloudDesk()
			if c.fault.Kind != "" {
				if err := w.sim.SetFaults(c.fault); err != nil {
					t.Fatal(err)
				}
			}
			s, err := cloudCharge(t.Context(), d, c.minor, "EUR")
			if err != nil && s.ID == "" {
				t.Fatal(err)
			}
			if a := s.Attempts[0]; a.Rail != payments.RailCloud || a.Device != dev.ID {
				t.Errorf("%s on %s", a.Rail, a.Device)
			}
			if c.cancel {
				w.cancelCloud(d, s.ID)
			}
			w.until(d, s.ID, c.state)
			if took := w.took(); took != c.took {
				t.Errorf("the account took %d payments, want %d", took, c.took)
			}
			if open, err := d.OpenAttempts(t.Context()); err != nil || open > 0 != (c.state == app.Unknown) {
				t.Errorf("%d payments may still be paid, %v", open, err)
			}
		})
	}
}

// cancelCloud asks for the end once the terminal has the amount.
func (w *world) cancelCloud(d *Desk, id app.SaleID) {
	w.t.Helper()
	for c := range d.Till().WatchSale(w.t.Context(), id) {
		a := c.Sale.Attempts[0]
		if a.Cancellable || !a.Live() {
			break
		}
	}
	if err := d.Till().Cancel(w.t.Context(), id, ""); err != nil {
		w.t.Error(err)
	}
}

// took counts the payments the account shows.
func (w *world) took() int {
	n := 0
	for _, c := range w.sim.Truth().Cloud {
		if c.Charged && c.Kind == "sale" && !c.Reversed {
			n++
		}
	}
	return n
}

// TestWhatTheCloudCannotCharge: nothing is asked for.
func TestWhatTheCloudCannotCharge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d, dev := w.cloudDesk()
	for _, cur := range []money.Currency{"HUF", "ISK", "JPY", "TWD"} {
		if _, err := cloudCharge(t.Context(), d, 450000, cur); payments.CodeOf(err) == "" {
			t.Errorf("%s was charged", cur)
		}
	}
	if err := d.DisableDevice(t.Context(), dev.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := cloudCharge(t.Context(), d, 100, "EUR"); payments.CodeOf(err) != "device.missing" {
		t.Errorf("switched off: %v", err)
	}
	if took := w.took(); took != 0 {
		t.Errorf("%d payments", took)
	}
}
