package rails_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/app/rails"
	"frontdesk/app/reconcile"
	"frontdesk/payments/merchant"
)

// nameless is an account that leaves references out.
type nameless struct{ at time.Time }

func (n nameless) Transactions(context.Context, merchant.Query) ([]merchant.Transaction, merchant.Paging, error) {
	line := merchant.Transaction{ID: "17", Sign: merchant.Credit, Type: "010", Original: cents(4500), Date: n.at}
	other := line
	other.ID, other.Reference, other.Original = "18", "MTCOR1XXK7", cents(700) // asked about
	return []merchant.Transaction{line, other}, merchant.Paging{}, nil
}

func (n nameless) Details(context.Context, ...string) ([]merchant.Details, error) {
	return []merchant.Details{{Lines: []merchant.Line{{Title: "Order ID", Value: ourOrder}}}}, nil
}

func (n nameless) DeviceTransactions(context.Context, merchant.DeviceTransactionQuery) ([]merchant.DeviceTransaction, merchant.Paging, error) {
	return []merchant.DeviceTransaction{{ReferenceNumber: ourOrder, TerminalID: "80000001", Amount: cents(1800), CardLast4: "3380"}}, merchant.Paging{}, nil
}

// TestALineWithoutAReference belongs to no slip and to no details: it would else carry the order of
// somebody else's payment, and settle it.
func TestALineWithoutAReference(t *testing.T) {
	t.Parallel()
	at := time.Now()
	lines, err := rails.NewList(func() rails.Statement { return nameless{at} }).Read(t.Context(), at.Add(-time.Hour))
	if err != nil || len(lines) != 2 {
		t.Fatalf("%+v, %v", lines, err)
	}
	if l := lines[0]; l.Key != "17" || l.Terminal != "" || l.Last4 != "" || slices.Contains(reconcile.Orders(l), ourOrder) {
		t.Errorf("%+v", l)
	}
}
