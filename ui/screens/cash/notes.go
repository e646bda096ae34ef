package cash

import (
	"slices"

	"frontdesk/payments/money"
)

// offered is how many likely notes are offered at most.
const offered = 3

// Notes are what a customer is likely to hand over for an amount, smallest
// first, the exact amount left out: the next multiples of notes of its size.
func Notes(due money.Amount) []money.Amount {
	unit := int64(1)
	for range due.Currency.Exponent() {
		unit *= 10
	}
	size := unit
	for size*10 <= due.Minor {
		size *= 10
	}
	var list []money.Amount
	for _, note := range []int64{size / 2, size, size * 2, size * 5, size * 10} {
		if note < unit || note == 0 {
			continue
		}
		a := money.Amount{Minor: (due.Minor + note - 1) / note * note, Currency: due.Currency}
		if a.Minor > due.Minor && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b money.Amount) int {
		if a.Minor < b.Minor {
			return -1
		}
		return 1
	})
	return list[:min(len(list), offered)]
}
