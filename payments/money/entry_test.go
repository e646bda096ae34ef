package money_test

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/payments/money"
)

// press types keys: digits and marks, D for 00, < for Backspace, C for Clear.
func press(e *money.Entry, keys string) (refused string) {
	for _, key := range keys {
		ok := true
		switch key {
		case 'D':
			ok = e.DoubleZero()
		case '<':
			ok = e.Backspace()
		case 'C':
			e.Clear()
		default:
			ok = e.Type(key)
		}
		if !ok {
			refused += string(key)
		}
	}
	return refused
}

func TestEntry(t *testing.T) {
	tests := []struct {
		cur     money.Currency
		keys    string
		want    string
		refused string
	}{
		{"EUR", "", "0.00", ""},
		{"EUR", "4", "0.04", ""},
		{"EUR", "4500", "45.00", ""},
		{"EUR", "45D", "45.00", ""},
		{"EUR", "45,00", "45.00", ""},
		{"EUR", "45.00", "45.00", ""},
		{"EUR", "45,D", "45.00", ""},
		{"EUR", "45,5", "45.50", ""},
		{"EUR", "45,", "45.00", ""},
		{"EUR", ",5", "0.50", ""},
		{"EUR", "45,005", "45.00", "5"},
		{"EUR", "45,,0", "45.00", ","},
		{"EUR", "45,.0", "45.00", "."},
		{"EUR", "0045", "0.45", "00"},
		{"EUR", "D", "0.00", "D"},
		{"EUR", "45<", "0.04", ""},
		{"EUR", "45,0<", "45.00", ""},
		{"EUR", "45,0<<", "0.45", ""},
		{"EUR", "<", "0.00", "<"},
		{"EUR", "4x5", "0.45", "x"},
		{"EUR", "4500C7", "0.07", ""},
		{"EUR", "999999999", "999999.99", "9"},
		{"EUR", "1234567,", "12345.67", ","},
		{"EUR", "9999999D", "99999.99", "D"},
		{"EUR", "999999,99", "999999.99", ""},
		{"HUF", "4500", "4500.00", ""},
		{"HUF", "45D", "4500.00", ""},
		{"HUF", "45,00", "4500.00", ","},
		{"HUF", "99999999", "9999999.00", "9"},
		{"JPY", "4500", "4500", ""},
		{"JPY", "4.5", "45", "."},
		{"XXX", "45", "0", "45"},
	}
	for _, tt := range tests {
		e := money.NewEntry(tt.cur)
		refused := press(&e, tt.keys)
		if got := e.Amount().Decimal(); got != tt.want || refused != tt.refused {
			t.Errorf("%s %q: shows %s and refuses %q, want %s and %q", tt.cur, tt.keys, got, refused, tt.want, tt.refused)
		}
	}
}

func TestWhyAKeyIsRefused(t *testing.T) {
	tests := []struct {
		cur  money.Currency
		keys string
		key  rune
		want error
	}{
		{"EUR", "", '0', nil},
		{"EUR", "45", '0', nil},
		{"EUR", "45", ',', nil},
		{"EUR", "1,23", '4', money.ErrDecimals},
		{"EUR", "1.23", '4', money.ErrDecimals},
		{"EUR", "1,2", '.', money.ErrMarks},
		{"EUR", "99999999", '9', money.ErrLimit},
		{"EUR", "9999999", '.', money.ErrLimit},
		{"EUR", "45", '٥', money.ErrSyntax},
		{"EUR", "45", '５', money.ErrSyntax},
		{"EUR", "45", '٫', money.ErrSyntax},
		{"EUR", "45", 'e', money.ErrSyntax},
		{"EUR", "45", '\u00a0', money.ErrSyntax},
		{"HUF", "1", '.', money.ErrStep},
		{"JPY", "1", ',', money.ErrStep},
	}
	for _, tt := range tests {
		e := money.NewEntry(tt.cur)
		press(&e, tt.keys)
		before := e
		if err := e.Refuses(tt.key); err != tt.want || e != before {
			t.Errorf("%s %q and %q: %v, want %v", tt.cur, tt.keys, tt.key, err, tt.want)
		}
	}
}

func TestEntryTakesAnAmount(t *testing.T) {
	tests := []struct {
		amount money.Amount
		ok     bool
	}{
		{money.Amount{Minor: 4500, Currency: "EUR"}, true},
		{money.Amount{Minor: 0, Currency: "EUR"}, true},
		{money.Amount{Minor: -1, Currency: "EUR"}, false},
		{money.Amount{Minor: 100_000_000, Currency: "EUR"}, false},
		{money.Amount{Minor: 4500, Currency: "USD"}, false},
	}
	for _, tt := range tests {
		e := money.NewEntry(money.EUR)
		press(&e, "7,")
		if ok := e.Set(tt.amount); ok != tt.ok {
			t.Errorf("Set(%v) = %t, want %t", tt.amount, ok, tt.ok)
		}
		want := money.Amount{Minor: 700, Currency: "EUR"}
		if tt.ok {
			want = tt.amount
		}
		if got := e.Amount(); got != want {
			t.Errorf("after Set(%v) it shows %v, want %v", tt.amount, got, want)
		}
	}
	huf := money.NewEntry(money.HUF)
	if huf.Set(money.Amount{Minor: 50, Currency: "HUF"}) || !huf.Set(money.Amount{Minor: 4500, Currency: "HUF"}) {
		t.Error("HUF takes other than whole units")
	}
	if press(&huf, "0"); huf.Amount().Minor != 45000 {
		t.Errorf("45 and 0 show %v", huf.Amount())
	}
}

// TestEntryFollowsItsModel compares any row of keys with a model that keeps the
// accepted keys as text and reads them with unlimited integers.
func TestEntryFollowsItsModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom(every()).Draw(t, "currency")
		keys := rapid.StringOfN(rapid.SampledFrom([]rune("0123456789,.D<C")), 0, 25, -1).Draw(t, "keys")
		e, typed := money.NewEntry(cur), ""
		for _, key := range keys {
			before := e
			ok := press(&e, string(key)) == ""
			if !ok && e != before {
				t.Fatalf("refused key %q changed the pad", key)
			}
			if ok {
				typed = model(typed, key, cur)
			}
			if got, want := big.NewInt(e.Amount().Minor), worth(typed, cur); got.Cmp(want) != 0 {
				t.Fatalf("%q shows %v, want %v", typed, got, want)
			}
			if e.Amount().Minor > cur.Limit() || e.Amount().Minor%cur.Step() != 0 {
				t.Fatalf("%v cannot be charged", e.Amount())
			}
			if e.Empty() != (typed == "") {
				t.Fatalf("%q: Empty is %t", typed, e.Empty())
			}
		}
	})
}

func model(typed string, key rune, cur money.Currency) string {
	switch key {
	case 'C':
		return ""
	case '<':
		return typed[:len(typed)-1]
	case 'D':
		_, fraction, marked := strings.Cut(typed, ".")
		if marked && len(fraction) == cur.Exponent()-1 {
			return typed + "0"
		}
		return typed + "00"
	case ',':
		key = '.'
	}
	return typed + string(key)
}

func worth(typed string, cur money.Currency) *big.Int {
	whole, fraction, marked := strings.Cut(typed, ".")
	scale := cur.Step()
	if marked {
		whole += fraction + strings.Repeat("0", cur.Exponent()-len(fraction))
		scale = 1
	}
	n := new(big.Int)
	if whole != "" {
		n.SetString(whole, 10)
	}
	return n.Mul(n, big.NewInt(scale))
}
