package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is the path in go.mod.
const module = "frontdesk"

// file is one parsed Go file. Name and Room are slash-separated and relative to the top level.
type file struct {
	Name string
	Room string
	Test bool
	Tree *ast.File
	Set  *token.FileSet
}

// imports calls visit for each import: the full path, and the room when it is one of ours.
func (f file) imports(visit func(full, room string)) {
	for _, spec := range f.Tree.Imports {
		full, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		room, ours := strings.CutPrefix(full, module+"/")
		if !ours {
			room = ""
		}
		visit(full, room)
	}
}

// qualifier returns the name by which the file speaks of an imported package, or "".
func (f file) qualifier(full string) string {
	for _, spec := range f.Tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil || p != full {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		base := path.Base(full)
		if strings.HasPrefix(base, "v") && strings.Trim(base[1:], "0123456789") == "" {
			base = path.Base(path.Dir(full))
		}
		return base
	}
	return ""
}

func (f file) where(n ast.Node) string {
	return f.Name + ":" + strconv.Itoa(f.Set.Position(n.Pos()).Line)
}

// top returns the top level of the project.
func top(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatalf("the top level moved: %v", err)
	}
	return dir
}

// walk visits every file below the top level, build output, testdata and dot folders left out.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	root := top(t)
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if !d.IsDir() {
			visit(rel)
			return nil
		}
		if rel == "build" || d.Name() == "testdata" || (rel != "." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// files parses all Go files of the project.
func files(t *testing.T) []file {
	t.Helper()
	root := top(t)
	var all []file
	walk(t, func(name string) {
		if !strings.HasSuffix(name, ".go") {
			return
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, filepath.Join(root, filepath.FromSlash(name)), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Errorf("%s does not parse: %v", name, err)
			return
		}
		all = append(all, file{
			Name: name,
			Room: path.Dir(name),
			Test: strings.HasSuffix(name, "_test.go"),
			Tree: tree,
			Set:  set,
		})
	})
	if len(all) == 0 {
		t.Fatal("no Go files found")
	}
	return all
}

// under reports whether room is one of the named rooms or lies below one of them.
func under(room string, tops ...string) bool {
	for _, top := range tops {
		if room == top || strings.HasPrefix(room, top+"/") {
			return true
		}
	}
	return false
}
