package journal_test

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// book is a journal under random events, and what must be true of it.
type book struct {
	t      *rapid.T
	j      *journal.Journal
	now    time.Time
	sales  int
	refund int
	closed map[string]int // how often each day was closed
	sealed map[string]int64
}

func (b *book) put(events ...app.Event) {
	for i := range events {
		events[i].Wall = b.now
	}
	if _, err := b.j.Append(b.t.Context(), events, nil); err != nil {
		b.t.Fatal(err)
	}
}

// any draws one of the sales that are there.
func (b *book) any() int {
	if b.sales == 0 {
		b.t.Skip("no sale yet")
	}
	return rapid.IntRange(0, b.sales-1).Draw(b.t, "sale")
}

func (b *book) fold(n int) app.Sale {
	events, err := b.j.Sale(b.t.Context(), app.SaleID(fmt.Sprintf("SALE%012d", n)))
	if err != nil {
		b.t.Fatal(err)
	}
	return app.Fold(events)
}

func (b *book) status(n int, o payments.Outcome) app.Event {
	return event(n, app.StatusAnswered, app.FromStatus, fmt.Sprint("q", b.fold(n).Revision),
		app.StatusData{AsOf: 1 << 40, Run: "run", Outcome: o, Reference: fmt.Sprint("ref", n)})
}

// actions are what may happen at a till, in any order.
func (b *book) actions() map[string]func(*rapid.T) {
	step := func(f func()) func(*rapid.T) {
		return func(t *rapid.T) {
			b.t = t
			b.now = b.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "minutes")) * time.Minute)
			f()
		}
	}
	return map[string]func(*rapid.T){
		"charge": step(func() { b.put(sale(b.sales, "")...); b.sales++ }),
		"pay": step(func() {
			n := b.any()
			b.put(event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", n), app.EvidenceData{Raw: []byte("posted")}))
		}),
		"cash":  step(func() { b.put(b.cash()...); b.sales++ }),
		"erase": step(b.erase),
		"rollback": step(func() {
			n := b.any()
			b.put(event(n, app.RollbackSeen, app.FromNotice, fmt.Sprint("place", b.fold(n).Revision), app.EvidenceData{}))
		}),
		"says paid":     step(func() { n := b.any(); b.put(b.status(n, payments.Paid)) }),
		"says reversed": step(func() { n := b.any(); b.put(b.status(n, payments.Reversed)) }),
		"withdraw":      step(func() { b.put(event(b.any(), app.AttemptWithdrawn, app.FromDesk, "", app.ReasonData{})) }),
		"refund":        step(b.giveBack),
		"terminal":      step(func() { b.put(b.presented()...); b.sales++ }),
		"terminal says": step(b.terminalSays),
		"another":       step(b.another),
		"pay another": step(func() {
			n := b.any()
			e := event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("other", n), app.EvidenceData{})
			e.Attempt = second(n)
			if len(b.fold(n).Attempts) < 2 {
				b.t.Skip("one attempt only")
			}
			b.put(e)
		}),
		"keep":   step(func() { n := b.any(); b.put(event(n, app.LateKept, app.FromOperator, "", nil)) }),
		"close":  step(b.close),
		"reopen": step(b.reopen),
		"look":   step(b.check),
	}
}

// presented are the events of a sale on a terminal of its own, with a tip.
func (b *book) presented() []app.Event {
	n := b.sales
	events := present(n, fmt.Sprint("D", n))
	events[1].Data = data(app.IntentData{
		Rail: payments.RailTerminal, OrderID: fmt.Sprint("T", n), Device: fmt.Sprint("D", n), DeviceLabel: "Front", SID: "sid", Tip: eur(rapid.Int64Range(0, 500).Draw(b.t, "tip")),
	})
	return events
}

// terminalSays is the outcome of the running payment, or what the terminal says
// when it is asked later.
func (b *book) terminalSays() {
	n := b.any()
	o := rapid.SampledFrom([]payments.Outcome{payments.Paid, payments.Declined, payments.NotCharged, payments.Unknown, payments.Reversed}).Draw(b.t, "outcome")
	ref := ""
	if rapid.Bool().Draw(b.t, "asked later") {
		ref = fmt.Sprint("q", b.fold(n).Revision)
	}
	b.put(event(n, app.TerminalOutcome, app.FromTerminal, ref, app.OutcomeData{Outcome: o, Card: payments.Card{RRN: fmt.Sprintf("6231%08d", n)}}))
}

// cash are the events of a sale that is paid in cash.
func (b *book) cash() []app.Event {
	events := sale(b.sales, "")
	events[1].Data = data(app.IntentData{Rail: payments.RailCash, OrderID: fmt.Sprint("C", b.sales)})
	return append(events, event(b.sales, app.CashNoted, app.FromOperator, "", nil))
}

// erase takes the words of a sale out: nothing else of it changes.
func (b *book) erase() {
	n := b.any()
	before := b.fold(n)
	b.put(erased(n, fmt.Sprint("e", before.Revision)))
	after := b.fold(n)
	if diff := gocmp.Diff(wordless(before), wordless(after)); diff != "" || after.Client != "" || after.Note != "" || after.Erased.IsZero() {
		b.t.Fatalf("client %q, note %q, more than words has changed:\n%s", after.Client, after.Note, diff)
	}
}

func second(n int) app.AttemptID { return app.AttemptID(fmt.Sprintf("SECOND%010d", n)) }

// another begins a second attempt of a sale, once.
func (b *book) another() {
	n := b.any()
	if len(b.fold(n).Attempts) > 1 {
		b.t.Skip("two attempts are there")
	}
	e := event(n, app.AttemptIntended, app.FromDesk, "", app.IntentData{Rail: payments.RailLink, OrderID: fmt.Sprint("S", n)})
	e.Attempt = second(n)
	b.put(e)
}

func (b *book) giveBack() {
	n := b.any()
	left := b.fold(n).Attempts[0].Left()
	if left == 0 {
		b.t.Skip("nothing left")
	}
	b.refund++
	id := fmt.Sprint("refund", b.refund)
	amount := eur(rapid.Int64Range(1, left).Draw(b.t, "amount"))
	outcome := rapid.SampledFrom([]payments.Outcome{payments.Refunded, payments.Declined, payments.Unknown}).Draw(b.t, "outcome")
	cash := b.fold(n).Attempts[0].Rail == payments.RailCash
	if cash {
		outcome = payments.Refunded
	}
	asked := event(n, app.RefundIntended, app.FromOperator, id, app.RefundData{OrderID: id, Reason: "why"})
	settled := event(n, app.RefundSettled, app.FromStatus, id, app.RefundData{OrderID: id, Outcome: outcome})
	asked.Amount, settled.Amount, asked.Operator = amount, amount, "Lea"
	if cash {
		b.put(asked, settled)
		return
	}
	b.put(asked)
	b.put(settled)
}

func day(t time.Time) string { return t.Format("2006-01-02") }

func (b *book) close() {
	name := day(b.now)
	if _, is := b.sealed[name]; is {
		b.t.Skip("closed already")
	}
	b.put(app.Event{
		Source: app.FromOperator, Kind: app.DayClosed, Reference: fmt.Sprint(name, "/", b.closed[name]),
		Data: data(app.DayData{Day: name, Until: b.now.Add(time.Millisecond)}),
	})
	b.closed[name]++
	b.sealed[name] = b.net(app.Period{Day: name})
}

func (b *book) reopen() {
	if len(b.sealed) == 0 {
		b.t.Skip("no closed day")
	}
	name := rapid.SampledFrom(slices.Sorted(maps.Keys(b.sealed))).Draw(b.t, "day")
	b.put(app.Event{
		Source: app.FromOperator, Kind: app.DayReopened, Reference: fmt.Sprint(name, "/", b.closed[name]),
		Data: data(app.DayData{Day: name}),
	})
	delete(b.sealed, name)
}

// net is what a period came to, by the postings and by the folded sales.
func (b *book) net(p app.Period) int64 {
	takings, err := b.j.Takings(b.t.Context(), p)
	if err != nil {
		b.t.Fatal(err)
	}
	var sum int64
	for _, t := range takings {
		sum += t.Amount.Minor
	}
	received, err := b.j.Received(b.t.Context(), p)
	if err != nil {
		b.t.Fatal(err)
	}
	if received["EUR"] != sum {
		b.t.Fatalf("period %+v: postings say %d, sales say %d", p, sum, received["EUR"])
	}
	return sum
}

// check: every cent that sales have received stands in exactly one period, and
// a closed day stays what it was.
func (b *book) check() {
	var want int64
	for n := range b.sales {
		want += b.fold(n).Received.Minor
	}
	got := b.net(app.Period{From: time.Unix(0, 0), To: b.now.Add(time.Hour)})
	days, err := b.j.Days(b.t.Context(), "", 1000)
	if err != nil {
		b.t.Fatal(err)
	}
	if len(days) != len(b.sealed) {
		b.t.Fatalf("%d closed days, want %v", len(days), b.sealed)
	}
	for _, d := range days {
		net := b.net(app.Period{Day: d.Day})
		if net != b.sealed[d.Day] || len(d.Head) != 32 {
			b.t.Fatalf("day %s came to %d when it was closed, now %d", d.Day, b.sealed[d.Day], net)
		}
		got += net
	}
	if got != want {
		b.t.Fatalf("sales have received %d, the periods hold %d", want, got)
	}
}

func TestDaysHoldEveryCentOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp("", "days")
		if err != nil {
			r.Fatal(err)
		}
		defer os.RemoveAll(dir)
		j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
		if err != nil {
			r.Fatal(err)
		}
		defer j.Close()
		b := &book{t: r, j: j, now: at(0), closed: map[string]int{}, sealed: map[string]int64{}}
		r.Repeat(b.actions())
		b.t = r
		b.check()
		before, err := j.Dump(t.Context())
		if err != nil {
			r.Fatal(err)
		}
		if err := j.Rebuild(t.Context()); err != nil {
			r.Fatal(err)
		}
		after, err := j.Dump(t.Context())
		if diff := gocmp.Diff(before, after); err != nil || diff != "" {
			r.Fatalf("%v: rebuilt differently (-before +after):\n%s", err, diff)
		}
	})
}

// Takings tell rails, operators, tips and quarters of an hour apart.
func TestTakings(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	for n := range 3 {
		events := sale(n, "")
		if n == 2 {
			events[1].Data = data(app.IntentData{Rail: payments.RailTerminal, OrderID: "P2", Device: "D1", DeviceLabel: "Bar", Tip: eur(500)})
		}
		paid := event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", n), app.EvidenceData{})
		paid.Wall = at(0).Add(time.Duration(n) * 10 * time.Minute)
		put(t, j, append(events, paid)...)
	}
	got, err := j.Takings(t.Context(), app.Period{From: at(0), To: at(0).Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(got, func(a, b app.Takings) int { return cmp.Or(a.Quarter.Compare(b.Quarter), cmp.Compare(a.Rail, b.Rail)) })
	tip := money.Amount{Currency: "EUR"}
	want := []app.Takings{
		{Kind: app.PostedPayment, Rail: payments.RailLink, Operator: "Anna", Quarter: at(0), Count: 2, Amount: eur(9000), Tip: tip},
		{Kind: app.PostedPayment, Rail: payments.RailTerminal, Device: "Bar", Operator: "Anna", Quarter: at(0).Add(15 * time.Minute), Count: 1, Amount: eur(4500), Tip: eur(500)},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	since, err := j.OpenSince(t.Context())
	if err != nil || !since.Equal(at(0)) {
		t.Errorf("open since %v, %v", since, err)
	}
	put(t, j, app.Event{Source: app.FromOperator, Kind: app.DayClosed, Reference: "2026-11-21/0", Data: json.RawMessage(`{"day":"2026-11-21","until":"2026-11-21T09:15:00Z"}`)})
	if rest, err := j.Takings(t.Context(), app.Period{From: at(0), To: at(0).Add(time.Hour)}); err != nil || len(rest) != 1 || rest[0].Device != "Bar" {
		t.Errorf("left open %+v, %v", rest, err)
	}
}
