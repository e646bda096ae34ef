package journal

import (
	"context"
	"database/sql"
)

// batch is one transaction of the writer. It prepares each statement once, so
// that many sales in one Append cost little more than their lines.
type batch struct {
	*sql.Tx
	ready map[string]*sql.Stmt
}

func (j *Journal) begin(ctx context.Context) (*batch, error) {
	tx, err := j.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &batch{Tx: tx, ready: map[string]*sql.Stmt{}}, nil
}

// stmt is closed with the transaction.
func (b *batch) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := b.ready[query]; ok {
		return s, nil
	}
	s, err := b.PrepareContext(ctx, query)
	if err == nil {
		b.ready[query] = s
	}
	return s, err
}

func (b *batch) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := b.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

func (b *batch) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := b.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// one reads the one row of a query; sql.ErrNoRows when there is none.
func (b *batch) one(ctx context.Context, query string, args []any, dest ...any) error {
	rows, err := b.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Err()
}
