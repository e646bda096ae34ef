package house

import (
	"bytes"
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTopLevelHoldsTheFiveRooms(t *testing.T) {
	allowed := []string{
		"cmd", "app", "ui", "payments", "assets",
		"FyneApp.toml", "go.mod", "go.sum", "README.md", "Makefile", "LICENSE", "CHANGELOG.md",
		"build", // output, ignored by git
	}
	entries, err := os.ReadDir(top(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s lies at the top level: the house has five rooms, and a few files beside them", e.Name())
		}
	}
}

func TestPackagesHaveOneDutyAndSayIt(t *testing.T) {
	type pkg struct{ code, doc bool }
	all := map[string]*pkg{}
	for _, f := range files(t) {
		p := all[f.Room]
		if p == nil {
			p = &pkg{}
			all[f.Room] = p
		}
		p.code = p.code || !f.Test
		p.doc = p.doc || (path.Base(f.Name) == "doc.go" && f.Tree.Doc != nil)
		for _, vague := range []string{"util", "utils", "common", "manager", "helper", "helpers", "misc", "shared"} {
			if f.Tree.Name.Name == vague {
				t.Errorf("%s: a package named %s has no duty of its own", f.Name, vague)
			}
		}
	}
	for room, p := range all {
		if p.code && !p.doc {
			t.Errorf("%s has no doc.go with a package comment: each package says its duty", room)
		}
	}
}

// TestPiecesStaySmall keeps files and functions readable in one sitting. Tests are not measured.
func TestPiecesStaySmall(t *testing.T) {
	const fileLines, funcLines = 400, 60
	for _, f := range files(t) {
		if f.Test {
			continue
		}
		if n := f.Set.File(f.Tree.Pos()).LineCount(); n > fileLines {
			t.Errorf("%s has %d lines: split what is more than %d", f.Name, n, fileLines)
		}
		for _, d := range f.Tree.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			n := f.Set.Position(fn.End()).Line - f.Set.Position(fn.Pos()).Line + 1
			if n > funcLines {
				t.Errorf("%s: %s has %d lines: split what is more than %d", f.where(fn), fn.Name.Name, n, funcLines)
			}
		}
	}
}

// TestNothingReadsOutsideTheProject looks for the folder beside the project in every text.
func TestNothingReadsOutsideTheProject(t *testing.T) {
	root := top(t)
	outside := []byte(".." + "/shared")
	walk(t, func(name string) {
		raw, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			return
		}
		if bytes.Contains(raw, outside) {
			t.Errorf("%s names %s: the project stands on its own, vectors are copied into testdata", name, outside)
		}
	})
}
