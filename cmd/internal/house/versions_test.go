package house

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestLibcIsTheOneSQLiteWasBuiltWith: modernc's translation of SQLite is only right with exactly
// the libc its own go.mod names, and another module can lift ours silently.
func TestLibcIsTheOneSQLiteWasBuiltWith(t *testing.T) {
	const libc = "modernc.org/libc"
	ours := pinned(t, filepath.Join(top(t), "go.mod"), libc)

	cmd := exec.Command("go", "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite")
	cmd.Dir = top(t)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	if theirs := pinned(t, strings.TrimSpace(string(out)), libc); ours != theirs {
		t.Errorf("go.mod has %s %s, modernc.org/sqlite pins %s: they must be equal", libc, ours, theirs)
	}
}

func pinned(t *testing.T, gomod, name string) string {
	t.Helper()
	raw, err := os.ReadFile(gomod)
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^\s*(?:require\s+)?` + regexp.QuoteMeta(name) + `\s+(v\S+)`).FindSubmatch(raw)
	if m == nil {
		t.Fatalf("%s does not name %s", gomod, name)
	}
	return string(m[1])
}

// TestMetadataIsSaidOnce: FyneApp.toml names the program for packages, cmd/frontdesk for a plain
// build; the ID also names keyring entries, so the two may never drift apart.
func TestMetadataIsSaidOnce(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(top(t), "FyneApp.toml"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^(ID|Name|Version|Build)\s*=\s*"?([^"\n]+)"?\s*$`).FindAllSubmatch(raw, -1) {
		want[string(m[1])] = string(m[2])
	}
	if len(want) != 4 {
		t.Fatalf("FyneApp.toml names %v, want ID, Name, Version and Build", want)
	}
	if got := metadata(t); !maps.Equal(got, want) {
		t.Errorf("cmd/frontdesk says %v, FyneApp.toml says %v", got, want)
	}
}

// metadata reads the literal of type fyne.AppMetadata in cmd/frontdesk.
func metadata(t *testing.T) map[string]string {
	t.Helper()
	got := map[string]string{}
	for _, f := range files(t) {
		if f.Room != "cmd/frontdesk" || f.Test {
			continue
		}
		ast.Inspect(f.Tree, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			if sel, ok := lit.Type.(*ast.SelectorExpr); !ok || sel.Sel.Name != "AppMetadata" {
				return true
			}
			for _, e := range lit.Elts {
				kv, ok := e.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				key, isName := kv.Key.(*ast.Ident)
				value, isLit := kv.Value.(*ast.BasicLit)
				if isName && isLit {
					got[key.Name] = literal(value)
				}
			}
			return false
		})
	}
	return got
}

func literal(l *ast.BasicLit) string {
	if l.Kind == token.STRING {
		if s, err := strconv.Unquote(l.Value); err == nil {
			return s
		}
	}
	return l.Value
}
