package journal

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"frontdesk/app"
	"frontdesk/payments"
)

// Erasures returns the events with which a journal file that nobody uses has
// erased words, oldest first.
func Erasures(ctx context.Context, path string) (_ []app.Event, err error) {
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	if err := inspect(ctx, path); err != nil {
		return nil, fault("erasures", err)
	}
	db, err := sql.Open("sqlite", dsn(path, readerPragmas()))
	if err != nil {
		return nil, fault("erasures", err)
	}
	defer func() { err = errors.Join(err, db.Close(), tidy(path)) }()
	rows, err := db.QueryContext(ctx, `SELECT `+columns+` FROM events WHERE kind = ? ORDER BY seq`, string(app.WordsErased))
	if err != nil {
		return nil, fault("erasures", err)
	}
	events, err := scanAll(rows)
	return events, fault("erasures", err)
}

// tidy takes away what reading has left beside a file, but no log that holds
// something.
func tidy(path string) error {
	if log, err := os.Stat(path + "-wal"); err == nil && log.Size() > 0 {
		return nil
	}
	return errors.Join(removeAll(path+"-shm"), removeAll(path+"-wal"))
}

// EraseAgain erases what the journal this one replaces had erased: a copy that was
// taken before must not bring words back. It returns how many sales lost theirs.
func (j *Journal) EraseAgain(ctx context.Context, erasures []app.Event) (int, error) {
	done := 0
	for _, e := range erasures {
		key, err := keyOf(ctx, j.read, e.Sale)
		if err != nil {
			return done, fault("erase", err)
		}
		if key == nil {
			continue
		}
		again, err := j.Append(ctx, []app.Event{e}, nil)
		if err != nil && !errors.Is(err, payments.ErrRefused) {
			return done, err
		}
		done += len(again)
	}
	if done == 0 {
		return 0, nil
	}
	return done, j.Forget(ctx)
}
