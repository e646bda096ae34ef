package main

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestTheLogStaysBounded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	r := &rotating{dir: dir, name: "x", limit: 100, keep: 3}
	for i := range 100 {
		if _, err := fmt.Fprintf(r, "line %03d\n", i); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names(t, dir), " "); got != "x.1.log x.2.log x.log" {
		t.Errorf("files: %s", got)
	}
	var kept string
	for i := 2; i >= 0; i-- {
		raw, err := os.ReadFile(r.path(i))
		if err != nil || len(raw) > 100 {
			t.Errorf("%s: %d bytes, %v", r.path(i), len(raw), err)
		}
		kept += string(raw)
	}
	if !strings.HasSuffix(kept, "line 098\nline 099\n") || strings.Count(kept, "\n") != 1+11+11 {
		t.Errorf("kept:\n%s", kept)
	}
}

func TestAFolderThatCannotBeWrittenStopsNothing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r := openRecorder(file, time.Unix(0, 0), io.Discard)
	r.log().Info("lost")
	r.close()
}

func TestCrashFilesAreKeptOnlyWhenTheyTellSomething(t *testing.T) {
	dir := t.TempDir()
	crash := filepath.Join(dir, "crash")
	for i := range 8 {
		r := openRecorder(dir, time.Unix(int64(i), 0), io.Discard)
		if i < 7 { // a crash leaves the file as the runtime wrote it
			if _, err := r.crash.WriteString("goroutine 1"); err != nil {
				t.Fatal(err)
			}
			continue
		}
		r.close()
	}
	got := names(t, crash)
	if len(got) != crashFiles-1 || !strings.HasPrefix(got[0], "19700101T000003Z") {
		t.Errorf("crash files: %v", got)
	}
}

func TestOnlySafeAddressesAreOpened(t *testing.T) {
	for address, want := range map[string]bool{
		"https://www.mypos.com/":    true,
		"mailto:?subject=x":         true,
		"http://127.0.0.1:2000/p/A": true,
		"http://[::1]:2000/p/A":     true,
		"http://example.com/":       false,
		"http://127.0.0.1.example/": false,
		"file:///etc/passwd":        false,
		"javascript:alert(1)":       false,
		"calc.exe":                  false,
		"":                          false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := openable(u); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}
