package checkout

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes free text safe to send (product.md 4 rule 14): no line breaks or
// control characters, none of & < > " ', single blanks, at most limit
// characters. Quotes become typographic ones, & becomes +, angles become round
// brackets.
func Clean(text string, limit int) string {
	var b strings.Builder
	blank, count := false, 0
	for _, r := range text {
		switch {
		case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' || unicode.IsControl(r):
			blank = b.Len() > 0
			continue
		case r == utf8.RuneError || unicode.Is(unicode.Cf, r) && r != '\u200d':
			continue
		}
		if blank && count < limit-1 {
			b.WriteByte(' ')
			count++
		}
		blank = false
		if count >= limit {
			break
		}
		b.WriteRune(plain(r))
		count++
	}
	return b.String()
}

func plain(r rune) rune {
	switch r {
	case '&':
		return '+'
	case '<':
		return '('
	case '>':
		return ')'
	case '"':
		return '”'
	case '\'':
		return '’'
	}
	return r
}

// HasCardNumber reports whether the text holds 13 to 19 digits in a row,
// blanks and dashes between them allowed, that pass the Luhn check. Such text
// is refused in notes (product.md 4 rule 15).
func HasCardNumber(text string) bool {
	var run []byte
	for _, r := range text + "." {
		switch {
		case r >= '0' && r <= '9':
			run = append(run, byte(r-'0'))
		case r == ' ' || r == '-' || r == '\u00a0':
		default:
			if hidesCard(run) {
				return true
			}
			run = run[:0]
		}
	}
	return false
}

// hidesCard tries every part of a run of digits that has the length of a card.
func hidesCard(run []byte) bool {
	for from := range run {
		for size := 13; size <= 19 && from+size <= len(run); size++ {
			if luhn(run[from : from+size]) {
				return true
			}
		}
	}
	return false
}

func luhn(digits []byte) bool {
	sum, zero := 0, true
	for i, d := range digits {
		n := int(d)
		zero = zero && n == 0
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0 && !zero
}
