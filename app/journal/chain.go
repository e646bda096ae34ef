package journal

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"frontdesk/app"
)

// columns of a line in the order of scan and canonical.
const columns = `seq, sale, attempt, source, kind, reference, minor, currency, wall, mono, provider, operator, data`

type scanner interface{ Scan(dest ...any) error }

func scan(rows scanner, more ...any) (app.Event, error) {
	var e app.Event
	var wall, mono int64
	var data []byte
	dest := append([]any{
		&e.Seq, &e.Sale, &e.Attempt, &e.Source, &e.Kind, &e.Reference,
		&e.Amount.Minor, &e.Amount.Currency, &wall, &mono, &e.Provider, &e.Operator, &data,
	}, more...)
	if err := rows.Scan(dest...); err != nil {
		return app.Event{}, err
	}
	e.Wall, e.Mono = time.UnixMilli(wall).UTC(), time.Duration(mono)
	if len(data) > 0 {
		e.Data = data
	}
	return e, nil
}

// link is the hash of a line: SHA-256 over the hash before it and the fields
// in the order of the columns, numbers as 8 bytes big-endian, texts and data
// behind their length, so that no two lines have the same bytes.
func link(before []byte, e app.Event) []byte {
	var b bytes.Buffer
	number := func(n int64) { b.Write(binary.BigEndian.AppendUint64(nil, uint64(n))) }
	text := func(s string) {
		number(int64(len(s)))
		b.WriteString(s)
	}
	b.Write(before)
	number(e.Seq)
	for _, s := range []string{string(e.Sale), string(e.Attempt), string(e.Source), string(e.Kind), e.Reference} {
		text(s)
	}
	number(e.Amount.Minor)
	text(string(e.Amount.Currency))
	number(e.Wall.UnixMilli())
	number(int64(e.Mono))
	for _, s := range []string{e.Provider, e.Operator, string(e.Data)} {
		text(s)
	}
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// stored is the event as it will be read back: wall time in UTC milliseconds.
func stored(e app.Event) app.Event {
	e.Wall = time.UnixMilli(e.Wall.UnixMilli()).UTC()
	if len(e.Data) == 0 {
		e.Data = nil
	}
	return e
}

// Verification is the result of Verify.
type Verification struct {
	Events int64  // lines that fit
	Bad    int64  // Seq of the first line that does not, 0 when the chain holds
	Why    string // what is wrong with it
}

// Verify reads the whole file and checks its structure and every line against
// the chain, and then that the postings of each sale come to what it has received.
// What it finds is in the Verification; the error says only that it could not
// finish.
func (j *Journal) Verify(ctx context.Context) (Verification, error) {
	v, err := j.whole(ctx)
	if err != nil || v.Bad != 0 {
		return v, err
	}
	seq, id, err := misposted(ctx, j.read)
	if seq != 0 {
		v.Bad, v.Why = seq, fmt.Sprintf("the chain holds, but the money of sale %s is not added up as its lines tell", id)
	}
	return v, fault("verify", err)
}

// whole checks structure and chain.
func (j *Journal) whole(ctx context.Context) (Verification, error) {
	v, err := j.verify(ctx)
	if errors.Is(fault("verify", err), ErrCorrupt) {
		return Verification{Events: v.Events, Bad: v.Events + 1, Why: "the file is damaged"}, nil
	}
	return v, fault("verify", err)
}

func (j *Journal) verify(ctx context.Context) (v Verification, err error) {
	tx, err := j.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	last := make([]byte, sha256.Size)
	rows, err := tx.QueryContext(ctx, `SELECT `+columns+`, hash FROM events ORDER BY seq`)
	if err != nil {
		return v, err
	}
	defer rows.Close()
	for rows.Next() {
		var hash []byte
		e, err := scan(rows, &hash)
		if err != nil {
			return v, err
		}
		want := link(last, e)
		switch {
		case e.Seq != v.Events+1:
			return bad(v, fmt.Sprintf("line %d is missing", v.Events+1)), nil
		case !bytes.Equal(hash, want):
			return bad(v, fmt.Sprintf("line %d was changed", e.Seq)), nil
		}
		last = want
		v.Events++
	}
	if err := rows.Err(); err != nil {
		return v, err
	}
	var seq int64
	var hash []byte
	if err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM head`).Scan(&seq, &hash); err != nil {
		return v, err
	}
	if seq != v.Events || !bytes.Equal(hash, last) {
		return bad(v, fmt.Sprintf("the end of the chain is line %d", seq)), nil
	}
	if err := freshSearch(ctx, tx); err != nil {
		return v, err
	}
	var check string
	if err := tx.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&check); err != nil {
		return v, err
	}
	if check != "ok" {
		return bad(v, "the file is damaged"), nil
	}
	return v, nil
}

// freshSearch makes the connection read the layout of the search index anew: a
// check of the whole file would use the one it has seen last and, when others have
// written since, find damage where there is none.
func freshSearch(ctx context.Context, tx *sql.Tx) error {
	var found int
	return tx.QueryRowContext(ctx, `SELECT count(*) FROM sales_text WHERE sales_text MATCH '"nobody is called so"'`).Scan(&found)
}

func bad(v Verification, why string) Verification {
	v.Bad, v.Why = v.Events+1, why
	return v
}
