package local

import (
	"context"

	"frontdesk/app"
	"frontdesk/payments"
)

// OpAgain begins another attempt for a sale that still owes its money: AgainArgs
// in; Charged out.
const OpAgain = "again"

// AgainArgs asks for another attempt. DespiteUnknown begins it although another
// one is not known: the customer may pay twice.
type AgainArgs struct {
	Sale           app.SaleID `json:"sale"`
	Rail           string     `json:"rail,omitempty"`
	Device         string     `json:"device,omitempty"` // id or label of a terminal
	DespiteUnknown bool       `json:"despite_unknown,omitempty"`
	Operator       string     `json:"operator,omitempty"`
	PIN            string     `json:"pin,omitempty"`
	Waits          bool       `json:"waits,omitempty"`
}

// charge is what a charge would be asked for in the same way.
func (a AgainArgs) charge() ChargeArgs {
	return ChargeArgs{Rail: a.Rail, Device: a.Device, Waits: a.Waits}
}

func (p Parts) again(ctx context.Context, a AgainArgs, emit func(any) error) error {
	if !p.Window {
		if err := a.charge().Unattended(p.Mode); err != nil {
			return err
		}
	}
	device, err := p.terminal(a.charge())
	if err != nil {
		return err
	}
	p.settle(ctx, payments.Rail(a.Rail))
	sale, err := p.Till.Again(ctx, a.Sale, app.AgainRequest{
		Rail: payments.Rail(a.Rail), Device: device, DespiteUnknown: a.DespiteUnknown,
		Actor: app.Actor{Operator: a.Operator, PIN: a.PIN},
	})
	if err != nil {
		return err
	}
	return emit(chargedShape(sale, true))
}
