package journal

import (
	"context"
	"database/sql"
	"sync"
)

// batch is one transaction of the writer. It prepares each statement once, so
// that many sales in one Append cost little more than their lines, and those
// that a commit before needed not at all: a single sale is mostly that.
type batch struct {
	*sql.Tx
	kept  *statements
	ready map[string]*sql.Stmt
}

func (j *Journal) begin(ctx context.Context) (*batch, error) {
	tx, err := j.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &batch{Tx: tx, kept: &j.statements, ready: map[string]*sql.Stmt{}}, nil
}

// stmt is closed with the transaction.
func (b *batch) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := b.ready[query]; ok {
		return s, nil
	}
	if s := b.kept.of(query); s != nil {
		b.ready[query] = b.StmtContext(ctx, s)
		return b.ready[query], nil
	}
	s, err := b.PrepareContext(ctx, query)
	if err == nil {
		b.ready[query] = s
	}
	return s, err
}

// statements are those of the writer that stay prepared. The zero value is ready.
type statements struct {
	mu   sync.Mutex
	made map[string]*sql.Stmt
}

func (s *statements) of(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made[query]
}

// keep prepares what a transaction that has ended needed, for the next ones. It is
// no harm when that cannot be done now. Nobody is locked out meanwhile: who has the
// writer asks for statements.
func (s *statements) keep(ctx context.Context, db *sql.DB, used *batch) {
	for query := range used.ready {
		if s.of(query) != nil {
			continue
		}
		made, err := db.PrepareContext(ctx, query)
		if err != nil {
			return
		}
		if !s.add(query, made) {
			_ = made.Close() // another was quicker
		}
	}
}

func (s *statements) add(query string, made *sql.Stmt) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made[query] != nil {
		return false
	}
	if s.made == nil {
		s.made = map[string]*sql.Stmt{}
	}
	s.made[query] = made
	return true
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
