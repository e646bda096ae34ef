package rails_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"frontdesk/app"
	"frontdesk/app/devices"
	"frontdesk/app/rails"
	"frontdesk/payments"
	"frontdesk/payments/epos"
	"frontdesk/payments/money"
)

// strange is a gateway whose list tells of another amount than was paid.
type strange struct {
	rails.Gateway
	reversed bool
}

func (*strange) Lookup(_ context.Context, terminalID, reference string) (epos.Payment, error) {
	return epos.Payment{
		ID: "9", Reference: reference, TerminalID: terminalID, Outcome: payments.Paid, Amount: money.Amount{Minor: 99900, Currency: "EUR"},
	}, nil
}

func (s *strange) Reverse(context.Context, string, string, string) (epos.Payment, error) {
	s.reversed = true
	return epos.Payment{ID: "10", Outcome: payments.Paid}, nil
}

func (*strange) Refund(context.Context, string, money.Amount, string) (epos.Payment, error) {
	return epos.Payment{}, errors.New("not asked for")
}

type oneCloud struct{}

func (oneCloud) Find(string) (devices.Device, error) {
	return devices.Device{ID: "D", TerminalID: "80000001"}, nil
}

func (c oneCloud) Get(id string) (devices.Device, bool) {
	d, _ := c.Find(id)
	return d, true
}

// TestCloudReversesOnlyThePaymentItMeans: a reversal gives the whole payment
// back, so the payment must be the one of the sale, amount and all.
func TestCloudReversesOnlyThePaymentItMeans(t *testing.T) {
	g := &strange{}
	c, err := rails.NewCloud(rails.CloudConfig{Devices: oneCloud{}, Gateway: func() rails.Gateway { return g }, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Refund(t.Context(), app.RefundOrder{
		OrderID: "L2", PurchaseOrderID: "L1", Amount: money.Amount{Minor: 4500, Currency: "EUR"}, Whole: true, Device: "D", Stage: func(app.Stage) {},
	})
	if g.reversed || !errors.Is(err, payments.ErrRefused) || payments.CodeOf(err) != "answer.amount" {
		t.Errorf("reversed: %v, %v", g.reversed, err)
	}
}

// giving is a gateway that answers a refund in its own way.
type giving struct {
	strange
	told epos.Payment
}

func (g *giving) Refund(context.Context, string, money.Amount, string) (epos.Payment, error) {
	return g.told, nil
}

// TestACloudRefundOfAnotherAmount is not known: what went back is not what was
// asked for.
func TestACloudRefundOfAnotherAmount(t *testing.T) {
	euros := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }
	for name, tt := range map[string]struct {
		told epos.Payment
		want payments.Outcome
	}{
		"as asked":         {epos.Payment{ID: "9", Outcome: payments.Paid, Amount: euros(1000)}, payments.Refunded},
		"another amount":   {epos.Payment{ID: "9", Outcome: payments.Paid, Amount: euros(4500)}, ""},
		"another currency": {epos.Payment{ID: "9", Outcome: payments.Paid, Amount: money.Amount{Minor: 1000, Currency: "CHF"}}, ""},
		"another terminal": {epos.Payment{ID: "9", Outcome: payments.Paid, Amount: euros(1000), TerminalID: "80009999"}, ""},
		"declined":         {epos.Payment{ID: "9", Outcome: payments.Declined}, payments.Declined},
	} {
		g := &giving{told: tt.told}
		c, err := rails.NewCloud(rails.CloudConfig{Devices: oneCloud{}, Gateway: func() rails.Gateway { return g }, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Refund(t.Context(), app.RefundOrder{
			OrderID: "L2", PurchaseOrderID: "L1", Amount: euros(1000), Way: app.RefundCard, Device: "D", Stage: func(app.Stage) {},
		})
		if got.Outcome != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, payments.ErrUnknown) {
			t.Errorf("%s: %s, %v", name, got.Outcome, err)
		}
	}
}
