package money

import (
	"encoding/json"
	"math"
	"strconv"
)

// Amount is an integer number of minor units of a currency (ISO 4217
// exponent): 45.00 EUR is {4500, "EUR"}. The zero value is no amount; it is
// neutral in sums. Two amounts are the same when they are ==.
type Amount struct {
	Minor    int64    `json:"minor"`
	Currency Currency `json:"currency"`
}

// Add returns a + b, or ErrMixed, ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	a, b, err := common(a, b)
	if err != nil {
		return Amount{}, err
	}
	if (b.Minor > 0 && a.Minor > math.MaxInt64-b.Minor) || (b.Minor < 0 && a.Minor < math.MinInt64-b.Minor) {
		return Amount{}, ErrOverflow
	}
	return Amount{a.Minor + b.Minor, a.Currency}, nil
}

// Sub returns a - b, or ErrMixed, ErrOverflow.
func (a Amount) Sub(b Amount) (Amount, error) {
	a, b, err := common(a, b)
	if err != nil {
		return Amount{}, err
	}
	if (b.Minor < 0 && a.Minor > math.MaxInt64+b.Minor) || (b.Minor > 0 && a.Minor < math.MinInt64+b.Minor) {
		return Amount{}, ErrOverflow
	}
	return Amount{a.Minor - b.Minor, a.Currency}, nil
}

// Neg returns -a, or ErrOverflow for the one number that has no opposite.
func (a Amount) Neg() (Amount, error) {
	if a.Minor == math.MinInt64 {
		return Amount{}, ErrOverflow
	}
	return Amount{-a.Minor, a.Currency}, nil
}

// Cmp returns -1, 0 or +1 as a is below, equal to or above b, or ErrMixed.
func (a Amount) Cmp(b Amount) (int, error) {
	a, b, err := common(a, b)
	if err != nil {
		return 0, err
	}
	switch {
	case a.Minor < b.Minor:
		return -1, nil
	case a.Minor > b.Minor:
		return 1, nil
	}
	return 0, nil
}

// Sum adds amounts from left to right; the sum of none is the zero value.
func Sum(amounts ...Amount) (Amount, error) {
	var sum Amount
	for _, a := range amounts {
		var err error
		if sum, err = sum.Add(a); err != nil {
			return Amount{}, err
		}
	}
	return sum, nil
}

// IsZero reports whether no money is meant, whatever the currency.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Sign returns -1, 0 or +1.
func (a Amount) Sign() int {
	switch {
	case a.Minor < 0:
		return -1
	case a.Minor > 0:
		return 1
	}
	return 0
}

// Chargeable returns nil when the amount may be asked for in a new sale:
// a currency on offer, above 0, up to the limit, in whole steps. Otherwise
// ErrCurrency, ErrUnoffered, ErrZero, ErrNegative, ErrLimit or ErrStep.
func (a Amount) Chargeable() error {
	r, ok := a.Currency.rule()
	switch {
	case !ok:
		return ErrCurrency
	case r.legacy:
		return ErrUnoffered
	}
	return a.within(r)
}

// Payable returns nil when the amount may be given back: as Chargeable, but
// legacy currencies are fine, because old sales can be refunded.
func (a Amount) Payable() error {
	r, ok := a.Currency.rule()
	if !ok {
		return ErrCurrency
	}
	return a.within(r)
}

// within checks sign, limit and step of an amount that somebody is to pay.
func (a Amount) within(r rule) error {
	switch {
	case a.Minor == 0:
		return ErrZero
	case a.Minor < 0:
		return ErrNegative
	case a.Minor > a.Currency.Limit():
		return ErrLimit
	case a.Minor%r.step != 0:
		return ErrStep
	}
	return nil
}

// Decimal returns the number with the decimals of ISO 4217 and "." as mark,
// e.g. "45.00", "-0.05", "4500" for JPY. ParseDecimal reads it back.
func (a Amount) Decimal() string { return decimal(a.Minor, a.Currency.Exponent()) }

// String returns number and currency, e.g. "45.00 EUR". For logs and text
// output; screens format by language.
func (a Amount) String() string {
	if a.Currency == "" {
		return a.Decimal()
	}
	return a.Decimal() + " " + string(a.Currency)
}

// UnmarshalJSON reads {"minor":4500,"currency":"EUR"}. An unknown currency
// gives ErrCurrency, except in the zero value; members of other names are
// ignored.
func (a *Amount) UnmarshalJSON(data []byte) error {
	type plain Amount
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	if !p.Currency.Known() && p != (plain{}) {
		return ErrCurrency
	}
	*a = Amount(p)
	return nil
}

// common gives a zero value the currency of the other amount.
func common(a, b Amount) (Amount, Amount, error) {
	switch {
	case a.Currency == b.Currency:
	case a == Amount{}:
		a.Currency = b.Currency
	case b == Amount{}:
		b.Currency = a.Currency
	default:
		return a, b, ErrMixed
	}
	return a, b, nil
}

// decimal prints minor units with exponent decimals.
func decimal(minor int64, exponent int) string {
	digits := strconv.FormatUint(magnitude(minor), 10)
	for len(digits) <= exponent {
		digits = "0" + digits
	}
	if exponent > 0 {
		cut := len(digits) - exponent
		digits = digits[:cut] + "." + digits[cut:]
	}
	if minor < 0 {
		return "-" + digits
	}
	return digits
}

// magnitude is the absolute value; the lowest int64 has one only as uint64.
func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1
	}
	return uint64(n)
}
