package text

import (
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every code that the doc of payments/terminal lists is made there, and has its
// own three sentences in every language; so has every answer of an issuer that
// spec 3.7 names.
func TestEveryCodeOfATerminalHasItsSentences(t *testing.T) {
	t.Parallel()
	const room = "../../payments/terminal"
	f, err := parser.ParseFile(token.NewFileSet(), room+"/doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(f.Doc.Text(), "# Codes\n")
	list, _, _ = strings.Cut(list, "\n# ")
	codes := regexp.MustCompile(`terminal\.[a-z_]+`).FindAllString(list, -1)
	slices.Sort(codes)
	made := slices.DeleteFunc(literals(t, room), func(s string) bool { return s == "approval.other" })
	if len(codes) < 40 || !slices.Equal(codes, made) {
		t.Errorf("the doc lists\n%q\nand the room makes\n%q", codes, made)
	}
	for _, answer := range []string{"04", "41", "43", "51", "54", "55", "57", "58", "61", "62", "63", "65", "75", "91", "af", "tr", "cc", "ee", "other"} {
		codes = append(codes, "approval."+answer)
	}
	for _, lang := range Languages() {
		c := New(lang)
		for _, code := range codes {
			for _, part := range []string{".what", ".money", ".do"} {
				if !c.Has("error." + code + part) {
					t.Errorf("%s has no error.%s%s", lang, code, part)
				}
			}
		}
	}
}
