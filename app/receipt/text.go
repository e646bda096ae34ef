package receipt

import (
	"strings"
	"unicode/utf8"

	"frontdesk/app/text"
)

// minWidth is the narrowest paper text is fitted to.
const minWidth = 16

// Text returns the receipt as lines of at most width characters, as the screen
// and a printer of text show it. A width below 16 counts as 16.
func (r Receipt) Text(width int) []string { return textOf(r.rows(text.New(r.Language)), width) }

func textOf(rows []row, width int) []string {
	width = max(width, minWidth)
	m := ruler{width: width, gap: 1, of: utf8.RuneCountInString}
	var lines []string
	for _, w := range rows {
		switch {
		case w.rule:
			lines = append(lines, strings.Repeat("-", width))
			continue
		case w.code != nil:
			continue // a picture
		case w.style == banner && w.left != "":
			w.left = "*** " + w.left + " ***"
		}
		for _, f := range w.fit(m) {
			free := width - m.of(f.left) - m.of(f.right)
			switch {
			case f.right != "":
				f.left += strings.Repeat(" ", free) + f.right
			case w.centre:
				f.left = strings.Repeat(" ", free/2) + f.left
			}
			lines = append(lines, f.left)
		}
	}
	return lines
}

// ruler measures text in whole units of one form: characters, dots,
// micrometres. The style is that of the row that is fitted.
type ruler struct {
	width int // of a line
	gap   int // between the two ends, at least
	of    func(string) int
}

// fitted is one line that fits.
type fitted struct{ left, right string }

// fit breaks a row into lines. What stands on the right stays whole where it
// can, beside the last line of the left.
func (w row) fit(m ruler) []fitted {
	var lines []fitted
	if w.right == "" {
		for _, s := range wrap(w.left, m) {
			lines = append(lines, fitted{left: s})
		}
		return lines
	}
	narrow := m
	narrow.width = m.width - m.of(w.right) - m.gap
	if narrow.width < m.width/4 { // each end on lines of its own
		for _, s := range wrap(w.left, m) {
			lines = append(lines, fitted{left: s})
		}
		for _, s := range wrap(w.right, m) {
			lines = append(lines, fitted{right: s})
		}
		return lines
	}
	for _, s := range wrap(w.left, narrow) {
		lines = append(lines, fitted{left: s})
	}
	lines[len(lines)-1].right = w.right
	return lines
}

// wrap breaks words into lines, between words where it can. There is always one
// line, and every line but one of a single wide letter fits.
func wrap(s string, m ruler) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if m.of(joined) <= m.width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for m.of(word) > m.width {
			n := head(word, m)
			lines, word = append(lines, word[:n]), word[n:]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// head is how many bytes of a word that is wider than a line fit on one: a
// letter at least.
func head(word string, m ruler) int {
	n := 0
	for i, c := range word {
		end := i + utf8.RuneLen(c)
		if i > 0 && m.of(word[:end]) > m.width {
			break
		}
		n = end
	}
	return n
}
