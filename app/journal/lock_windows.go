package journal

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile takes the folder for this process. The lock dies with the process,
// so a crash never leaves a folder locked; the file itself stays.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	flags := uint32(windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY)
	if err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped)); err != nil {
		err = errors.Join(err, f.Close())
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			err = errors.Join(ErrInUse, err)
		}
		return nil, err
	}
	return f, nil
}
