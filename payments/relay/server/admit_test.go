package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

const order1 = "P0123456789ABCDEFGHJ"

// TestAdmission is product.md 4 rule 6, case by case.
func TestAdmission(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	good := r.signer.notify(t, order1, "45.00", "813705")
	stranger, err := checkout.GenerateKey(deterministic(), 2048)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := checkout.ParseForm(good)
	if err != nil {
		t.Fatal(err)
	}
	swapped := append(checkout.Fields{fields[1], fields[0]}, fields[2:]...)
	refused := map[string][]byte{
		"forged: another amount":     bytes.Replace(good, []byte("Amount=45.00"), []byte("Amount=4500.00"), 1),
		"forged: another key":        signer{key: stranger}.notify(t, order1, "45.00", "813705"),
		"forged: another method":     bytes.Replace(good, []byte("IPCPurchaseNotify"), []byte("IPCPurchaseRollback"), 1),
		"foreign: another SID":       r.signer.post(t, "IPCmethod", checkout.MethodNotify, "SID", "111", "Amount", "45.00", "Currency", "EUR", "OrderID", order1, "IPC_Trnref", "1"),
		"foreign rollback":           r.signer.post(t, "IPCmethod", checkout.MethodRollback, "SID", "111", "Amount", "45.00", "Currency", "EUR", "OrderID", order1),
		"reordered":                  []byte(swapped.Encode()),
		"truncated":                  good[:len(good)-9],
		"cut to the fields":          good[:bytes.Index(good, []byte("&Signature"))],
		"empty":                      nil,
		"one megabyte":               append(bytes.Clone(good), bytes.Repeat([]byte("&x=y"), 1<<18)...),
		"one field more":             append(bytes.Clone(good), "&Amount=45.00"...),
		"broken percent":             []byte("IPCmethod=%zz"),
		"wrong amount, signed":       r.signer.notify(t, order1, "45.01", "813705"),
		"amount of zero":             r.signer.notify(t, order1, "0.00", "813705"),
		"no amount":                  r.signer.post(t, "IPCmethod", checkout.MethodNotify, "SID", sid, "Currency", "EUR", "OrderID", order1, "IPC_Trnref", "813705"),
		"wrong currency, signed":     r.signer.post(t, "IPCmethod", checkout.MethodNotify, "SID", sid, "Amount", "45.00", "Currency", "GBP", "OrderID", order1, "IPC_Trnref", "813705"),
		"no reference":               r.signer.post(t, "IPCmethod", checkout.MethodNotify, "SID", sid, "Amount", "45.00", "Currency", "EUR", "OrderID", order1),
		"unknown order":              r.signer.notify(t, "P9999999999999999999", "45.00", "813705"),
		"unknown method, bad signed": []byte("IPCmethod=IPCSignatureVerify&SID=" + sid + "&Signature=AAAA"),
		"HTML instead of a form":     []byte("<html>"),
	}
	for name, body := range refused {
		t.Run(name, func(t *testing.T) {
			rr := *r
			rr.t = t
			rr.wantRefused(body)
		})
	}
	if got := r.deliveries(deskA, relay.At{}); len(got) != 0 {
		t.Fatalf("%d refused notices were stored", len(got))
	}
	if status, text, _ := r.ask("POST", "/n/"+storeB, good); status != http.StatusNotFound || text == "OK" {
		t.Errorf("unknown store: %d %q", status, text)
	}
	r.wantOK(r.signer.post(t, "IPCmethod", checkout.MethodVerify, "SID", sid))
	if got := r.deliveries(deskA, relay.At{}); len(got) != 0 {
		t.Errorf("a signature check was stored")
	}
	r.wantOK(good)
	r.wantOK(good)
	r.wantRefused(r.signer.notify(t, order1, "45.00", "813706"))
	r.wantOK(r.signer.rollback(t, order1, "45.00"))
	r.wantOK(r.signer.rollback(t, order1, "45.00"))
	r.wantOK(good)
	r.wantOK(r.signer.rollback(t, "P9999999999999999999", "1.00"))
	r.wantOK(r.signer.post(t, "IPCmethod", "IPCSomethingNew", "SID", sid, "OrderID", order1))
	var got []string
	for _, f := range r.deliveries(deskA, relay.At{}) {
		m, err := checkout.VerifyForm(f.Body, r.signer.cert)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, m.Method+" "+m.OrderID+" "+m.Reference)
	}
	want := []string{
		"IPCPurchaseNotify " + order1 + " 813705",
		"IPCPurchaseRollback " + order1 + " ",
		"IPCPurchaseRollback P9999999999999999999 ",
		"IPCSomethingNew " + order1 + " ",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("stored\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, secret := range []string{order1, "813705", "45.00", "Signature", storeA} {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(r.log.String(), refusedAmount) {
		t.Errorf("refusals are not logged:\n%s", r.log)
	}
}

// TestRollbackFirst: after a Rollback nothing may be paid under the order.
func TestRollbackFirst(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	r.wantOK(r.signer.rollback(t, order1, "45.00"))
	r.wantRefused(r.signer.notify(t, order1, "45.00", "1"))
	r.restart()
	r.wantRefused(r.signer.notify(t, order1, "45.00", "1"))
	if status, _, _ := r.ask("GET", "/p/"+linkA, nil); status != http.StatusGone {
		t.Errorf("the page is %d, want 410", status)
	}
}

// TestWithdrawnOrderAdmits: only the page closes; who had it open may pay.
func TestWithdrawnOrderAdmits(t *testing.T) {
	r := newRig(t)
	r.register(order1, "45.00", linkA)
	if status := r.desk(deskA, "POST", relay.PathOrders+"/"+order1+"/close", struct{}{}, nil); status != http.StatusOK {
		t.Fatal(status)
	}
	r.clock.move(59 * 24 * 3600e9)
	r.wantOK(r.signer.notify(t, order1, "45", "1"))
	r.register("P2", "5.00", linkB)
	r.clock.move(61 * 24 * 3600e9)
	r.wantRefused(r.signer.notify(t, "P2", "5.00", "1"))
}

// TestTwoReferencesAtOnce: exactly one of them may be OK, however they race.
func TestTwoReferencesAtOnce(t *testing.T) {
	r := newRig(t)
	const orders, each = 12, 6
	var mu sync.Mutex
	admitted := map[string]map[string]bool{}
	var wg sync.WaitGroup
	for o := range orders {
		id := fmt.Sprintf("P%d", o)
		r.register(id, "45.00", fmt.Sprintf("%026d", o))
		mine := map[string]bool{}
		admitted[id] = mine
		for e := range each {
			reference := fmt.Sprint(e / 2) // each twice
			body := r.signer.notify(t, id, "45.00", reference)
			wg.Go(func() {
				if status, text := r.post(body); status == http.StatusOK && text == "OK" {
					mu.Lock()
					defer mu.Unlock()
					mine[reference] = true
				}
			})
		}
	}
	wg.Wait()
	stored := map[string]int{}
	for _, f := range r.deliveries(deskA, relay.At{}) {
		stored[f.OrderID]++
	}
	for id, references := range admitted {
		if len(references) != 1 || stored[id] != 1 {
			t.Errorf("%s: OK for %d references, %d stored; want 1 and 1", id, len(references), stored[id])
		}
	}
}

// TestSandboxMessages admits what the sandbox really signed.
func TestSandboxMessages(t *testing.T) {
	r := newRig(t)
	cert, err := os.ReadFile("testdata/sandbox/sandbox_mypos_api_certificate.pem")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/sandbox/inbound_messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var messages []struct{ Name, Format, Body, Expect string }
	if err := json.Unmarshal(data, &messages); err != nil {
		t.Fatal(err)
	}
	store := relay.Store{ID: storeA, SID: sid, Certificates: []string{string(cert)}, Mode: "practice"}
	if status := r.desk(deskA, "PUT", relay.PathStore, store, nil); status != http.StatusOK {
		t.Fatal(status)
	}
	r.register("1440146333", "50.00", linkA)
	r.register("MRT000020240730", "200.00", linkB)
	posted := 0
	for _, m := range messages {
		if m.Format != "post" {
			continue
		}
		posted++
		status, text := r.post([]byte(m.Body))
		if ok := status == http.StatusOK && text == "OK"; ok != (m.Expect == "valid") {
			t.Errorf("%s: %d %q, expected %s", m.Name, status, text, m.Expect)
		}
	}
	if posted < 4 {
		t.Fatalf("only %d messages tried", posted)
	}
	// What the first certificate signed verifies still.
	r.register(order1, "45.00", "CCCCCCCCCCCCCCCCCCCCCCCCCC")
	r.wantOK(r.signer.notify(t, order1, "45.00", "1"))
}
