package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Conditions of the state file.
var (
	// ErrLocked means that another process owns the state file.
	ErrLocked = errors.New("the state file is in use by another program")
	// ErrDamaged means that a line other than the last cannot be read.
	ErrDamaged = errors.New("the state file is damaged")
	// ErrNewer means that a newer version wrote the file.
	ErrNewer = errors.New("the state file was written by a newer version")
	// ErrBroken means that the disk refused a write; nothing more is taken
	// until the next Open has read back what really got there.
	ErrBroken = errors.New("the state file cannot be written")
)

// ledgerVersion is the version of the state file's first line.
const ledgerVersion = 1

// ledger is the append-only state file: one JSON record per line, fsynced one
// by one. It is not safe for concurrent use.
type ledger struct {
	file   *os.File
	lock   *os.File
	broken error
	torn   int // bytes of an unfinished last line that were cut off
}

// openLedger locks and reads the file, hands every record to each in order,
// and leaves it ready to append to.
func openLedger(path string, each func(record) error) (*ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	l := &ledger{lock: lock}
	if err := l.load(path, each); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *ledger) load(path string, each func(record) error) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	l.file = file
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	good, err := readLines(data, each)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	if l.torn = len(data) - good; l.torn > 0 {
		if err := file.Truncate(int64(good)); err != nil {
			return err
		}
	}
	if _, err := file.Seek(int64(good), io.SeekStart); err != nil {
		return err
	}
	if good == 0 {
		if err := l.append(record{Kind: kindBegin, Version: ledgerVersion}); err != nil {
			return err
		}
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// readLines feeds whole lines to each and returns how many bytes they took. A
// last line without its end is left out, whatever it holds: it was never
// answered for.
func readLines(data []byte, each func(record) error) (int, error) {
	good := 0
	for n := 1; ; n++ {
		line, _, ended := bytes.Cut(data[good:], []byte{'\n'})
		if !ended {
			return good, nil
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			if rest := data[good+len(line)+1:]; len(rest) == 0 && n > 1 {
				return good, nil
			}
			return 0, fmt.Errorf("line %d: %w", n, ErrDamaged)
		}
		switch {
		case (n == 1) != (r.Kind == kindBegin):
			return 0, fmt.Errorf("line %d: %w", n, ErrDamaged)
		case r.Version > ledgerVersion:
			return 0, ErrNewer
		}
		if err := each(r); err != nil {
			return 0, fmt.Errorf("line %d: %w: %w", n, ErrDamaged, err)
		}
		good += len(line) + 1
	}
}

// append writes one record and waits until it is on disk. After a failed write
// every later one is refused: what the disk holds is no longer known.
func (l *ledger) append(r record) error {
	if l.broken != nil {
		return l.broken
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if _, err = l.file.Write(append(line, '\n')); err == nil {
		err = l.file.Sync()
	}
	if err != nil {
		l.broken = fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return l.broken
}

// close releases file and lock. The lock file stays: removing it would let two
// processes lock two different files of one name.
func (l *ledger) close() error {
	var errs []error
	if l.file != nil {
		errs = append(errs, l.file.Close())
	}
	errs = append(errs, l.lock.Close())
	return errors.Join(errs...)
}
