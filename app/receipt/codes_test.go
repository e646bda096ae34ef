package receipt_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"frontdesk/app/text"
)

// Every code that the room makes stands in its doc and has its sentences, and
// the other way round.
func TestEveryCodeIsToldAndHasItsSentences(t *testing.T) {
	shape := regexp.MustCompile(`^(receipt|printer)\.[a-z]+$`)
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	var made []string
	var doc string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if name == "doc.go" {
			doc = f.Doc.Text()
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			if s, err := strconv.Unquote(lit.Value); err == nil && shape.MatchString(s) && s != "receipt.print" && !keys[s] {
				keys[s] = true
				if !text.New("en").Has(s) { // else a word on the receipt
					made = append(made, s)
				}
			}
			return true
		})
	}
	_, list, _ := strings.Cut(doc, "# Codes\n")
	told := regexp.MustCompile(`(receipt|printer)\.[a-z]+`).FindAllString(list, -1)
	slices.Sort(told)
	slices.Sort(made)
	told = slices.Compact(told)
	if len(told) < 14 || !slices.Equal(told, made) {
		t.Errorf("the doc tells\n%q\nand the room makes\n%q", told, made)
	}
	for _, language := range text.Languages() {
		c := text.New(language)
		for _, code := range append(told, "printer.begun", "printer.late", "printer.other") {
			for _, part := range []string{".what", ".money", ".do"} {
				if !c.Has("error." + code + part) {
					t.Errorf("%s: no error.%s%s", language, code, part)
				}
			}
			if money := c.Problem(code).Money; strings.HasPrefix(code, "printer.") && money == c.T("error.other.money") {
				t.Errorf("%s: a printer moves no money: %s", language, code)
			}
		}
	}
}
