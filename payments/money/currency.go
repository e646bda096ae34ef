package money

// Currency is an ISO 4217 alphabetic code in capitals, e.g. "EUR".
type Currency string

// The currencies of the checkout API (spec 1.6, 1.4).
const (
	BGN Currency = "BGN"
	CHF Currency = "CHF"
	CZK Currency = "CZK"
	DKK Currency = "DKK"
	EUR Currency = "EUR"
	GBP Currency = "GBP"
	HRK Currency = "HRK"
	HUF Currency = "HUF"
	ISK Currency = "ISK"
	JPY Currency = "JPY"
	NOK Currency = "NOK"
	PLN Currency = "PLN"
	RON Currency = "RON"
	SEK Currency = "SEK"
	TWD Currency = "TWD"
	USD Currency = "USD"
)

// Limits of one amount in minor units: 999,999.99, or 9,999,999 whole units.
const (
	limitDecimal = 99_999_999
	limitWhole   = 9_999_999
)

// rule is what the package knows about one currency.
type rule struct {
	exponent int   // ISO 4217 decimals
	step     int64 // smallest typed change, in minor units
	legacy   bool  // replaced by the euro: readable, never offered
	bare     bool  // the checkout wire takes it without decimals
}

func (c Currency) rule() (rule, bool) {
	switch c {
	case CHF, CZK, DKK, EUR, GBP, NOK, PLN, RON, SEK, USD:
		return rule{exponent: 2, step: 1}, true
	case BGN, HRK:
		return rule{exponent: 2, step: 1, legacy: true}, true
	case HUF, TWD:
		return rule{exponent: 2, step: 100, bare: true}, true
	case JPY:
		return rule{exponent: 0, step: 1, bare: true}, true
	case ISK:
		return rule{exponent: 0, step: 1}, true
	}
	return rule{}, false
}

// ParseCurrency returns the currency of an ISO code in capitals, legacy ones
// included. Any other text gives ErrCurrency.
func ParseCurrency(text string) (Currency, error) {
	c := Currency(text)
	if _, ok := c.rule(); !ok {
		return "", ErrCurrency
	}
	return c, nil
}

// Currencies returns the offered currencies in alphabetic order.
func Currencies() []Currency {
	return []Currency{CHF, CZK, DKK, EUR, GBP, HUF, ISK, JPY, NOK, PLN, RON, SEK, TWD, USD}
}

// Known reports whether the package knows the currency, legacy ones included.
func (c Currency) Known() bool {
	_, ok := c.rule()
	return ok
}

// Exponent returns the decimals ISO 4217 gives the currency (EUR 2, HUF 2,
// JPY 0); 0 for an unknown one.
func (c Currency) Exponent() int {
	r, _ := c.rule()
	return r.exponent
}

// Step returns the smallest amount that can be typed, in minor units: 1, or
// 100 for HUF and TWD, which are paid in whole units; 0 for an unknown one.
func (c Currency) Step() int64 {
	r, _ := c.rule()
	return r.step
}

// Whole reports whether the currency is typed in whole units only.
func (c Currency) Whole() bool {
	r, ok := c.rule()
	return ok && r.step == pow10(r.exponent)
}

// Limit returns the highest amount of one sale in minor units: 999,999.99, or
// 9,999,999 whole units; 0 for an unknown currency.
func (c Currency) Limit() int64 {
	r, ok := c.rule()
	switch {
	case !ok:
		return 0
	case r.step == pow10(r.exponent):
		return limitWhole * r.step
	}
	return limitDecimal
}

// Offered reports whether new sales may be made in the currency.
func (c Currency) Offered() bool {
	r, ok := c.rule()
	return ok && !r.legacy
}

func pow10(n int) int64 {
	p := int64(1)
	for range n {
		p *= 10
	}
	return p
}
