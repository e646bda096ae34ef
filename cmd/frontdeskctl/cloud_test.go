package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments"
)

// TestACloudTerminalFromItsCredentialsToTheMoney: the six values from a file,
// tested, a terminal by its TID, paid, declined, cancelled, and all of it gone
// after disconnecting.
func TestACloudTerminalFromItsCredentialsToTheMoney(t *testing.T) {
	t.Parallel()
	r := newRig(t).simlive()
	var told struct {
		Gateway local.Cloud `json:"gateway"`
	}
	if err := json.Unmarshal([]byte(r.fetch("GET", "/_sim/rest")), &told); err != nil || told.Gateway.PartnerID == "" {
		t.Fatal(err)
	}
	raw, err := json.Marshal(told.Gateway)
	if err != nil {
		t.Fatal(err)
	}
	if out, code := r.ctl("setup", "live", "--cloud-file", r.file("half", `{"partner_id":"mps-p-1"}`)); code != exitNo || !strings.Contains(out, "all six") {
		t.Errorf("half of it: exit %d: %s", code, out)
	}
	if out := r.must("setup", "live", "--cloud-file", r.file("cloud", string(raw))); !strings.Contains(out, told.Gateway.PartnerID) {
		t.Errorf("setup: %s", out)
	}
	for _, f := range lines[local.Finding](t, r.must("doctor", "--json")) {
		if f.Check == "cloud" && f.Result != "works" {
			t.Errorf("%+v", f)
		}
	}
	r.must("devices", "add", "Chair", "--cloud", "80000001")
	r.must("devices", "test", "Chair")
	r.must("devices", "enable", "Chair")
	r.cloudCharge("45.00", app.Paid)
	r.cloudCharge("45.01", app.Declined)
	if last := r.cancelled("45.04"); last != app.NotCharged {
		t.Errorf("cancelled: %s", last)
	}
	for _, s := range r.sales() {
		if s.Attempts[0].Rail != payments.RailCloud {
			t.Errorf("on %s: %+v", s.Attempts[0].Rail, s)
		}
	}
	if out, code := r.ctl("charge", "4500", "--currency", "HUF", "--device", "Chair", "--wait", "20s"); code != exitNo {
		t.Errorf("HUF: exit %d: %s", code, out)
	}
	r.must("setup", "live", "--disconnect")
	if out, code := r.ctl("charge", "45.00", "--device", "Chair", "--wait", "20s"); code != exitNo {
		t.Errorf("after disconnecting: exit %d: %s", code, out)
	}
	r.findsNoSecret(told.Gateway.ClientSecret, told.Gateway.MerchantSecret)
}

func (r *rig) cloudCharge(amount string, want app.State) {
	r.t.Helper()
	c, err := r.charge(context.Background(), amount, "--device", "Chair", "--wait", "60s")
	if err != nil {
		r.t.Fatal(err)
	}
	if last, code := c.end(r.t); last.State != want && c.first.State != want {
		r.t.Errorf("%s: %+v, exit %d: %s", amount, last, code, c.stderr)
	}
}

// cancelled charges and asks for the end while the terminal waits.
func (r *rig) cancelled(amount string) app.State {
	r.t.Helper()
	c, err := r.charge(context.Background(), amount, "--device", "Chair", "--wait", "60s")
	if err != nil {
		r.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(r.fetch("GET", "/_sim/truth"), `"minor":4504`); {
		if time.Now().After(deadline) {
			r.t.Fatal("the amount does not reach the gateway")
		}
	}
	r.ctl("cancel", string(c.first.Sale))
	last, _ := c.end(r.t)
	return last.State
}
