package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// What a generated salon looks like.
const (
	salesPerDay = 50
	batchSales  = 1000 // sales in one commit while a journal is generated
	closedSales = 5000 // of the day whose closing is timed
	refundedOne = 100  // sales one of which was given back
	askedTimes  = 25   // each question, for a median
)

// journals asks the same questions of journals of growing size and prints how
// much slower each is than the smallest.
func journals(ctx context.Context, dir string, sizes []int) error {
	var base map[string]time.Duration
	for _, size := range sizes {
		b, err := generate(ctx, filepath.Join(dir, fmt.Sprint("journal", size)), size, salesPerDay)
		if err != nil {
			return err
		}
		times, err := b.ask(ctx)
		if err == nil {
			err = b.verify(ctx)
		}
		if err := errors.Join(err, b.journal.Close(), os.RemoveAll(b.dir)); err != nil {
			return err
		}
		if base == nil {
			base = times
		}
		for _, q := range questions() {
			ratio(fmt.Sprintf("%s, %d sales", q.name, size), times[q.name], base[q.name], q.goal+fmt.Sprintf(" (against %d)", sizes[0]))
		}
	}
	return closing(ctx, filepath.Join(dir, "closing"))
}

// bulk is a generated journal.
type bulk struct {
	dir     string
	journal *journal.Journal
	book    *day.Book
	now     time.Time
	size    int
}

// NoteDay commits a closing as a till does, without asking who it is.
func (b *bulk) NoteDay(ctx context.Context, by app.Actor, kind app.Kind, tally func() (app.DayData, error)) error {
	d, err := tally()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = b.journal.Append(ctx, []app.Event{{
		Source: app.FromOperator, Kind: kind, Operator: by.Operator, Reference: d.Day, Wall: b.now, Data: raw,
	}}, nil)
	return err
}

// MayExport lets everybody.
func (b *bulk) MayExport(context.Context, app.Actor) error { return nil }

// Sales reads from the journal, as a till does.
func (b *bulk) Sales(ctx context.Context, q app.Query) ([]app.Sale, error) {
	return b.journal.Sales(ctx, q)
}

// generate writes a journal of paid sales, so many a day, the newest today.
func generate(ctx context.Context, dir string, size, perDay int) (*bulk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		return nil, err
	}
	b := &bulk{dir: dir, journal: j, size: size, now: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)}
	if b.book, err = day.New(day.Config{Ledger: j, Till: b, Mode: payments.Practice, Now: func() time.Time { return b.now }, Zone: time.UTC}); err != nil {
		return nil, err
	}
	start := time.Now()
	for from := 0; from < size; from += batchSales {
		var events []app.Event
		for n := from; n < min(from+batchSales, size); n++ {
			events = append(events, b.sale(n, perDay)...)
		}
		if _, err := j.Append(ctx, events, nil); err != nil {
			return nil, err
		}
	}
	took := time.Since(start)
	fmt.Printf("%-34s %9.0f sales/s\n", fmt.Sprintf("journal of %d sales written", size), float64(size)/took.Seconds())
	return b, nil
}

// sale are the events of sale n of the journal, oldest first.
func (b *bulk) sale(n, perDay int) []app.Event {
	left := b.size - 1 - n
	at := b.now.AddDate(0, 0, -(left / perDay)).Add(-time.Duration(left%perDay) * 8 * time.Hour / time.Duration(perDay))
	amount := money.Amount{Minor: 1500 + int64(n*37%9000), Currency: "EUR"}
	clients := []string{"Anna Berger", "Hanna Schmid", "Julia Horvat", "Paul Steiner", "Nina Bauer", "Eva Lang", "Sofia Ilieva"}
	encode := func(v any) json.RawMessage {
		raw, err := json.Marshal(v)
		if err != nil {
			panic(err) // our own plain structs
		}
		return raw
	}
	id := app.SaleID(name("S", n))
	attempt := app.AttemptID(name("A", n))
	line := func(kind app.Kind, source app.Source, data any) app.Event {
		return app.Event{Sale: id, Attempt: attempt, Source: source, Kind: kind, Amount: amount, Wall: at, Operator: []string{"Nora", "Mia"}[n%2], Data: encode(data)}
	}
	opened := line(app.SaleOpened, app.FromDesk, app.SaleData{
		Lines: []app.Line{{Label: "Cut", Amount: amount}}, Client: clients[n%len(clients)], Note: fmt.Sprintf("visit%d", n),
	})
	opened.Attempt = ""
	paid := line(app.PaymentSeen, app.FromNotice, app.EvidenceData{CardLast4: fmt.Sprintf("%04d", n%10000)})
	paid.Reference = fmt.Sprint("R", n)
	rail := []payments.Rail{payments.RailLink, payments.RailTerminal, payments.RailRequest}[n%3]
	events := []app.Event{opened, line(app.AttemptIntended, app.FromDesk, app.IntentData{Rail: rail, OrderID: "P" + name("O", n)}), paid}
	if n%refundedOne == 0 {
		events = append(events, line(app.RefundIntended, app.FromOperator, app.RefundData{OrderID: "P" + name("F", n)}))
		done := line(app.RefundSettled, app.FromStatus, app.RefundData{OrderID: "P" + name("F", n), Outcome: payments.Refunded})
		events = append(events, done)
		for i := range events[3:] {
			events[3+i].Reference = "P" + name("F", n)
		}
	}
	return events
}

// name is the n-th of names that lie as scattered in an index as drawn ones.
func name(kind string, n int) string {
	sum := sha256.Sum256(fmt.Append(nil, kind, n))
	return base32.StdEncoding.EncodeToString(sum[:10])
}

// closing times the closing of one large day, and of one a tenth of it.
func closing(ctx context.Context, dir string) error {
	large, n, err := closeDay(ctx, filepath.Join(dir, "large"), closedSales)
	if err != nil {
		return err
	}
	small, _, err := closeDay(ctx, filepath.Join(dir, "small"), closedSales/10)
	if err != nil {
		return err
	}
	ratio(fmt.Sprintf("Day of %d payments closed", n), large, 10*small, "none, printed to be watched (10 x a day of a tenth)")
	return nil
}

// closeDay closes a day of so many sales and returns how many payments it had.
func closeDay(ctx context.Context, dir string, size int) (took time.Duration, payments int, err error) {
	b, err := generate(ctx, dir, size, size)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, b.journal.Close()) }()
	start := time.Now()
	r, err := b.book.Close(ctx, app.Actor{Operator: "Owner"}, "", false)
	if err != nil {
		return 0, 0, err
	}
	return time.Since(start), r.Totals[0].Count, nil
}
