package journal_test

import (
	"os"
	"path/filepath"
	"testing"

	"frontdesk/app/journal"
)

// TestOpenOfARelativeFolder: SQLite takes an address, in which a path without a
// root would begin at the root of the disk.
func TestOpenOfARelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("practice", 0o700); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		j, err := journal.Open(t.Context(), journal.Config{Dir: "practice"})
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if info, err := os.Stat(filepath.Join("practice", "journal.db")); err != nil || info.Size() == 0 {
		t.Errorf("%v, %v", info, err)
	}
}
