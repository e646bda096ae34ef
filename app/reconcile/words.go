package reconcile

import (
	"maps"
	"slices"
	"strings"

	"frontdesk/payments"
)

// words are the names a line carries: everything of letters and digits that is
// long enough not to be there by chance.
func words(l Line) map[string]bool {
	set := map[string]bool{}
	for _, text := range append(slices.Clone(l.Texts), l.Reference) {
		if len(text) >= shortest && len(text) <= longest {
			set[text] = true // a reference with marks in it
		}
		for _, w := range strings.FieldsFunc(text, func(c rune) bool {
			return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
		}) {
			if len(w) >= shortest {
				set[w] = true
			}
		}
	}
	return set
}

func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }

// longest is the most a name has.
const longest = 64

// orderLength is how long our orders are (product.md 4 rule 13).
const orderLength = 20

// IsOrder reports whether a word looks like an order of a desk of ours: P, T or
// L and 19 Crockford characters. Any other word of that shape is not to be
// expected: it would have to be drawn.
func IsOrder(w string) bool {
	if len(w) != orderLength || !strings.ContainsRune("PTL", rune(w[0])) {
		return false
	}
	return strings.Trim(w[1:], payments.Crockford) == ""
}

// Orders are the words of a line that look like orders of ours.
func Orders(l Line) []string {
	return slices.DeleteFunc(sorted(words(l)), func(w string) bool { return !IsOrder(w) })
}
