package money

// Checkout returns the amount as the checkout API writes it (spec 1.4): two
// decimals, none for HUF, JPY and TWD. A HUF or TWD amount with a fraction
// keeps its decimals rather than lose money; such an amount is not Chargeable.
func (a Amount) Checkout() string {
	r, _ := a.Currency.rule()
	unit := pow10(r.exponent)
	switch {
	case r.bare && a.Minor%unit == 0:
		return decimal(a.Minor/unit, 0)
	case r.exponent == 0:
		return decimal(a.Minor, 0) + ".00"
	}
	return decimal(a.Minor, 2)
}

// IPP returns the amount as terminals on the IPP wire take it: two decimals
// with "." for every currency, e.g. "45.00". An unknown currency gives
// ErrCurrency.
func (a Amount) IPP() (string, error) {
	r, ok := a.Currency.rule()
	switch {
	case !ok:
		return "", ErrCurrency
	case r.exponent == 0:
		return decimal(a.Minor, 0) + ".00", nil
	}
	return decimal(a.Minor, 2), nil
}

// EPOS returns the amount in the minor units of the ePOS wire. HUF, ISK, JPY
// and TWD give ErrEncoding: it is not confirmed which minor unit the wire means
// for them, and a wrong guess charges a hundredfold.
func (a Amount) EPOS() (int64, error) {
	switch a.Currency {
	case HUF, ISK, JPY, TWD:
		return 0, ErrEncoding
	}
	if !a.Currency.Known() {
		return 0, ErrCurrency
	}
	return a.Minor, nil
}
