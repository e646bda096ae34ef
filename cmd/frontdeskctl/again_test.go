package main

import (
	"crypto/rand"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/local"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// A sale that is not known is collected once more only when that is said.
func TestAgainDespiteUnknown(t *testing.T) {
	t.Parallel()
	s := newSalon(t, "--terminal-customer", "tap")
	s.press("faults", `{"faults":[{"kind":"reboot","method":"PURCHASE","stage":2}]}`)
	e := s.settled(<-s.beside("5.00", "--wait", "10s"), 2)
	if e.last.State != app.Unknown {
		t.Fatalf("%+v", e)
	}
	id := string(e.last.Sale)
	if out, code := s.ctl("again", id, "--rail", "link", "--wait", "1s"); code != exitNo || !strings.Contains(out, "sale.unknown") {
		t.Errorf("without a word: exit %d: %s", code, out)
	}
	s.must(exitOpen, "again", id, "--rail", "link", "--wait", "1s", "--despite-unknown")
	sales := s.sales()
	if len(sales) != 1 || len(sales[0].Attempts) != 2 {
		t.Fatalf("%+v", sales)
	}
	if out := s.must(exitDone, "show", id); !strings.Contains(out, string(app.DespiteUnknown)) {
		t.Errorf("it is not in the story: %s", out)
	}
}

// A payment another till began and never completed is looked at before the desk
// lets go of it.
func TestReleaseOfAForeignPayment(t *testing.T) {
	t.Parallel()
	s := newSalon(t, "--terminal-customer", "tap")
	host, text, err := net.SplitHostPort(s.terminalAt)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	other, err := terminal.New(terminal.Config{Dial: terminal.TCP(host, port), Now: time.Now, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	foreign := terminal.Purchase{SID: "of-another-till", Amount: money.Amount{Minor: 700, Currency: "EUR"}}
	if _, err := other.Purchase(t.Context(), foreign, nil); err != nil {
		t.Fatal(err)
	}
	if e := <-s.beside("6.00"); e.last.State == app.Paid || e.code != exitNo {
		t.Fatalf("a charge: %+v", e)
	}
	told := lines[local.Waiting](t, s.must(exitDone, "devices", "release", "Front", "--json"))
	if len(told) != 1 || told[0].Minor != 700 || told[0].SID != foreign.SID || told[0].RRN == "" || told[0].Released {
		t.Fatalf("%+v", told)
	}
	if out, code := s.ctl("devices", "release", "Front", "--sid", "of-nobody"); code != exitNo || !strings.Contains(out, "release.other") {
		t.Errorf("another one: exit %d: %s", code, out)
	}
	s.must(exitDone, "devices", "release", "Front", "--sid", foreign.SID)
	if e := <-s.beside("6.00"); e.last.State != app.Paid {
		t.Errorf("afterwards: %+v", e)
	}
	s.wantCharged(1300, 2)
}
