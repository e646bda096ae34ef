package till

import (
	"net/http"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/setup"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// TestARequestNeedsNoRelay: with the API alone a charge is a payment request,
// proven by its credit in the list of transactions.
func TestARequestNeedsNoRelay(t *testing.T) {
	w := newWorld(t)
	d := open(t, w.config(payments.Live))
	api := w.sim.Identity()
	draft := setup.Draft{EnableAPI: true, ClientID: api.ClientID, ClientSecret: api.ClientSecret, OnlinePayments: true}
	rows := d.TestConnection(t.Context(), draft, nil)
	for step, want := range map[string]setup.Result{
		setup.StepKey: setup.NotUsed, setup.StepAccount: setup.NotUsed, setup.StepNotify: setup.NotUsed,
		setup.StepToken: setup.Works, setup.StepDevices: setup.Works,
	} {
		if r := row(rows, step); r.Result != want {
			t.Errorf("%s: %+v", step, r)
		}
	}
	wrong := draft
	wrong.ClientSecret = "wrong"
	if r := row(d.TestConnection(t.Context(), wrong, nil), setup.StepToken); r.Code != "check.credentials" {
		t.Errorf("a wrong secret: %+v", r)
	}
	if err := d.Save(t.Context(), draft, ""); err != nil {
		t.Fatal(err)
	}
	if ways := d.Ways(); len(ways) != 1 || ways[0] != payments.RailRequest {
		t.Errorf("offered: %v", ways)
	}
	found, err := d.AccountDevices(t.Context())
	if err != nil || len(found) == 0 {
		t.Errorf("%+v, %v", found, err)
	}
	s, err := d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR", Rail: payments.RailRequest,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.fetch(w.http, http.MethodPost, s.Attempts[0].Link, nil)
	deadline := time.Now().Add(20 * time.Second)
	for state := app.Offered; state != app.Paid; {
		if time.Now().After(deadline) {
			t.Fatalf("still %s", state)
		}
		if err := d.Till().CheckNow(t.Context(), s.ID); err != nil {
			t.Fatal(err)
		}
		now, _, err := d.Till().Sale(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		state = now.State
	}
	off := d.Draft()
	off.OnlinePayments = false
	if err := d.Save(t.Context(), off, ""); err != nil {
		t.Fatal(err)
	}
	if ways := d.Ways(); len(ways) != 0 {
		t.Errorf("switched off, and offered: %v", ways)
	}
	_, err = d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR", Rail: payments.RailRequest,
	})
	if payments.CodeOf(err) != "online.off" {
		t.Errorf("a request while switched off: %v", err)
	}
}
