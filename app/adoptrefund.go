package app

import (
	"cmp"
	"context"
	"slices"

	"frontdesk/app/operators"
	"frontdesk/payments"
)

// AdoptRefund enters money that was given back behind this desk's back, in the
// portal or by hand on a terminal, as a refund of the sale that the entry of the
// provider's list names, with the name of whoever did it. No money moves. The entry
// is used once, never for more than is left, and not while a refund of the sale runs
// or is not known: it may be that one. Codes adopt.gone (ErrMoved), adopt.used, adopt.open, amount.*,
// refund.toomuch, refund.none, sale.*, operator.*.
func (t *Till) AdoptRefund(ctx context.Context, id SaleID, ad Adoption, by Actor) error {
	given, err := t.given(ctx, id, "")
	if err != nil {
		return err
	}
	asked := ad.Amount
	asked.Minor += given
	name, err := t.allow(ctx, "adopt", by, operators.RefundUpTo, asked)
	if err != nil {
		return err
	}
	return t.do(ctx, func() error { return t.desk.adoptRefund(id, ad, name) })
}

func (d *desk) adoptRefund(id SaleID, ad Adoption, operator string) error {
	h, err := d.known("adopt", id)
	if err != nil {
		return err
	}
	used := func(r Refund) bool { return r.Reference == ad.Reference && r.State == RefundDone }
	switch {
	case d.moved(ad):
		return refuse("adopt", "adopt.gone", ErrMoved)
	case ad.Reference == "":
		return refuse("adopt", "amount.zero", nil)
	case h.sale.returning(""):
		return refuse("adopt", "adopt.open", nil)
	case slices.ContainsFunc(h.sale.Attempts, func(a Attempt) bool { return slices.ContainsFunc(a.Refunds, used) }):
		return refuse("adopt", "adopt.used", nil)
	}
	// Of the payment that it names, or else of the one on the same terminal, when
	// there is one.
	r := RefundRequest{Amount: ad.Amount, Attempt: ad.Attempt}
	for _, a := range h.sale.Attempts {
		if a.Device == ad.Device && a.Rail != payments.RailCash && a.Left() >= ad.Amount.Minor {
			r.Attempt = cmp.Or(r.Attempt, a.ID)
		}
	}
	a, err := refundable(h.sale, r)
	if err == nil && a.Rail == payments.RailCash {
		err = refuse("adopt", "refund.none", nil)
	}
	if err != nil {
		return err
	}
	order, err := drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode) // never sent anywhere
	if err != nil {
		return err
	}
	asked := desksEvent(h, a.ID, RefundIntended, RefundData{OrderID: order})
	asked.Source, asked.Operator, asked.Reference, asked.Amount = FromList, operator, order, ad.Amount
	done := settled(h, a.ID, ad.Amount, RefundData{OrderID: order, Outcome: payments.Refunded, Reference: ad.Reference, Raw: ad.Raw})
	done.Source, done.Operator, done.Provider = FromList, operator, ad.Provider
	return d.commit([]Event{asked, done}, nil)
}
