package money_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"frontdesk/payments/money"
)

// amounts draws amounts with edges of int64 more often than chance would.
func amounts(cur money.Currency) *rapid.Generator[money.Amount] {
	return rapid.Custom(func(t *rapid.T) money.Amount {
		n := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000),
			rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1})).Draw(t, "minor")
		return money.Amount{Minor: n, Currency: cur}
	})
}

// exact checks a result against unlimited integers: the number if it fits 64
// bits, ErrOverflow if not.
func exact(t *rapid.T, got money.Amount, err error, want *big.Int) {
	switch {
	case want.IsInt64() && (err != nil || got.Minor != want.Int64()):
		t.Fatalf("got %v, %v, want %v", got, err, want)
	case !want.IsInt64() && !errors.Is(err, money.ErrOverflow):
		t.Fatalf("got %v, %v, want overflow", got, err)
	}
}

func TestLawsOfMoney(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom(every()).Draw(t, "currency")
		a, b := amounts(cur).Draw(t, "a"), amounts(cur).Draw(t, "b")
		bigA, bigB := big.NewInt(a.Minor), big.NewInt(b.Minor)

		sum, err := a.Add(b)
		exact(t, sum, err, new(big.Int).Add(bigA, bigB))
		swapped, errSwapped := b.Add(a)
		if sum != swapped || err != errSwapped {
			t.Fatalf("a+b = %v, %v but b+a = %v, %v", sum, err, swapped, errSwapped)
		}
		difference, err := a.Sub(b)
		exact(t, difference, err, new(big.Int).Sub(bigA, bigB))
		negated, err := a.Neg()
		exact(t, negated, err, new(big.Int).Neg(bigA))

		if order, err := a.Cmp(b); err != nil || order != bigA.Cmp(bigB) {
			t.Fatalf("Cmp = %d, %v", order, err)
		}
		if a.Sign() != bigA.Sign() || a.IsZero() != (bigA.Sign() == 0) {
			t.Fatal("sign is wrong")
		}
		if same, err := a.Add(money.Amount{}); err != nil || same != a {
			t.Fatalf("a + nothing = %v, %v", same, err)
		}
	})
}

func TestCurrenciesNeverMix(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair := rapid.SliceOfNDistinct(rapid.SampledFrom(every()), 2, 2, rapid.ID[money.Currency]).Draw(t, "currencies")
		a, b := amounts(pair[0]).Draw(t, "a"), amounts(pair[1]).Draw(t, "b")
		_, errAdd := a.Add(b)
		_, errSub := a.Sub(b)
		_, errCmp := a.Cmp(b)
		for _, err := range []error{errAdd, errSub, errCmp} {
			if !errors.Is(err, money.ErrMixed) {
				t.Fatalf("%v with %v: %v", a, b, err)
			}
		}
	})
}

func TestTextsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cur := rapid.SampledFrom(every()).Draw(t, "currency")
		a := amounts(cur).Draw(t, "a")
		if a.Minor == math.MinInt64 {
			a.Minor++
		}
		if got, err := money.ParseDecimal(a.Decimal(), cur); err != nil || got != a {
			t.Fatalf("ParseDecimal(%q) = %v, %v", a.Decimal(), got, err)
		}
		// The wire of a currency without decimals has a hundredfold less room.
		small := money.Amount{Minor: a.Minor / 100, Currency: cur}
		if got, err := money.ParseCheckout(small.Checkout(), cur); err != nil || got != small {
			t.Fatalf("ParseCheckout(%q) = %v, %v", small.Checkout(), got, err)
		}
		minor := big.NewInt(a.Minor).String()
		if got, err := money.ParseMinor(minor, cur); err != nil || got != a {
			t.Fatalf("ParseMinor(%q) = %v, %v", minor, got, err)
		}
		raw, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var got money.Amount
		if err := json.Unmarshal(raw, &got); err != nil || got != a {
			t.Fatalf("JSON %s read as %v, %v", raw, got, err)
		}
	})
}
