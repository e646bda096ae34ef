package main

import (
	"context"
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
			ratio(fmt.Sprintf("%s, %d sales", q, size), times[q], base[q], fmt.Sprintf("1.5 (against %d)", sizes[0]))
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
	j, err := journal.Open(ctx, journal.Config{Dir: dir})
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
	id := app.SaleID(fmt.Sprintf("S%015d", n))
	attempt := app.AttemptID(fmt.Sprintf("A%015d", n))
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
	return []app.Event{opened, line(app.AttemptIntended, app.FromDesk, app.IntentData{Rail: rail, OrderID: fmt.Sprintf("P%019d", n)}), paid}
}

// questions are what is asked, in the order in which it is printed.
func questions() []string {
	return []string{"search for a name", "search for one visit", "filter by state and operator", "page by way to pay", "sums of today", "totals of the day"}
}

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
	ask := map[string]func() error{
		"search for a name":            sales(app.Query{Text: "berger"}),
		"search for one visit":         sales(app.Query{Text: fmt.Sprint("visit", b.size/2)}),
		"filter by state and operator": sales(app.Query{States: []app.State{app.Paid, app.PaidLate}, Operator: "Mia"}),
		"page by way to pay":           sales(app.Query{Rail: payments.RailTerminal, Before: int64(b.size)}),
		"sums of today": func() error {
			_, err := b.journal.Sums(ctx, app.Query{From: today})
			return err
		},
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
		if err := do(); err != nil { // the first one warms the cache
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all, err := timed(askedTimes, do)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		times[name] = median(all)
	}
	return times, nil
}

func (b *bulk) verify(ctx context.Context) error {
	start := time.Now()
	v, err := b.journal.Verify(ctx)
	if err != nil {
		return err
	}
	if v.Bad != 0 {
		return fmt.Errorf("the chain breaks at %d: %s", v.Bad, v.Why)
	}
	fmt.Printf("%-34s %9.0f events/s\n", fmt.Sprintf("chain verified, %d sales", b.size), float64(v.Events)/time.Since(start).Seconds())
	return nil
}

// closing times the closing of one large day.
func closing(ctx context.Context, dir string) (err error) {
	b, err := generate(ctx, dir, closedSales, closedSales)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.journal.Close()) }()
	start := time.Now()
	r, err := b.book.Close(ctx, app.Actor{Operator: "Owner"}, "", false)
	if err != nil {
		return err
	}
	fmt.Printf("%-34s %9s for %d payments\n", "day closed", short(time.Since(start)), r.Totals[0].Count)
	return nil
}
