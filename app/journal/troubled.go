package journal

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"frontdesk/app"
)

// Troubled are the sales with money posted in a period whose way was not
// straight, oldest first, at most limit: money that was not known for a while or
// was taken back, two payments, an answer of somebody, an entry of the provider's
// list that was added as a sale.
func (j *Journal) Troubled(ctx context.Context, p app.Period, limit int) ([]app.SaleID, error) {
	where, args := within(p)
	rows, err := j.read.QueryContext(ctx, `SELECT s.id FROM (
			SELECT sale, sum(kind = 'payment') AS payments, sum(kind IN ('unsure', 'taken_back')) AS turns
			FROM postings WHERE `+where+` GROUP BY sale) p JOIN sales s ON s.seq = p.sale
		WHERE p.turns > 0 OR p.payments > 1 OR EXISTS (
			SELECT 1 FROM events e WHERE e.sale = s.id AND
				(e.kind IN (?, ?, ?) OR e.source = ? AND e.kind = ?))
		ORDER BY s.seq LIMIT ?`,
		append(args, string(app.LateKept), string(app.AlarmAnswered), string(app.Resolved), string(app.FromList), string(app.SaleOpened), limit)...)
	if err != nil {
		return nil, fault("troubled", err)
	}
	defer rows.Close()
	var list []app.SaleID
	for rows.Next() {
		var id app.SaleID
		if err := rows.Scan(&id); err != nil {
			return nil, fault("troubled", err)
		}
		list = append(list, id)
	}
	return list, fault("troubled", rows.Err())
}

// FirstSale is when the oldest sale was made; zero when there is none.
func (j *Journal) FirstSale(ctx context.Context) (time.Time, error) {
	var at int64
	err := j.read.QueryRowContext(ctx, `SELECT created FROM sales ORDER BY seq LIMIT 1`).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return time.UnixMilli(at).UTC(), fault("first", err)
}
