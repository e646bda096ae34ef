package payments

import (
	"context"
	"io"
	"time"

	"frontdesk/app"
	"frontdesk/app/day"
	"frontdesk/app/operators"
	"frontdesk/ui/screens/resolve"
)

// Keeper accepts money that came late.
type Keeper interface {
	Keep(ctx context.Context, id app.SaleID, operator string) error
}

// Checker asks myPOS, or the terminal, now.
type Checker interface {
	CheckNow(ctx context.Context, id app.SaleID) error
}

// Eraser forgets what a sale says about the customer.
type Eraser interface {
	EraseWords(ctx context.Context, id app.SaleID, by app.Actor) error
}

// Witness writes everything that is known of a sale, with its proofs, as "pdf"
// or "json".
type Witness interface {
	Evidence(ctx context.Context, id app.SaleID, format string, w io.Writer, by app.Actor) error
}

// Exporter writes the sales that a query selects.
type Exporter interface {
	ExportSales(ctx context.Context, by app.Actor, w io.Writer, q app.Query, f day.Format, comma bool) error
}

// Acts are what can be done with sales beyond looking at them; what is nil is
// not offered.
type Acts struct {
	Refund   func(app.Sale)                       // asks how much goes back
	Refunded func(app.Sale, string)               // shows what came of a refund, by its OrderID
	Receipt  func(sale app.SaleID, refund string) // "" is the receipt of the sale
	Keeper   Keeper
	Checker  Checker
	Settler  resolve.Settler
	Eraser   Eraser
	Witness  Witness
	Exporter Exporter
	// Save writes a file where people find it and returns where that is.
	Save func(name string, write func(io.Writer) error) (string, error)
	// Person is who is at the desk; nil is somebody without name and PIN.
	Person func() Person
	// Wait is how long the next PIN of somebody must wait; may be nil.
	Wait func(operator string) time.Duration
	// Prefix stands before the names of files that hold no real money.
	Prefix string
}

// Person is who is at the desk.
type Person struct {
	ID, Name string
	HasPIN   bool
	May      func(operators.Right) bool // nil: everything
}

func (p Person) may(r operators.Right) bool { return p.May == nil || p.May(r) }

func (a Acts) person() Person {
	if a.Person == nil {
		return Person{}
	}
	return a.Person()
}
