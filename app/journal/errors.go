package journal

import (
	"context"
	"errors"
	"io/fs"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"frontdesk/payments"
)

// Conditions callers branch on. They come wrapped in *payments.Error with the
// code given beside each.
var (
	ErrInUse    = errors.New("data folder is in use")      // journal.busy
	ErrNewer    = errors.New("journal of a newer version") // journal.newer
	ErrCorrupt  = errors.New("journal is damaged")         // journal.corrupt
	ErrReadOnly = errors.New("journal cannot be written")  // journal.readonly
	ErrFull     = errors.New("disk is full")               // journal.full
)

// fault gives an error of the database its condition and code. The text of
// SQLite stays in the chain for the log; it names tables, never contents.
func fault(op string, err error) error {
	var told *payments.Error
	if err == nil || errors.As(err, &told) {
		return err
	}
	code, condition := classify(err)
	if condition != nil {
		err = errors.Join(condition, err)
	}
	return &payments.Error{Op: "journal." + op, Code: code, Err: err}
}

func classify(err error) (string, error) {
	var s *sqlite.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "journal.stopped", nil
	case errors.Is(err, fs.ErrPermission):
		return "journal.readonly", ErrReadOnly
	case !errors.As(err, &s):
		return "journal.failed", nil
	}
	switch s.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return "journal.full", ErrFull
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return "journal.readonly", ErrReadOnly
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return "journal.corrupt", ErrCorrupt
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "journal.busy", ErrInUse
	case sqlite3.SQLITE_CONSTRAINT:
		return "journal.constraint", nil
	case sqlite3.SQLITE_INTERRUPT: // only a context that ended does so
		return "journal.stopped", context.Canceled
	}
	return "journal.failed", nil
}

func corrupt(op, why string) error {
	return &payments.Error{Op: "journal." + op, Code: "journal.corrupt", Err: errors.Join(ErrCorrupt, errors.New(why))}
}
