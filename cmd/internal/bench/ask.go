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
type question struct{ name, goal string }

const (
	product = "1.5"                           // product.md 9
	watched = "none, grows with what it sums" // printed all the same
)

// questions are what is asked, in the order in which it is printed.
func questions() []question {
	return []question{
		{"search for a name", product},
		{"search for one visit", product},
		{"filter by state and operator", product},
		{"filter by a rare state", product},
		{"page by way to pay", product},
		{"sums of today", product},
		{"totals of the day", product},
		{"sums of a name", watched},
		{"sums of all sales", watched},
	}
}

// ask returns how long each question takes: the median of some, or the only
// time where one takes long.
func (b *bulk) ask(ctx context.Context) (map[string]time.Duration, error) {
	today := b.now.Truncate(24 * time.Hour)
	sales := func(q app.Query) func() error {
		return func() error {
			list, err := b.journal.Sales(ctx, q)
			if err == nil && len(list) == 0 {
				err = errors.New("a question without an answer")
			}
			return err
		}
	}
	sums := func(q app.Query) func() error {
		return func() error {
			_, err := b.journal.Sums(ctx, q)
			return err
		}
	}
	ask := map[string]func() error{
		"search for a name":            sales(app.Query{Text: "berger"}),
		"search for one visit":         sales(app.Query{Text: fmt.Sprint("visit", b.size/2)}),
		"filter by state and operator": sales(app.Query{States: []app.State{app.Paid, app.PaidLate}, Operator: "Mia"}),
		"filter by a rare state":       sales(app.Query{States: []app.State{app.Refunded, app.PartRefunded}}),
		"page by way to pay":           sales(app.Query{Rail: payments.RailTerminal, Before: int64(b.size)}),
		"sums of today":                sums(app.Query{From: today}),
		"sums of a name":               sums(app.Query{Text: "berger"}),
		"sums of all sales":            sums(app.Query{}),
		"totals of the day": func() error {
			_, err := b.book.Report(ctx, today.Format(time.DateOnly))
			return err
		},
	}
	// What came before is closed, as it is in a salon.
	if _, err := b.book.Close(ctx, app.Actor{Operator: "Owner"}, today.AddDate(0, 0, -1).Format(time.DateOnly), true); err != nil && payments.CodeOf(err) != "day.earlier" {
		return nil, err
	}
	times := map[string]time.Duration{}
	for name, do := range ask {
		first, err := timed(1, do) // warms the cache
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		times[name] = first[0]
		if first[0] > slow {
			continue
		}
		all, err := timed(askedTimes, do)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		times[name] = median(all)
	}
	return times, nil
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
