package journal

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// quarter is the length of the pieces in which takings are added up: every
// zone of the world is a whole number of them away from UTC.
const quarter = 15 * time.Minute

// fillVersion is raised when the projections get a new table or column, or when
// app.Fold counts otherwise.
const fillVersion = 3

// projectDay takes the closing or the opening of a day in.
func projectDay(ctx context.Context, tx *batch, e app.Event) error {
	if e.Kind != app.DayClosed && e.Kind != app.DayReopened {
		return nil
	}
	var d app.DayData
	if err := json.Unmarshal(e.Data, &d); err != nil {
		return err
	}
	if e.Kind == app.DayReopened {
		if _, err := tx.ExecContext(ctx, `UPDATE postings SET day = '' WHERE day = ? AND seq < ?`, d.Day, e.Seq); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM days WHERE day = ?`, d.Day)
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE postings SET day = ? WHERE day = '' AND wall < ? AND seq < ?`, d.Day, d.Until.UnixMilli(), e.Seq); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO days VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET seq = excluded.seq`, d.Day, e.Seq)
	return err
}

// rebuildDays takes all closings and openings in again, in their order.
func rebuildDays(ctx context.Context, tx *batch) error {
	rows, err := tx.QueryContext(ctx, `SELECT `+columns+` FROM events WHERE sale = '' AND kind IN (?, ?) ORDER BY seq`, string(app.DayClosed), string(app.DayReopened))
	if err != nil {
		return err
	}
	events, err := scanAll(rows)
	if err != nil {
		return err
	}
	for _, e := range events {
		if err := projectDay(ctx, tx, e); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `UPDATE filled SET version = ?`, fillVersion)
	return err
}

// fill computes the projections again when an older program has made them.
func (j *Journal) fill(ctx context.Context) error {
	var version int
	if err := j.read.QueryRowContext(ctx, `SELECT version FROM filled`).Scan(&version); err != nil {
		return err
	}
	if version >= fillVersion {
		return nil
	}
	return j.Rebuild(ctx)
}

// within is the condition that selects the postings of a period.
func within(p app.Period) (where string, args []any) {
	if p.Day != "" {
		return `day = ?`, []any{p.Day}
	}
	return `day = '' AND wall >= ? AND wall < ?`, []any{p.From.UnixMilli(), p.To.UnixMilli()}
}

// Takings adds up what was posted in a period, by kind, rail, device, operator,
// currency and quarter of an hour.
func (j *Journal) Takings(ctx context.Context, p app.Period) ([]app.Takings, error) {
	where, args := within(p)
	rows, err := j.read.QueryContext(ctx, `SELECT kind, rail, label, operator, currency, wall / ?, count(*), sum(minor), sum(tip)
		FROM postings WHERE `+where+` GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 6, 1, 2, 3, 4, 5`,
		append([]any{quarter.Milliseconds()}, args...)...)
	if err != nil {
		return nil, fault("takings", err)
	}
	defer rows.Close()
	var list []app.Takings
	for rows.Next() {
		var t app.Takings
		var rail, currency string
		var at int64
		if err := rows.Scan(&t.Kind, &rail, &t.Device, &t.Operator, &currency, &at, &t.Count, &t.Amount.Minor, &t.Tip.Minor); err != nil {
			return nil, fault("takings", err)
		}
		t.Rail, t.Quarter = payments.Rail(rail), time.UnixMilli(at*quarter.Milliseconds()).UTC()
		t.Amount.Currency, t.Tip.Currency = money.Currency(currency), money.Currency(currency)
		list = append(list, t)
	}
	return list, fault("takings", rows.Err())
}

// Days returns closed days, newest first; before is the day to start behind,
// empty for the newest.
func (j *Journal) Days(ctx context.Context, before string, limit int) ([]app.ClosedDay, error) {
	if before == "" {
		before = "9999"
	}
	rows, err := j.read.QueryContext(ctx, `SELECT e.seq, e.wall, e.operator, e.data, e.hash FROM days d JOIN events e ON e.seq = d.seq
		WHERE d.day < ? ORDER BY d.day DESC LIMIT ?`, before, limit)
	if err != nil {
		return nil, fault("days", err)
	}
	defer rows.Close()
	var list []app.ClosedDay
	for rows.Next() {
		var d app.ClosedDay
		var wall int64
		var data []byte
		if err := rows.Scan(&d.Seq, &wall, &d.Operator, &data, &d.Head); err != nil {
			return nil, fault("days", err)
		}
		if err := json.Unmarshal(data, &d.DayData); err != nil {
			return nil, fault("days", err)
		}
		d.At = time.UnixMilli(wall).UTC()
		list = append(list, d)
	}
	return list, fault("days", rows.Err())
}

// OpenSince is the time of the oldest posting that belongs to no closed day;
// zero when there is none.
func (j *Journal) OpenSince(ctx context.Context) (time.Time, error) {
	var wall int64
	err := j.read.QueryRowContext(ctx, `SELECT wall FROM postings WHERE day = '' ORDER BY wall LIMIT 1`).Scan(&wall)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMilli(wall).UTC(), fault("open", err)
}

// Postings hands the lines of a period one by one to each, oldest first, until
// it returns an error.
func (j *Journal) Postings(ctx context.Context, p app.Period, each func(app.Posting) error) error {
	where, args := within(p)
	rows, err := j.read.QueryContext(ctx, `SELECT p.seq, p.kind, s.id, p.rail, p.label, p.operator, p.wall, p.minor, p.tip, p.currency, p.day,
			coalesce(a.order_id, ''), a.reference
		FROM postings p JOIN sales s ON s.seq = p.sale JOIN attempts a ON a.id = p.attempt
		WHERE `+where+` ORDER BY p.seq, p.attempt, p.kind`, args...)
	if err != nil {
		return fault("postings", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o app.Posting
		var wall int64
		if err := rows.Scan(&o.Seq, &o.Kind, &o.Sale, &o.Rail, &o.Device, &o.Operator, &wall, &o.Amount.Minor, &o.Tip.Minor,
			&o.Amount.Currency, &o.Day, &o.OrderID, &o.Reference); err != nil {
			return fault("postings", err)
		}
		o.At, o.Tip.Currency = time.UnixMilli(wall).UTC(), o.Amount.Currency
		if err := each(o); err != nil {
			return err
		}
	}
	return fault("postings", rows.Err())
}
