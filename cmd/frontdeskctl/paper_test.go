package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"frontdesk/app/local"
)

// Receipt, evidence and reports of a sale in cash, as an accountant asks for
// them.
func TestPapers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if out, code := r.ctl("setup", "practice"); code != exitDone {
		t.Fatalf("setup: exit %d: %s", code, out)
	}
	out, code := r.ctl("charge", "45.00", "--rail", "cash", "--note", "Balayage", "--json")
	charged := lines[local.Charged](t, out)
	if code != exitDone || len(charged) == 0 {
		t.Fatalf("charge: exit %d: %s", code, out)
	}
	sale := string(charged[0].Sale)
	out, code = r.ctl("receipt", sale, "--width", "32")
	if code != exitDone || !strings.Contains(out, "PRACTICE: no real money") || !strings.Contains(out, "TOTAL                  45.00 EUR\n") {
		t.Errorf("receipt: exit %d: %s", code, out)
	}
	if out, code = r.ctl("receipt", sale, "--width", "100000000"); code != exitDone || !strings.Contains(out, strings.Repeat("-", 128)) || len(out) > 10_000 {
		t.Errorf("a very wide receipt: exit %d, %d bytes", code, len(out))
	}
	out, code = r.ctl("receipt", sale, "--copy", "--json")
	if shown := lines[local.Receipt](t, out); code != exitDone || len(shown) != 1 || !shown[0].Copy || shown[0].Number != sale[:8] {
		t.Errorf("copy: exit %d: %s", code, out)
	}
	if out, code = r.ctl("sales", "--find", sale[:8]); code != exitDone || !strings.Contains(out, sale) {
		t.Errorf("the number of the receipt finds nothing: %s", out)
	}
	out, code = r.ctl("evidence", sale, "--format", "json")
	var told struct {
		Mark   string
		Events []json.RawMessage
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || code != exitDone || told.Mark != "PRACTICE" || len(told.Events) < 3 {
		t.Errorf("evidence: exit %d, %v: %s", code, err, out)
	}
	for name, words := range map[string][]string{
		"receipt.pdf":  {"receipt", sale, "--pdf"},
		"evidence.pdf": {"evidence", sale, "--out"},
		"day.pdf":      {"export", "--format", "pdf", "--out"},
		"period.pdf":   {"export", "2026-01-01", "--until", "2026-01-31", "--format", "pdf", "--out"},
	} {
		path := filepath.Join(t.TempDir(), name)
		out, code := r.ctl(append(words, path)...)
		raw, err := os.ReadFile(path)
		if code != exitDone || err != nil || !strings.HasPrefix(string(raw), "%PDF-") || out != "" {
			t.Errorf("%s: exit %d, %v: %s", name, code, err, out)
		}
	}
	for _, tc := range []struct {
		code  int
		words []string
	}{
		{exitUsage, []string{"receipt"}},
		{exitUsage, []string{"evidence", sale, "--format", "xml"}},
		{exitUsage, []string{"export", "--until", "2026-01-31"}},
		{exitUsage, []string{"export", "--until", "2026-01-31", "--format", "pdf"}},
		{exitNo, []string{"export", "2026-02-01", "--until", "2026-01-31", "--format", "pdf"}},
		{exitNo, []string{"receipt", "0123456789ABCDEF"}},
		{exitNo, []string{"receipt", sale, "--refund", "NONE"}},
		{exitNo, []string{"receipt", sale, "--print"}},
	} {
		if out, code := r.ctl(tc.words...); code != tc.code {
			t.Errorf("%v: exit %d, want %d: %s", tc.words, code, tc.code, out)
		}
	}
}
