package checkout

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestClean(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"", 10, ""},
		{"Cut", 10, "Cut"},
		{"Cut & dry", 20, "Cut + dry"},
		{`<L'été> "Deluxe"`, 20, "(L’été) ”Deluxe”"},
		{"a\r\nb\nc\td\u2028e\u0085f", 20, "a b c d e f"},
		{"  a   b  ", 20, "a b"},
		{"a\x00b\x1bc", 20, "a b c"},
		{"a\xffb\ufffdc", 20, "abc"},
		{"a\u202eb\ufeffc\u00adb", 20, "abcb"},
		{"Цвят", 2, "Цв"},
		{"ab cd", 3, "ab"},
		{"ab cd", 4, "ab c"},
		{"👩‍🦰 colour", 20, "👩‍🦰 colour"},
		{"abc", 0, ""},
	}
	for _, tt := range tests {
		if got := Clean(tt.text, tt.limit); got != tt.want {
			t.Errorf("Clean(%q, %d) = %q, want %q", tt.text, tt.limit, got, tt.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, text := range []string{"Cut & dry", "a\r\nb", "<script>", "\xff\u202e", "  x  ", strings.Repeat("ä ", 60)} {
		f.Add(text, uint8(100))
	}
	forbidden := regexp.MustCompile(`[&<>"'\p{Cc}\x{2028}\x{2029}]|  |^ | $`)
	f.Fuzz(func(t *testing.T, text string, limit uint8) {
		got := Clean(text, int(limit))
		if !utf8.ValidString(got) || forbidden.MatchString(got) || utf8.RuneCountInString(got) > int(limit) {
			t.Fatalf("Clean(%q, %d) = %q", text, limit, got)
		}
		if again := Clean(got, int(limit)); again != got {
			t.Fatalf("cleaning %q again gives %q", got, again)
		}
	})
}

func TestHasCardNumber(t *testing.T) {
	tests := map[string]bool{
		"4111111111111111":                     true,
		"4111 1111 1111 1111":                  true,
		"4111-1111-1111-1111":                  true,
		"card 4111\u00a01111 1111 1111.":       true,
		"378282246310005":                      true, // 15 digits
		"4222222222222":                        true, // 13 digits
		"4111 1111 1111 1111 12/27":            true, // an expiry date beside it
		"7 4111111111111111":                   true,
		"6304 0000 0000 0000 000":              true, // 19 digits
		"4111111111111112":                     false,
		"0000000000000000":                     false,
		"4111 1111 1111":                       false,
		"phone +43 1 234 56 78":                false,
		"2026-11-21 10:00":                     false,
		"4111x1111x1111x1111":                  false,
		"":                                     false,
		"an order of 20: 41111111111111111227": false,
	}
	for text, want := range tests {
		if got := HasCardNumber(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}
