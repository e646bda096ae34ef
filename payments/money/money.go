package money

// Currency is an ISO 4217 alphabetic code in capitals, e.g. "EUR".
type Currency string

// Amount is an integer number of minor units of a currency (ISO 4217
// exponent): 45.00 EUR is {4500, "EUR"}. The zero value is no amount.
type Amount struct {
	Minor    int64
	Currency Currency
}
