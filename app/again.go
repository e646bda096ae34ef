package app

import (
	"cmp"
	"context"

	"frontdesk/app/operators"
	"frontdesk/payments"
)

// Again begins another attempt for a sale that still owes its money. Attempts
// that are open are withdrawn first (product.md 4 rule 9); while one is not
// known it needs DespiteUnknown and the right to it, and once the sale is paid
// it is refused. It waits as Charge does.
func (t *Till) Again(ctx context.Context, id SaleID, r AgainRequest) (Sale, error) {
	r.Rail = cmp.Or(r.Rail, payments.RailLink)
	name, err := t.allowAgain(ctx, id, r)
	if err != nil {
		return Sale{}, err
	}
	if err := t.do(ctx, func() error {
		r.Rail = t.desk.route(r.Rail, r.Device)
		h, err := t.desk.owing(id, r)
		if err != nil {
			return err
		}
		return t.desk.cancelOpen(h, cmp.Or(name, h.sale.Operator))
	}); err != nil {
		return Sale{}, err
	}
	if s, err := t.await(ctx, id, settledOrUnknown); err != nil {
		return s, err
	}
	if err := t.do(ctx, func() error { return t.desk.again(id, r, name) }); err != nil {
		return Sale{}, err
	}
	return t.awaitOffer(ctx, "again", id)
}

// allowAgain asks for the rights: to charge, and to charge although another
// attempt is not known.
func (t *Till) allowAgain(ctx context.Context, id SaleID, r AgainRequest) (string, error) {
	s, _, err := t.Sale(ctx, id)
	if err != nil {
		return "", err
	}
	name, err := t.allow(ctx, "again", Actor{Operator: r.Actor.Operator}, operators.Charge, s.Amount)
	if err == nil && r.DespiteUnknown {
		name, err = t.allow(ctx, "again", r.Actor, operators.ChargeUnknown, s.Amount)
	}
	if r.Actor.Operator == "" {
		name = "" // the operator of the sale
	}
	return name, err
}

// again begins the attempt once nothing is open any more.
func (d *desk) again(id SaleID, r AgainRequest, operator string) error {
	h, err := d.owing(id, r)
	if err != nil {
		return err
	}
	if !settledOrUnknown(h.sale) {
		return refuse("again", "sale.busy", nil)
	}
	operator = cmp.Or(operator, h.sale.Operator)
	events, err := d.begun(wanted{
		op: "again", sale: id, rail: r.Rail, device: r.Device, amount: h.sale.Amount, operator: operator, validity: DefaultValidity,
	})
	if err != nil {
		return err
	}
	if h.sale.State == Unknown {
		e := desksEvent(h, "", DespiteUnknown, nil)
		e.Source, e.Operator, e.Reference = FromOperator, operator, string(events[0].Attempt)
		events = append([]Event{e}, events...)
	}
	return d.commit(events, nil)
}

// owing finds the sale and refuses it when nothing more may be asked for it, or
// not on that rail.
func (d *desk) owing(id SaleID, r AgainRequest) (*held, error) {
	h, err := d.known("again", id)
	if err != nil {
		return nil, err
	}
	switch s := h.sale; {
	case s.State == Unknown && !r.DespiteUnknown:
		return nil, refuse("again", "sale.unknown", nil)
	case s.State == Unknown && s.Received.Minor >= s.Amount.Minor,
		s.State == Paid, s.State == PaidLate, s.State == Overpaid, s.State == PartRefunded, s.State == Refunded, s.State == Found:
		return nil, refuse("again", "sale.done", nil)
	}
	if err := d.ready("again", r.Rail); err != nil {
		return nil, err
	}
	p, ok := d.presenter(r.Rail)
	if !ok {
		return h, nil
	}
	dev, err := p.Device(r.Device)
	if err != nil {
		return nil, refuse("again", railCode(err), err)
	}
	return h, d.free("again", dev.ID, id)
}
