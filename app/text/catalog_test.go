package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/payments/money"
)

func keys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func TestEveryLanguageHasEveryKeyAndPlaceholder(t *testing.T) {
	t.Parallel()
	place := regexp.MustCompile(`\{[^}]*\}`)
	holes := func(s string) []string {
		found := place.FindAllString(s, -1)
		slices.Sort(found)
		return slices.Compact(found)
	}
	en, err := load(files, "lang/en")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages() {
		words, err := load(files, "lang/"+lang)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(keys(en), keys(words)); diff != "" {
			t.Errorf("%s has other keys than en:\n%s", lang, diff)
		}
		for k, v := range words {
			if strings.TrimSpace(v) == "" {
				t.Errorf("%s %s is empty", lang, k)
			}
			if diff := cmp.Diff(holes(en[k]), holes(v)); diff != "" && en[k] != "" && !strings.HasPrefix(k, "date.") {
				t.Errorf("%s %s has other placeholders than en:\n%s", lang, k, diff)
			}
		}
	}
}

func TestTone(t *testing.T) {
	t.Parallel()
	banned := []string{"!", "please wait", "successful", "Oops", "...", "Bitte warten", "erfolgreich", "успешно"}
	for _, lang := range Languages() {
		for k, v := range New(lang).words {
			for _, b := range banned {
				if strings.Contains(strings.ToLower(v), strings.ToLower(b)) {
					t.Errorf("%s %s says %q", lang, k, b)
				}
			}
		}
	}
}

func TestEveryStateAndCode(t *testing.T) {
	t.Parallel()
	states := []app.State{
		app.Preparing, app.Offered, app.Opened, app.Paid, app.Declined, app.Withdrawn, app.Expired, app.NotCharged,
		app.Cancelling, app.Unknown, app.Reversed, app.PaidLate, app.Overpaid, app.PartRefunded, app.Refunded, app.Found,
	}
	for _, lang := range Languages() {
		c := New(lang)
		for _, s := range states {
			for _, got := range []string{c.Word(s, "1.00", "2.00"), c.Name(s), c.Sentence(s, "1.00")} {
				if strings.ContainsAny(got, "[{") {
					t.Errorf("%s %s: %q", lang, s, got)
				}
			}
		}
		for n := 1; n <= 25; n++ {
			code := "status." + string(rune('0'+n/10)) + string(rune('0'+n%10))
			code = strings.Replace(code, ".0", ".", 1)
			if !c.Has("error." + code + ".what") {
				t.Errorf("%s has no sentence for %s", lang, code)
			}
		}
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	en := New("en-GB")
	at := time.Date(2026, 11, 21, 9, 5, 7, 0, time.UTC)
	eur := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }
	for _, tc := range []struct{ name, got, want string }{
		{"amount", en.Amount(eur(4500)), "45.00 EUR"},
		{"minus", en.Amount(eur(-2000)), "−20.00 EUR"},
		{"thousands", en.Amount(eur(139240)), "1,392.40 EUR"},
		{"millions", en.Number(eur(-123456789)), "−1,234,567.89"},
		{"no decimals", en.Number(money.Amount{Minor: 1250000, Currency: "JPY"}), "1,250,000"},
		{"German", New("de").Number(eur(-139240)), "−1.392,40"},
		{"German cents", New("de").Number(eur(5)), "0,05"},
		{"Bulgarian", New("bg").Number(eur(139240)), "1392,40"},
		{"Bulgarian thousands", New("bg").Number(eur(1392400)), "13\u00a0924,00"},
		{"Bulgarian millions", New("bg").Number(eur(123456789)), "1\u00a0234\u00a0567,89"},
		{"to type", New("de").Plain(eur(139240)), "1392,40"},
		{"whole units to type", en.Plain(money.Amount{Minor: 450000, Currency: "HUF"}), "4500"},
		{"none", en.Amount(money.Amount{}), "–"},
		{"arg", en.Sentence(app.Paid, eur(4500)), "45.00 EUR received."},
		{"missing", en.T("no.such"), "[no.such]"},
		{"two args", en.Word(app.PartRefunded, "20.00", "60.00"), "REFUNDED 20.00 of 60.00"},
		{"one", en.N("payments.sales", 1), "1 sale"},
		{"many", en.N("payments.sales", 18), "18 sales"},
		{"seconds up", en.Duration(7200 * time.Millisecond), "8 s"},
		{"never negative", en.Duration(-time.Second), "0 s"},
		{"minutes", en.Duration(14*time.Minute + 50*time.Second), "14 min"},
		{"hours", en.Duration(3 * time.Hour), "3 h"},
		{"left", en.Left(14 * time.Minute), "14 more minutes"},
		{"left one", en.Left(time.Minute), "1 more minute"},
		{"clock", en.Clock(at), "09:05"},
		{"stamp", en.Stamp(at), "09:05:07"},
		{"day", en.Day(at), "Saturday 21 November"},
		{"german day", New("de_AT").Day(at), "Samstag, 21. November"},
		{"daymonth", en.DayMonth(at), "21 November"},
		{"unknown language", New("xx").Lang(), "en"},
		{"argument is not read again", en.T("fact.after", "{1}", "x"), "{1}, x after Charge"},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, tc.got, tc.want)
		}
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	c := New("en")
	if got := c.Problem("status.21"); got.What != "The bank said no." || got.Money != "No money moved." || got.Code != "status.21" {
		t.Errorf("status.21: %+v", got)
	}
	odd := c.Problem("never.heard")
	if odd.Money != "Money may have moved." || odd.Code != "never.heard" {
		t.Errorf("unknown code must be careful: %+v", odd)
	}
	if strings.Contains(odd.Text(), "[") {
		t.Errorf("text: %q", odd.Text())
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	for name, fsys := range map[string]fstest.MapFS{
		"twice":    {"l/a.json": {Data: []byte(`{"k":"v"}`)}, "l/b.json": {Data: []byte(`{"k":"w"}`)}},
		"not json": {"l/a.json": {Data: []byte(`{`)}},
	} {
		if _, err := load(fsys, "l"); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
