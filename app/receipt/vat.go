package receipt

import "frontdesk/payments/money"

// whole is 100 % in basis points.
const whole = 10000

// tax is the VAT inside a gross amount in minor units, rounded half up:
// gross * rate / (whole + rate). Amounts are below 10^10 and rates below 10^4, so
// nothing overflows.
func tax(rate int, gross int64) int64 {
	if rate <= 0 || gross <= 0 {
		return 0
	}
	part := whole + int64(rate)
	return (2*gross*int64(rate) + part) / (2 * part)
}

// taxable is what of a total carries VAT: a tip does not.
func taxable(total, tip money.Amount) money.Amount {
	return money.Amount{Minor: max(total.Minor-tip.Minor, 0), Currency: total.Currency}
}

// vatOf splits a gross amount; nil without a rate.
func vatOf(rate int, gross money.Amount) *VAT {
	if rate <= 0 {
		return nil
	}
	t := tax(rate, gross.Minor)
	return split(rate, gross, t)
}

func split(rate int, gross money.Amount, t int64) *VAT {
	return &VAT{
		Rate: rate, Gross: gross,
		Net: money.Amount{Minor: gross.Minor - t, Currency: gross.Currency},
		Tax: money.Amount{Minor: t, Currency: gross.Currency},
	}
}

// basis is what the VAT of refunds is computed from.
type basis struct {
	total money.Amount // of the sale
	paid  int64        // more than total when it was paid twice
	tip   int64
}

// back is the VAT of one refund, before being what had gone back already. What
// was paid too much goes back first and was never taxed; the tip goes back
// last.
func (b basis) back(rate int, before int64, amount money.Amount) *VAT {
	if rate <= 0 {
		return nil
	}
	surplus := max(b.paid-b.total.Minor, 0)
	limit := max(b.total.Minor-b.tip, 0)
	taxed := func(given int64) int64 { return min(max(given-surplus, 0), limit) }
	from, to := taxed(before), taxed(before+amount.Minor)
	gross := money.Amount{Minor: to - from, Currency: amount.Currency}
	return split(rate, gross, tax(rate, to)-tax(rate, from))
}
