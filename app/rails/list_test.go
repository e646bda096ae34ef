package rails_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"frontdesk/app/rails"
	"frontdesk/app/reconcile"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
)

const ourOrder = "P0123456789ABCDEFGHJ"

func cents(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

// TestReadingTheList of the account that is not there: each line with its names,
// fees apart, and what a terminal's slip tells.
func TestReadingTheList(t *testing.T) {
	o := newOffice(t)
	at := time.Now().Add(-time.Hour)
	o.others = []account.Movement{
		{
			At: at, Reference: "MTCOR1XXK7", Operation: "Online payment", Amount: cents(4500),
			Details: []account.Line{{Title: "Order ID", Value: ourOrder}, {Title: "IPC_Trnref", Value: "700001"}},
		},
		{At: at, Reference: "POSA1", Operation: "POS sale", Amount: cents(1800), TerminalID: "80000001", RRN: "623100000001", Last4: "3380"},
		{At: at, Reference: "RFD2", Operation: "Online refund", Out: true, Amount: cents(500)},
		{At: at, Reference: "REV1", Operation: "Online reversal", Out: true, Reversal: true, Amount: cents(4500)},
		{At: at.AddDate(0, 0, -9), Reference: "OLD", Operation: "Online payment", Amount: cents(4500)},
	}
	list := rails.NewList(func() rails.Statement { return o.client })
	lines, err := list.Read(t.Context(), at.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]reconcile.Line{}
	fees := 0
	for _, l := range lines {
		if l.Kind == reconcile.Fee {
			fees++
			continue
		}
		by[l.Reference] = l
	}
	if len(by) != 4 || fees != 2 {
		t.Fatalf("%d lines and %d fees: %v", len(by), fees, lines)
	}
	if l := by["MTCOR1XXK7"]; l.Kind != reconcile.In || l.Amount != cents(4500) || !slices.Equal(reconcile.Orders(l), []string{ourOrder}) || l.Terminal != "" {
		t.Errorf("%+v", l)
	}
	if l := by["POSA1"]; l.Last4 != "3380" || l.Terminal != "80000001" || !slices.Contains(l.Texts, "623100000001") {
		t.Errorf("%+v", l)
	}
	if l := by["RFD2"]; l.Kind != reconcile.Out || l.Reversal {
		t.Errorf("%+v", l)
	}
	if l := by["REV1"]; l.Kind != reconcile.Out || !l.Reversal {
		t.Errorf("%+v", l)
	}
	for _, call := range []string{"rest.transactions", "rest.details", "rest.device_transactions"} {
		o.fails(call, account.Mishap{Portal: true})
		if call == "rest.details" {
			list = rails.NewList(func() rails.Statement { return o.client }) // one that was not told yet
		}
		if lines, err := list.Read(t.Context(), at.Add(-time.Hour)); err == nil || lines != nil {
			t.Errorf("%s failed: %d lines, %v", call, len(lines), err)
		}
		o.done(t)
	}
	if _, err := rails.NewList(func() rails.Statement { return nil }).Read(t.Context(), at); payments.CodeOf(err) != "match.off" {
		t.Errorf("not connected: %v", err)
	}
}

// scroll is a list that is made up: total lines, newest first, and one more in
// front with every page that is read.
type scroll struct {
	total   int
	asked   int
	details map[string]int
	line    func(n int) merchant.Transaction
	moves   bool
	endless bool
	most    int // lines at once, whatever is asked for; 0 as many as are
	told    merchant.Paging
}

func (s *scroll) Transactions(ctx context.Context, q merchant.Query) ([]merchant.Transaction, merchant.Paging, error) {
	s.asked++
	if s.most > 0 {
		q.Size = min(q.Size, s.most)
	}
	first := (q.Page - 1) * q.Size
	if s.moves {
		first -= q.Page - 1
	}
	var list []merchant.Transaction
	for n := max(first, 0); n < first+q.Size && (n < s.total || s.endless); n++ {
		list = append(list, s.line(n))
	}
	return list, s.told, ctx.Err()
}

func (s *scroll) Details(_ context.Context, references ...string) (list []merchant.Details, err error) {
	if len(references) > 5 {
		return nil, errors.New("more than five")
	}
	for _, r := range references {
		s.details[r]++
		list = append(list, merchant.Details{Reference: r, Lines: []merchant.Line{{Title: "Order ID", Value: ourOrder}}})
	}
	return list, nil
}

// TestPagesOfTheList: lines that are pushed along while the list is read are
// read once, what was told of a line is not asked again, and a list without an
// end is refused.
func TestPagesOfTheList(t *testing.T) {
	now := time.Now()
	s := &scroll{total: 250, details: map[string]int{}, moves: true, line: func(n int) merchant.Transaction {
		return merchant.Transaction{
			ID: fmt.Sprint(n), Reference: fmt.Sprint("REF", n), Sign: merchant.Credit, Amount: cents(100), Original: cents(100), Date: now.Add(-time.Duration(n) * time.Second),
		}
	}}
	list := rails.NewList(func() rails.Statement { return s })
	for range 2 {
		lines, err := list.Read(t.Context(), now.Add(-time.Hour))
		if err != nil || len(lines) != 250 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		if got := reconcile.Orders(lines[7]); len(got) != 1 {
			t.Errorf("orders %q", got)
		}
	}
	for r, n := range s.details {
		if n != 1 {
			t.Errorf("%s was asked about %d times", r, n)
		}
	}
	// Shorter pages than were asked for are no end while more is told.
	for _, told := range []merchant.Paging{{Size: 40}, {Size: 100, Total: 250}, {Total: 250}} {
		s.most, s.told = 40, told
		if lines, err := list.Read(t.Context(), now.Add(-time.Hour)); err != nil || len(lines) != 250 {
			t.Errorf("told %+v: %d lines, %v", told, len(lines), err)
		}
	}
	s.most, s.told = 0, merchant.Paging{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := list.Read(ctx, now); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	s.endless, s.moves, s.asked = true, false, 0
	s.line = func(n int) merchant.Transaction {
		return merchant.Transaction{ID: fmt.Sprint(n), Reference: fmt.Sprint("REF", n), Sign: merchant.Credit, Original: cents(100), Date: now}
	}
	if _, err := list.Read(t.Context(), now.Add(-time.Hour)); payments.CodeOf(err) != "match.pages" || s.asked > 200 {
		t.Errorf("without an end: asked %d times, %v", s.asked, err)
	}
}
