package folder

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrTooLarge means that a file is larger than its reader allows.
var ErrTooLarge = errors.New("file too large")

// ErrInForce means that the new file has taken the place of the old one, but
// the folder could not be flushed: a power cut may bring the old one back.
// Nothing that either of them needs may be thrown away.
var ErrInForce = errors.New("the new file is in force, but not for certain after a power cut")

// Read returns the bytes of a file of at most limit bytes. A missing file is
// fs.ErrNotExist.
func Read(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(raw)) > limit:
		return nil, fmt.Errorf("%w: %s", ErrTooLarge, filepath.Base(path))
	}
	return raw, nil
}

// Replace puts raw in the place of the file, which may be missing, as its
// folder may be. What a crash left beside it is overwritten. An error that is
// not ErrInForce leaves the old file in force.
func Replace(path string, raw []byte) error { return replace(path, raw, syncDir) }

func replace(path string, raw []byte, flush func(dir string) error) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	next := path + ".new"
	if err := write(next, raw); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	if err := flush(dir); err != nil {
		return fmt.Errorf("%w: %w", ErrInForce, err)
	}
	return nil
}

// Remove deletes the file for good; a missing one is no error.
func Remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// ReadJSON reads a file into v. A missing file leaves v alone and is no error.
func ReadJSON(path string, limit int64, v any) error {
	raw, err := Read(path, limit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// ReplaceJSON replaces a file by the indented JSON of v.
func ReplaceJSON(path string, v any) error {
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return Replace(path, append(raw, '\n'))
}

// write puts bytes on the disk before it returns.
func write(path string, raw []byte) error {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(raw)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
