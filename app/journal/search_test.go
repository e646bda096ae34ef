package journal_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/journal"
)

// named writes a sale for each note.
func named(t *testing.T, j *journal.Journal, notes ...string) {
	t.Helper()
	for n, note := range notes {
		put(t, j, sale(n, note)...)
	}
}

// A letter that is folded here is folded as the index folds it, or sales would
// not be found.
func TestLettersAreFoldedAsTheIndexDoes(t *testing.T) {
	t.Parallel()
	var words, want []string
	for r := rune(1); r < 0x3000; r++ {
		word := fmt.Sprintf("q%c%04x", r, r)
		if folded, ok := journal.Fold(word); ok {
			words, want = append(words, word), append(want, folded)
		}
	}
	if len(words) < 10+2*26+2*32+100 {
		t.Fatalf("only %d letters are folded", len(words))
	}
	j := open(t, t.TempDir())
	named(t, j, strings.Join(words, " "))
	terms, err := j.Terms(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range want {
		if !slices.Contains(terms, w) {
			t.Errorf("%s is not %s in the index", words[i], w)
		}
	}
}

// What is typed is found as the beginning of a word, however it is written, be
// there few words that begin so or many.
func TestEveryBeginningOfAWordIsFound(t *testing.T) {
	t.Parallel()
	notes := []string{
		"Müller", "Mullerin 12", "MÜLLER-Berger", "mueller", "Мария", "МАРИНА Berger", "Йордан", "O'Brien", "Berger", "Bergerhof",
		"Weiß", "WEISS", "Łukasz", "Škoda", "Ångström", "Çelik", "bergers Kind", "Größe 42", "İpek", "ümit", "Ümit", "12,50", "東京",
	}
	for n := range 40 {
		notes = append(notes, fmt.Sprintf("kunde%02d berger%d", n, n%3))
	}
	j := open(t, t.TempDir())
	named(t, j, notes...)
	asked := map[string]bool{"berger müller": true, "12 mull": true, "kunde berger1": true, "berger nobody": true, "nobody": true}
	for _, note := range notes {
		for _, word := range strings.Fields(note) {
			for end := range word {
				for _, text := range []string{word[:end], strings.ToLower(word[:end]), strings.ToUpper(word[:end]), word} {
					asked[text] = asked[text] || strings.TrimSpace(text) != ""
				}
			}
		}
	}
	found := 0
	for text, is := range asked {
		if !is {
			continue
		}
		want, err := j.ByPrefix(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		sales, err := j.Sales(t.Context(), app.Query{Text: text, Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range sales {
			got = append(got, string(s.ID))
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%q: -want +got:\n%s", text, diff)
		}
		found += len(got)
	}
	if found < len(notes) {
		t.Errorf("%d found of %d", found, len(notes))
	}
}

// An amount is found as a screen writes it, in any language that sets its
// thousands apart by a mark.
func TestAmountsAreFoundAsTheyAreShown(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	named(t, j, "1392.40", "1234567.89", "1.39 240", "13.924 00", "77 for Eva in 345")
	for text, want := range map[string]int{
		"1392.40": 1, "1392,40": 1, "1,392.40": 1, "1.392,40": 1, "1,392": 1, "1,234,567.89": 1, "1.234.567,89": 1, "1234567": 1,
		"1.39": 1, "13.924": 1, "13.92": 1,
		// In Bulgarian and French thousands stand apart by a blank.
		"1\u00a0392,40": 1, "1\u202f392,40": 1, "1 392,40": 1, "1 392": 1, "1\u00a0234\u00a0567,89": 1, "1 234 567": 1, "234 567": 0,
		// As it stands on a receipt.
		"1,392.40 EUR": 1, "1.392,40\u00a0eur": 1, "€1392.40": 1, "1392.40 HUX": 0, "EUR": 0,
		// Two words stay two words.
		"77 345": 1, "345 77": 1, "77 345 eva": 1, "eva 77": 1,
	} {
		sales, err := j.Sales(t.Context(), app.Query{Text: text, Limit: 100})
		if err != nil || len(sales) != want {
			t.Errorf("%q: %d sales, want %d, %v", text, len(sales), want, err)
		}
	}
}
