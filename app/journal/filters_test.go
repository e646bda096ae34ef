package journal_test

import (
	"crypto/rand"
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"frontdesk/app"
	"frontdesk/app/journal"
	"frontdesk/payments/money"
)

// Sums of a choice are those of all its sales, however small the page is.
func TestSumsOfAChoice(t *testing.T) {
	j, err := journal.Open(t.Context(), journal.Config{Dir: t.TempDir(), Entropy: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = j.Close() }()
	for n := range 7 {
		events := sale(n, "")
		events[0].Operator = []string{"Nora", "Mia"}[n%2]
		if n%3 != 2 {
			events = append(events, event(n, app.PaymentSeen, app.FromNotice, fmt.Sprint("ref", n), app.EvidenceData{}))
		}
		if _, err := j.Append(t.Context(), events, nil); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		query app.Query
		want  []app.SaleSum
	}{
		"all":       {app.Query{Limit: 1, Before: 3}, []app.SaleSum{sumOf(7, 5)}},
		"Nora":      {app.Query{Operator: "Nora"}, []app.SaleSum{sumOf(4, 3)}},
		"Mia, paid": {app.Query{Operator: "Mia", States: []app.State{app.Paid}}, []app.SaleSum{sumOf(2, 2)}},
		"nobody":    {app.Query{Operator: "Lea"}, nil},
	} {
		got, err := j.Sums(t.Context(), c.query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		c.query.Before, c.query.Limit = 0, 0
		sales, err := j.Sales(t.Context(), c.query)
		if err != nil || len(c.want) > 0 && len(sales) != c.want[0].Count {
			t.Errorf("%s: %d sales, %v", name, len(sales), err)
		}
	}
}

// sumOf is the sum of sales of the size of the props, some of them paid.
func sumOf(count, paid int64) app.SaleSum {
	return app.SaleSum{Count: int(count), Received: money.Amount{Minor: paid * 4500, Currency: "EUR"}, Refunded: eur(0)}
}
