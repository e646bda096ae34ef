package rest_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

func TestObjectsAreReadTolerantly(t *testing.T) {
	t.Parallel()
	o, ok := rest.Parse([]byte(` {"payment_id":"a1","referenceNumber":"T1","n":12,"s":"12","f":1.50,"yes":true,"text_yes":"1","no":0,
		"null":null,"obj":{"x":"1"},"list":[{"a":1},2,"three",{"a":4}],"payment_id":"second","PaymentId":"third"} `))
	if !ok {
		t.Fatal("not read")
	}
	for _, name := range []string{"payment_id", "paymentId", "PAYMENT_ID"} {
		if got := o.Text(name); got != "a1" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if o.Text("reference_number") != "T1" || o.Text("none", "n") != "12" || o.Text("f") != "1.50" || o.Text("yes") != "true" ||
		o.Text("null") != "" || o.Text("obj") != "" || o.Text("list") != "" || o.Has("null") || !o.Has("none", "n") {
		t.Error("a text was misread")
	}
	for name, want := range map[string]int{"n": 12, "s": 12} {
		if got, ok := o.Int(name); got != want || !ok {
			t.Errorf("%s: %d, %v", name, got, ok)
		}
	}
	for _, name := range []string{"f", "yes", "null", "obj", "none"} {
		if got, ok := o.Int(name); ok {
			t.Errorf("%s is read as %d", name, got)
		}
	}
	for name, want := range map[string]bool{"yes": true, "text_yes": true, "no": false} {
		if got, known := o.Bool(name); got != want || !known {
			t.Errorf("%s: %v, %v", name, got, known)
		}
	}
	if _, known := o.Bool("n"); known {
		t.Error("12 is read as true or false")
	}
	if inner, ok := o.Object("obj"); !ok || inner.Text("x") != "1" {
		t.Error("the object was misread")
	}
	list, ok := o.List("obj", "list")
	if !ok || len(list) != 2 || list[1].Text("a") != "4" {
		t.Errorf("list: %d, %v", len(list), ok)
	}
	if got := strings.Join(o.Texts(), "|"); got != "a1|T1|12|12|1.50|true|1|0|1|1|2|three|4" {
		t.Errorf("texts: %s", got)
	}
	for _, raw := range []string{``, `[]`, `null`, `"x"`, `{`, `{"a":1}x`, `{"a":1,}`, `{a:1}`, strings.Repeat(`{"a":`, 40) + `1` + strings.Repeat(`}`, 40)} {
		if _, ok := rest.Parse([]byte(raw)); ok {
			t.Errorf("%q is read as an object", raw)
		}
	}
}

func TestMoneyIsExact(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, currency string
		want             string // "" is refused
	}{
		{"45", "EUR", "45.00 EUR"},
		{"45.5", "EUR", "45.50 EUR"},
		{"45.50", "eur", "45.50 EUR"},
		{"45.5000", " EUR ", "45.50 EUR"},
		{"-45.50", "EUR", "-45.50 EUR"},
		{"4500", "HUF", "4500.00 HUF"},
		{"4500.00", "JPY", "4500 JPY"},
		{"45.505", "EUR", ""},
		{"45.5001", "EUR", ""},
		{"4.5e1", "EUR", ""},
		{"45,50", "EUR", ""},
		{"1,234.50", "EUR", ""},
		{"", "EUR", ""},
		{"45", "", ""},
		{"45", "XXX", ""},
		{"99999999999999999999", "EUR", ""},
	} {
		a, ok := rest.Money(c.number, c.currency)
		if ok != (c.want != "") || ok && a.String() != c.want || !ok && a != (money.Amount{}) {
			t.Errorf("%q %q: %v, %v", c.number, c.currency, a, ok)
		}
	}
}

// The oracle is the standard library, which knows JSON but not our tolerance.
func FuzzObject(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"payment_id":"x","paymentId":"y"}`, `{"a":[{"b":null},"c",1e5]}`, `{"a":"\ud800","b":"\u0000"}`, `{"a":1}{}`, `[1]`,
		`{"amount":{"value":4500,"currency_code":"EUR"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var members map[string]json.RawMessage
		theirs := json.Unmarshal(raw, &members) == nil && members != nil
		o, ours := rest.Parse(raw)
		if ours && !theirs {
			t.Fatalf("read what is no object: %q", raw)
		}
		if theirs && !ours && strings.Count(string(raw), "{")+strings.Count(string(raw), "[") < 32 {
			t.Fatalf("an object was not read: %q", raw)
		}
		if !ours {
			return
		}
		if names(raw) != 1 {
			_ = o.Texts()
			return // whose names are which is our own rule
		}
		for name, value := range members {
			if !o.Has(name) && string(value) != "null" && o.Text(name) == "" {
				t.Fatalf("%q is lost", name)
			}
			var text string
			if json.Unmarshal(value, &text) == nil && value[0] == '"' && o.Text(name) != text {
				t.Fatalf("%q is %q, want %q", name, o.Text(name), text)
			}
			if n, ok := o.Int(name); ok {
				if want, good := new(big.Int).SetString(o.Text(name), 10); !good || want.Int64() != int64(n) {
					t.Fatalf("%q is %d", value, n)
				}
			}
		}
		_ = o.Texts()
	})
}

// names counts the members of an object, repeated ones too.
func names(raw []byte) int {
	d := json.NewDecoder(bytes.NewReader(raw))
	n, depth := 0, 0
	for {
		token, err := d.Token()
		if err != nil {
			return n / 2
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth == 1 {
				n++
			}
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		default:
			if depth == 1 {
				n++
			}
		}
	}
}

// The oracle computes with fractions.
func FuzzMoney(f *testing.F) {
	for _, seed := range []string{"45", "45.50", "-0.01", "45.500", "1e3", "0.001", "007", "45.", ".5", "--1"} {
		f.Add(seed, "EUR")
	}
	f.Add("4500", "HUF")
	f.Add("4500.0", "JPY")
	f.Fuzz(func(t *testing.T, number, currency string) {
		a, ok := rest.Money(number, currency)
		if !ok {
			if a != (money.Amount{}) {
				t.Fatalf("%q %q is refused and %v", number, currency, a)
			}
			return
		}
		got, good := new(big.Rat).SetString(strings.TrimSpace(number))
		if !good {
			t.Fatalf("%q is no number and read as %v", number, a)
		}
		scale := new(big.Rat).SetInt64(1)
		for range a.Currency.Exponent() {
			scale.Mul(scale, big.NewRat(10, 1))
		}
		if got.Mul(got, scale).Cmp(big.NewRat(a.Minor, 1)) != 0 {
			t.Fatalf("%q %q is read as %v", number, currency, a)
		}
	})
}
