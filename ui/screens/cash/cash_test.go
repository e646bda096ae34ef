package cash_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app/text"
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

// What was handed over is read as it was meant, or not at all.
func TestGiven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		in   money.Currency
		want int64 // -1: refused
	}{
		{"5000", "EUR", 5000},
		{"50,00", "EUR", 5000},
		{"50.00", "EUR", 5000},
		{"50,", "EUR", 5000},
		{"0,50", "EUR", 50},
		{"0050,00", "EUR", 5000},
		{" 50,00 ", "EUR", 5000},
		{"50 ,00", "EUR", 5000},
		{"1\u00a0234,50", "EUR", 123450},
		{"1 234,50", "EUR", 123450},
		{"1 234", "EUR", -1},
		{"1\u00a0234", "EUR", -1},
		{"1.234", "EUR", -1},
		{"1,234", "EUR", -1},
		{"1.234,50", "EUR", -1},
		{"1,234.50", "EUR", -1},
		{"50,00 EUR", "EUR", -1},
		{"€50", "EUR", -1},
		{"-50", "EUR", -1},
		{"−50", "EUR", -1},
		{"5e3", "EUR", -1},
		{"٥٠٠٠", "EUR", -1},
		{"５０", "EUR", -1},
		{"50٫00", "EUR", -1},
		{"99999999999999999999", "EUR", -1},
		{"4500", "HUF", 450000},
		{"4 500", "HUF", 450000},
		{"4500,00", "HUF", -1},
		{"4.500", "JPY", -1},
	} {
		got, ok := cash.Given(c.text, c.in)
		if ok != (c.want >= 0) || ok && got != (money.Amount{Minor: c.want, Currency: c.in}) {
			t.Errorf("%q in %s: %v, %t; want %d", c.text, c.in, got, ok, c.want)
		}
	}
}

// What a button writes into the field is read back, in every language and currency.
func TestNotesAreReadBack(t *testing.T) {
	t.Parallel()
	for _, lang := range text.Languages() {
		for _, due := range []money.Amount{{Minor: 123450, Currency: "EUR"}, {Minor: 450000, Currency: "HUF"}, {Minor: 7300, Currency: "JPY"}} {
			for _, a := range append(cash.Notes(due), due) {
				if got, ok := cash.Given(text.New(lang).Plain(a), due.Currency); !ok || got != a {
					t.Errorf("%s: %v is written as %q and read as %v", lang, a, text.New(lang).Plain(a), got)
				}
			}
		}
	}
}

func TestAskNeedsItsParts(t *testing.T) {
	t.Parallel()
	if _, err := cash.Ask(cash.Config{Now: func() time.Time { return time.Time{} }}); err == nil {
		t.Error("a sheet without a host was made")
	}
}
