package journal

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"frontdesk/payments"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	fileName      = "journal.db"
	lockName      = "journal.lock"
	backupsName   = "backups"  // copies lie in folders of it
	applicationID = 1179796043 // "FRDK": tells our file from any other database
	readers       = 4
)

// Config says where the journal lies.
type Config struct {
	Dir string // must exist; journal.db and its lock lie inside. A relative one lies below the current folder
	// Entropy is where the keys of words come from, read by one goroutine at a
	// time. A journal that is only read needs none.
	Entropy io.Reader
}

// Journal is an open journal.
type Journal struct {
	write      *sql.DB
	read       *sql.DB
	wipe       *sql.DB // empties the write-ahead log
	lock       *os.File
	entropy    io.Reader
	changes    changes
	statements statements
}

// Open opens the journal of a folder and owns the folder until Close. A
// missing file is made new, but where copies of one are (ErrCorrupt); an existing one
// is migrated when it is older and left alone when it is newer, damaged or not a journal.
func Open(ctx context.Context, cfg Config) (*Journal, error) {
	sqlite.StrictPragmas(true) // a mistyped pragma fails the open; the setting is the driver's and idempotent
	// SQLite takes an address, which begins at the root.
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fault("open", err)
	}
	cfg.Dir = dir
	lock, err := lockFile(filepath.Join(cfg.Dir, lockName))
	if err != nil {
		if errors.Is(err, ErrInUse) {
			return nil, &payments.Error{Op: "journal.open", Code: "journal.busy", Err: err}
		}
		return nil, fault("open", err)
	}
	j := &Journal{lock: lock, entropy: cfg.Entropy}
	if err := j.open(ctx, filepath.Join(cfg.Dir, fileName)); err != nil {
		return nil, errors.Join(fault("open", err), j.Close())
	}
	return j, nil
}

func (j *Journal) open(ctx context.Context, path string) error {
	if err := notLost(path); err != nil {
		return err
	}
	made, err := present(path)
	if err != nil {
		return err
	}
	if j.write, err = sql.Open("sqlite", dsn(path, writerPragmas())); err != nil {
		return err
	}
	j.write.SetMaxOpenConns(1)
	if !made {
		if err := inspect(ctx, path); err != nil {
			return err
		}
		if err := beforeMigration(ctx, j.write, filepath.Dir(path)); err != nil {
			return err
		}
	}
	if err := migrate(ctx, j.write); err != nil {
		return err
	}
	if j.read, err = sql.Open("sqlite", dsn(path, readerPragmas())); err != nil {
		return err
	}
	j.read.SetMaxOpenConns(readers)
	if j.wipe, err = sql.Open("sqlite", dsn(path, wiperPragmas())); err != nil {
		return err
	}
	j.wipe.SetMaxOpenConns(1)
	if err := j.checkHead(ctx); err != nil {
		return err
	}
	return j.fill(ctx)
}

// notLost refuses to begin anew where there has been a journal: copies of it lie
// beside a file that is gone or empty. A till that has forgotten its sales must not
// look like one that has just been set up.
func notLost(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Size() > 0:
		return nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	folder := filepath.Join(filepath.Dir(path), backupsName)
	days, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, day := range days {
		if _, err := os.Stat(filepath.Join(folder, day.Name(), fileName)); err == nil {
			return corrupt("open", "the file is gone or empty, and there are copies of it")
		}
	}
	return nil
}

// present reports whether the file is to be made new. An existing file must
// be writable before SQLite sees it: its own answer comes too late.
func present(path string) (made bool, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		made = true
	}
	if err != nil {
		return false, err
	}
	info, err := f.Stat()
	if err == nil && info.Size() == 0 {
		made = true // left by a crash while it was made
	}
	return made, errors.Join(err, f.Close())
}

// inspect looks at an existing file through a read-only handle, so that a
// foreign, damaged or newer one is never touched.
func inspect(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, readerPragmas()))
	if err != nil {
		return err
	}
	defer db.Close()
	var id, tables int64
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema`).Scan(&tables); err != nil {
		return err
	}
	if err := db.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	switch {
	case tables == 0 || onlyVersions(ctx, db):
		return nil // a crash came before the first migration was committed
	case id != applicationID:
		return corrupt("open", "the file is not a journal")
	}
	var version int64
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&version); err != nil {
		return corrupt("open", "the file has no version")
	}
	newest, err := newestMigration()
	if err != nil {
		return err
	}
	if version > newest {
		return &payments.Error{Op: "journal.open", Code: "journal.newer", Err: fmt.Errorf("%w: %d, this program knows %d", ErrNewer, version, newest)}
	}
	return nil
}

// onlyVersions reports whether the file holds nothing but the migration table.
func onlyVersions(ctx context.Context, db *sql.DB) bool {
	var others int64
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT IN ('goose_db_version', 'sqlite_sequence')`).Scan(&others)
	return err == nil && others == 0
}

func provider(db *sql.DB) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

func newestMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, name := range names {
		n, err := goose.NumericComponent(name)
		if err != nil {
			return 0, err
		}
		newest = max(newest, n)
	}
	return newest, nil
}

func migrate(ctx context.Context, db *sql.DB) error {
	p, err := provider(db)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// checkHead makes sure at the start that the newest line is the one the chain
// ends with; Verify checks all of them.
func (j *Journal) checkHead(ctx context.Context) error {
	var seq, last int64
	var hash, own []byte
	err := j.read.QueryRowContext(ctx, `SELECT head.seq, head.hash, coalesce(e.seq, 0), coalesce(e.hash, zeroblob(32))
		FROM head LEFT JOIN (SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1) e`).Scan(&seq, &hash, &last, &own)
	if errors.Is(err, sql.ErrNoRows) {
		return corrupt("open", "the end of the chain is missing")
	}
	if err != nil {
		return err
	}
	if seq != last || string(hash) != string(own) {
		return corrupt("open", "the last line is not the end of the chain")
	}
	return nil
}

// Close ends all handles and frees the folder.
func (j *Journal) Close() error {
	var errs []error
	for _, db := range []*sql.DB{j.wipe, j.read, j.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, j.lock.Close())...)
}

// dsn is always a file: URI; with a plain path the driver drops mode=ro.
func dsn(path string, pragmas url.Values) string {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/... on Windows
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: slashed, RawQuery: pragmas.Encode()}
	return u.String()
}

func writerPragmas() url.Values {
	return url.Values{
		"_txlock": {"immediate"}, "_busy_timeout": {"5000"}, "_journal_mode": {"WAL"}, "_foreign_keys": {"on"},
		"_synchronous": {"FULL"}, "_defensive": {"1"}, "_dqs": {"0"},
		// What is deleted or written over is wiped out. Names lie scattered in their
		// indexes: of a large journal more of those is kept than SQLite would, in KiB.
		"_pragma": {"secure_delete(1)", "cache_size(-16384)"},
	}
}

// wiperPragmas do not wait: whoever wipes tries again, and holds nobody up.
func wiperPragmas() url.Values {
	p := writerPragmas()
	p.Set("_busy_timeout", "0")
	return p
}

func readerPragmas() url.Values {
	return url.Values{"mode": {"ro"}, "_query_only": {"1"}, "_busy_timeout": {"5000"}, "_dqs": {"0"}}
}
