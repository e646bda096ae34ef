package merchant

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest texts that go to myPOS, in characters.
const (
	maxWords = 255
	maxDBA   = 25 // a line on a card statement
)

// words makes free text safe to send (product.md 4 rule 14): one line without
// control characters and without & < > " ', at most limit characters.
func words(text string, limit int) string {
	signs := strings.NewReplacer("&", "+", "<", "(", ">", ")", `"`, "\u201d", "'", "\u2019")
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r) && r != '\u200d':
			return -1
		}
		return r
	}, text)
	line := []rune(signs.Replace(strings.Join(strings.Fields(visible), " ")))
	return strings.TrimSpace(string(line[:min(len(line), limit)]))
}

// plainText reports whether text is printable, on one line.
func plainText(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}

// sendable checks names and numbers that are sent as they are or not at all:
// printable, one line, at most 255 bytes, none of the signs that pages trip over.
func sendable(op string, texts ...string) error {
	for _, text := range texts {
		if len(text) > maxWords || !plainText(text) || strings.ContainsAny(text, `&<>"'`) {
			return fieldFault(op, "rest.text", "a text cannot be sent")
		}
	}
	return nil
}
