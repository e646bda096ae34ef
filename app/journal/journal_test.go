package journal_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("JOURNAL_TEST_WRITE"); dir != "" {
		writeForEver(dir)
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("12") // each run writes hundreds of durable commits
	}
	goleak.VerifyTestMain(m)
}

func open(t testing.TB, dir string) *journal.Journal {
	t.Helper()
	j, err := journal.Open(t.Context(), journal.Config{Dir: dir, Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	})
	return j
}

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func at(n int) time.Time { return time.Date(2026, 11, 21, 9, 0, n, 0, time.UTC) }

func data(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// sale makes the events of one sale with one attempt.
func sale(n int, note string) []app.Event {
	id := app.SaleID(fmt.Sprintf("SALE%012d", n))
	return []app.Event{
		{
			Sale: id, Source: app.FromDesk, Kind: app.SaleOpened, Amount: eur(4500), Wall: at(n), Operator: "Anna",
			Data: data(app.SaleData{Lines: []app.Line{{Label: "Cut", Amount: eur(4500)}}, Note: note, Client: "Müller", Key: fmt.Sprint("key", n)}),
		},
		{
			Sale: id, Attempt: attempt(n), Source: app.FromDesk, Kind: app.AttemptIntended, Amount: eur(4500), Wall: at(n),
			Data: data(app.IntentData{Rail: payments.RailLink, OrderID: fmt.Sprint("P", n), Words: "BLUE TULIP"}),
		},
	}
}

func attempt(n int) app.AttemptID { return app.AttemptID(fmt.Sprintf("ATTEMPT%09d", n)) }

func event(n int, k app.Kind, src app.Source, reference string, v any) app.Event {
	return app.Event{
		Sale: app.SaleID(fmt.Sprintf("SALE%012d", n)), Attempt: attempt(n), Source: src, Kind: k,
		Reference: reference, Amount: eur(4500), Wall: at(n), Data: data(v),
	}
}

func put(t testing.TB, j *journal.Journal, events ...app.Event) []app.Event {
	t.Helper()
	done, err := j.Append(t.Context(), events, nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func verified(t testing.TB, j *journal.Journal) journal.Verification {
	t.Helper()
	v, err := j.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAppendIsReadBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir)
	want := put(t, j, sale(1, "beard trim")...)
	want = append(want, put(t, j, app.Event{
		Sale: want[0].Sale, Attempt: attempt(1), Source: app.FromNotice, Kind: app.PaymentSeen, Reference: "813705", Amount: eur(4500),
		Wall: time.Date(2026, 11, 21, 12, 0, 0, 123456789, time.FixedZone("", 7200)), Mono: 17, Provider: "2026-11-21 12:00:00", Data: json.RawMessage(`{ "raw":"AP8=" }`),
	})...)
	for i, e := range want {
		if e.Seq != int64(i+1) {
			t.Errorf("event %d has Seq %d", i, e.Seq)
		}
	}
	got, err := j.Sale(t.Context(), want[0].Sale)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	folded, err := j.Sales(t.Context(), app.Query{})
	if diff := cmp.Diff([]app.Sale{app.Fold(want)}, folded); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if v := verified(t, j); v.Events != 3 || v.Bad != 0 {
		t.Errorf("verify: %+v", v)
	}
}

func TestRepeatsAreLeftOut(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(1, "")...)
	paid := event(1, app.PaymentSeen, app.FromNotice, "1", nil)
	if got := put(t, j, paid, paid); len(got) != 1 {
		t.Errorf("appended %d of two alike", len(got))
	}
	if got := put(t, j, paid); len(got) != 0 {
		t.Errorf("appended %d repeats", len(got))
	}
	cursor := payments.Position{Epoch: "e", Seq: 7, Index: 3}
	if _, err := j.Append(t.Context(), []app.Event{paid}, &cursor); err != nil {
		t.Fatal(err)
	}
	s, err := j.State(t.Context())
	if err != nil || s.Cursor != cursor || s.Head != 3 {
		t.Errorf("state %+v, %v", s, err)
	}
}

func TestConstraintsRefuseTheWholeAppend(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(1, "")...)
	put(t, j, event(1, app.PaymentSeen, app.FromNotice, "1", nil))
	refund := func(id string, minor int64) app.Event {
		e := event(1, app.RefundIntended, app.FromOperator, id, app.RefundData{OrderID: id})
		e.Amount = eur(minor)
		return e
	}
	same := sale(2, "")
	same[0].Data = data(app.SaleData{Key: "key1"})
	order := sale(3, "")
	order[1].Data = data(app.IntentData{OrderID: "P1"})
	for name, events := range map[string][]app.Event{
		"two refunds at a time":   {refund("R1", 100), refund("R2", 100)},
		"more than was paid":      {refund("R1", 4501)},
		"same charge key":         same,
		"same order id":           order,
		"a source nobody defined": {event(1, app.PaymentSeen, "rumour", "9", nil)},
	} {
		_, err := j.Append(t.Context(), events, &payments.Position{Epoch: "x", Seq: 1})
		if payments.CodeOf(err) != "journal.constraint" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s, err := j.State(t.Context()); err != nil || s.Head != 3 || s.Cursor.Epoch != "" {
		t.Errorf("something was written: %+v, %v", s, err)
	}
}

func TestEventsAreNeverChanged(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	put(t, j, sale(1, "")...)
	for _, statement := range []string{`UPDATE events SET minor = 1`, `DELETE FROM events`, `UPDATE events SET "mynor" = 1`} {
		if err := j.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func TestVerifyNamesTheFirstBadLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, statement string
		bad             int64
	}{
		{"changed amount", `UPDATE events SET minor = minor + 1 WHERE seq = 3`, 3},
		{"changed data", `UPDATE events SET data = x'7b7d' WHERE seq = 2`, 2},
		{"moved text between fields", `UPDATE events SET provider = operator, operator = '' WHERE seq = 1`, 1},
		{"line taken out", `DELETE FROM events WHERE seq = 3`, 3},
		{"end cut off", `DELETE FROM events WHERE seq = 6`, 6},
		{"end cut off with the head", `DELETE FROM events WHERE seq = 6; UPDATE head SET seq = 5`, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			j := open(t, t.TempDir())
			for n := range 3 {
				put(t, j, sale(n, "")...)
			}
			if err := j.Exec(t.Context(), `DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete; `+tt.statement); err != nil {
				t.Fatal(err)
			}
			if v := verified(t, j); v.Bad != tt.bad || v.Why == "" {
				t.Errorf("got %+v, want line %d", v, tt.bad)
			}
		})
	}
}

// story fills a journal with sales in many states.
func story(t testing.TB, j *journal.Journal) {
	for n := range 6 {
		put(t, j, sale(n, fmt.Sprint("walkin", n))...)
	}
	put(t, j, event(1, app.PaymentSeen, app.FromNotice, "r1", nil))
	put(t, j, event(1, app.RollbackSeen, app.FromNotice, "e/1", nil))
	put(t, j, event(1, app.StatusAnswered, app.FromStatus, "1", app.StatusData{AsOf: 99, Outcome: payments.Reversed, Reference: "r1"}))
	put(t, j, event(2, app.PaymentSeen, app.FromNotice, "r2", app.EvidenceData{CardLast4: "0007"}), event(2, app.StatusAnswered, app.FromStatus, "2", app.StatusData{AsOf: 99, Outcome: payments.Paid, Reference: "r2"}))
	refund := event(2, app.RefundIntended, app.FromOperator, "R2", app.RefundData{OrderID: "R2"})
	refund.Amount = eur(1000)
	put(t, j, refund)
	put(t, j, event(2, app.RefundSettled, app.FromStatus, "R2", app.RefundData{OrderID: "R2", Outcome: payments.Refunded}))
	put(t, j, event(3, app.CancelAsked, app.FromOperator, "", nil), event(3, app.AttemptWithdrawn, app.FromDesk, "", nil))
	found := event(9, app.FoundPayment, app.FromNotice, "r9", app.EvidenceData{OrderID: "P9"})
	put(t, j, found)
}

func TestRebuildGivesTheSame(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	story(t, j)
	before, err := j.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	effects := slices.DeleteFunc(slices.Clone(before), func(s string) bool { return !strings.HasPrefix(s, "effect ") })
	want := []string{
		"effect ATTEMPT000000001 r1 paid", "effect ATTEMPT000000001 r1 reversed",
		"effect ATTEMPT000000002 R2 refunded", "effect ATTEMPT000000002 r2 paid", "effect ATTEMPT000000009 r9 paid",
	}
	if diff := cmp.Diff(want, effects); diff != "" {
		t.Errorf("effects (-want +got):\n%s", diff)
	}
	if err := j.Exec(t.Context(), `UPDATE sales SET state = 'paid', body = '{}'; DELETE FROM effects; DELETE FROM sales_text`); err != nil {
		t.Fatal(err)
	}
	if err := j.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := j.Dump(t.Context())
	if diff := cmp.Diff(before, after); err != nil || diff != "" {
		t.Errorf("%v (-before +after):\n%s", err, diff)
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	story(t, j)
	tests := []struct {
		name string
		q    app.Query
		want []int64 // Seq of the sales
	}{
		{"all", app.Query{}, []int64{22, 11, 9, 7, 5, 3, 1}},
		{"first page", app.Query{Limit: 2}, []int64{22, 11}},
		{"next page", app.Query{Limit: 2, Before: 11}, []int64{9, 7}},
		{"note", app.Query{Text: "WALKIN4"}, []int64{9}},
		{"client without its marks", app.Query{Text: "MULLER"}, []int64{11, 9, 7, 5, 3, 1}},
		{"beginning of a word", app.Query{Text: "Mü"}, []int64{11, 9, 7, 5, 3, 1}},
		{"amount", app.Query{Text: "45.00", Limit: 1}, []int64{22}},
		{"last four", app.Query{Text: "0007"}, []int64{5}},
		{"reference", app.Query{Text: "r9"}, []int64{22}},
		{"order", app.Query{Text: "p3"}, []int64{7}},
		{"all words", app.Query{Text: "walkin1 nothing"}, nil},
		{"search language", app.Query{Text: `note" OR "x NOT ( *`}, nil},
		{"marks only", app.Query{Text: `"*`}, nil},
		{"states", app.Query{States: []app.State{app.Reversed, app.PartRefunded}}, []int64{5, 3}},
		{"rail", app.Query{Rail: payments.RailCash}, nil},
		{"from", app.Query{From: at(4)}, []int64{22, 11, 9}},
		{"to", app.Query{To: at(1)}, []int64{1}},
		{"exact order", app.Query{OrderID: "P9"}, []int64{22}},
		{"exact key", app.Query{Key: "key5"}, []int64{11}},
		{"refunding", app.Query{Refunding: true}, nil},
	}
	for _, tt := range tests {
		sales, err := j.Sales(t.Context(), tt.q)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []int64
		for _, s := range sales {
			got = append(got, s.Seq)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestCancelledAppendLeavesNothing(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Append(ctx, sale(1, ""), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if s, err := j.State(t.Context()); err != nil || s.Head != 0 {
		t.Errorf("state %+v, %v", s, err)
	}
}

func BenchmarkAppend(b *testing.B) {
	j := open(b, b.TempDir())
	n := 0
	for b.Loop() {
		n++
		put(b, j, sale(n, "note")...)
	}
}

// path is the file of a journal in the folder.
func path(dir string) string { return filepath.Join(dir, "journal.db") }
