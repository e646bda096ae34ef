package receipt

import (
	"strings"
	"unicode/utf8"
)

// minWidth is the narrowest paper text is fitted to.
const minWidth = 16

// Text returns the receipt as lines of at most width characters, as the screen
// and a printer of text show it. A width below 16 counts as 16.
func (r Receipt) Text(width int) []string {
	width = max(width, minWidth)
	var lines []string
	for _, w := range r.rows() {
		lines = append(lines, w.fit(width)...)
	}
	return lines
}

// fit writes a row in lines of width.
func (w row) fit(width int) []string {
	switch {
	case w.rule:
		return []string{strings.Repeat("-", width)}
	case w.gap:
		return []string{""}
	case w.style == banner:
		w.left = "*** " + w.left + " ***"
	}
	if w.right == "" {
		lines := wrap(w.left, width)
		if w.centre {
			for i, line := range lines {
				lines[i] = strings.Repeat(" ", (width-utf8.RuneCountInString(line))/2) + line
			}
		}
		return lines
	}
	n := utf8.RuneCountInString(w.right)
	room := width - n - 1
	if room < minWidth/2 { // the right end needs lines of its own
		lines := wrap(w.left, width)
		for _, line := range wrap(w.right, width) {
			lines = append(lines, strings.Repeat(" ", width-utf8.RuneCountInString(line))+line)
		}
		return lines
	}
	lines := wrap(w.left, room)
	last := &lines[len(lines)-1]
	*last += strings.Repeat(" ", width-n-utf8.RuneCountInString(*last)) + w.right
	return lines
}

// wrap breaks words into lines of at most width characters, between words where
// it can. There is always one line.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		for {
			space := 0
			if line != "" {
				space = 1
			}
			room := width - utf8.RuneCountInString(line) - space
			if utf8.RuneCountInString(word) <= room {
				line += strings.Repeat(" ", space) + word
				break
			}
			if line != "" {
				lines, line = append(lines, line), ""
				continue
			}
			head := []rune(word)[:width] // a word that is longer than a line
			lines, word = append(lines, string(head)), string([]rune(word)[width:])
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}
