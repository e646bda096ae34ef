package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"frontdesk/payments"
)

// Conditions callers branch on.
var (
	// ErrHeld means that another program holds the data folder.
	ErrHeld = errors.New("the data folder is in use")
	// ErrNobody means that no program answers for the data folder.
	ErrNobody = errors.New("nobody holds the data folder")
	// ErrLost means that the holder went away during a call. What it had begun
	// is not known.
	ErrLost = errors.New("the program holding the data folder went away")
	// ErrStranger means that the other end belongs to another user.
	ErrStranger = errors.New("the other end of the socket belongs to another user")
)

// Names on disk, below the data folder.
const (
	runFolder   = "run"
	lockName    = "lock"
	socketName  = "desk.sock"
	pointerName = "socket" // holds the socket's path when it is elsewhere
)

// Hold is the right to write in a data folder. It ends with Release, or with
// the program.
type Hold struct {
	dir     string // absolute data folder
	runtime string
	lock    *os.File
}

// Take takes the data folder dir, making it (mode 0700) when it is missing.
// runtimeDir is where a socket goes whose path below dir is too long; empty
// means that such a folder can be held but not reached. The error is ErrHeld
// when another program has it; the file system's errors have the codes
// journal.readonly and journal.full where they mean that.
func Take(dir, runtimeDir string) (*Hold, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	run := filepath.Join(abs, runFolder)
	if err := os.MkdirAll(run, 0o700); err != nil {
		return nil, folderError(err)
	}
	f, err := os.OpenFile(filepath.Join(run, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, folderError(err)
	}
	if err := lockFile(f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return &Hold{dir: abs, runtime: runtimeDir, lock: f}, nil
}

// folderError gives what the file system says about the folder the code that the
// journal gives it, for one sentence.
func folderError(err error) error {
	err = fmt.Errorf("data folder: %w", err)
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return &payments.Error{Op: "local.take", Code: "journal.readonly", Err: err}
	case errors.Is(err, syscall.ENOSPC):
		return &payments.Error{Op: "local.take", Code: "journal.full", Err: err}
	}
	return err
}

// Dir returns the absolute data folder.
func (h *Hold) Dir() string { return h.dir }

// Release gives the folder back. The lock file stays: removing it could let two
// programs hold two files of one name.
func (h *Hold) Release() error { return h.lock.Close() }
