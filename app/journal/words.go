package journal

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// keys are the keys of the sales that one transaction touches.
type keys struct {
	tx      *batch
	entropy io.Reader
	known   map[app.SaleID][]byte // nil: the sale has none
}

// errNoEntropy: words are never written down unsealed.
var errNoEntropy = errors.New("no entropy to seal words with")

// keyOf returns the key of a sale, nil when it has none.
func keyOf(ctx context.Context, q querier, id app.SaleID) (key []byte, err error) {
	rows, err := q.QueryContext(ctx, `SELECT key FROM words WHERE sale = ?`, string(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	if rows.Next() {
		err = rows.Scan(&key)
	}
	return key, errors.Join(err, rows.Err())
}

func (k *keys) of(ctx context.Context, id app.SaleID) ([]byte, error) {
	if key, known := k.known[id]; known {
		return key, nil
	}
	key, err := keyOf(ctx, k.tx, id)
	if err == nil {
		k.known[id] = key
	}
	return key, err
}

// sealed is a line of a sale as it is stored. fresh is the key of the sale when
// it has none yet; keep writes it down once the line is there.
func (k *keys) sealed(ctx context.Context, e app.Event) (stored app.Event, fresh []byte, err error) {
	rest, words := split(e.Data)
	if e.Sale == "" || len(words) == 0 {
		return e, nil, nil
	}
	if k.entropy == nil {
		return e, nil, errNoEntropy
	}
	key, err := k.of(ctx, e.Sale)
	if err != nil {
		return e, nil, err
	}
	if key == nil {
		key = make([]byte, keySize)
		if _, err := io.ReadFull(k.entropy, key); err != nil {
			return e, nil, fmt.Errorf("draw a key: %w", err)
		}
		fresh = key
	}
	hidden, err := seal(k.entropy, key, e, words)
	if err != nil {
		return e, nil, err
	}
	e.Data = object(rest, hidden)
	return e, fresh, nil
}

// keep writes down what a line that was just written means for the keys.
func (k *keys) keep(ctx context.Context, e app.Event, fresh []byte) error {
	switch {
	case e.Kind == app.WordsErased:
		k.known[e.Sale] = nil
		_, err := k.tx.ExecContext(ctx, `DELETE FROM words WHERE sale = ?`, string(e.Sale))
		return err
	case fresh != nil:
		k.known[e.Sale] = fresh
		_, err := k.tx.ExecContext(ctx, `INSERT INTO words VALUES (?, ?)`, string(e.Sale), fresh)
		return err
	}
	return nil
}

// erasable refuses to erase the words of a sale that an older program has written
// down as they are: they stand in the chain.
func erasable(ctx context.Context, tx *batch, id app.SaleID) error {
	events, err := lines(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, e := range events {
		if _, words := split(e.Data); len(words) > 0 {
			return &payments.Error{Op: "erase words", Code: "words.plain", Err: payments.ErrRefused}
		}
	}
	return nil
}

// openLines are the lines of a sale with their words.
func openLines(ctx context.Context, q querier, id app.SaleID) ([]app.Event, error) {
	events, err := lines(ctx, q, id)
	if err != nil {
		return nil, err
	}
	key, err := keyOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for i, e := range events {
		events[i] = opened(key, e)
	}
	return events, nil
}

const (
	forgetTries = 40
	forgetPause = 50 * time.Millisecond
)

// Forget empties the write-ahead log, in which what was erased may still stand
// until it is written over. It waits for readers, two seconds at most, and holds
// up nobody meanwhile. Code journal.busy when a reader was there all the time: the
// end of the program then does it.
func (j *Journal) Forget(ctx context.Context) error {
	for range forgetTries {
		var busy, pages, moved int
		if err := j.wipe.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
			return fault("forget", err)
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fault("forget", ctx.Err())
		case <-time.After(forgetPause):
		}
	}
	return &payments.Error{Op: "wipe", Code: "journal.busy", Err: ErrInUse}
}

// Hashes implements app.Prover.
func (j *Journal) Hashes(ctx context.Context, id app.SaleID) (_ map[int64][]byte, head app.ChainHead, err error) {
	tx, err := j.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, head, fault("hashes", err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	if err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM head`).Scan(&head.Seq, &head.Hash); err != nil {
		return nil, head, fault("hashes", err)
	}
	rows, err := tx.QueryContext(ctx, `SELECT seq, hash FROM events WHERE sale = ?`, string(id))
	if err != nil {
		return nil, head, fault("hashes", err)
	}
	defer rows.Close()
	hashes := map[int64][]byte{}
	for rows.Next() {
		var seq int64
		var hash []byte
		if err := rows.Scan(&seq, &hash); err != nil {
			return nil, head, fault("hashes", err)
		}
		hashes[seq] = hash
	}
	return hashes, head, fault("hashes", rows.Err())
}

// Whole implements app.Prover.
func (j *Journal) Whole(ctx context.Context) (string, error) {
	v, err := j.Verify(ctx)
	if err != nil || v.Bad != 0 {
		return v.Why, err
	}
	return app.ChainWhole, nil
}
