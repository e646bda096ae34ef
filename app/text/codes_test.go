package text

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

	"frontdesk/payments"
)

var codeShape = regexp.MustCompile(`^[a-z]+\.[a-z]+(_[a-z]+)*$`)

// literals returns the string literals of a package, tests left out, that look
// like codes.
func literals(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil && codeShape.MatchString(s) {
					found = append(found, s)
				}
			}
			return true
		})
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// documented returns the codes that the package comment of app lists. A family
// is listed as "amount.*".
func documented(t *testing.T) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	_, codes, ok := strings.Cut(f.Doc.Text(), "# Codes\n")
	codes, _, _ = strings.Cut(codes, "\n# ")
	list := regexp.MustCompile(`[a-z]+\.([a-z]+|\*)`).FindAllString(codes, -1)
	list = slices.DeleteFunc(list, func(s string) bool { return strings.HasPrefix(s, "payments.") })
	if !ok || len(list) < 20 {
		t.Fatalf("the list of codes in app/doc.go was not found: %q", list)
	}
	return list
}

func TestEveryCodeOfTheTillHasItsSentences(t *testing.T) {
	t.Parallel()
	codes := documented(t)
	made := literals(t, "..")
	if !slices.Contains(made, "evidence.once") || !slices.Contains(made, "refund.interrupted") {
		t.Fatalf("the codes of package app were not found: %q", made)
	}
	made = slices.DeleteFunc(made, func(s string) bool { return strings.HasPrefix(s, "notice.") }) // kinds of oddities, never shown alone
	codes = append(codes, made...)
	for _, lang := range Languages() {
		c := New(lang)
		for _, code := range codes {
			if family, whole := strings.CutSuffix(code, "*"); whole {
				if !slices.ContainsFunc(keys(c.words), func(k string) bool { return strings.HasPrefix(k, "error."+family) }) {
					t.Errorf("%s has no sentence for any of %s", lang, code)
				}
				continue
			}
			for _, part := range []string{".what", ".money", ".do"} {
				if !c.Has("error." + code + part) {
					t.Errorf("%s has no error.%s%s", lang, code, part)
				}
			}
		}
	}
}

// Rails, journal and relay have more codes than anybody should write sentences
// for; their families speak for them.
func TestEveryCodeBelowTheTillIsKnown(t *testing.T) {
	t.Parallel()
	c := New("en")
	others := []string{"journal.db", "journal.lock", "journal.open", "devices.json", "mypos.com"} // files, an operation, a host
	for _, dir := range []string{"../journal", "../rails", "../devices", "../../payments/checkout", "../../payments/merchant", "../../payments/rest", "../../payments/epos", "../../payments/relay", "../../payments/relay/client", "../../payments/money"} {
		codes := literals(t, dir)
		if len(codes) == 0 {
			t.Errorf("%s has no codes", dir)
		}
		for _, code := range codes {
			family, _, _ := strings.Cut(code, ".")
			operation := family == "checkout" || family == "link" || family == "merchant"
			if !operation && !slices.Contains(others, code) && !c.Knows(code) {
				t.Errorf("%s: no sentence for %s", dir, code)
			}
		}
	}
}

// What is not known is never said to have moved nothing.
func TestUnknownNeverSaysNothingMoved(t *testing.T) {
	t.Parallel()
	for _, lang := range Languages() {
		c := New(lang)
		careful, none := c.T("error.other.money"), c.T("error.status.21.money")
		for _, code := range []string{
			"evidence.rollback", "evidence.once", "evidence.contradiction", "evidence.older", "provider.unknown", "provider.unreachable",
			"refund.interrupted", "refund.busy", "resolve.early", "sale.unknown", "sale.busy", "relay.cut", "net.cut", "http.502", "answer.size", "never.heard",
		} {
			if got := c.Problem(code).Money; got != careful {
				t.Errorf("%s %s: %q", lang, code, got)
			}
		}
		for _, code := range []string{"relay.silent", "relay.unreachable", "journal.full", "sale.done"} {
			if got := c.Problem(code).Money; got == none {
				t.Errorf("%s %s: %q", lang, code, got)
			}
		}
		err := &payments.Error{Op: "checkout.refund", Code: "status.21", Err: payments.ErrUnknown}
		if got := c.Failure(err).Money; got != careful {
			t.Errorf("%s unknown status.21: %q", lang, got)
		}
		err.Err = payments.ErrRefused
		if got := c.Failure(err).Money; got != none {
			t.Errorf("%s refused status.21: %q", lang, got)
		}
	}
}

func TestFamilies(t *testing.T) {
	t.Parallel()
	c := New("en")
	if p := c.Problem("http.502"); p.What != c.T("error.http.other.what") || p.Code != "http.502" {
		t.Errorf("http.502: %+v", p)
	}
	for code, want := range map[string]bool{"http.502": true, "status.21": true, "never.heard": false, "": false, "other": true} {
		if got := c.Knows(code); got != want {
			t.Errorf("Knows(%q) = %v", code, got)
		}
	}
}
