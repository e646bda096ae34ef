package epos

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"

	"frontdesk/payments"
	"frontdesk/payments/rest"
)

// FuzzPayment reads any object as a payment. The oracle: money counts as taken
// only for the two words that say so and an amount that is a whole number of
// minor units in a currency whose minor unit is known.
func FuzzPayment(f *testing.F) {
	for _, seed := range []string{
		`{"payment_id":"a1","status":"Success","amount":{"value":4500,"currency_code":"EUR","tip":100}}`,
		`{"paymentId":"a1","status":"COMPLETED","amount":{"value":"4500","currencyCode":"eur"}}`,
		`{"id":"a1","status":"InProgress","amount":{"value":45.5,"currency_code":"EUR"}}`,
		`{"status":"Cancelled"}`, `{"status":"success","amount":{"value":4500,"currency_code":"HUF"}}`,
		`{"payment":{"status":"Reversed"}}`, `{"status":"paid","amount":{"value":1e3,"currency_code":"EUR"}}`,
		`{"status":"Success","amount":{"value":-4500,"currency_code":"EUR"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, ok := rest.Parse(raw)
		if !ok {
			return
		}
		p := payment(o)
		if !json.Valid(p.Raw) {
			t.Fatalf("evidence is not JSON: %q", p.Raw)
		}
		if p.Outcome == payments.Paid {
			word := strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(p.Status))
			if word != "success" && word != "completed" || p.Amount.Minor <= 0 {
				t.Fatalf("%q is paid", raw)
			}
		}
		if p.Amount.Minor != 0 {
			if strings.Contains("HUF ISK JPY TWD", string(p.Amount.Currency)) || !p.Amount.Currency.Known() {
				t.Fatalf("%q is read as %v", raw, p.Amount)
			}
			inner, _ := rest.Parse(p.Raw)
			amount, _ := inner.Object("amount")
			if strconv.FormatInt(p.Amount.Minor, 10) != amount.Text("value") {
				t.Fatalf("%q is read as %v", amount.Text("value"), p.Amount)
			}
		}
		if p.Final() != (p.Outcome != payments.Pending) {
			t.Fatal("final and pending")
		}
		s := Sale{Reference: p.Reference, Amount: p.Amount, TerminalID: "80000001"}
		if p.Proves(s) == nil && p.ID == "" {
			t.Fatal("a payment without id proves something")
		}
	})
}

func TestWordsNobodyKnowsArePending(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]payments.Outcome{
		"InProgress": payments.Pending, "in_progress": payments.Pending, "Success": payments.Paid, "SUCCESS": payments.Paid,
		"Completed": payments.Paid, "Canceled": payments.Declined, "Cancelled": payments.Declined, "CANCELED": payments.Declined,
		"Failed": payments.Declined, "Rejected": payments.Declined, "Reversed": payments.Reversed,
		"": payments.Pending, "Paid": payments.Pending, "Successful": payments.Pending, "1": payments.Pending, "PartlySuccess": payments.Pending,
	} {
		if got := outcome(word); got != want {
			t.Errorf("%q is %s, want %s", word, got, want)
		}
	}
}

func TestOnlyTheRightPaymentProves(t *testing.T) {
	t.Parallel()
	o, ok := rest.Parse([]byte(`{"payment_id":"a1","status":"Success","reference_number":"T1","terminal_id":"80000001","amount":{"value":4500,"currency_code":"EUR"}}`))
	if !ok {
		t.Fatal("not read")
	}
	p := payment(o)
	s := Sale{Reference: "T1", Amount: p.Amount, TerminalID: "80000001"}
	if err := p.Proves(s); err != nil {
		t.Error(err)
	}
	for name, c := range map[string]struct {
		change func(*Sale)
		code   string
	}{
		"reference": {func(s *Sale) { s.Reference = "T2" }, "answer.other"},
		"amount":    {func(s *Sale) { s.Amount.Minor++ }, "answer.amount"},
		"terminal":  {func(s *Sale) { s.TerminalID = "80000002" }, "answer.other"},
	} {
		other := s
		c.change(&other)
		if err := p.Proves(other); payments.CodeOf(err) != c.code || !errors.Is(err, ErrOther) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
