package journal

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"math"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

var (
	_ app.Journal = (*Journal)(nil)
	_ app.Prover  = (*Journal)(nil)
	_ app.Wiper   = (*Journal)(nil)
)

// Append implements app.Journal.
func (j *Journal) Append(ctx context.Context, events []app.Event, cursor *payments.Position) ([]app.Event, error) {
	tx, err := j.begin(ctx)
	if err != nil {
		return nil, fault("append", err)
	}
	done, err := j.appendTo(ctx, tx, events, cursor)
	if err != nil {
		return nil, fault("append", errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return nil, fault("append", err)
	}
	j.statements.keep(ctx, j.write, tx)
	return done, nil
}

func (j *Journal) appendTo(ctx context.Context, tx *batch, events []app.Event, cursor *payments.Position) ([]app.Event, error) {
	var done []app.Event
	if len(events) > 0 {
		var err error
		if done, err = appendLines(ctx, tx, j.entropy, events); err != nil {
			return nil, err
		}
	}
	fresh := map[app.SaleID]int{}
	var order []app.SaleID
	for _, e := range done {
		if e.Sale != "" {
			if fresh[e.Sale] == 0 {
				order = append(order, e.Sale)
			}
			fresh[e.Sale]++
		}
		if err := projectDay(ctx, tx, e); err != nil {
			return nil, err
		}
	}
	if err := projectAll(ctx, tx, order, fresh); err != nil {
		return nil, err
	}
	if cursor != nil {
		_, err := tx.ExecContext(ctx, `INSERT INTO cursor VALUES (1, ?, ?, ?)
			ON CONFLICT (one) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, place = excluded.place`,
			cursor.Epoch, int64(cursor.Seq), cursor.Index)
		if err != nil {
			return nil, err
		}
	}
	return done, nil
}

// appendLines writes the events that are not there yet behind the last line.
// Words are sealed on their way; what is returned is as Sale will return it.
func appendLines(ctx context.Context, tx *batch, entropy io.Reader, events []app.Event) ([]app.Event, error) {
	var seq int64
	var hash []byte
	if err := tx.one(ctx, `SELECT seq, hash FROM head`, nil, &seq, &hash); err != nil {
		return nil, err
	}
	const insert = `INSERT INTO events (` + columns + `, hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sale, attempt, source, reference, kind) DO NOTHING`
	ring := keys{tx: tx, entropy: entropy, known: map[app.SaleID][]byte{}}
	var done []app.Event
	for _, e := range events {
		if e.Kind == app.WordsErased {
			if err := erasable(ctx, tx, e.Sale); err != nil {
				return nil, err
			}
		}
		e = stored(e)
		e.Seq = seq + 1
		e, fresh, err := ring.sealed(ctx, e)
		if err != nil {
			return nil, err
		}
		next := link(hash, e)
		res, err := tx.ExecContext(ctx, insert, e.Seq, string(e.Sale), string(e.Attempt), string(e.Source), string(e.Kind), e.Reference,
			e.Amount.Minor, string(e.Amount.Currency), e.Wall.UnixMilli(), int64(e.Mono), e.Provider, e.Operator, notNil(e.Data), next)
		if err != nil {
			return nil, err
		}
		if n, err := res.RowsAffected(); err != nil {
			return nil, err
		} else if n == 0 {
			continue
		}
		if err := ring.keep(ctx, e, fresh); err != nil {
			return nil, err
		}
		seq, hash = e.Seq, next
		done = append(done, opened(ring.known[e.Sale], e))
	}
	if len(done) == 0 {
		return nil, nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE head SET seq = ?, hash = ?`, seq, hash)
	return done, err
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Sale implements app.Journal.
func (j *Journal) Sale(ctx context.Context, id app.SaleID) ([]app.Event, error) {
	events, err := openLines(ctx, j.read, id)
	return events, fault("sale", err)
}

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// lines names its index: without, the statement would be prepared anew for every
// sale, because the index of the notes might do when the sale is "".
func lines(ctx context.Context, q querier, id app.SaleID) ([]app.Event, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM events INDEXED BY events_once WHERE sale = ? ORDER BY seq`, string(id))
	if err != nil {
		return nil, err
	}
	return scanAll(rows)
}

func scanAll(rows *sql.Rows) ([]app.Event, error) {
	defer rows.Close()
	var events []app.Event
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, rows.Err()
}

// State implements app.Journal.
func (j *Journal) State(ctx context.Context) (app.JournalState, error) {
	var s app.JournalState
	var seq int64
	err := j.read.QueryRowContext(ctx, `SELECT head.seq, coalesce(c.epoch, ''), coalesce(c.seq, 0), coalesce(c.place, 0)
		FROM head LEFT JOIN cursor c ON c.one = head.one`).Scan(&s.Head, &s.Cursor.Epoch, &seq, &s.Cursor.Index)
	s.Cursor.Seq = uint64(seq)
	return s, fault("state", err)
}

// Notes implements app.Journal.
func (j *Journal) Notes(ctx context.Context, before int64, limit int) ([]app.Event, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	if limit <= 0 {
		limit = pageSize
	}
	rows, err := j.read.QueryContext(ctx, `SELECT `+columns+` FROM events WHERE sale = '' AND kind = 'desk_noted' AND seq < ? ORDER BY seq DESC LIMIT ?`, before, limit)
	if err != nil {
		return nil, fault("notes", err)
	}
	events, err := scanAll(rows)
	return events, fault("notes", err)
}

// pageSize is the Limit of a query that names none.
const pageSize = 50

// Sales implements app.Journal.
func (j *Journal) Sales(ctx context.Context, q app.Query) ([]app.Sale, error) {
	tx, err := j.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fault("sales", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	words, err := spelled(ctx, tx, q.Text)
	if err != nil {
		return nil, fault("sales", err)
	}
	query, args := selection(q, words)
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fault("sales", err)
	}
	defer rows.Close()
	var sales []app.Sale
	for rows.Next() {
		var body string
		if err := rows.Scan(&body); err != nil {
			return nil, fault("sales", err)
		}
		s, err := readBody(body)
		if err != nil {
			return nil, fault("sales", err)
		}
		sales = append(sales, s)
	}
	return sales, fault("sales", rows.Err())
}

// Sums adds up all sales that a query selects, whatever its Before and Limit
// are, by currency.
func (j *Journal) Sums(ctx context.Context, q app.Query) ([]app.SaleSum, error) {
	q.Before = 0
	var c clause
	if words := match(q.Text); words != "" {
		c.add(`s.seq IN (SELECT rowid FROM sales_text WHERE sales_text MATCH ?)`, words)
	}
	ofState(q, &c)
	ofRail(q, &c)
	ofSale(q, &c)
	rows, err := j.read.QueryContext(ctx, `SELECT currency, count(*), sum(received), sum(refunded), sum(state = 'unknown'), sum(state = 'reversed')
		FROM sales s`+c.text()+` GROUP BY currency ORDER BY count(*) DESC, currency`, c.args...)
	if err != nil {
		return nil, fault("sums", err)
	}
	defer rows.Close()
	var list []app.SaleSum
	for rows.Next() {
		var s app.SaleSum
		var currency string
		if err := rows.Scan(&currency, &s.Count, &s.Received.Minor, &s.Refunded.Minor, &s.Unknown, &s.Reversed); err != nil {
			return nil, fault("sums", err)
		}
		s.Received.Currency, s.Refunded.Currency = money.Currency(currency), money.Currency(currency)
		list = append(list, s)
	}
	return list, fault("sums", rows.Err())
}
