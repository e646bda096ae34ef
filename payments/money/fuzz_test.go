package money_test

import (
	"errors"
	"math/big"
	"regexp"
	"strings"
	"testing"

	"frontdesk/payments/money"
)

// FuzzParse checks Parse against a regular expression and unlimited integers.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"45", "45.00", "45,5", "0", "-1", "999999.99", "1000000", "1.234,50", "1e3", "", "007", "٤٥", "4500.50"} {
		for i := range every() {
			f.Add(text, uint8(i))
		}
	}
	shape := regexp.MustCompile(`^([0-9]+)(?:[.,]([0-9]+))?$`)
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		cur := every()[int(which)%len(every())]
		got, err := money.Parse(text, cur)
		want := oracle(shape, text, cur)
		switch {
		case want == nil && err == nil:
			t.Fatalf("Parse(%q, %s) = %v, want an error", text, cur, got)
		case want == nil && got != (money.Amount{}):
			t.Fatalf("Parse(%q, %s) failed and returned %v", text, cur, got)
		case want != nil && (err != nil || big.NewInt(got.Minor).Cmp(want) != 0 || got.Currency != cur):
			t.Fatalf("Parse(%q, %s) = %v, %v, want %v", text, cur, got, err, want)
		}
		var fault money.Fault
		if err != nil && !errors.As(err, &fault) {
			t.Fatalf("error %v has no code", err)
		}
	})
}

// oracle returns the minor units text stands for, nil when it must be refused.
func oracle(shape *regexp.Regexp, text string, cur money.Currency) *big.Int {
	parts := shape.FindStringSubmatch(text)
	if parts == nil || len(parts[2]) > cur.Exponent() {
		return nil
	}
	n, ok := new(big.Int).SetString(parts[1]+parts[2]+strings.Repeat("0", cur.Exponent()-len(parts[2])), 10)
	if !ok || n.Sign() <= 0 || n.Cmp(big.NewInt(cur.Limit())) > 0 || new(big.Int).Mod(n, big.NewInt(cur.Step())).Sign() != 0 {
		return nil
	}
	return n
}

// FuzzParseCheckout checks the wire parser against rational numbers.
func FuzzParseCheckout(f *testing.F) {
	for _, text := range []string{"200", "200.", "200.00", "35.5", "-12.25", "1.0E+25", "92233720368547758.08", "0.5", "--1", ""} {
		for i := range every() {
			f.Add(text, uint8(i))
		}
	}
	shape := regexp.MustCompile(`^-?[0-9]+(\.[0-9]{0,2})?$`)
	f.Fuzz(func(t *testing.T, text string, which uint8) {
		cur := every()[int(which)%len(every())]
		got, err := money.ParseCheckout(text, cur)
		unit := big.NewRat(1, 1)
		for range cur.Exponent() {
			unit.Mul(unit, big.NewRat(10, 1))
		}
		var want *big.Int
		if shape.MatchString(text) {
			number, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
			if !ok {
				t.Fatalf("the oracle cannot read %q", text)
			}
			if number.Mul(number, unit); number.IsInt() {
				want = number.Num()
			}
		}
		switch {
		case err == nil && (want == nil || want.Cmp(big.NewInt(got.Minor)) != 0):
			t.Fatalf("ParseCheckout(%q, %s) = %v, want %v", text, cur, got, want)
		case err != nil && want != nil && new(big.Int).Mul(want, big.NewInt(100)).IsInt64():
			t.Fatalf("ParseCheckout(%q, %s): %v, want %v", text, cur, err, want)
		}
	})
}
