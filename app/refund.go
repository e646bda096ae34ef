package app

import (
	"context"
	"slices"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Refund gives money of a sale back, on the newest attempt that has enough
// left, and waits for the result, which is in the sale: done, failed or
// unknown. The intent is on disk before anything leaves, and counts as done
// until it is known to have failed (product.md 4 rules 1, 4 and 5). When ctx
// ends first, the refund goes on.
func (t *Till) Refund(ctx context.Context, id SaleID, r RefundRequest) (Sale, error) {
	operator, err := t.allow(ctx, "refund", r.Actor, operators.RefundUpTo, r.Amount)
	if err != nil {
		return Sale{}, err
	}
	amount, reason := r.Amount, r.Reason
	var orderID string
	if err := t.do(ctx, func() (err error) {
		orderID, err = t.desk.refund(id, amount, reason, operator)
		return err
	}); err != nil {
		return Sale{}, err
	}
	return t.await(ctx, id, func(s Sale) bool {
		return !slices.ContainsFunc(s.Attempts, func(a Attempt) bool {
			return slices.ContainsFunc(a.Refunds, func(r Refund) bool { return r.OrderID == orderID && r.State == RefundPending })
		})
	})
}

func (d *desk) refund(id SaleID, amount money.Amount, reason, operator string) (string, error) {
	h, err := d.known("refund", id)
	if err != nil {
		return "", err
	}
	a, err := refundable(h.sale, amount)
	if err != nil {
		return "", err
	}
	if holdsCardNumber(reason) {
		return "", refuse("refund", "note.card", nil)
	}
	rail, ok := d.rails[a.Rail].(Refunder)
	if !ok {
		return "", refuse("refund", "rail.missing", nil)
	}
	orderID, err := drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode)
	if err != nil {
		return "", err
	}
	e := desksEvent(h, a.ID, RefundIntended, RefundData{OrderID: orderID, Reason: reason})
	e.Source, e.Operator, e.Reference, e.Amount = FromOperator, operator, orderID, amount
	if err := d.commit([]Event{e}, nil); err != nil {
		return "", err
	}
	order := RefundOrder{OrderID: orderID, PurchaseOrderID: a.OrderID, Reference: a.Reference, Amount: amount, Reason: reason}
	d.t.task(2*callLimit, func(ctx context.Context) func() {
		answer, err := rail.Refund(ctx, order)
		return func() { d.refunded(h, a.ID, order, answer, err) }
	})
	return orderID, nil
}

// refundable picks the newest attempt that can give the amount back.
func refundable(s Sale, amount money.Amount) (Attempt, error) {
	switch {
	case amount.Minor == 0:
		return Attempt{}, refuse("refund", "amount.zero", nil)
	case amount.Minor < 0:
		return Attempt{}, refuse("refund", "amount.negative", nil)
	case amount.Currency != s.Amount.Currency:
		return Attempt{}, refuse("refund", "amount.mixed", nil)
	}
	for _, a := range slices.Backward(s.Attempts) {
		if a.Left() < amount.Minor {
			continue
		}
		if slices.ContainsFunc(a.Refunds, func(r Refund) bool { return r.State == RefundPending }) {
			return Attempt{}, refuse("refund", "refund.busy", nil)
		}
		if a.Reference == "" {
			return Attempt{}, refuse("refund", "refund.reference", nil)
		}
		return a, nil
	}
	if s.State == Unknown {
		return Attempt{}, refuse("refund", "sale.unknown", nil)
	}
	return Attempt{}, refuse("refund", "refund.toomuch", nil)
}

func (d *desk) refunded(h *held, id AttemptID, order RefundOrder, answer payments.Answer, err error) {
	data := RefundData{OrderID: order.OrderID, Outcome: payments.Unknown, Code: railCode(err), Raw: answer.Raw}
	switch {
	case err == nil && answer.Outcome == payments.Refunded && answer.Amount == order.Amount:
		data.Outcome, data.Reference = payments.Refunded, answer.Reference
	case err == nil && answer.Outcome == payments.Declined, err != nil && settledError(err):
		data.Outcome = payments.Declined
	}
	d.keep(settled(h, id, order.Amount, data))
}

func settled(h *held, id AttemptID, amount money.Amount, data RefundData) Event {
	e := desksEvent(h, id, RefundSettled, data)
	e.Source, e.Reference, e.Amount = FromStatus, data.OrderID, amount
	return e
}

// resumeRefunds marks refunds that a crash cut off: whether bytes had left is
// not known, so they are never sent again by themselves.
func (d *desk) resumeRefunds(h *held) {
	for _, a := range h.sale.Attempts {
		for _, r := range a.Refunds {
			if r.State == RefundPending {
				d.keep(settled(h, a.ID, r.Amount, RefundData{OrderID: r.OrderID, Outcome: payments.Unknown, Code: "refund.interrupted"}))
			}
		}
	}
}
