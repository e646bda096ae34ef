package backup

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"frontdesk/app/folder"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// asideLayout names the folder of what a restore replaced.
const asideLayout = "replaced-20060102-150405"

// Restored tells what Restore did.
type Restored struct {
	Events int64  `json:"events"`          // lines of the journal that is in force now
	Aside  string `json:"aside,omitempty"` // folder of what was there before; empty when nothing was
}

// Restore puts the journal of a copy in force. Small files are put back only
// where there are none. A copy whose orders are of another mode is refused. Words of
// customers that were erased since the copy was taken are erased in it, too. A crash leaves the old journal or the new one in force,
// and the old one aside in any case.
func (c Config) Restore(ctx context.Context, from string) (Restored, error) {
	source := filepath.Join(from, journalName)
	if _, err := os.Stat(source); err != nil {
		return Restored{}, &payments.Error{Op: "backup.restore", Code: "backup.none", Err: err}
	}
	v, err := journal.Check(ctx, source)
	if err == nil && v.Bad != 0 {
		err = errors.New(v.Why)
	}
	switch {
	case errors.Is(err, journal.ErrNewer):
		return Restored{}, err
	case err != nil:
		return Restored{}, damaged(err)
	}
	letter, err := journal.OrderLetter(ctx, source)
	switch {
	case err != nil:
		return Restored{}, damaged(err)
	case letter != 0 && letter != c.Mode.OrderLetter():
		return Restored{}, &payments.Error{Op: "backup.restore", Code: "backup.mode", Err: payments.ErrRefused}
	}
	done := Restored{Events: v.Events}
	target := filepath.Join(c.Dir, string(c.Mode), journalName)
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return Restored{}, failed("restore", err)
	}
	next := target + ".restored"
	if err := copyFile(source, next); err != nil {
		return Restored{}, failed("restore", errors.Join(err, folder.Remove(next)))
	}
	if done.Aside, err = c.setAside(target); err != nil {
		return Restored{}, failed("restore", err)
	}
	if err := c.mark(ctx, source); err != nil {
		return Restored{}, failed("restore", err)
	}
	// A log that belongs to the old journal must never be applied to the new one.
	for _, left := range []string{"-wal", "-shm"} {
		if err := folder.Remove(target + left); err != nil {
			return Restored{}, failed("restore", err)
		}
	}
	if err := os.Rename(next, target); err != nil {
		return Restored{}, failed("restore", err)
	}
	if err := c.putBack(from); err != nil {
		return done, failed("restore", err)
	}
	if err := c.eraseAgain(ctx, done.Aside); err != nil {
		return done, failed("restore", err)
	}
	return done, nil
}

// eraseAgain erases in the journal that is in force now what was erased in the one
// that was replaced: an older copy must not bring back what a customer wanted gone.
// A replaced journal that cannot be read tells nothing.
func (c Config) eraseAgain(ctx context.Context, aside string) error {
	if aside == "" {
		return nil
	}
	gone, err := journal.Erasures(ctx, filepath.Join(aside, journalName))
	if err != nil || len(gone) == 0 {
		return nil // it may have been replaced because it cannot be read
	}
	j, err := journal.Open(ctx, journal.Config{Dir: filepath.Join(c.Dir, string(c.Mode))})
	if err != nil {
		return err
	}
	_, err = j.EraseAgain(ctx, gone)
	return errors.Join(err, j.Close())
}

// setAside copies the journal that is in force, with its log, into a folder of
// its own and returns the folder.
func (c Config) setAside(target string) (string, error) {
	if _, err := os.Stat(target); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	aside, err := c.asideFolder(filepath.Dir(target))
	if err != nil {
		return "", err
	}
	for _, part := range []string{"", "-wal"} {
		err := copyFile(target+part, filepath.Join(aside, journalName+part))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}

// asideFolder makes a folder that nothing lies in yet: what an earlier restore has
// set aside is never written over, however quickly the next one follows.
func (c Config) asideFolder(dir string) (string, error) {
	name := filepath.Join(dir, c.Now().UTC().Format(asideLayout))
	for n := 1; ; n++ {
		aside := name
		if n > 1 {
			aside += "-" + strconv.Itoa(n)
		}
		if err := os.Mkdir(aside, 0o700); !errors.Is(err, fs.ErrExist) {
			return aside, err
		}
	}
}

// putBack restores small files that are missing.
func (c Config) putBack(from string) error {
	for _, name := range c.files() {
		target := filepath.Join(c.Dir, name)
		if _, err := os.Stat(target); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		raw, err := folder.Read(filepath.Join(from, filepath.Base(name)), maxFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = folder.Replace(target, raw)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies a file of any size and puts it on the disk.
func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if err == nil {
		err = out.Sync()
	}
	return errors.Join(err, out.Close())
}
