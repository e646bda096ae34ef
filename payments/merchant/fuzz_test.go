package merchant

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// FuzzTransaction reads any object as a line of the account. The oracle reads
// the same members with the standard library and fractions: an amount is exact
// or not there, and only a line that says so is a credit.
func FuzzTransaction(f *testing.F) {
	for _, seed := range []string{
		`{"id":7,"sign":"C","original_amount":"45.00","original_currency":"EUR","date":"2026-11-21T09:05:00Z"}`,
		`{"id":"7","sign":"D","transaction_amount":45.5,"transaction_currency":"EUR"}`,
		`{"sign":"credit","originalAmount":"1e2","originalCurrency":"EUR"}`,
		`{"sign":1,"original_amount":{},"original_currency":[]}`,
		`{"original_amount":"0.005","original_currency":"EUR","payment_reference":"A/B"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, ok := rest.Parse(raw)
		if !ok {
			return
		}
		line := transaction(o)
		if !json.Valid(line.Raw) {
			t.Fatalf("evidence is not JSON: %q", line.Raw)
		}
		if line.Sign == Credit && !strings.Contains("C CR CREDIT +", strings.ToUpper(strings.TrimSpace(o.Text("sign")))) {
			t.Fatalf("%q is a credit", o.Text("sign"))
		}
		number := o.Text("original_amount")
		if number == "" && o.Text("original_currency") == "" {
			number = o.Text("transaction_amount", "amount")
		}
		exact(t, line.Original, number)
		exact(t, line.Amount, o.Text("transaction_amount", "amount"))
		d := details(o)
		for _, token := range []string{"T0123456789ABCDEFGHJ"} {
			if line.carries(token) != contained(line.Texts, token) {
				t.Fatalf("%q: carries %v", raw, line.carries(token))
			}
			_ = d.carries(token)
		}
	})
}

// exact checks that an amount is zero-valued or exactly the number.
func exact(t *testing.T, a money.Amount, number string) {
	t.Helper()
	if a == (money.Amount{}) {
		return
	}
	got, ok := new(big.Rat).SetString(strings.TrimSpace(number))
	if !ok {
		t.Fatalf("%q is read as %v", number, a)
	}
	for range a.Currency.Exponent() {
		got.Mul(got, big.NewRat(10, 1))
	}
	if got.Cmp(big.NewRat(a.Minor, 1)) != 0 {
		t.Fatalf("%q is read as %v", number, a)
	}
}

// contained looks for the token byte by byte.
func contained(texts []string, token string) bool {
	border := func(text string, i int) bool {
		return i < 0 || i >= len(text) || !strings.ContainsRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", rune(text[i]))
	}
	for _, text := range texts {
		for i := 0; i+len(token) <= len(text); i++ {
			if text[i:i+len(token)] == token && border(text, i-1) && border(text, i+len(token)) {
				return true
			}
		}
	}
	return false
}

// FuzzAnswers reads any object as every other kind of answer: nothing may be
// shown as an address that is none, and no amount may be guessed.
func FuzzAnswers(f *testing.F) {
	for _, seed := range []string{
		`{"code":"A","payment_request_url":"https://mypos.com/r/A","amount":"45.00","currency":"EUR","status":1}`,
		`{"code":"A","url":"javascript:alert(1)","item_price":9,"currency":"EUR","enable":"true"}`,
		`{"terminal_id":90004889,"serial_number":null,"model":["x"]}`,
		`{"access_token":"t","expires_in":"3600"}`,
		`{"access_token":"t","expires_in":-1,"error":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, ok := rest.Parse(raw)
		if !ok {
			return
		}
		r, l := paymentRequest(o), linkDetails(o)
		for _, address := range []string{r.URL, l.URL} {
			if address != "" && !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
				t.Fatalf("%q is shown as an address", address)
			}
		}
		exact(t, r.Amount, o.Text("amount"))
		exact(t, l.Price, o.Text("item_price", "amount"))
		_ = device(o)
		out, err := tokenAnswer(raw)
		if err != nil {
			return
		}
		var told struct {
			Token string `json:"access_token"`
			Life  string `json:"expires_in"`
		}
		if err := json.Unmarshal(out, &told); err != nil || told.Token == "" || !credential(told.Token) {
			t.Fatalf("%q gives %q, %v", raw, out, err)
		}
	})
}
