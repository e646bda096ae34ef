package journal_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments"
)

// Whatever is asked for comes as a plain look at every sale would find it, page
// by page.
func TestSelectionAgainstAPlainLook(t *testing.T) {
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir(), Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	all := mixedSales(t, j)
	rapid.Check(t, func(rt *rapid.T) {
		q := drawQuery(rt)
		var want, got []app.SaleID
		for _, s := range all {
			if fits(s, q) {
				want = append(want, s.ID)
			}
		}
		q.Limit = rapid.IntRange(1, 7).Draw(rt, "limit")
		for {
			page, err := j.Sales(rt.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			for _, s := range page {
				got = append(got, s.ID)
				q.Before = s.Seq
			}
			if len(page) < q.Limit {
				break
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			rt.Fatalf("%+v: -want +got:\n%s", q, diff)
		}
		sums, err := j.Sums(rt.Context(), q)
		if err != nil || len(want) == 0 && len(sums) != 0 || len(want) > 0 && sums[0].Count != len(want) {
			rt.Fatalf("%+v: sums %+v of %d sales, %v", q, sums, len(want), err)
		}
	})
}

// mixedSales writes sales of all kinds and returns them, newest first. The clock
// jumps back now and then.
func mixedSales(t *testing.T, j *journal.Journal) []app.Sale {
	t.Helper()
	var all []app.Sale
	for n := range 60 {
		note := []string{"cut", "colour", "brows"}[n%3]
		events := sale(n, note)
		shift := time.Duration(n*7%11) * time.Hour
		for i := range events {
			events[i].Wall = events[i].Wall.Add(shift)
			events[i].Operator = []string{"Nora", "Mia", "Lea"}[n%3]
		}
		device := ""
		if n%4 == 1 {
			device = []string{"D1", "D2"}[n%8/4]
			events[1].Data = data(app.IntentData{Rail: payments.RailTerminal, OrderID: fmt.Sprint("P", n), Device: device})
		}
		if n%5 != 4 {
			events = append(events, event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", n), app.EvidenceData{}))
		} else {
			events = append(events, event(n, app.AttemptWithdrawn, app.FromDesk, "", app.ReasonData{}))
		}
		if _, err := j.Append(t.Context(), events, nil); err != nil {
			t.Fatal(err)
		}
		stored, err := j.Sale(t.Context(), events[0].Sale)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, app.Fold(stored))
	}
	slices.Reverse(all)
	return all
}

func drawQuery(rt *rapid.T) app.Query {
	q := app.Query{
		Text:     rapid.SampledFrom([]string{"", "", "cut", "col", "brows cut"}).Draw(rt, "text"),
		Rail:     rapid.SampledFrom([]payments.Rail{"", "", payments.RailLink, payments.RailTerminal, payments.RailCash}).Draw(rt, "rail"),
		Device:   rapid.SampledFrom([]string{"", "", "", "D1", "D9"}).Draw(rt, "device"),
		Operator: rapid.SampledFrom([]string{"", "", "Nora", "Mia"}).Draw(rt, "operator"),
		States:   rapid.SliceOfNDistinct(rapid.SampledFrom([]app.State{app.Paid, app.Withdrawn, app.Unknown, app.Offered}), 0, 3, rapid.ID[app.State]).Draw(rt, "states"),
	}
	if rapid.Bool().Draw(rt, "from") {
		q.From = at(rapid.IntRange(0, 60).Draw(rt, "first")).Add(3 * time.Hour)
	}
	if rapid.Bool().Draw(rt, "to") {
		q.To = at(rapid.IntRange(0, 60).Draw(rt, "last")).Add(8 * time.Hour)
	}
	return q
}

func fits(s app.Sale, q app.Query) bool {
	attempt := func(fits func(app.Attempt) bool) bool { return slices.ContainsFunc(s.Attempts, fits) }
	words := map[string][]string{"": {"cut", "colour", "brows"}, "cut": {"cut"}, "col": {"colour"}, "brows cut": {}}
	// Every sale has a line called Cut.
	if q.Text == "cut" {
		words["cut"] = []string{"cut", "colour", "brows"}
	}
	if q.Text == "brows cut" {
		words["brows cut"] = []string{"brows"}
	}
	return slices.Contains(words[q.Text], s.Note) &&
		(len(q.States) == 0 || slices.Contains(q.States, s.State)) &&
		(q.Operator == "" || s.Operator == q.Operator) &&
		(q.Rail == "" || attempt(func(a app.Attempt) bool { return a.Rail == q.Rail })) &&
		(q.Device == "" || attempt(func(a app.Attempt) bool { return a.Device == q.Device })) &&
		(q.From.IsZero() || !s.Created.Before(q.From)) && (q.To.IsZero() || s.Created.Before(q.To))
}
