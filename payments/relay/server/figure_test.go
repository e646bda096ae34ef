package server

import "testing"

func TestAmountsOfThePagesAreWrittenPerLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		figure     figure
		en, de, bg string
	}{
		{"45.00", "45.00", "45,00", "45,00"},
		{"0.05", "0.05", "0,05", "0,05"},
		{"1234.50", "1,234.50", "1.234,50", "1234,50"},
		{"12345.60", "12,345.60", "12.345,60", "12\u00a0345,60"},
		{"999999.99", "999,999.99", "999.999,99", "999\u00a0999,99"},
		{"4500", "4,500", "4.500", "4500"},
		{"9999999", "9,999,999", "9.999.999", "9\u00a0999\u00a0999"},
		{"", "", "", ""},
		{"from 45", "from 45", "from 45", "from 45"},
		{"1.234,50", "1.234,50", "1.234,50", "1.234,50"},
		{"-4.00", "-4.00", "-4.00", "-4.00"},
	} {
		for lang, want := range map[string]string{"en": c.en, "de": c.de, "bg": c.bg} {
			if got := c.figure.in(lang); got != want {
				t.Errorf("%q in %s: %q, want %q", c.figure, lang, got, want)
			}
		}
	}
}
