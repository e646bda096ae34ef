package journal

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"path/filepath"

	"frontdesk/app"
)

// Exec runs a statement through the writer, as a careless program would.
func (j *Journal) Exec(ctx context.Context, statement string, args ...any) error {
	_, err := j.write.ExecContext(ctx, statement, args...)
	return err
}

// Dump returns the rows of the projections as text, in a fixed order.
func (j *Journal) Dump(ctx context.Context) ([]string, error) {
	rows, err := j.read.QueryContext(ctx, `
		SELECT 'sale ' || seq || ' ' || id || ' ' || state || ' ' || minor || ' ' || received || ' ' || refunded || ' ' || coalesce(charge_key, '-') || ' ' || body FROM sales
		UNION ALL SELECT 'attempt ' || id || ' ' || sale || ' ' || state || ' ' || coalesce(order_id, '-') || ' ' || reference || ' ' || minor FROM attempts
		UNION ALL SELECT 'refund ' || order_id || ' ' || attempt || ' ' || minor || ' ' || state FROM refunds
		UNION ALL SELECT 'effect ' || attempt || ' ' || reference || ' ' || kind FROM effects
		UNION ALL SELECT 'posting ' || seq || ' ' || attempt || ' ' || kind || ' ' || sale || ' ' || minor || ' ' || tip || ' ' || rail || ' ' || operator || ' ' || wall || ' ' || day FROM postings
		UNION ALL SELECT 'day ' || day || ' ' || seq FROM days
		UNION ALL SELECT 'text ' || rowid || ' ' || words FROM sales_text
		ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		lines = append(lines, s)
	}
	return lines, rows.Err()
}

// MakeOld makes a journal as an older program left it: at a version, with
// events in the chain.
func MakeOld(ctx context.Context, dir string, version int64, events []app.Event) (err error) {
	path := filepath.Join(dir, fileName)
	db, err := sql.Open("sqlite", dsn(path, writerPragmas()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	p, err := provider(db)
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = appendPlain(ctx, tx, events)
	return errors.Join(err, tx.Commit())
}

// appendPlain writes lines as programs did that sealed nothing.
func appendPlain(ctx context.Context, tx *sql.Tx, events []app.Event) error {
	hash := make([]byte, 32)
	for i, e := range events {
		e = stored(e)
		e.Seq = int64(i + 1)
		hash = link(hash, e)
		_, err := tx.ExecContext(ctx, `INSERT INTO events (`+columns+`, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Seq, string(e.Sale), string(e.Attempt), string(e.Source), string(e.Kind), e.Reference,
			e.Amount.Minor, string(e.Amount.Currency), e.Wall.UnixMilli(), int64(e.Mono), e.Provider, e.Operator, notNil(e.Data), hash)
		if err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE head SET seq = ?, hash = ?`, len(events), hash)
	return err
}

// Newest is the version this program makes.
func Newest() (int64, error) { return newestMigration() }

// Key is the key of a sale's words.
func (j *Journal) Key(ctx context.Context, id app.SaleID) ([]byte, error) {
	return keyOf(ctx, j.read, id)
}

// Stored are the lines of a sale as they stand on the disk.
func (j *Journal) Stored(ctx context.Context, id app.SaleID) ([]app.Event, error) {
	return lines(ctx, j.read, id)
}

// Seal and Opened are what Append and Sale do with a line.
func Seal(entropy io.Reader, key []byte, e app.Event) (app.Event, error) {
	ring := keys{entropy: entropy, known: map[app.SaleID][]byte{e.Sale: key}}
	e, _, err := ring.sealed(context.Background(), e)
	return e, err
}

func Opened(key []byte, e app.Event) app.Event { return opened(key, e) }

// ForgetChanges makes the next look at a day as slow as the first one.
func (j *Journal) ForgetChanges() { j.changes.known = nil }

// Fold is how a typed word is looked up in the index, if it is.
func Fold(word string) (string, bool) { return fold(word) }

// Terms are the words of the search index, in order.
func (j *Journal) Terms(ctx context.Context) ([]string, error) {
	return j.texts(ctx, `SELECT DISTINCT term FROM sales_terms ORDER BY term`)
}

// ByPrefix are the sales in which every word of a text begins a word, newest
// first, as the index finds them by itself.
func (j *Journal) ByPrefix(ctx context.Context, text string) ([]string, error) {
	return j.texts(ctx, `SELECT s.id FROM sales_text t JOIN sales s ON s.seq = t.rowid WHERE t.sales_text MATCH ? ORDER BY s.seq DESC`, match(text))
}

func (j *Journal) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := j.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
