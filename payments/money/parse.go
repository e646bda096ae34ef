package money

import (
	"math"
	"strconv"
	"strings"
)

// Parse reads an amount somebody typed to be paid: digits, and at most one
// mark ("," or ".") followed by at most as many digits as the currency has
// decimals: "45", "45.5", "45,00". No sign, blanks or grouping, so nothing can
// be read in two ways. The result is above 0, a multiple of the step and within
// the limit. Errors are Faults.
func Parse(text string, cur Currency) (Amount, error) {
	r, ok := cur.rule()
	if !ok {
		return Amount{}, ErrCurrency
	}
	if text == "" {
		return Amount{}, ErrEmpty
	}
	body, negative := strings.CutPrefix(text, "-")
	if strings.Count(body, ".")+strings.Count(body, ",") > 1 {
		return Amount{}, ErrMarks
	}
	minor, err := scan(strings.Replace(body, ",", ".", 1), r.exponent, false)
	if err != nil {
		if err == ErrOverflow {
			err = ErrLimit
		}
		return Amount{}, err
	}
	if negative {
		minor = -minor
	}
	a := Amount{minor, cur}
	return a, zeroUnless(&a, a.within(r))
}

// ParseDecimal reads what Decimal printed: an optional "-", digits, and exactly
// the decimals of ISO 4217. Zero and negative amounts are fine here.
func ParseDecimal(text string, cur Currency) (Amount, error) {
	r, ok := cur.rule()
	if !ok {
		return Amount{}, ErrCurrency
	}
	a, err := signed(text, cur, func(body string) (int64, error) { return scan(body, r.exponent, false) })
	if err != nil {
		return Amount{}, err
	}
	if a.Decimal() != text {
		return Amount{}, ErrSyntax
	}
	return a, nil
}

// ParseMinor reads a whole number of minor units, e.g. "4500" or "-250". It
// must be written the way strconv.FormatInt writes it.
func ParseMinor(text string, cur Currency) (Amount, error) {
	if !cur.Known() {
		return Amount{}, ErrCurrency
	}
	minor, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(minor, 10) != text {
		return Amount{}, ErrSyntax
	}
	return Amount{minor, cur}, nil
}

// ParseCheckout reads an amount of the checkout wire (spec 1.4): an optional
// "-", digits, and a "." with at most two digits; "200", "200.", "35.5" and
// "200.00" are the same money. Decimals the currency does not have must be 0.
func ParseCheckout(text string, cur Currency) (Amount, error) {
	r, ok := cur.rule()
	if !ok {
		return Amount{}, ErrCurrency
	}
	return signed(text, cur, func(body string) (int64, error) {
		minor, err := scan(body, 2, true)
		if err != nil || r.exponent == 2 {
			return minor, err
		}
		if minor%100 != 0 {
			return 0, ErrDecimals
		}
		return minor / 100, nil
	})
}

// signed takes one leading "-" off before number reads the rest.
func signed(text string, cur Currency, number func(string) (int64, error)) (Amount, error) {
	if text == "" {
		return Amount{}, ErrEmpty
	}
	body, negative := strings.CutPrefix(text, "-")
	minor, err := number(body)
	if err != nil {
		return Amount{}, err
	}
	if negative {
		minor = -minor
	}
	return Amount{minor, cur}, nil
}

// scan reads digits, optionally "." and up to exponent digits, as an integer
// scaled by the exponent. A mark needs a digit before it and, unless open, one
// after it.
func scan(body string, exponent int, open bool) (int64, error) {
	whole, fraction, marked := strings.Cut(body, ".")
	switch {
	case strings.Contains(fraction, "."):
		return 0, ErrMarks
	case !digits(whole) || !digits(fraction) || whole == "":
		return 0, ErrSyntax
	case marked && fraction == "" && !open:
		return 0, ErrSyntax
	case len(fraction) > exponent:
		return 0, ErrDecimals
	}
	var n int64
	for _, d := range []byte(whole + fraction + strings.Repeat("0", exponent-len(fraction))) {
		v := int64(d - '0')
		if n > (math.MaxInt64-v)/10 {
			return 0, ErrOverflow
		}
		n = n*10 + v
	}
	return n, nil
}

func digits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// zeroUnless clears a when err is set, so that no caller uses a refused amount.
func zeroUnless(a *Amount, err error) error {
	if err != nil {
		*a = Amount{}
	}
	return err
}
