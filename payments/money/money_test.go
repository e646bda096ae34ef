package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"

	"frontdesk/payments/money"
)

// every holds all currencies of the table, legacy ones included.
func every() []money.Currency {
	return append(money.Currencies(), money.BGN, money.HRK)
}

func TestCurrencies(t *testing.T) {
	tests := []struct {
		cur      money.Currency
		exponent int
		step     int64
		limit    int64
		offered  bool
	}{
		{"EUR", 2, 1, 99_999_999, true},
		{"USD", 2, 1, 99_999_999, true},
		{"GBP", 2, 1, 99_999_999, true},
		{"CHF", 2, 1, 99_999_999, true},
		{"RON", 2, 1, 99_999_999, true},
		{"NOK", 2, 1, 99_999_999, true},
		{"SEK", 2, 1, 99_999_999, true},
		{"DKK", 2, 1, 99_999_999, true},
		{"CZK", 2, 1, 99_999_999, true},
		{"PLN", 2, 1, 99_999_999, true},
		{"BGN", 2, 1, 99_999_999, false},
		{"HRK", 2, 1, 99_999_999, false},
		{"HUF", 2, 100, 999_999_900, true},
		{"TWD", 2, 100, 999_999_900, true},
		{"JPY", 0, 1, 9_999_999, true},
		{"ISK", 0, 1, 9_999_999, true},
	}
	if len(tests) != len(every()) {
		t.Errorf("%d currencies are tested, the table has %d", len(tests), len(every()))
	}
	for _, tt := range tests {
		cur, err := money.ParseCurrency(string(tt.cur))
		if err != nil || cur != tt.cur {
			t.Errorf("ParseCurrency(%s) = %q, %v", tt.cur, cur, err)
		}
		if cur.Exponent() != tt.exponent || cur.Step() != tt.step || cur.Limit() != tt.limit || cur.Offered() != tt.offered {
			t.Errorf("%s: exponent %d, step %d, limit %d, offered %t; want %+v",
				cur, cur.Exponent(), cur.Step(), cur.Limit(), cur.Offered(), tt)
		}
	}
	for _, text := range []string{"", "eur", "EURO", "XXX", "EU", " EUR", "BTC"} {
		if _, err := money.ParseCurrency(text); !errors.Is(err, money.ErrCurrency) {
			t.Errorf("ParseCurrency(%q): error %v, want ErrCurrency", text, err)
		}
	}
	for _, cur := range money.Currencies() {
		if !cur.Offered() {
			t.Errorf("%s is listed and not offered", cur)
		}
	}
	if none := money.Currency("XXX"); none.Exponent() != 0 || none.Step() != 0 || none.Limit() != 0 || none.Offered() || none.Whole() {
		t.Error("an unknown currency has rules")
	}
}

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		cur  money.Currency
		want int64
		err  error
	}{
		{"45", "EUR", 4500, nil},
		{"45.00", "EUR", 4500, nil},
		{"45,00", "EUR", 4500, nil},
		{"45.5", "EUR", 4550, nil},
		{"0.01", "EUR", 1, nil},
		{"007", "EUR", 700, nil},
		{"999999.99", "EUR", 99_999_999, nil},
		{"1000000.00", "EUR", 0, money.ErrLimit},
		{"99999999999999999999999", "EUR", 0, money.ErrLimit},
		{"-99999999999999999999999", "EUR", 0, money.ErrLimit},
		{"0", "EUR", 0, money.ErrZero},
		{"0.00", "EUR", 0, money.ErrZero},
		{"-0", "EUR", 0, money.ErrZero},
		{"-1", "EUR", 0, money.ErrNegative},
		{"", "EUR", 0, money.ErrEmpty},
		{"-", "EUR", 0, money.ErrSyntax},
		{"--1", "EUR", 0, money.ErrSyntax},
		{"+1", "EUR", 0, money.ErrSyntax},
		{"1e3", "EUR", 0, money.ErrSyntax},
		{"0x10", "EUR", 0, money.ErrSyntax},
		{"forty", "EUR", 0, money.ErrSyntax},
		{" 45", "EUR", 0, money.ErrSyntax},
		{"4 500", "EUR", 0, money.ErrSyntax},
		{"4'500", "EUR", 0, money.ErrSyntax},
		{"45€", "EUR", 0, money.ErrSyntax},
		{"٤٥", "EUR", 0, money.ErrSyntax},
		{"45.", "EUR", 0, money.ErrSyntax},
		{".50", "EUR", 0, money.ErrSyntax},
		{".", "EUR", 0, money.ErrSyntax},
		{"1.234,50", "EUR", 0, money.ErrMarks},
		{"1,234,50", "EUR", 0, money.ErrMarks},
		{"1..2", "EUR", 0, money.ErrMarks},
		{"1,234", "EUR", 0, money.ErrDecimals},
		{"0.001", "EUR", 0, money.ErrDecimals},
		{"4500", "HUF", 450_000, nil},
		{"4500.00", "HUF", 450_000, nil},
		{"4500.50", "HUF", 0, money.ErrStep},
		{"9999999", "HUF", 999_999_900, nil},
		{"10000000", "HUF", 0, money.ErrLimit},
		{"4500", "TWD", 450_000, nil},
		{"0.01", "TWD", 0, money.ErrStep},
		{"4500", "JPY", 4500, nil},
		{"4500.0", "JPY", 0, money.ErrDecimals},
		{"9999999", "ISK", 9_999_999, nil},
		{"10000000", "ISK", 0, money.ErrLimit},
		{"45", "BGN", 4500, nil},
		{"45", "XXX", 0, money.ErrCurrency},
	}
	for _, tt := range tests {
		got, err := money.Parse(tt.text, tt.cur)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("Parse(%q, %s): error %v, want %v", tt.text, tt.cur, err, tt.err)
			continue
		}
		want := money.Amount{}
		if tt.err == nil {
			want = money.Amount{Minor: tt.want, Currency: tt.cur}
		}
		if got != want {
			t.Errorf("Parse(%q, %s) = %v, want %v", tt.text, tt.cur, got, want)
		}
	}
}

func TestWires(t *testing.T) {
	tests := []struct {
		amount                       money.Amount
		decimal, text, checkout, ipp string
		epos                         int64
		eposErr                      error
	}{
		{money.Amount{Minor: 4500, Currency: "EUR"}, "45.00", "45.00 EUR", "45.00", "45.00", 4500, nil},
		{money.Amount{Minor: 5, Currency: "EUR"}, "0.05", "0.05 EUR", "0.05", "0.05", 5, nil},
		{money.Amount{Minor: -5, Currency: "EUR"}, "-0.05", "-0.05 EUR", "-0.05", "-0.05", -5, nil},
		{money.Amount{Minor: 450_000, Currency: "HUF"}, "4500.00", "4500.00 HUF", "4500", "4500.00", 0, money.ErrEncoding},
		{money.Amount{Minor: 450_050, Currency: "HUF"}, "4500.50", "4500.50 HUF", "4500.50", "4500.50", 0, money.ErrEncoding},
		{money.Amount{Minor: -450_000, Currency: "TWD"}, "-4500.00", "-4500.00 TWD", "-4500", "-4500.00", 0, money.ErrEncoding},
		{money.Amount{Minor: 4500, Currency: "JPY"}, "4500", "4500 JPY", "4500", "4500.00", 0, money.ErrEncoding},
		{money.Amount{Minor: 4500, Currency: "ISK"}, "4500", "4500 ISK", "4500.00", "4500.00", 0, money.ErrEncoding},
		{money.Amount{Minor: 1, Currency: "BGN"}, "0.01", "0.01 BGN", "0.01", "0.01", 1, nil},
		{money.Amount{}, "0", "0", "0.00", "", 0, money.ErrCurrency},
	}
	for _, tt := range tests {
		if got := tt.amount.Decimal(); got != tt.decimal {
			t.Errorf("%+v: Decimal %q, want %q", tt.amount, got, tt.decimal)
		}
		if got := tt.amount.String(); got != tt.text {
			t.Errorf("%+v: String %q, want %q", tt.amount, got, tt.text)
		}
		if got := tt.amount.Checkout(); got != tt.checkout {
			t.Errorf("%+v: Checkout %q, want %q", tt.amount, got, tt.checkout)
		}
		if got, _ := tt.amount.IPP(); got != tt.ipp {
			t.Errorf("%+v: IPP %q, want %q", tt.amount, got, tt.ipp)
		}
		if got, err := tt.amount.EPOS(); got != tt.epos || !errors.Is(err, tt.eposErr) {
			t.Errorf("%+v: EPOS %d, %v, want %d, %v", tt.amount, got, err, tt.epos, tt.eposErr)
		}
	}
}

func TestParseCheckoutTakesEveryWayOfWritingTheSameMoney(t *testing.T) {
	tests := []struct {
		text string
		cur  money.Currency
		want int64
		err  error
	}{
		{"200", "EUR", 20000, nil},
		{"200.", "EUR", 20000, nil},
		{"200.0", "EUR", 20000, nil},
		{"200.00", "EUR", 20000, nil},
		{"35.5", "EUR", 3550, nil},
		{"-12.25", "EUR", -1225, nil},
		{"0", "EUR", 0, nil},
		{"200", "HUF", 20000, nil},
		{"200.00", "HUF", 20000, nil},
		{"200", "JPY", 200, nil},
		{"200.00", "JPY", 200, nil},
		{"200.50", "JPY", 0, money.ErrDecimals},
		{"200.00", "ISK", 200, nil},
		{"200.000", "EUR", 0, money.ErrDecimals},
		{"200,00", "EUR", 0, money.ErrSyntax},
		{"2e2", "EUR", 0, money.ErrSyntax},
		{"1.0E+25", "EUR", 0, money.ErrSyntax},
		{"", "EUR", 0, money.ErrEmpty},
		{"-", "EUR", 0, money.ErrSyntax},
		{".5", "EUR", 0, money.ErrSyntax},
		{"+5", "EUR", 0, money.ErrSyntax},
		{"1.2.3", "EUR", 0, money.ErrMarks},
		{"92233720368547758.08", "EUR", 0, money.ErrOverflow},
		{"1", "XXX", 0, money.ErrCurrency},
	}
	for _, tt := range tests {
		got, err := money.ParseCheckout(tt.text, tt.cur)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) {
			t.Errorf("ParseCheckout(%q, %s): error %v, want %v", tt.text, tt.cur, err, tt.err)
		}
		if err == nil && got != (money.Amount{Minor: tt.want, Currency: tt.cur}) {
			t.Errorf("ParseCheckout(%q, %s) = %v, want %d", tt.text, tt.cur, got, tt.want)
		}
	}
}

func TestChargeable(t *testing.T) {
	tests := []struct {
		amount   money.Amount
		charge   error
		giveBack error
	}{
		{money.Amount{Minor: 1, Currency: "EUR"}, nil, nil},
		{money.Amount{Minor: 99_999_999, Currency: "EUR"}, nil, nil},
		{money.Amount{Minor: 100_000_000, Currency: "EUR"}, money.ErrLimit, money.ErrLimit},
		{money.Amount{Currency: "EUR"}, money.ErrZero, money.ErrZero},
		{money.Amount{Minor: -1, Currency: "EUR"}, money.ErrNegative, money.ErrNegative},
		{money.Amount{Minor: 50, Currency: "HUF"}, money.ErrStep, money.ErrStep},
		{money.Amount{Minor: 100, Currency: "BGN"}, money.ErrUnoffered, nil},
		{money.Amount{Minor: 100, Currency: "XXX"}, money.ErrCurrency, money.ErrCurrency},
		{money.Amount{}, money.ErrCurrency, money.ErrCurrency},
	}
	for _, tt := range tests {
		if err := tt.amount.Chargeable(); err != tt.charge {
			t.Errorf("%v chargeable: %v, want %v", tt.amount, err, tt.charge)
		}
		if err := tt.amount.Payable(); err != tt.giveBack {
			t.Errorf("%v payable: %v, want %v", tt.amount, err, tt.giveBack)
		}
	}
}

func TestJSON(t *testing.T) {
	raw, err := json.Marshal(money.Amount{Minor: 4500, Currency: "EUR"})
	if err != nil || string(raw) != `{"minor":4500,"currency":"EUR"}` {
		t.Errorf("Marshal = %s, %v", raw, err)
	}
	good := map[string]money.Amount{
		`{"minor":4500,"currency":"EUR"}`: {Minor: 4500, Currency: "EUR"},
		`{"currency":"HRK","minor":-1}`:   {Minor: -1, Currency: "HRK"},
		`{"minor":0,"currency":""}`:       {},
		`{}`:                              {},
	}
	for text, want := range good {
		var got money.Amount
		if err := json.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("Unmarshal(%s) = %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{
		`{"minor":45.5,"currency":"EUR"}`,
		`{"minor":"4500","currency":"EUR"}`,
		`{"minor":1e30,"currency":"EUR"}`,
		`{"minor":1,"currency":"XXX"}`,
		`{"minor":1}`,
		`4500`,
	} {
		got := money.Amount{Minor: 7, Currency: "EUR"}
		if err := json.Unmarshal([]byte(text), &got); err == nil {
			t.Errorf("Unmarshal(%s) gave %v, want an error", text, got)
		} else if got != (money.Amount{Minor: 7, Currency: "EUR"}) {
			t.Errorf("Unmarshal(%s) failed and changed the value to %v", text, got)
		}
	}
}

func TestSum(t *testing.T) {
	eur := func(n int64) money.Amount { return money.Amount{Minor: n, Currency: "EUR"} }
	if got, err := money.Sum(eur(100), money.Amount{}, eur(-30)); err != nil || got != eur(70) {
		t.Errorf("Sum = %v, %v", got, err)
	}
	if got, err := money.Sum(); err != nil || got != (money.Amount{}) {
		t.Errorf("Sum() = %v, %v", got, err)
	}
	if _, err := money.Sum(eur(1), money.Amount{Minor: 1, Currency: "USD"}); !errors.Is(err, money.ErrMixed) {
		t.Errorf("mixed currencies: %v", err)
	}
	if _, err := money.Sum(eur(math.MaxInt64), eur(1)); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("overflow: %v", err)
	}
}

func TestParseMinorAndDecimalAreStrict(t *testing.T) {
	for _, text := range []string{"", "+1", "01", "-0", "1.0", " 1", "1_000", "9223372036854775808"} {
		if a, err := money.ParseMinor(text, money.EUR); err == nil {
			t.Errorf("ParseMinor(%q) = %v", text, a)
		}
	}
	for _, text := range []string{"", "1", "1.0", "01.00", "-0.00", "1,00", "1.000", ".00"} {
		if a, err := money.ParseDecimal(text, money.EUR); err == nil {
			t.Errorf("ParseDecimal(%q) = %v", text, a)
		}
	}
}
