package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"frontdesk/app"
)

// projectAll computes the projections of sales again, in their order. What they
// are found by comes last: the search index writes out what it has gathered
// whenever another table is written to, which for many sales at once is dear.
func projectAll(ctx context.Context, tx *batch, order []app.SaleID, fresh map[app.SaleID]int) error {
	sales := make([]app.Sale, len(order))
	for i, id := range order {
		var err error
		if sales[i], err = project(ctx, tx, id, fresh[id]); err != nil {
			return err
		}
	}
	for _, s := range sales {
		if err := projectText(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// project computes the projections of one sale again, but for what it is found
// by. The last fresh of its events are new: each of them may have had an effect
// on money.
func project(ctx context.Context, tx *batch, id app.SaleID, fresh int) (app.Sale, error) {
	events, err := openLines(ctx, tx, id)
	if err != nil {
		return app.Sale{}, err
	}
	s := app.Fold(events)
	body, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO sales VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''), ?, ?)
		ON CONFLICT (seq) DO UPDATE SET state = excluded.state, minor = excluded.minor, currency = excluded.currency,
			received = excluded.received, refunded = excluded.refunded, created = excluded.created, charge_key = excluded.charge_key, body = excluded.body,
			operator = excluded.operator`,
		s.Seq, string(s.ID), string(s.State), s.Amount.Minor, string(s.Amount.Currency), s.Received.Minor, s.Refunded.Minor,
		s.Created.UnixMilli(), chargeKey(events), string(body), s.Operator)
	if err != nil {
		return s, err
	}
	for _, a := range s.Attempts {
		if err := projectAttempt(ctx, tx, s, a); err != nil {
			return s, err
		}
	}
	first := max(len(events)-fresh, 0)
	before := app.Fold(events[:first])
	for n := first; n < len(events); n++ {
		after := app.Fold(events[:n+1])
		if err := projectEffects(ctx, tx, after); err != nil {
			return s, err
		}
		if err := post(ctx, tx, before, after, events[n]); err != nil {
			return s, err
		}
		before = after
	}
	return s, nil
}

func chargeKey(events []app.Event) string {
	for _, e := range events {
		var d app.SaleData
		if e.Kind == app.SaleOpened && json.Unmarshal(e.Data, &d) == nil {
			return d.Key
		}
	}
	return ""
}

func projectAttempt(ctx context.Context, tx *batch, s app.Sale, a app.Attempt) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO attempts VALUES (?, ?, ?, ?, nullif(?, ''), ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET rail = excluded.rail, state = excluded.state, order_id = excluded.order_id,
			reference = excluded.reference, minor = excluded.minor, device = excluded.device, dirty = excluded.dirty`,
		string(a.ID), s.Seq, string(a.Rail), string(a.State), a.OrderID, a.Reference, a.Amount.Minor, a.Device, a.Owes())
	if err != nil {
		return err
	}
	if len(a.Refunds) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM refunds WHERE attempt = ?`, string(a.ID)); err != nil {
		return err
	}
	for _, r := range a.Refunds {
		_, err := tx.ExecContext(ctx, `INSERT INTO refunds VALUES (?, ?, ?, ?)`, r.OrderID, string(a.ID), r.Amount.Minor, string(r.State))
		if err != nil {
			return err
		}
	}
	return nil
}

// projectEffects writes down what happened to money by now, once per attempt,
// reference and kind whatever source told it.
func projectEffects(ctx context.Context, tx *batch, s app.Sale) error {
	for _, a := range s.Attempts {
		if kind := effect(a.State); kind != "" {
			reference := a.Reference
			if a.SID != "" {
				reference = a.SID // a terminal may tell its references late, or never
			}
			if err := effectOnce(ctx, tx, a.ID, reference, kind); err != nil {
				return err
			}
		}
		for _, r := range a.Refunds {
			if r.State != app.RefundDone {
				continue
			}
			if err := effectOnce(ctx, tx, a.ID, r.OrderID, "refunded"); err != nil {
				return err
			}
		}
	}
	return nil
}

// effect is what the state of an attempt says happened to money.
func effect(s app.State) string {
	switch s {
	case app.Paid, app.PaidLate, app.Found, app.PartRefunded, app.Refunded:
		return "paid"
	case app.Reversed:
		return "reversed"
	}
	return ""
}

func effectOnce(ctx context.Context, tx *batch, id app.AttemptID, reference, kind string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO effects VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, string(id), reference, kind)
	return err
}

// projectText writes down what a sale can be found by.
func projectText(ctx context.Context, tx *batch, s app.Sale) error {
	words := []string{s.Note, s.Client, s.Operator, s.Amount.Decimal(), string(s.ID)}
	for _, l := range s.Lines {
		words = append(words, l.Label)
	}
	for _, a := range s.Attempts {
		words = append(words, a.OrderID, a.Reference, a.CardLast4, a.Words, a.RRN, a.AuthCode, a.DeviceLabel)
	}
	now, before := strings.Join(words, "\n"), ""
	err := tx.one(ctx, `SELECT words FROM sales_text WHERE rowid = ?`, []any{s.Seq}, &before)
	switch {
	case err == nil && before == now:
		return nil
	case err == nil:
		_, err = tx.ExecContext(ctx, `DELETE FROM sales_text WHERE rowid = ?`, s.Seq)
	case errors.Is(err, sql.ErrNoRows):
		err = nil
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO sales_text (rowid, words) VALUES (?, ?)`, s.Seq, now)
	return err
}

func readBody(body string) (app.Sale, error) {
	var s app.Sale
	err := json.Unmarshal([]byte(body), &s)
	return s, err
}

// Rebuild computes all projections again from the events, in one transaction.
func (j *Journal) Rebuild(ctx context.Context) error {
	tx, err := j.begin(ctx)
	if err != nil {
		return fault("rebuild", err)
	}
	if err := rebuild(ctx, tx); err != nil {
		_ = tx.Rollback() // the first error counts
		return fault("rebuild", err)
	}
	return fault("rebuild", tx.Commit())
}

// rebuiltAtOnce bounds how many sales a rebuilding holds in memory.
const rebuiltAtOnce = 1000

func rebuild(ctx context.Context, tx *batch) error {
	for _, table := range []string{"postings", "days", "effects", "refunds", "attempts", "sales_text", "sales"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table); err != nil {
			return err
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT sale, count(*) FROM events WHERE sale <> '' GROUP BY sale ORDER BY min(seq)`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var order []app.SaleID
	counts := map[app.SaleID]int{}
	for rows.Next() {
		var id app.SaleID
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		order, counts[id] = append(order, id), n
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for some := range slices.Chunk(order, rebuiltAtOnce) {
		if err := projectAll(ctx, tx, some, counts); err != nil {
			return err
		}
	}
	return rebuildDays(ctx, tx)
}
