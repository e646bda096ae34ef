package backup

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"frontdesk/app/folder"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

const (
	folderName  = "backups"
	secretsName = "vault.sealed"
	journalName = "journal.db"
	dayLayout   = "2006-01-02"
	maxFile     = 4 << 20

	keepDays  = 7
	keepWeeks = 8
)

// Copier is a journal in use that can be copied.
type Copier interface {
	Copy(ctx context.Context, path string) error
}

// Config says whose copies. Journal, Now and Zone are needed to make one.
type Config struct {
	Dir     string // the data folder
	Mode    payments.Mode
	Journal Copier
	Now     func() time.Time
	Zone    *time.Location // days are the salon's
	// Secrets returns those of the vault sealed under a passphrase; nil: they do
	// not go along, and those of a copy made earlier today stay in it.
	Secrets func(ctx context.Context) ([]byte, error)
}

// Backup is one copy.
type Backup struct {
	Path string
	Day  time.Time // midnight UTC of the day in its name
	Size int64     // bytes of the journal
}

// files are the small files that go into a copy, by where they lie.
func (c Config) files() []string {
	mode := string(c.Mode)
	return []string{"settings.json", "operators.json", filepath.Join(mode, "devices.json"), filepath.Join(mode, "connection.json")}
}

func (c Config) root() string { return filepath.Join(c.Dir, string(c.Mode), folderName) }

func (c Config) today() string { return c.Now().In(c.Zone).Format(dayLayout) }

// Due reports whether there is no copy of today yet.
func (c Config) Due() bool {
	_, err := os.Stat(filepath.Join(c.root(), c.today()))
	return errors.Is(err, fs.ErrNotExist)
}

// Make makes today's copy, replacing one made earlier today, and lets go of
// those that are no longer kept.
func (c Config) Make(ctx context.Context) (Backup, error) {
	path := filepath.Join(c.root(), c.today())
	next := path + ".new"
	if err := errors.Join(os.RemoveAll(next), os.MkdirAll(next, 0o700)); err != nil {
		return Backup{}, failed("make", err)
	}
	if err := c.fill(ctx, next); err != nil {
		return Backup{}, errors.Join(err, os.RemoveAll(next))
	}
	old := path + ".old"
	if err := errors.Join(os.RemoveAll(old), moveAway(path, old), os.Rename(next, path)); err != nil {
		return Backup{}, failed("make", err)
	}
	if err := errors.Join(os.RemoveAll(old), c.prune()); err != nil {
		return Backup{}, failed("make", err)
	}
	return look(path)
}

// fill copies everything into a new folder.
func (c Config) fill(ctx context.Context, to string) error {
	if err := c.Journal.Copy(ctx, filepath.Join(to, journalName)); err != nil {
		return err
	}
	if err := c.fillSecrets(ctx, to); err != nil {
		return err
	}
	for _, name := range c.files() {
		raw, err := folder.Read(filepath.Join(c.Dir, name), maxFile)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = folder.Replace(filepath.Join(to, filepath.Base(name)), raw)
		}
		if err != nil {
			return failed("make", err)
		}
	}
	return nil
}

// fillSecrets puts sealed secrets into a new folder.
func (c Config) fillSecrets(ctx context.Context, to string) error {
	var raw []byte
	var err error
	if c.Secrets != nil {
		raw, err = c.Secrets(ctx)
	} else {
		raw, err = Secrets(filepath.Join(c.root(), c.today()))
	}
	if err == nil && raw != nil {
		err = folder.Replace(filepath.Join(to, secretsName), raw)
	}
	if err != nil {
		return failed("make", err)
	}
	return nil
}

// Secrets returns the sealed secrets of a copy; nil when there are none in it.
func Secrets(path string) ([]byte, error) {
	raw, err := folder.Read(filepath.Join(path, secretsName), maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return raw, err
}

func moveAway(path, to string) error {
	if err := os.Rename(path, to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// List returns the copies, newest first.
func (c Config) List() ([]Backup, error) {
	entries, err := os.ReadDir(c.root())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, failed("list", err)
	}
	var list []Backup
	for _, e := range entries {
		if b, err := look(filepath.Join(c.root(), e.Name())); err == nil {
			list = append(list, b)
		}
	}
	slices.SortFunc(list, func(a, b Backup) int { return b.Day.Compare(a.Day) })
	return list, nil
}

// look reads what a copy is by its name and its journal.
func look(path string) (Backup, error) {
	day, err := time.Parse(dayLayout, filepath.Base(path))
	if err != nil {
		return Backup{}, err
	}
	info, err := os.Stat(filepath.Join(path, journalName))
	if err != nil {
		return Backup{}, err
	}
	return Backup{Path: path, Day: day, Size: info.Size()}, nil
}

// prune removes copies that are neither among the newest days nor the newest of
// one of the newest weeks.
func (c Config) prune() error {
	list, err := c.List()
	if err != nil {
		return err
	}
	type week struct{ year, number int }
	weeks := map[week]bool{}
	var errs []error
	for i, b := range list {
		var w week
		w.year, w.number = b.Day.ISOWeek()
		newest := !weeks[w] && len(weeks) < keepWeeks
		if newest {
			weeks[w] = true
		}
		if i >= keepDays && !newest {
			errs = append(errs, os.RemoveAll(b.Path))
		}
	}
	return errors.Join(errs...)
}

func failed(op string, err error) error {
	if payments.CodeOf(err) != "" {
		return err
	}
	return &payments.Error{Op: "backup." + op, Code: "backup.failed", Err: err}
}

func damaged(err error) error {
	return &payments.Error{Op: "backup.restore", Code: "backup.damaged", Err: errors.Join(journal.ErrCorrupt, err)}
}
