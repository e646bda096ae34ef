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
		if blank {
			if count+1 >= limit {
				break
			}
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

// HasCardNumber reports whether the text holds 13 to 19 digits that pass the
// Luhn check, written in one piece or in groups with blanks or dashes between
// them. Such text is refused in notes (product.md 4 rule 15). Digits that stand
// beside the number as groups of their own do not hide it.
func HasCardNumber(text string) bool {
	var groups [][]byte
	joined := false // the group goes on with the next digit
	for _, r := range text + "." {
		switch {
		case r >= '0' && r <= '9':
			if !joined {
				groups = append(groups, nil)
			}
			last := len(groups) - 1
			groups[last] = append(groups[last], byte(r-'0'))
			joined = true
		case r == ' ' || r == '-' || r == '\u00a0':
			joined = false
		default:
			if hidesCard(groups) {
				return true
			}
			groups, joined = nil, false
		}
	}
	return false
}

// hidesCard tries every row of neighbouring groups that has the length of a
// card number.
func hidesCard(groups [][]byte) bool {
	for from := range groups {
		var number []byte
		for _, g := range groups[from:] {
			if number = append(number, g...); len(number) > 19 {
				break
			}
			if len(number) >= 13 && luhn(number) {
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
