package refund

import (
	"context"
	"errors"
	"iter"
	"time"

	"frontdesk/app"
	"frontdesk/app/text"
	"frontdesk/payments/money"
	"frontdesk/ui/async"
	"frontdesk/ui/screens/resolve"
	"frontdesk/ui/widgets"
)

// Till is what the dialog asks of the till.
type Till interface {
	// RefundPlan tells what Refund would send, without sending anything.
	RefundPlan(ctx context.Context, id app.SaleID, r app.RefundRequest) (app.RefundPlan, error)
	// Refund sends it once and waits for the result.
	Refund(ctx context.Context, id app.SaleID, r app.RefundRequest) (app.Sale, error)
	WatchSale(ctx context.Context, id app.SaleID) iter.Seq[app.Checkout]
	CheckNow(ctx context.Context, id app.SaleID) error
}

// Person is who gives the money back.
type Person struct {
	ID, Name string
	HasPIN   bool
	// Denied says with a code why the person may not give back so much of a sale,
	// what went back before counted in; empty when that is allowed. May be nil.
	Denied func(money.Amount) string
}

// Config is what a Dialog is made of. Settler, Wait, Receipt and OnOpen may be
// left out.
type Config struct {
	Till    Till
	Settler resolve.Settler // nil: nothing is settled by hand here
	Host    *widgets.Host
	Run     async.Dispatcher
	Text    *text.Catalog
	Now     func() time.Time
	Zone    *time.Location
	Person  func() Person
	Wait    func(operator string) time.Duration  // how long the next PIN must wait
	Receipt func(sale app.SaleID, refund string) // prints or saves the receipt of a refund
	OnOpen  func(app.SaleID)                     // shows the sale in Payments
	Changed func(sale app.Sale)                  // a refund of it was sent, or settled
}

// New makes a dialog that is not shown yet.
func New(cfg Config) (*Dialog, error) {
	if cfg.Till == nil || cfg.Host == nil || cfg.Run == nil || cfg.Text == nil || cfg.Now == nil || cfg.Zone == nil || cfg.Person == nil {
		return nil, errors.New("refund: a required part of Config is missing")
	}
	return &Dialog{cfg: cfg}, nil
}
