package journal

import (
	"context"
	"database/sql"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"frontdesk/payments/money"
)

// match turns typed words into a search expression: every word as a prefix,
// quoted, so that no operator of the search language can be typed.
func match(text string) string {
	var terms []string
	for _, word := range typed(text) {
		terms = append(terms, prefix(word))
	}
	return strings.Join(terms, " AND ")
}

// An amount with its thousands apart, as screens and receipts write it, and the
// marks between them. The index has amounts without such marks.
var (
	grouped   = regexp.MustCompile(`^[0-9]{1,3}([.,][0-9]{3})+([.,][0-9]{0,2})?$`)
	thousands = regexp.MustCompile(`[.,]([0-9]{3})`)
)

// spaced is an amount, or two words, with blanks where thousands stand apart.
var spaced = regexp.MustCompile(`\b[0-9]{1,3}([ \x{a0}\x{202f}][0-9]{3})+([.,][0-9]{1,2})?\b`)

// apart keeps such a one together until prefix reads it.
const apart = '\u00a0'

// typed are the words of a text that can be searched for, without the currency
// behind an amount, which the index does not have.
func typed(text string) []string {
	blank := func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}
	text = spaced.ReplaceAllStringFunc(strings.Map(blank, text), func(s string) string {
		return strings.ReplaceAll(s, " ", string(apart))
	})
	var words []string
	number := false
	for _, word := range strings.Split(text, " ") {
		if number && money.Currency(strings.ToUpper(word)).Known() || !strings.ContainsFunc(word, searchable) {
			continue
		}
		words = append(words, word)
		number = !strings.ContainsFunc(word, unicode.IsLetter)
	}
	return words
}

func searchable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func quoted(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }

// prefix finds what begins with a word; with an amount also as the index has it.
func prefix(word string) string {
	if parts := strings.Split(word, string(apart)); len(parts) > 1 {
		for i, part := range parts {
			parts[i] = quoted(part) + `*`
		}
		return `((` + strings.Join(parts, ` AND `) + `) OR ` + quoted(strings.ReplaceAll(word, string(apart), "")) + `*)`
	}
	if grouped.MatchString(word) {
		return `(` + quoted(word) + `* OR ` + quoted(thousands.ReplaceAllString(word, "$1")) + `*)`
	}
	return quoted(word) + `*`
}

// maxSpelled bounds in how many words a typed one is spelled out.
const maxSpelled = 32

// spelled finds what match finds, in a time that does not grow with the journal.
// For a prefix the index gathers all that it fits before the first is known;
// for whole words it walks from the newest sale backwards and stops. So a typed
// word becomes the few of the index that begin with it. What begins too many (a
// letter or two), and what cannot be folded here, stays a prefix.
func spelled(ctx context.Context, tx *sql.Tx, text string) (string, error) {
	var terms []string
	for _, word := range typed(text) {
		whole, err := begun(ctx, tx, word)
		if err != nil {
			return "", err
		}
		if len(whole) == 0 {
			terms = append(terms, prefix(word))
			continue
		}
		for i, w := range whole {
			whole[i] = quoted(w)
		}
		terms = append(terms, `(`+strings.Join(whole, ` OR `)+`)`)
	}
	return strings.Join(terms, ` AND `), nil
}

// begun are the words of the index that begin with a typed one; none when they
// are too many or cannot be told.
func begun(ctx context.Context, tx *sql.Tx, word string) ([]string, error) {
	first, ok := fold(word)
	if !ok {
		return nil, nil
	}
	// Each step is one look into the index for the first word behind the one before.
	rows, err := tx.QueryContext(ctx, `WITH RECURSIVE found (term) AS (
			SELECT (SELECT term FROM sales_terms WHERE term >= ?1 LIMIT 1)
			UNION ALL
			SELECT (SELECT term FROM sales_terms WHERE term >= found.term || char(0) LIMIT 1) FROM found
				WHERE substr(found.term, 1, length(?1)) = ?1)
		SELECT term FROM found WHERE substr(term, 1, length(?1)) = ?1 LIMIT ?2`, first, maxSpelled+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var term string
		if err := rows.Scan(&term); err != nil {
			return nil, err
		}
		list = append(list, term)
	}
	if len(list) > maxSpelled {
		list = nil
	}
	return list, rows.Err()
}

// fold writes a word as the index does: in small letters, those of the Latin
// alphabet without their marks. It does so for digits, Latin and Cyrillic letters
// of which it is sure, and not at all when there is another among them.
func fold(word string) (string, bool) {
	var b strings.Builder
	for _, r := range word {
		f, ok := foldRune(r)
		if !ok {
			return "", false
		}
		b.WriteRune(f)
	}
	return b.String(), true
}

func foldRune(r rune) (rune, bool) {
	switch {
	case r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'а' && r <= 'я' || r == 'ß':
		return r, true
	case r >= 'A' && r <= 'Z' || r >= 'А' && r <= 'Я':
		return unicode.ToLower(r), true
	case r >= 'À' && r <= 'ž' && unicode.IsLetter(r):
		plain := []rune(norm.NFD.String(string(unicode.ToLower(r))))
		if len(plain) == 2 && plain[0] <= 'z' && unicode.Is(unicode.Mn, plain[1]) {
			return plain[0], true
		}
	}
	return 0, false
}
