package pos

import (
	"crypto/rand"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/money"
)

// TestTypedByHand: money moves that no till asked for, and not while the terminal
// is off.
func TestTypedByHand(t *testing.T) {
	term, err := Open(Config{Now: time.Now, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = term.Close() }()
	eur := money.Amount{Minor: 1800, Currency: "EUR"}
	c, err := term.Typed(eur, "3380", false)
	if err != nil || c.Minor != 1800 || c.Last4 != "3380" || c.ReferenceNumber != "" || c.Kind != ChargeSale || c.RRN == "" {
		t.Errorf("%+v, %v", c, err)
	}
	back, err := term.Typed(eur, "3380", true)
	if err != nil || back.Kind != ChargeRefund || back.RRN == c.RRN {
		t.Errorf("%+v, %v", back, err)
	}
	for _, bad := range []money.Amount{{Currency: "EUR"}, {Minor: 100, Currency: "GBP"}} {
		if _, err := term.Typed(bad, "", false); !errors.Is(err, ErrScript) {
			t.Errorf("%v: %v", bad, err)
		}
	}
	w := httptest.NewRecorder()
	term.Handler().ServeHTTP(w, httptest.NewRequest("POST", "/typed", strings.NewReader(`{"amount":"18.00","last4":"3380"}`)))
	if w.Code != 200 || len(term.Charges()) != 3 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if err := term.PowerOff(); err != nil {
		t.Fatal(err)
	}
	if _, err := term.Typed(eur, "", false); !errors.Is(err, ErrNotAsked) {
		t.Errorf("a terminal that is off: %v", err)
	}
	if n := len(term.Charges()); n != 3 {
		t.Errorf("%d charges", n)
	}
}
