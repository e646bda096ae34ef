package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"

	"frontdesk/app"
	"frontdesk/payments"
)

// copyStep is how many pages are copied between two looks at the context.
const copyStep = 256

// Copy writes the journal as it stands to a new file while it stays in use,
// and checks the copy as Check does. The file is there as a whole or not at
// all; an existing one is replaced. Codes journal.copy, journal.full.
func (j *Journal) Copy(ctx context.Context, path string) error {
	return fault("copy", copyOf(ctx, j.read, path))
}

func copyOf(ctx context.Context, db *sql.DB, path string) error {
	next := path + ".new"
	if err := removeAll(next); err != nil {
		return err
	}
	err := copyPages(ctx, db, next)
	if err == nil {
		err = settleCopy(ctx, next)
	}
	if err != nil {
		return errors.Join(err, removeAll(next))
	}
	return os.Rename(next, path)
}

// copyPages runs the online backup of SQLite: readers and the writer go on.
func copyPages(ctx context.Context, db *sql.DB, path string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		source, ok := driver.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("the driver cannot copy")
		}
		backup, err := source.NewBackup(path)
		if err != nil {
			return err
		}
		for more := true; more && err == nil; {
			if more, err = backup.Step(copyStep); err == nil {
				err = ctx.Err()
			}
		}
		return errors.Join(err, backup.Finish())
	})
}

// settleCopy puts the copy on the disk and makes sure that it is one.
func settleCopy(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	v, err := Check(ctx, path)
	if err == nil && v.Bad != 0 {
		err = &payments.Error{Op: "journal.copy", Code: "journal.copy", Err: fmt.Errorf("%w: the copy: %s", ErrCorrupt, v.Why)}
	}
	return err
}

// Check verifies structure and chain of a journal file that nobody has open, such as
// a copy, and leaves nothing behind. A file that is no journal is ErrCorrupt.
func Check(ctx context.Context, path string) (v Verification, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return v, err
	}
	if err := inspect(ctx, path); err != nil {
		return v, fault("check", err)
	}
	pragmas := readerPragmas()
	pragmas.Set("immutable", "1") // no file beside it is needed or made
	db, err := sql.Open("sqlite", dsn(path, pragmas))
	if err != nil {
		return v, fault("check", err)
	}
	j := &Journal{read: db}
	defer func() { err = errors.Join(err, db.Close(), removeAll(path+"-shm"), removeAll(path+"-wal")) }()
	return j.whole(ctx)
}

// LastWritten returns when the last line of a journal file was written, by the clock of
// then; zero when it has none. Nobody has the file open, and nothing is left behind.
func LastWritten(ctx context.Context, path string) (time.Time, error) {
	var wall int64
	found, err := look(ctx, path, &wall, `SELECT wall FROM events ORDER BY seq DESC LIMIT 1`)
	if err != nil || !found {
		return time.Time{}, fault("last", err)
	}
	return time.UnixMilli(wall).UTC(), nil
}

// OrderLetter returns the letter with which the orders begin that the desk of a
// journal file has made, which tells the mode of it (product.md 4 rule 13); 0 when
// it has made none yet. Nobody has the file open, and nothing is left behind.
func OrderLetter(ctx context.Context, path string) (byte, error) {
	var order string
	found, err := look(ctx, path, &order, `SELECT a.order_id FROM events e JOIN attempts a ON a.id = e.attempt
		WHERE e.kind = ? AND a.order_id <> '' ORDER BY e.seq LIMIT 1`, string(app.AttemptIntended))
	if err != nil || !found {
		return 0, fault("letter", err)
	}
	return order[0], nil
}

// look reads one value of a journal file that nobody writes, and reports whether there
// is one.
func look(ctx context.Context, path string, into any, query string, args ...any) (found bool, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return false, err
	}
	pragmas := readerPragmas()
	pragmas.Set("immutable", "1") // no file beside it is needed or made
	db, err := sql.Open("sqlite", dsn(path, pragmas))
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, query, args...).Scan(into)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// beforeMigration keeps a copy of a file that is about to be changed by a newer
// program: forward is the only way.
func beforeMigration(ctx context.Context, db *sql.DB, dir string) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	version, err := p.GetDBVersion(ctx)
	if err != nil || version == 0 {
		return err
	}
	newest, err := newestMigration()
	if err != nil || version >= newest {
		return err
	}
	folder := filepath.Join(dir, backupsName)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	return copyOf(ctx, db, filepath.Join(folder, fmt.Sprintf("before-version-%d.db", newest)))
}

func removeAll(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
