package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestANewerOrTamperedJournalIsLeftAlone: what the journal holds is true, or
// the program says that it is not and touches nothing.
func TestANewerOrTamperedJournalIsLeftAlone(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, change, said string }{
		{"newer", `INSERT INTO goose_db_version (version_id, is_applied) VALUES (900, 1)`, "newer Frontdesk"},
		{"tampered", `DROP TRIGGER events_no_update; UPDATE events SET minor = 1 WHERE kind = 'sale_opened'`, "damaged at event 1"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if out, code := r.ctl("charge", "--wait", "10ms", "5"); code != exitOpen {
				t.Fatalf("exit %d: %s", code, out)
			}
			path := filepath.Join(r.data, "practice", "journal.db")
			change(t, path, tc.change)
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out, code := r.ctl("journal", "verify")
			if code != exitNo || !strings.Contains(out, tc.said) {
				t.Errorf("verify: exit %d: %s", code, out)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

// change runs SQL on a journal that no program holds.
func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range []string{statement, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}
