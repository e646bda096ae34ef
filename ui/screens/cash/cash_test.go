package cash_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/payments/money"
	"frontdesk/ui/screens/cash"
)

func TestNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		due  money.Amount
		want []int64
	}{
		{money.Amount{Minor: 4500, Currency: "EUR"}, []int64{5000, 6000, 10000}},
		{money.Amount{Minor: 850, Currency: "EUR"}, []int64{900, 1000}},
		{money.Amount{Minor: 5000, Currency: "EUR"}, []int64{6000, 10000}},
		{money.Amount{Minor: 12000, Currency: "EUR"}, []int64{15000, 20000, 50000}},
		{money.Amount{Minor: 7300, Currency: "JPY"}, []int64{7500, 8000, 10000}},
		{money.Amount{Minor: 40, Currency: "EUR"}, []int64{100, 200, 500}},
	} {
		var got []int64
		for _, a := range cash.Notes(c.due) {
			got = append(got, a.Minor)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v: %s", c.due, diff)
		}
	}
}

// Notes are more than what is due, in order, in its currency, and few.
func TestNotesAreEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		due := money.Amount{
			Minor:    rapid.Int64Range(1, 99999999).Draw(t, "minor"),
			Currency: rapid.SampledFrom([]money.Currency{"EUR", "HUF", "JPY", "RON"}).Draw(t, "currency"),
		}
		last := due.Minor
		list := cash.Notes(due)
		for _, a := range list {
			if a.Minor <= last || a.Currency != due.Currency {
				t.Fatalf("%v after %d for %v", a, last, due)
			}
			last = a.Minor
		}
		if len(list) > 3 {
			t.Fatalf("%d notes", len(list))
		}
	})
}

func TestAskNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := cash.Ask(cash.Config{Now: func() time.Time { return time.Time{} }}); err == nil {
		t.Error("a sheet without a host was made")
	}
}
