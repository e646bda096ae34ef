package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Refund gives money of a sale back, on the newest attempt that has enough
// left, and waits for the result, which is in the sale: done, failed or
// unknown. The intent is on disk before anything leaves, and counts as done
// until it is known to have failed (product.md 4 rules 1, 4 and 5). A request
// that repeats an OrderID is the same refund and returns its result. When ctx
// ends first, the refund goes on.
func (t *Till) Refund(ctx context.Context, id SaleID, r RefundRequest) (Sale, error) {
	if t.cfg.Returns != nil {
		t.cfg.Returns.Await(ctx)
	}
	given, err := t.given(ctx, id, r.OrderID)
	if err != nil {
		return Sale{}, err
	}
	// A limit is one of the sale: many small refunds are as much as a large one.
	asked := r.Amount
	asked.Minor += given
	operator, err := t.allow(ctx, "refund", r.Actor, operators.RefundUpTo, asked)
	if err != nil {
		return Sale{}, err
	}
	orderID := r.OrderID
	if err := t.do(ctx, func() error {
		if same, err := t.desk.sameRefund(id, r); same || err != nil {
			return err
		}
		now, err := t.given(ctx, id, r.OrderID)
		if err == nil && now != given {
			err = refuse("refund", "refund.busy", nil) // another one came in between
		}
		if err == nil {
			orderID, err = t.desk.refund(id, r, operator)
		}
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

// given is what refunds of a sale have given back, or may have, without the one
// that is asked for.
func (t *Till) given(ctx context.Context, id SaleID, asked string) (minor int64, err error) {
	events, err := t.cfg.Journal.Sale(ctx, id)
	if err != nil {
		return 0, err
	}
	for _, a := range Fold(events).Attempts {
		for _, r := range a.Refunds {
			if r.State != RefundFailed && (asked == "" || r.OrderID != asked) {
				minor += r.Amount.Minor
			}
		}
	}
	return minor, nil
}

// sameRefund reports whether the refund was asked for before, as the second click
// of a double click does. The same OrderID for another one is a mistake of the
// caller.
func (d *desk) sameRefund(id SaleID, r RefundRequest) (bool, error) {
	if r.OrderID == "" {
		return false, nil
	}
	h, err := d.known("refund", id)
	if err != nil {
		return false, err
	}
	for _, a := range h.sale.Attempts {
		for _, had := range a.Refunds {
			if had.OrderID != r.OrderID {
				continue
			}
			if had.Amount != r.Amount || r.Attempt != "" && r.Attempt != a.ID {
				return false, refuse("refund", "refund.repeated", nil)
			}
			return true, nil
		}
	}
	return false, nil
}

// refund checks everything, commits the intent and lets it go.
func (d *desk) refund(id SaleID, r RefundRequest, operator string) (string, error) {
	h, err := d.known("refund", id)
	if err != nil {
		return "", err
	}
	a, err := d.allowed(h, r)
	if err != nil {
		return "", err
	}
	m, err := d.means(h, a, r)
	if err != nil {
		return "", err
	}
	data := RefundData{OrderID: r.OrderID, Reason: r.Reason}
	if data.OrderID == "" {
		if data.OrderID, err = drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode); err != nil {
			return "", err
		}
	}
	order := orderOf(h, a, r)
	order.OrderID = data.OrderID
	limit := 2 * callLimit
	if a.Device != "" {
		if err := d.refundDevice(a, r, &data); err != nil {
			return "", err
		}
		order.Way, order.Device, order.SID, limit = data.Way, data.Device, data.SID, collectLimit
	}
	if a.Rail == payments.RailCash {
		data.Way = RefundCash
	}
	e := desksEvent(h, a.ID, RefundIntended, data)
	e.Source, e.Operator, e.Reference, e.Amount = FromOperator, operator, order.OrderID, r.Amount
	if a.Rail == payments.RailCash {
		return order.OrderID, d.cashBack(h, a, e, data)
	}
	if err := d.commit([]Event{e}, nil); err != nil {
		return "", err
	}
	d.giveBack(h, a.ID, m.rail, order, limit)
	return order.OrderID, nil
}

// codeListed says that the provider shows a refund that is not noted here.
const codeListed = "refund.listed"

// allowed picks the attempt that gives the money back. While the provider shows money
// given back for the sale that is not noted here, none does: what is left is not known,
// and the refund that is asked for may be the one that is listed.
func (d *desk) allowed(h *held, r RefundRequest) (Attempt, error) {
	a, err := refundable(h.sale, r)
	if err == nil && d.t.cfg.Returns != nil && d.t.cfg.Returns.Unnoted(h.events) {
		err = refuse("refund", codeListed, nil)
	}
	return a, err
}

// orderOf is what is asked for, without the names of the refund itself.
func orderOf(h *held, a Attempt, r RefundRequest) RefundOrder {
	return RefundOrder{
		Mark:            h.mark(a.ID),
		PurchaseOrderID: a.OrderID, Reference: a.Reference, Amount: r.Amount, Reason: r.Reason,
		Whole: r.Amount == a.Amount, PurchaseSID: a.SID, Device: cmp.Or(r.Device, a.Device),
	}
}

// mark is what the rail of an attempt wanted to remember of its beginning.
func (h *held) mark(id AttemptID) string {
	for _, e := range h.events {
		if e.Attempt == id && e.Kind == AttemptIntended {
			return decode[IntentData](e).Mark
		}
	}
	return ""
}

// refundDevice names the terminal a refund runs on.
func (d *desk) refundDevice(a Attempt, r RefundRequest, data *RefundData) error {
	data.Way, data.Device = r.Way, refundsOn(a, r)
	var err error
	data.SID, err = drawSID(d.t.cfg.Entropy)
	return err
}

// refundsOn is the terminal of a refund: the one that was asked for, or the only
// one that has the payment.
func refundsOn(a Attempt, r RefundRequest) string {
	if r.Way == RefundReversal {
		return a.Device
	}
	return cmp.Or(r.Device, a.Device)
}

// giveBack sends a refund whose intent is on disk, once.
func (d *desk) giveBack(h *held, id AttemptID, rail Refunder, order RefundOrder, limit time.Duration) {
	j := h.jobs[id]
	owed := d.dirtyOn(order.Device)
	j.refunding, j.stage, d.dirty = true, Stage{}, true
	order.Stage = func(s Stage) {
		d.t.tell(func() {
			if j.refunding {
				j.stage, d.dirty = s, true
			}
		})
	}
	d.t.task(limit, func(ctx context.Context) func() {
		told := d.t.settleWords(ctx, owed)
		answer, err := rail.Refund(ctx, order)
		return func() {
			j.refunding, j.completed, j.stage = false, false, Stage{}
			if len(told) > 0 {
				d.keep(told...)
			}
			d.refunded(h, id, order, answer, err)
		}
	})
}

// returning reports whether a refund of another attempt runs or is not known.
// Whoever asks for a refund then, and does not say of which payment, may mean that
// one: it is not taken from another payment instead.
func (s Sale) returning(but AttemptID) bool {
	return slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.ID != but && slices.ContainsFunc(a.Refunds, Refund.open) })
}

// refundable picks the newest attempt that can give the amount back, or the one
// that was named.
func refundable(s Sale, r RefundRequest) (Attempt, error) {
	switch {
	case r.Amount.Minor == 0:
		return Attempt{}, refuse("refund", "amount.zero", nil)
	case r.Amount.Minor < 0:
		return Attempt{}, refuse("refund", "amount.negative", nil)
	case r.Amount.Currency != s.Amount.Currency:
		return Attempt{}, refuse("refund", "amount.mixed", nil)
	}
	for _, a := range slices.Backward(s.Attempts) {
		if a.Left() < r.Amount.Minor || r.Attempt != "" && r.Attempt != a.ID {
			continue
		}
		if slices.ContainsFunc(a.Refunds, func(r Refund) bool { return r.State == RefundPending }) || r.Attempt == "" && s.returning(a.ID) {
			return Attempt{}, refuse("refund", "refund.busy", nil)
		}
		if a.Reference == "" && a.Device == "" && a.Rail != payments.RailCash {
			return Attempt{}, refuse("refund", "refund.reference", nil)
		}
		return a, nil
	}
	switch {
	case s.State == Unknown:
		return Attempt{}, refuse("refund", "sale.unknown", nil)
	case s.Received.Minor == 0 && s.Refunded.Minor == 0:
		return Attempt{}, refuse("refund", "refund.none", nil)
	}
	return Attempt{}, refuse("refund", "refund.toomuch", nil)
}

func (d *desk) refunded(h *held, id AttemptID, order RefundOrder, answer payments.Answer, err error) {
	data := RefundData{OrderID: order.OrderID, Outcome: payments.Unknown, Code: railCode(err), Raw: answer.Raw}
	switch {
	case err == nil && answer.Outcome == payments.Refunded && (answer.Amount == order.Amount || order.SID != "" && answer.Amount.IsZero()):
		data.Outcome, data.Reference = payments.Refunded, answer.Reference
	case err == nil && (answer.Outcome == payments.Declined || answer.Outcome == payments.NotCharged):
		data.Outcome, data.Code = payments.Declined, answer.Reason
	case err != nil && settledError(err):
		data.Outcome, data.NotStarted = payments.Declined, true
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
