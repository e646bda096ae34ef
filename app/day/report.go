package day

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// layout of a day in every place where it is written.
const layout = "2006-01-02"

// Ledger is what a book reads from; the journal is one.
type Ledger interface {
	Takings(ctx context.Context, p app.Period) ([]app.Takings, error)
	// Received adds the same money up from the sales.
	Received(ctx context.Context, p app.Period) (map[money.Currency]int64, error)
	Postings(ctx context.Context, p app.Period, each func(app.Posting) error) error
}

// Calendar tells which days are closed; the journal is one.
type Calendar interface {
	// Days lists closed days, newest first, behind one when before names it.
	Days(ctx context.Context, before string, limit int) ([]app.ClosedDay, error)
	// OpenSince is when money first moved that belongs to no closed day; zero
	// for never.
	OpenSince(ctx context.Context) (time.Time, error)
}

// Stories tells what happened to sales; the journal is one.
type Stories interface {
	// Sale returns the events of a sale.
	Sale(ctx context.Context, id app.SaleID) ([]app.Event, error)
	// Troubled are the sales with money posted in the period whose way was not
	// straight: not known for a while, taken back, paid twice, accepted by
	// somebody, or added from myPOS's list. At most limit, oldest first.
	Troubled(ctx context.Context, p app.Period, limit int) ([]app.SaleID, error)
}

// Sales finds sales; the till is one.
type Sales interface {
	Sales(ctx context.Context, q app.Query) ([]app.Sale, error)
	NoteDay(ctx context.Context, by app.Actor, kind app.Kind, tally func() (app.DayData, error)) error
	// MayExport says whether somebody may take the lines of a day away.
	MayExport(ctx context.Context, by app.Actor) error
}

// DefaultCut is when a business day begins.
const DefaultCut = 4

// Config is what a book is made of. All fields but Cut and Matcher are required.
type Config struct {
	Ledger interface {
		Ledger
		Calendar
		Stories
	}
	Till Sales
	Mode payments.Mode
	Now  func() time.Time
	Zone *time.Location
	// Matcher compares with myPOS's list; nil is none.
	Matcher Matcher
	Cut     int // hour at which a business day begins, 0 to 12; 0 means DefaultCut
}

// Book is the book of days of one mode.
type Book struct{ cfg Config }

// New returns the book.
func New(cfg Config) (*Book, error) {
	if cfg.Ledger == nil || cfg.Till == nil || cfg.Now == nil || cfg.Zone == nil {
		return nil, errors.New("day: Ledger, Till, Now and Zone are required")
	}
	if cfg.Cut < 1 || cfg.Cut > 12 {
		cfg.Cut = DefaultCut
	}
	return &Book{cfg: cfg}, nil
}

// Share is a part of the takings under one name.
type Share struct {
	Rail   payments.Rail // of Rails and Ways; else empty
	Name   string        // of Devices, Ways and Operators; else empty
	Count  int           // payments
	Taken  money.Amount  // all of them, before refunds
	Amount money.Amount  // what stays of them
}

// Hour is what was taken in one hour of the day, before refunds.
type Hour struct {
	Hour   int // 0 to 23, local time
	Amount money.Amount
}

// Report is one business day. Amounts of several currencies are never added:
// each has its own Total, and its own shares and hours.
type Report struct {
	Mode        payments.Mode
	Day         string
	Zone        string
	From, Until time.Time // what the report holds; Until is not part of it
	Closed      *app.ClosedDay
	Earlier     string         // an earlier day that is still open; empty for none
	Totals      []app.DayTotal // by currency
	Rails       []Share
	Ways        []Share // rails, each device of them by itself
	Devices     []Share
	Operators   []Share
	Hours       []Hour
	Differences []Difference // what to look at, gravest first
	Settled     []Difference // what was to look at on this day and is answered, newest first
	Match       Match        // with myPOS's list
	Agrees      bool         // both ways of adding up came to the same
}

// Today is the business day that is running.
func (b *Book) Today(ctx context.Context) (string, error) {
	day := b.dayOf(b.cfg.Now())
	last, err := b.cfg.Ledger.Days(ctx, "", 1)
	if err != nil {
		return "", err
	}
	if len(last) > 0 && last[0].Day >= day {
		return next(last[0].Day), nil
	}
	return day, nil
}

func (b *Book) dayOf(t time.Time) string {
	return t.In(b.cfg.Zone).Add(-time.Duration(b.cfg.Cut) * time.Hour).Format(layout)
}

// start is when a day begins by the clock.
func (b *Book) start(day string) (time.Time, error) {
	t, err := time.Parse(layout, day)
	if err != nil || t.Format(layout) != day {
		return t, refuse("report", "day.shape")
	}
	return time.Date(t.Year(), t.Month(), t.Day(), b.cfg.Cut, 0, 0, 0, b.cfg.Zone), nil
}

func next(day string) string {
	t, _ := time.Parse(layout, day)
	return t.AddDate(0, 0, 1).Format(layout)
}

// zoneName is the name of the zone of t, or where the system does not tell one
// how far the clock was from UTC.
func zoneName(t time.Time) string {
	if name := t.Location().String(); name != "Local" {
		return name
	}
	return t.Format("UTC-07:00")
}

// Report adds a day up. An empty day means today.
func (b *Book) Report(ctx context.Context, day string) (Report, error) {
	r, period, err := b.frame(ctx, day)
	if err != nil {
		return r, err
	}
	takings, err := b.addUp(ctx, period, &r)
	if err != nil {
		return r, err
	}
	r.Rails = shares(takings, func(t app.Takings) Share { return Share{Rail: t.Rail} })
	r.Ways = shares(takings, func(t app.Takings) Share { return Share{Rail: t.Rail, Name: t.Device} })
	r.Devices = shares(takings, func(t app.Takings) Share { return Share{Name: t.Device} })
	r.Operators = shares(takings, func(t app.Takings) Share { return Share{Name: t.Operator} })
	r.Devices = slices.DeleteFunc(r.Devices, func(s Share) bool { return s.Name == "" })
	r.Hours = hours(takings, b.cfg.Zone)
	if r.Differences, err = b.differences(ctx); err != nil {
		return r, err
	}
	if !r.Agrees {
		r.Differences = append([]Difference{{Code: "day.differs", Key: "day.differs"}}, r.Differences...)
	}
	if err := b.match(ctx, &r); err != nil {
		return r, err
	}
	if period.Day == "" {
		period.From = r.From // what was answered before is history
	}
	r.Settled, err = b.settled(ctx, period)
	return r, err
}

// looks is how often both ways are gone before they are called different: money
// that comes in between them is in one only.
const looks = 3

// addUp adds a period up in both ways.
func (b *Book) addUp(ctx context.Context, p app.Period, r *Report) (takings []app.Takings, err error) {
	for range looks {
		if takings, err = b.cfg.Ledger.Takings(ctx, p); err != nil {
			return nil, err
		}
		received, err := b.cfg.Ledger.Received(ctx, p)
		if err != nil {
			return nil, err
		}
		r.Totals = totals(takings)
		if r.Agrees = agrees(r.Totals, received); r.Agrees {
			break
		}
	}
	return takings, nil
}

// frame says what a day holds.
func (b *Book) frame(ctx context.Context, day string) (Report, app.Period, error) {
	today, err := b.Today(ctx)
	if err != nil {
		return Report{}, app.Period{}, err
	}
	if day == "" {
		day = today
	}
	r := Report{Mode: b.cfg.Mode, Day: day, Match: Match{State: MatchNever}}
	if r.From, err = b.start(day); err != nil {
		return r, app.Period{}, err
	}
	r.Zone = zoneName(r.From)
	if day > today {
		return r, app.Period{}, refuse("report", "day.future")
	}
	if r.Until, err = b.start(next(day)); err != nil {
		return r, app.Period{}, err
	}
	before, err := b.cfg.Ledger.Days(ctx, next(day), 2)
	if err != nil {
		return r, app.Period{}, err
	}
	if len(before) > 0 && before[0].Day == day {
		closed := before[0]
		r.Closed, r.Until = &closed, closed.Until
		before = before[1:]
	}
	if len(before) > 0 && next(before[0].Day) == day && before[0].Until.Before(r.Until) {
		r.From = before[0].Until // it was closed before the clock would have ended it
	}
	if r.Closed != nil {
		return r, app.Period{Day: day}, nil
	}
	if r.Earlier, err = b.earlier(ctx, day); err != nil {
		return r, app.Period{}, err
	}
	period := app.Period{From: r.From, To: r.Until}
	if r.Earlier == "" { // nothing is left out, whatever the clock did
		period.From = time.Unix(0, 0)
		if day == today {
			period.To = endOfTime()
		}
	}
	return r, period, nil
}

// endOfTime is later than any clock is wrong.
func endOfTime() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// earlier is the first open day on which money moved, when it lies before day.
func (b *Book) earlier(ctx context.Context, day string) (string, error) {
	since, err := b.cfg.Ledger.OpenSince(ctx)
	if err != nil || since.IsZero() {
		return "", err
	}
	first := b.dayOf(since)
	last, err := b.cfg.Ledger.Days(ctx, "", 1)
	if err != nil {
		return "", err
	}
	if len(last) > 0 && first <= last[0].Day {
		first = next(last[0].Day)
	}
	if first >= day {
		return "", nil
	}
	return first, nil
}

func totals(takings []app.Takings) []app.DayTotal {
	by := map[money.Currency]*app.DayTotal{}
	for _, t := range takings {
		sum := by[t.Amount.Currency]
		if sum == nil {
			sum = &app.DayTotal{Currency: t.Amount.Currency}
			by[t.Amount.Currency] = sum
		}
		sum.Tips += t.Tip.Minor
		switch t.Kind {
		case app.PostedPayment:
			sum.Payments += t.Amount.Minor
			sum.Count += t.Count
		case app.PostedRefund:
			sum.Refunds += t.Amount.Minor
		case app.PostedTakenBack:
			sum.Back += t.Amount.Minor
		case app.PostedUnsure:
			sum.Unsure += t.Amount.Minor
		}
	}
	list := make([]app.DayTotal, 0, len(by))
	for _, sum := range by {
		list = append(list, *sum)
	}
	slices.SortFunc(list, func(a, b app.DayTotal) int { return cmp.Compare(a.Currency, b.Currency) })
	return list
}

// agrees compares the postings with the sales.
func agrees(totals []app.DayTotal, received map[money.Currency]int64) bool {
	net := map[money.Currency]int64{}
	for _, t := range totals {
		net[t.Currency] = t.Net()
	}
	zero := func(_ money.Currency, minor int64) bool { return minor == 0 }
	received = maps.Clone(received)
	maps.DeleteFunc(net, zero)
	maps.DeleteFunc(received, zero)
	return maps.Equal(net, received)
}

// shares adds the takings up under the names that of gives, most first.
func shares(takings []app.Takings, of func(app.Takings) Share) []Share {
	type key struct {
		name     Share
		currency money.Currency
	}
	by := map[key]*Share{}
	for _, t := range takings {
		name := of(t)
		k := key{name, t.Amount.Currency}
		if by[k] == nil {
			name.Amount.Currency, name.Taken.Currency = t.Amount.Currency, t.Amount.Currency
			by[k] = &name
		}
		by[k].Amount.Minor += t.Amount.Minor
		if t.Kind == app.PostedPayment {
			by[k].Count += t.Count
			by[k].Taken.Minor += t.Amount.Minor
		}
	}
	list := make([]Share, 0, len(by))
	for _, s := range by {
		list = append(list, *s)
	}
	slices.SortFunc(list, func(a, b Share) int {
		return cmp.Or(cmp.Compare(a.Amount.Currency, b.Amount.Currency), -cmp.Compare(a.Amount.Minor, b.Amount.Minor),
			cmp.Compare(a.Rail, b.Rail), cmp.Compare(a.Name, b.Name))
	})
	return list
}

// hours adds payments up by the hour of the local clock.
func hours(takings []app.Takings, zone *time.Location) []Hour {
	type key struct {
		hour     int
		currency money.Currency
	}
	by := map[key]int64{}
	for _, t := range takings {
		if t.Kind == app.PostedPayment {
			by[key{t.Quarter.In(zone).Hour(), t.Amount.Currency}] += t.Amount.Minor
		}
	}
	list := make([]Hour, 0, len(by))
	for k, minor := range by {
		list = append(list, Hour{Hour: k.hour, Amount: money.Amount{Minor: minor, Currency: k.currency}})
	}
	slices.SortFunc(list, func(a, b Hour) int {
		return cmp.Or(cmp.Compare(a.Amount.Currency, b.Amount.Currency), cmp.Compare(a.Hour, b.Hour))
	})
	return list
}

func refuse(op, code string) error {
	return &payments.Error{Op: "day." + op, Code: code, Err: payments.ErrRefused}
}
