package day_test

import (
	"context"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/payments"
)

// paged is a till with many sales that answers page by page.
type paged struct {
	*salon
	sales  []app.Sale
	asked  []app.Query
	refuse error
}

func (p *paged) MayExport(context.Context, app.Actor) error { return p.refuse }

func (p *paged) Sales(_ context.Context, q app.Query) ([]app.Sale, error) {
	p.asked = append(p.asked, q)
	var page []app.Sale
	for _, s := range p.sales {
		if (q.Before == 0 || s.Seq < q.Before) && len(page) < q.Limit {
			page = append(page, s)
		}
	}
	return page, nil
}

func manySales(t *testing.T, n int) *paged {
	t.Helper()
	p := &paged{salon: newSalon(t)}
	for i := range n {
		p.sales = append(p.sales, app.Sale{
			ID: "S", Seq: int64(n - i), State: app.Paid, Amount: eur(4500), Received: eur(2500), Refunded: eur(2000), Client: "=HYPERLINK()",
			Lines: []app.Line{{Label: "Cut"}, {Label: "Colour"}}, Operator: "Nora", Created: time.Date(2026, 11, 20, 9, 5, 0, 0, time.UTC),
			Attempts: []app.Attempt{{Rail: payments.RailLink, OrderID: "P1", Reference: "813"}},
		})
	}
	var err error
	p.book, err = day.New(day.Config{Ledger: p.Journal, Till: p, Mode: payments.Test, Now: func() time.Time { return p.now }, Zone: p.now.Location()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every sale of every page comes once, under the query that was asked.
func TestExportSalesReadsEveryPage(t *testing.T) {
	p := manySales(t, 401)
	var out strings.Builder
	q := app.Query{Text: "Cut", Rail: payments.RailLink, Before: 7, Limit: 3}
	if err := p.book.ExportSales(t.Context(), app.Actor{}, &out, q, day.CSV, true); err != nil {
		t.Fatal(err)
	}
	text, found := strings.CutPrefix(out.String(), "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = ';'
	rows, err := reader.ReadAll()
	if err != nil || !found || len(rows) != 402 || len(p.asked) != 3 {
		t.Fatalf("%v, %d rows, %d questions", err, len(rows), len(p.asked))
	}
	want := "2026-11-20|2026-11-20T11:05:00+02:00|paid|'=HYPERLINK()|Cut, Colour|45,00|25,00|20,00|EUR|link||Nora|S|P1|813|TEST"
	if got := strings.Join(rows[401], "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, asked := range p.asked {
		if asked.Text != "Cut" || asked.Rail != payments.RailLink {
			t.Errorf("asked %+v", asked)
		}
	}
	out.Reset()
	if err := p.book.ExportSales(t.Context(), app.Actor{}, &out, q, day.JSON, false); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != 401 || !strings.Contains(out.String(), `"refunded":"20.00"`) {
		t.Errorf("%d lines", n)
	}
}

func TestExportSalesNeedsTheRight(t *testing.T) {
	p := manySales(t, 1)
	p.refuse = errors.New("no")
	var out strings.Builder
	if err := p.book.ExportSales(t.Context(), app.Actor{}, &out, app.Query{}, day.CSV, false); !errors.Is(err, p.refuse) || out.Len() > 0 || len(p.asked) > 0 {
		t.Errorf("%v, wrote %q", err, out.String())
	}
	p.refuse = nil
	if err := p.book.ExportSales(t.Context(), app.Actor{}, &out, app.Query{}, "pdf", false); err == nil || out.Len() > 0 {
		t.Error("a format nobody knows was written")
	}
}

// What a spreadsheet or a program reads has no marks between thousands, however
// a screen writes the same amount.
func TestExportedAmountsAreNumbers(t *testing.T) {
	p := manySales(t, 1)
	p.sales[0].Amount, p.sales[0].Received, p.sales[0].Refunded = eur(99999999), eur(1234550), eur(-5)
	for _, c := range []struct {
		format day.Format
		comma  bool
		want   []string
	}{
		{day.CSV, false, []string{",999999.99,12345.50,-0.05,EUR,"}},
		{day.CSV, true, []string{";999999,99;12345,50;-0,05;EUR;"}},
		{day.JSON, true, []string{`"amount":"999999.99"`, `"received":"12345.50"`, `"refunded":"-0.05"`, `"minor":99999999`}},
	} {
		var out strings.Builder
		if err := p.book.ExportSales(t.Context(), app.Actor{}, &out, app.Query{}, c.format, c.comma); err != nil {
			t.Fatal(err)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s, comma %t: no %q in\n%s", c.format, c.comma, want, out.String())
			}
		}
	}
}
