package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
)

// A question that takes this long is asked once.
const slow = 500 * time.Millisecond

// question is what is asked of a journal; goal is that of its ratio to the
// smallest one.
type question struct {
	name, goal string
	ask        func(ctx context.Context, b *bulk) error
}

const (
	product = "1.5"                           // product.md 9
	watched = "none, grows with what it sums" // printed all the same
	found   = "none, grows with what it finds"
)

// questions are what is asked, in their order.
func questions() []question {
	return []question{
		{"search for a name", product, sales(app.Query{Text: "berger"})},
		{"search for half a name", product, sales(app.Query{Text: "berg"})},
		{"search for two names", product, sales(app.Query{Text: "anna berger"})},
		{"search for one visit", product, func(ctx context.Context, b *bulk) error {
			return sales(app.Query{Text: fmt.Sprint("visit", b.size/2)})(ctx, b)
		}},
		{"search for a letter", found, sales(app.Query{Text: "b"})},
		{"filter by state and operator", product, sales(app.Query{States: []app.State{app.Paid, app.PaidLate}, Operator: "Mia"})},
		{"filter by a rare state", product, sales(app.Query{States: []app.State{app.Refunded, app.PartRefunded}})},
		{"page by way to pay", product, func(ctx context.Context, b *bulk) error {
			return sales(app.Query{Rail: payments.RailTerminal, Before: int64(b.size)})(ctx, b)
		}},
		{"sums of today", product, func(ctx context.Context, b *bulk) error {
			return sums(app.Query{From: b.today()})(ctx, b)
		}},
		{"totals of the day", product, report(0)},
		{"totals of a closed day", product, report(-7)},
		{"sums of a name", watched, sums(app.Query{Text: "berger"})},
		{"sums of all sales", watched, sums(app.Query{})},
	}
}

func sales(q app.Query) func(context.Context, *bulk) error {
	return func(ctx context.Context, b *bulk) error {
		list, err := b.journal.Sales(ctx, q)
		if err == nil && len(list) == 0 {
			err = errors.New("a question without an answer")
		}
		return err
	}
}

func report(days int) func(context.Context, *bulk) error {
	return func(ctx context.Context, b *bulk) error {
		r, err := b.book.Report(ctx, b.today().AddDate(0, 0, days).Format(time.DateOnly))
		if err == nil && (len(r.Totals) == 0 || r.Earlier != "") {
			err = errors.New("a day without totals")
		}
		return err
	}
}

func sums(q app.Query) func(context.Context, *bulk) error {
	return func(ctx context.Context, b *bulk) error {
		_, err := b.journal.Sums(ctx, q)
		return err
	}
}

// ask prints how long each question takes in each journal, against the first: the
// median of some, or the only time where one takes long.
func ask(ctx context.Context, all []*bulk) error {
	for _, q := range questions() {
		times := make([][]time.Duration, len(all))
		for range askedTimes + 1 {
			for i, b := range all {
				if len(times[i]) == 1 && times[i][0] > slow {
					continue
				}
				took, err := timed(1, func() error { return q.ask(ctx, b) })
				if err != nil {
					return fmt.Errorf("%s: %w", q.name, err)
				}
				times[i] = append(times[i], took[0])
			}
		}
		base := typical(times[0])
		for i, b := range all {
			ratio(fmt.Sprintf("%s, %d sales", q.name, b.size), typical(times[i]), base, fmt.Sprintf("%s (against %d)", q.goal, all[0].size))
		}
	}
	return nil
}

// typical is the median without the first, which warms the cache, or that one
// where it is the only one.
func typical(times []time.Duration) time.Duration {
	if len(times) == 1 {
		return times[0]
	}
	return median(times[1:])
}

// verify times a walk over the chain, and against it what cannot be left out:
// reading the same lines and hashing their bytes.
func (b *bulk) verify(ctx context.Context) error {
	start := time.Now()
	v, err := b.journal.Verify(ctx)
	if err != nil {
		return err
	}
	took := time.Since(start)
	if v.Bad != 0 {
		return fmt.Errorf("the chain breaks at %d: %s", v.Bad, v.Why)
	}
	base, size, err := b.read(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %9.0f events/s, %.1f MB/s\n", fmt.Sprintf("chain verified, %d sales", b.size),
		float64(v.Events)/took.Seconds(), float64(size)/1e6/took.Seconds())
	ratio(fmt.Sprintf("Verify / read and hash, %d sales", b.size), took, base, "none, printed to be watched")
	return nil
}

// read reads every line of the journal's table and hashes its bytes.
func (b *bulk) read(ctx context.Context) (took time.Duration, size int, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(b.dir, "journal.db"))+"?mode=ro")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	start := time.Now()
	rows, err := db.QueryContext(ctx, `SELECT * FROM events ORDER BY seq`)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return 0, 0, err
	}
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return 0, 0, err
		}
		h := sha256.New()
		for _, v := range values {
			size += len(v)
			_, _ = h.Write(v)
		}
		h.Sum(nil)
	}
	return time.Since(start), size, rows.Err()
}
