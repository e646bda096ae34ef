package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func TestFilesAreNeverWrittenOver(t *testing.T) {
	dir := t.TempDir()
	save := saver(dir)
	say := func(words string) func(io.Writer) error {
		return func(w io.Writer) error {
			_, err := io.WriteString(w, words)
			return err
		}
	}
	if path, err := save("day.csv", say("one")); err != nil || filepath.Base(path) != "day.csv" {
		t.Fatalf("%s, %v", path, err)
	}
	path, err := save("day.csv", say("two"))
	if raw, _ := os.ReadFile(path); err != nil || filepath.Base(path) != "day (2).csv" || string(raw) != "two" {
		t.Fatalf("%s, %q, %v", path, raw, err)
	}
	if raw, _ := os.ReadFile(filepath.Join(dir, "day.csv")); string(raw) != "one" {
		t.Errorf("the first holds %q now", raw)
	}
	full := errors.New("full")
	if _, err := save("half.csv", func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "half.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a file is left: %v", err)
	}
}
