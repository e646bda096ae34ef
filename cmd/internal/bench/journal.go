package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
	batchSales  = 5000 // sales in one commit while a journal is generated
	closedSales = 5000 // of the day whose closing is timed
	refundedOne = 100  // sales one of which was given back
	askedTimes  = 25   // each question, for a median

	generation = 1 // raised when other journals are generated, so that kept ones are left alone
)

// journals asks the same questions of journals of growing size and prints how
// much slower each is than the smallest. All are there before the first question,
// and each question is put to all of them in turn, so that what else the machine
// does slows all of them down alike. kept is where journals are looked for and
// stay, empty for nowhere.
func journals(ctx context.Context, dir, kept string, sizes []int) (err error) {
	if kept == "" {
		kept = dir
	}
	if kept, err = filepath.Abs(kept); err != nil {
		return err
	}
	var all []*bulk
	defer func() {
		for _, b := range all {
			err = errors.Join(err, b.journal.Close())
		}
	}()
	for _, size := range sizes {
		b, err := keep(ctx, kept, size)
		if err != nil {
			return err
		}
		all = append(all, b)
	}
	for _, b := range all {
		if err := b.verify(ctx); err != nil {
			return err
		}
	}
	if err := ask(ctx, all); err != nil {
		return err
	}
	return closing(ctx, filepath.Join(dir, "closing"))
}

// keep opens the journal of a size that stands in a folder. It is written beside
// its place first, so that what stands there is whole.
func keep(ctx context.Context, folder string, size int) (*bulk, error) {
	dir := filepath.Join(folder, fmt.Sprintf("journal-%d-%d", generation, size))
	if _, err := os.Stat(dir); err == nil {
		fmt.Printf("%-34s found in %s\n", fmt.Sprintf("journal of %d sales", size), folder)
		return open(ctx, dir, size)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	part := dir + ".part"
	if err := os.RemoveAll(part); err != nil {
		return nil, err
	}
	b, err := generate(ctx, part, size, salesPerDay)
	if err != nil {
		return nil, err
	}
	if err := b.journal.Close(); err != nil {
		return nil, err
	}
	if err := os.Rename(part, dir); err != nil {
		return nil, err
	}
	return open(ctx, dir, size)
}

// bulk is a generated journal.
type bulk struct {
	dir     string
	journal *journal.Journal
	book    *day.Book
	now     time.Time
	size    int
	held    time.Duration // how long a till would have waited for the last closing
}

func open(ctx context.Context, dir string, size int) (*bulk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	j, err := journal.Open(ctx, journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		return nil, err
	}
	b := &bulk{dir: dir, journal: j, size: size, now: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)}
	if b.book, err = day.New(day.Config{Ledger: j, Till: b, Mode: payments.Practice, Now: func() time.Time { return b.now }, Zone: time.UTC}); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return b, nil
}

func (b *bulk) today() time.Time { return b.now.Truncate(24 * time.Hour) }

// NoteDay commits a closing as a till does, without asking who it is. A till does
// nothing else meanwhile.
func (b *bulk) NoteDay(ctx context.Context, by app.Actor, kind app.Kind, tally func() (app.DayData, error)) error {
	start := time.Now()
	defer func() { b.held = time.Since(start) }()
	d, err := tally()
	if err != nil {
		return err
	}
	_, err = b.journal.Append(ctx, []app.Event{{
		Source: app.FromOperator, Kind: kind, Operator: by.Operator, Reference: d.Day, Wall: b.now, Data: encode(d),
	}}, nil)
	return err
}

// MayExport lets everybody.
func (b *bulk) MayExport(context.Context, app.Actor) error { return nil }

// Sales reads from the journal, as a till does.
func (b *bulk) Sales(ctx context.Context, q app.Query) ([]app.Sale, error) {
	return b.journal.Sales(ctx, q)
}

// generate writes a journal of paid sales, so many a day, the newest today. All
// days before are closed, as they are in a salon.
func generate(ctx context.Context, dir string, size, perDay int) (*bulk, error) {
	b, err := open(ctx, dir, size)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	for from := 0; from < size; from += batchSales {
		var events []app.Event
		for n := from; n < min(from+batchSales, size); n++ {
			events = append(events, b.sale(n, perDay)...)
		}
		for _, commit := range [][]app.Event{events, b.closings(from, from+batchSales, perDay)} {
			if _, err := b.journal.Append(ctx, commit, nil); err != nil {
				return nil, errors.Join(err, b.journal.Close())
			}
		}
	}
	took := time.Since(start)
	fmt.Printf("%-34s %9.0f sales/s\n", fmt.Sprintf("journal of %d sales written", size), float64(size)/took.Seconds())
	return b, nil
}

// at is when sale n was made: within eight hours of its day.
func (b *bulk) at(n, perDay int) time.Time {
	left := b.size - 1 - n
	return b.now.AddDate(0, 0, -(left / perDay)).Add(-time.Duration(left%perDay) * 8 * time.Hour / time.Duration(perDay))
}

// closings are those of the days whose last sale is among some, but for today's.
func (b *bulk) closings(from, to, perDay int) []app.Event {
	var events []app.Event
	for n := from; n < min(to, b.size-1); n++ {
		if (b.size-1-n)%perDay != 0 {
			continue
		}
		date := b.at(n, perDay).Truncate(24 * time.Hour)
		d := app.DayData{Day: date.Format(time.DateOnly), Zone: "UTC", Until: date.Add((24 + day.DefaultCut) * time.Hour)}
		events = append(events, app.Event{
			Source: app.FromOperator, Kind: app.DayClosed, Operator: "Owner", Reference: d.Day, Wall: d.Until, Data: encode(d),
		})
	}
	return events
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own plain structs
	}
	return raw
}

// sale are the events of sale n of the journal, oldest first.
func (b *bulk) sale(n, perDay int) []app.Event {
	at := b.at(n, perDay)
	amount := money.Amount{Minor: 1500 + int64(n*37%9000), Currency: "EUR"}
	clients := []string{"Anna Berger", "Hanna Schmid", "Julia Horvat", "Paul Steiner", "Nina Bauer", "Eva Lang", "Sofia Ilieva"}
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
	large, err := closeDay(ctx, filepath.Join(dir, "large"), closedSales)
	if err != nil {
		return err
	}
	small, err := closeDay(ctx, filepath.Join(dir, "small"), closedSales/10)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("Day of %d payments", large.payments)
	ratio(name+" closed", large.took, 10*small.took, "none, printed to be watched (10 x a day of a tenth)")
	ratio(name+", till held", large.held, 10*small.held, "none, printed to be watched (10 x a day of a tenth)")
	return nil
}

// closed is how long it took to close a day of so many payments.
type closed struct {
	took, held time.Duration
	payments   int
}

func closeDay(ctx context.Context, dir string, size int) (c closed, err error) {
	b, err := generate(ctx, dir, size, size)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, b.journal.Close()) }()
	start := time.Now()
	r, err := b.book.Close(ctx, app.Actor{Operator: "Owner"}, "", false)
	if err != nil {
		return c, err
	}
	return closed{took: time.Since(start), held: b.held, payments: r.Totals[0].Count}, nil
}
