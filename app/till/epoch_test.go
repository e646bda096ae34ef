package till

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app"
	"frontdesk/payments/money"
)

// TestALostRelayOpensNothingAgain: a relay that has lost its memory shows the
// pages that wait for a customer again, and none that was withdrawn.
func TestALostRelayOpensNothingAgain(t *testing.T) {
	dir := t.TempDir()
	d := open(t, config(t, dir))
	waiting := charge(t, d)
	s, err := d.Till().Charge(t.Context(), app.ChargeRequest{
		Lines: []app.Line{{Amount: money.Amount{Minor: 4500, Currency: "EUR"}}}, Currency: "EUR",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Till().Cancel(t.Context(), s.ID, ""); err != nil {
		t.Fatal(err)
	}
	if code, _ := get(t, d, s.Attempts[0].Link); code != http.StatusGone {
		t.Fatalf("the withdrawn page answers %d", code)
	}
	shut(t, d)
	if err := os.RemoveAll(filepath.Join(dir, "practice", "relay")); err != nil {
		t.Fatal(err)
	}
	d = open(t, config(t, dir))
	charge(t, d) // waits until the relay knows the orders again
	if code, _ := get(t, d, waiting.Link); code != http.StatusOK {
		t.Errorf("the waiting page answers %d", code)
	}
	if code, _ := get(t, d, s.Attempts[0].Link); code != http.StatusGone {
		t.Errorf("the withdrawn page answers %d: it can be paid again", code)
	}
}
