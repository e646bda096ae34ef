package journal

import (
	"context"
	"database/sql"
	"maps"
	"sync"

	"frontdesk/app"
	"frontdesk/payments/money"
)

// change is what one event did to what its sale has received, as app.Fold counts.
// Events before it never change, so neither does this.
type change struct {
	currency money.Currency
	minor    int64
}

// changes remembers them by the Seq of the event, so that a day that is added up
// again costs only what has come in since. The zero value is ready.
type changes struct {
	mu    sync.Mutex
	known map[int64]change
}

// maxChanges bounds what is remembered: a few very busy months.
const maxChanges = 200_000

// of returns what is known of the events.
func (c *changes) of(seqs []int64) map[int64]change {
	c.mu.Lock()
	defer c.mu.Unlock()
	some := make(map[int64]change, len(seqs))
	for _, seq := range seqs {
		if ch, ok := c.known[seq]; ok {
			some[seq] = ch
		}
	}
	return some
}

func (c *changes) learn(fresh map[int64]change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) > maxChanges {
		c.known = map[int64]change{}
	}
	maps.Copy(c.known, fresh)
}

// Received adds up what the sales of a period have received by another way than
// Takings: from what app.Fold says of each sale before and after the events that
// moved its money. Both must agree to the cent: of a period that is open the events
// themselves are looked through, so that a posting that is missing, or was taken
// away, is noticed before the day is sealed. What it has worked out once it
// remembers, so that the second look at a day is quick.
func (j *Journal) Received(ctx context.Context, p app.Period) (map[money.Currency]int64, error) {
	tx, err := j.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, fault("received", err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	seqs, err := movements(ctx, tx, p)
	if err != nil {
		return nil, fault("received", err)
	}
	known := j.changes.of(seqs)
	unknown := map[int64]bool{}
	for _, seq := range seqs {
		if _, ok := known[seq]; !ok {
			unknown[seq] = true
		}
	}
	if len(unknown) > 0 {
		if err := workOut(ctx, tx, p, unknown, known); err != nil {
			return nil, fault("received", err)
		}
		j.changes.learn(known)
	}
	sums := map[money.Currency]int64{}
	for _, ch := range known {
		sums[ch.currency] += ch.minor
	}
	return sums, nil
}

// movements are the events of a period that moved money, each once, and with them
// those of an open period that may have.
func movements(ctx context.Context, tx *sql.Tx, p app.Period) ([]int64, error) {
	where, args := within(p)
	query := `SELECT DISTINCT seq FROM postings WHERE ` + where
	if p.Day == "" {
		var behind int64
		// What came in before the last closing, or before the period, is not gone
		// through again: its postings tell.
		err := tx.QueryRowContext(ctx, `SELECT max(coalesce((SELECT max(seq) FROM days), 0),
			coalesce((SELECT seq FROM postings WHERE day = '' AND wall < ? ORDER BY wall DESC LIMIT 1), 0))`, p.From.UnixMilli()).Scan(&behind)
		if err != nil {
			return nil, err
		}
		query += ` UNION SELECT seq FROM events WHERE seq > ? AND sale <> '' AND wall >= ? AND wall < ?
			AND kind IN (?, ?, ?, ?, ?, ?, ?, ?)`
		args = append(args, behind, p.From.UnixMilli(), p.To.UnixMilli(), string(app.PaymentSeen), string(app.FoundPayment), string(app.CashNoted),
			string(app.RollbackSeen), string(app.StatusAnswered), string(app.TerminalOutcome), string(app.Resolved), string(app.RefundSettled))
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var seqs []int64
	for rows.Next() {
		var seq int64
		if err := rows.Scan(&seq); err != nil {
			return nil, err
		}
		seqs = append(seqs, seq)
	}
	return seqs, rows.Err()
}

// one by one up to few sales are read; beyond that the period as a whole is first.
const few = 50

// workOut folds the sales of unknown events and notes what each event changed.
func workOut(ctx context.Context, tx *sql.Tx, p app.Period, unknown map[int64]bool, known map[int64]change) error {
	if len(unknown) > few {
		if err := workOutAll(ctx, tx, p, unknown, known); err != nil {
			return err
		}
	}
	for seq := range unknown {
		if _, done := known[seq]; done {
			continue
		}
		var id app.SaleID
		if err := tx.QueryRowContext(ctx, `SELECT sale FROM events WHERE seq = ?`, seq).Scan(&id); err != nil {
			return err
		}
		events, err := lines(ctx, tx, id)
		if err != nil {
			return err
		}
		note(events, unknown, known)
	}
	return nil
}

// workOutAll does so for all sales with postings in the period.
func workOutAll(ctx context.Context, tx *sql.Tx, p app.Period, unknown map[int64]bool, known map[int64]change) error {
	where, args := within(p)
	rows, err := tx.QueryContext(ctx, `SELECT `+columns+` FROM events WHERE sale IN
		(SELECT s.id FROM postings p JOIN sales s ON s.seq = p.sale WHERE `+where+`) ORDER BY sale, seq`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var one []app.Event
	for rows.Next() {
		e, err := scan(rows)
		if err != nil {
			return err
		}
		if len(one) > 0 && one[0].Sale != e.Sale {
			note(one, unknown, known)
			one = one[:0]
		}
		one = append(one, e)
	}
	note(one, unknown, known)
	return rows.Err()
}

// note works out what the unknown events among those of one sale changed.
func note(events []app.Event, unknown map[int64]bool, known map[int64]change) {
	for n, e := range events {
		if unknown[e.Seq] {
			after := app.Fold(events[:n+1])
			known[e.Seq] = change{after.Amount.Currency, after.Received.Minor - app.Fold(events[:n]).Received.Minor}
		}
	}
}
