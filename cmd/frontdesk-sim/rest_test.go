package main

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/epos"
	api "frontdesk/payments/merchant"
	"frontdesk/payments/money"
)

// restSetup is what GET /_sim/rest tells a till.
type restSetup struct {
	ClientID     string    `json:"client_id"`
	ClientSecret string    `json:"client_secret"`
	Hosts        api.Hosts `json:"hosts"`
	Gateway      struct {
		Host           string `json:"host"`
		PartnerID      string `json:"partner_id"`
		ApplicationID  string `json:"application_id"`
		ClientID       string `json:"client_id"`
		ClientSecret   string `json:"client_secret"`
		MerchantID     string `json:"merchant_id"`
		MerchantSecret string `json:"merchant_secret"`
	} `json:"gateway"`
}

func (p *program) rest() (*api.Client, *epos.Client) {
	p.t.Helper()
	var s restSetup
	if err := json.Unmarshal(p.get("/_sim/rest"), &s); err != nil {
		p.t.Fatal(err)
	}
	account, err := api.New(api.Config{
		ClientID: s.ClientID, ClientSecret: s.ClientSecret, Hosts: s.Hosts,
		HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "test",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	g := s.Gateway
	gateway, err := epos.New(epos.Config{
		Host: g.Host, PartnerID: g.PartnerID, ApplicationID: g.ApplicationID, ClientID: g.ClientID, ClientSecret: g.ClientSecret,
		MerchantID: g.MerchantID, MerchantSecret: g.MerchantSecret, AppName: "Frontdesk", AppVersion: "1.0.0",
		HTTP: &http.Client{}, Now: time.Now, Entropy: rand.Reader, UserAgent: "test",
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return account, gateway
}

// A payment request and a cloud payment through the program, which is killed in
// between: what was paid stays paid, once.
func TestRestSurvivesAKill(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := launch(t, &http.Client{}, "--http", "127.0.0.1:0", "--state", state)
	account, gateway := p.rest()
	amount := money.Amount{Minor: 4500, Currency: money.EUR}
	want := api.Want{Text: "T0123456789ABCDEFGHJ", Amount: amount, Since: time.Now()}
	made, err := account.CreateRequest(t.Context(), api.Request{Amount: amount, BookingText: want.Text})
	if err != nil {
		t.Fatal(err)
	}
	sale := epos.Sale{Reference: "T9", Amount: amount, TerminalID: "80000001"}
	if _, err := gateway.Create(t.Context(), sale); err != nil {
		t.Fatal(err)
	}
	answer, err := p.http.Post(made.URL, "application/x-www-form-urlencoded", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the page: %d, %v", answer.StatusCode, err)
	}
	p.kill()

	p = launch(t, &http.Client{}, "--http", "127.0.0.1:0", "--state", state)
	account, gateway = p.rest()
	found, err := account.FindCredit(t.Context(), want)
	if err != nil || len(found) != 1 {
		t.Errorf("%d credits, %v", len(found), err)
	}
	payment, err := gateway.Lookup(t.Context(), sale.TerminalID, sale.Reference)
	if err != nil || payment.Proves(sale) != nil {
		t.Errorf("cloud payment: %+v, %v", payment, err)
	}
	truth := p.truth()
	if len(truth.Requests) != 1 || !truth.Requests[0].Paid || truth.Requests[0].Reference != found[0].Reference || len(truth.Cloud) != 1 {
		t.Errorf("truth: %+v %+v", truth.Requests, truth.Cloud)
	}
}
