package folder

import (
	"errors"
	"path/filepath"
	"testing"
)

// A folder that cannot be flushed after the new file has taken its place is
// told apart from a file that was not replaced.
func TestReplaceInForce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := Replace(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("input/output error")
	err := replace(path, []byte("new"), func(string) error { return broken })
	if !errors.Is(err, ErrInForce) || !errors.Is(err, broken) {
		t.Fatalf("error %v", err)
	}
	if got, err := Read(path, 10); err != nil || string(got) != "new" {
		t.Errorf("read %q, %v", got, err)
	}
}
