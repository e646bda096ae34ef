package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"frontdesk/payments/checkout"
	"frontdesk/payments/simulator/account"
)

// accountCall makes one call of the account's API and reads the answer.
func (r *rig) accountCall(method, path, body string, to any) {
	r.t.Helper()
	id := r.sim.account.Identity
	q := httptest.NewRequest(http.MethodPost, "/oauth/token", strings.NewReader("grant_type=client_credentials"))
	q.SetBasicAuth(id.ClientID, id.ClientSecret)
	q.Header.Set("Content-Type", formType)
	w := httptest.NewRecorder()
	r.sim.Handler().ServeHTTP(w, q)
	var token struct {
		Bearer string `json:"access_token"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &token); err != nil {
		r.t.Fatal(err)
	}
	q = httptest.NewRequest(method, path, strings.NewReader(body))
	for name, value := range map[string]string{
		"Authorization": "Bearer " + token.Bearer, "API-Key": id.ClientID, "Content-Type": "application/json", "Accept": "application/json",
		"User-Agent": "test", "X-Request-ID": "00000000-0000-4000-8000-" + token.Bearer[:12], // drawn anew with each token
	} {
		q.Header.Set(name, value)
	}
	w = httptest.NewRecorder()
	r.sim.Handler().ServeHTTP(w, q)
	if err := json.Unmarshal(w.Body.Bytes(), to); err != nil || w.Code != http.StatusOK {
		r.t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
}

type lines struct {
	Transactions []struct {
		Reference string `json:"payment_reference"`
		Sign      string `json:"sign"`
		Amount    string `json:"original_amount"`
		Type      string `json:"transaction_type"`
	} `json:"transactions"`
}

func (l lines) String() string {
	var all []string
	for _, t := range l.Transactions {
		if t.Type != "001" {
			all = append(all, t.Sign+t.Amount)
		}
	}
	return strings.Join(all, " ")
}

// Payments by checkout are credits of the account, their refunds and reversals
// are debits.
func TestCheckoutPaymentsStandInTheAccount(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.charge("P1", "45.00")
	r.faults(Fault{Kind: NotifyLost})
	r.charge("P2", "30.00")
	if _, err := r.client().Refund(t.Context(), checkout.RefundRequest{
		Reference: r.sim.Truth().Payments[0].Reference, OrderID: "R1", Amount: eur("10.00"),
	}); err != nil {
		t.Fatal(err)
	}
	var l lines
	r.accountCall(http.MethodGet, "/v1.1/transactions?order=0", "", &l)
	if got := l.String(); got != "C45.00 C30.00 D30.00 D10.00" {
		t.Errorf("lines %s", got)
	}
	var details struct {
		Details []account.Line `json:"details"`
	}
	r.accountCall(http.MethodGet, "/v1.1/transactions/"+l.Transactions[0].Reference, "", &details)
	if got := fmt.Sprint(details.Details); !strings.Contains(got, "{Order ID P1}") {
		t.Errorf("details %s", got)
	}
}

func TestThePageOfAPaymentRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if w := r.get("/pay/BNOTHERE"); w.Code != http.StatusNotFound {
		t.Errorf("no such page: %d", w.Code)
	}
	if w := r.do(http.MethodPost, "/pay/BNOTHERE", formType, ""); w.Code != http.StatusNotFound {
		t.Errorf("no such page: %d", w.Code)
	}
	code := r.paymentRequest("T0123456789ABCDEFGHJ", "<b>&")
	page := r.get("/pay/" + code)
	if page.Code != http.StatusOK || !strings.Contains(page.Body.String(), "Pay 45.00 EUR") || strings.Contains(page.Body.String(), "<b>&") {
		t.Errorf("page: %d %s", page.Code, page.Body)
	}
	if got := r.sim.Truth().Requests; len(got) != 1 || got[0].Paid {
		t.Errorf("looking at the page paid it: %+v", got)
	}
	phone := serveHTTP(r.sim.PhoneHandler(), http.MethodPost, "/pay/"+code, formType, "")
	if phone.Code != http.StatusSeeOther {
		t.Errorf("phone: %d", phone.Code)
	}
	if w := r.submit("/pay/"+code, nil); !strings.Contains(w.Body.String(), `data-stage="paid"`) {
		t.Errorf("page after paying: %s", w.Body)
	}
	var l lines
	r.accountCall(http.MethodGet, "/v1.1/transactions", "", &l)
	if got := l.String(); got != "C45.00" {
		t.Errorf("lines %s", got)
	}
}

// paymentRequest makes a request of 45.00 EUR as the till would.
func (r *rig) paymentRequest(text, reason string) string {
	r.t.Helper()
	body, err := json.Marshal(map[string]any{"qr_generated": true, "amount": 45, "currency": "EUR", "booking_text": text, "reason": reason})
	if err != nil {
		r.t.Fatal(err)
	}
	var made struct {
		Code string `json:"code"`
	}
	r.accountCall(http.MethodPost, "/v1.1/online-payments/payment-request", string(body), &made)
	return made.Code
}

func TestRestSetupIsForThisMachineOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var told restSetup
	if err := json.Unmarshal(r.get("/_sim/rest").Body.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	if told.ClientID != r.sim.account.Identity.ClientID || told.Hosts.Auth != "http://127.0.0.1:8070" || told.Gateway.PartnerID == "" || len(told.Devices) == 0 {
		t.Errorf("%+v", told)
	}
	q := httptest.NewRequest("GET", "/_sim/rest", nil)
	q.RemoteAddr, q.Host = "192.168.1.4:5000", "127.0.0.1:8070"
	w := httptest.NewRecorder()
	r.sim.Handler().ServeHTTP(w, q)
	if w.Code != http.StatusForbidden {
		t.Errorf("from elsewhere: %d", w.Code)
	}
	for _, path := range []string{"/_sim/rest", "/v1.1/transactions", "/oauth/token", "/epos/v1/payments"} {
		if w := serveHTTP(r.sim.PhoneHandler(), http.MethodGet, path, "", ""); w.Code != http.StatusNotFound {
			t.Errorf("a phone gets %s: %d", path, w.Code)
		}
	}
}

func TestFaultsOfTheRestSide(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, bad := range []string{
		`{"kind":"rest_refused","status":500}`, `{"kind":"rest_slow"}`, `{"kind":"rest_token_life"}`, `{"kind":"cloud_late","delay_ms":-1}`,
		`{"kind":"rest_portal","status":200}`, `{"kind":"rest_portal","skip":-1}`, `{"kind":"rest_unheard"}`,
	} {
		if w := r.do("POST", "/_sim/faults", "application/json", `{"faults":[`+bad+`]}`); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	good := `{"faults":[{"kind":"rest_refused"},{"kind":"rest_portal","method":"rest.devices"},{"kind":"cloud_words","count":-1}]}`
	if w := r.do("POST", "/_sim/faults", "application/json", good); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"status":401`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
