package house

import (
	"go/ast"
	"slices"
	"testing"
)

// taken are names that reach for the process instead of taking what comes in.
type taken struct {
	path   string
	names  []string
	reason string
}

func reaches() []taken {
	return []taken{
		{"time", []string{"Now", "Since", "Until"}, "clocks come in, so that tests can turn them"},
		{"crypto/rand", []string{"Reader", "Read", "Text"}, "entropy comes in, so that runs can be replayed"},
		{"os", []string{"Getenv", "LookupEnv", "Environ", "ExpandEnv", "Setenv", "Args", "Exit"}, "the environment is read where the program is wired"},
		{
			"net/http",
			[]string{"DefaultClient", "DefaultTransport", "DefaultServeMux", "Get", "Post", "PostForm", "Head", "Handle", "HandleFunc"},
			"the network comes in, with its limits",
		},
		{"log/slog", []string{"Default", "SetDefault", "Debug", "Info", "Warn", "Error"}, "logs come in"},
	}
}

// TestOnlyProgramsReachForTheProcess covers everything outside cmd, tests and tools (package main).
func TestOnlyProgramsReachForTheProcess(t *testing.T) {
	for _, f := range files(t) {
		if f.Test || under(f.Room, "cmd") || f.Tree.Name.Name == "main" {
			continue
		}
		for _, r := range reaches() {
			name := f.qualifier(r.path)
			if name == "" {
				continue
			}
			ast.Inspect(f.Tree, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if id, ok := sel.X.(*ast.Ident); ok && id.Name == name && slices.Contains(r.names, sel.Sel.Name) {
					t.Errorf("%s uses %s.%s: %s", f.where(n), name, sel.Sel.Name, r.reason)
				}
				return true
			})
		}
	}
}

// TestScreensStartNothing keeps goroutines and fyne.Do in ui/async, where they can be counted.
func TestScreensStartNothing(t *testing.T) {
	for _, f := range files(t) {
		if f.Test || !under(f.Room, "ui") || f.Room == "ui/async" {
			continue
		}
		fyne := f.qualifier("fyne.io/fyne/v2")
		ast.Inspect(f.Tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt:
				t.Errorf("%s starts a goroutine: only ui/async may", f.where(n))
			case *ast.SelectorExpr:
				id, ok := n.X.(*ast.Ident)
				if ok && fyne != "" && id.Name == fyne && (n.Sel.Name == "Do" || n.Sel.Name == "DoAndWait") {
					t.Errorf("%s calls fyne.%s: only ui/async may", f.where(n), n.Sel.Name)
				}
			}
			return true
		})
	}
}

// TestNothingRunsBeforeMain finds init functions.
func TestNothingRunsBeforeMain(t *testing.T) {
	for _, f := range files(t) {
		for _, d := range f.Tree.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init: one constructor per thing, called where it is wired", f.where(fn))
			}
		}
	}
}
