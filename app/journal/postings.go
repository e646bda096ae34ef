package journal

import (
	"context"
	"database/sql"
	"errors"

	"frontdesk/app"
)

// position is what one attempt has brought by now.
type position struct {
	taken, given int64
	unsure, back bool
}

func positionOf(s app.Sale, id app.AttemptID) position {
	var p position
	for _, a := range s.Attempts {
		if a.ID != id {
			continue
		}
		switch a.State {
		case app.Paid, app.PaidLate, app.PartRefunded, app.Refunded, app.Found:
			p.taken = a.Amount.Minor
		case app.Unknown:
			p.unsure = true
		case app.Reversed:
			p.back = true
		}
		for _, r := range a.Refunds {
			if r.State == app.RefundDone {
				p.given += r.Amount.Minor
			}
		}
		if p.taken == 0 {
			p.given = 0 // as app.Fold counts what a sale has received
		}
	}
	return p
}

// post writes down how an event changed what the attempts of a sale have
// brought, so that the sum of all postings of the sale is what it has received.
func post(ctx context.Context, tx *batch, before, after app.Sale, e app.Event) error {
	for _, a := range after.Attempts {
		was, is := positionOf(before, a.ID), positionOf(after, a.ID)
		if was == is {
			continue
		}
		line := posting{tx: tx, sale: after, attempt: a, event: e}
		if err := line.taken(ctx, was, is); err != nil {
			return err
		}
		if err := line.write(ctx, "refund", was.given-is.given); err != nil {
			return err
		}
	}
	return nil
}

// posting is a line that is about to be written.
type posting struct {
	tx      *batch
	sale    app.Sale
	attempt app.Attempt
	event   app.Event
}

// taken posts payments, what is not known of them any more, and what the
// provider took back. What comes back the way it went is no second payment.
func (p posting) taken(ctx context.Context, was, is position) error {
	change := is.taken - was.taken
	away := "unsure"
	if was.back && change > 0 {
		away = "taken_back" // it was our refund after all, and is posted as one
	}
	open, err := p.sum(ctx, away)
	if err != nil {
		return err
	}
	switch {
	case change < 0 && is.unsure:
		return p.write(ctx, "unsure", change)
	case change < 0 && is.back:
		return p.write(ctx, "taken_back", change)
	case change > 0 && (was.unsure || was.back) && open == -change:
		return p.write(ctx, away, change)
	case change == 0 && is.back && open != 0:
		return p.turn(ctx, "unsure", "taken_back", open)
	case change == 0 && was.back && is.unsure:
		if open, err = p.sum(ctx, "taken_back"); err != nil {
			return err
		}
		return p.turn(ctx, "taken_back", "unsure", open)
	}
	return p.write(ctx, "payment", change)
}

// turn posts what went away as one kind as another one.
func (p posting) turn(ctx context.Context, from, to string, minor int64) error {
	if err := p.write(ctx, from, -minor); err != nil {
		return err
	}
	return p.write(ctx, to, minor)
}

// sum is what was posted for the attempt under a kind: what went away so and did
// not come back.
func (p posting) sum(ctx context.Context, kind string) (sum int64, err error) {
	err = p.tx.one(ctx, `SELECT coalesce(sum(minor), 0) FROM postings WHERE attempt = ? AND kind = ?`, []any{string(p.attempt.ID), kind}, &sum)
	return sum, err
}

func (p posting) write(ctx context.Context, kind string, minor int64) error {
	if minor == 0 {
		return nil
	}
	operator, tip := p.sale.Operator, p.attempt.Tip.Minor
	switch {
	case kind == "refund":
		operator, tip = p.refunder(), 0
	case minor < 0:
		tip = -tip
	}
	_, err := p.tx.ExecContext(ctx, `INSERT INTO postings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`,
		p.event.Seq, string(p.attempt.ID), kind, p.sale.Seq, minor, tip, string(p.attempt.Amount.Currency),
		string(p.attempt.Rail), p.attempt.Device, p.attempt.DeviceLabel, operator, p.event.Wall.UnixMilli())
	return err
}

// refunder is who asked for the refund that the event settles.
func (p posting) refunder() string {
	for _, r := range p.attempt.Refunds {
		if r.OrderID == p.event.Reference && r.Operator != "" {
			return r.Operator
		}
	}
	return p.sale.Operator
}

// misposted returns the first sale whose postings do not come to what it has
// received, and the line it begins with; 0 when there is none.
func misposted(ctx context.Context, db *sql.DB) (seq int64, id app.SaleID, err error) {
	err = db.QueryRowContext(ctx, `SELECT s.seq, s.id FROM sales s
		LEFT JOIN (SELECT sale, sum(minor) AS posted FROM postings GROUP BY sale) p ON p.sale = s.seq
		WHERE s.received <> coalesce(p.posted, 0) ORDER BY s.seq LIMIT 1`).Scan(&seq, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, "", nil
	}
	return seq, id, err
}
