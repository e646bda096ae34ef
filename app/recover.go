package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/payments"
)

// recoverLimit bounds one question to a terminal about its last transaction.
const recoverLimit = time.Minute

// owedWord is an outcome a terminal has not heard of yet.
type owedWord struct {
	rail  Presenter
	offer Offer
	event Event
}

// Owes reports whether a terminal was not told of an outcome of the attempt.
func (a Attempt) Owes() bool {
	return a.Dirty || slices.ContainsFunc(a.Refunds, func(r Refund) bool { return r.Dirty })
}

// dirtyOn lists what the device has to be told before it does anything else.
func (d *desk) dirtyOn(device string) []owedWord {
	var list []owedWord
	for _, h := range d.inHand() {
		for _, a := range h.sale.Attempts {
			for _, w := range d.owedBy(h, a) {
				if device != "" && w.offer.Device == device {
					list = append(list, w)
				}
			}
		}
	}
	return list
}

// owedBy lists what terminals were not told about the attempt and its refunds.
func (d *desk) owedBy(h *held, a Attempt) []owedWord {
	p, ok := d.presenter(a.Rail)
	if !ok || d.isUnsaved(a.ID) {
		return nil
	}
	var list []owedWord
	if a.Dirty {
		list = append(list, owedWord{rail: p, offer: d.offerOf(h, a), event: desksEvent(h, a.ID, TerminalCompleted, nil)})
	}
	for _, r := range a.Refunds {
		if !r.Dirty {
			continue
		}
		w := owedWord{rail: p, offer: d.offerOf(h, a), event: desksEvent(h, a.ID, TerminalCompleted, nil)}
		w.offer.Device, w.offer.SID, w.event.Reference = r.Device, r.SID, r.OrderID
		list = append(list, w)
	}
	return list
}

// settleWords tells terminals of outcomes and returns what was told. What could
// not be is told again later; if it still matters, the terminal refuses.
func (t *Till) settleWords(ctx context.Context, owed []owedWord) []Event {
	var told []Event
	for _, w := range owed {
		if err := w.rail.Complete(ctx, w.offer); err != nil {
			t.cfg.Log.Warn("terminal not told of an outcome", "order", w.offer.OrderID, "err", err)
			continue
		}
		told = append(told, w.event)
	}
	return told
}

// telling reports whether a terminal is, or is about to be, told of an outcome.
func (d *desk) telling() bool {
	for _, h := range d.sales {
		for _, a := range h.sale.Attempts {
			if j := h.jobs[a.ID]; j.completing || !j.completed && len(d.owedBy(h, a)) > 0 {
				return true
			}
		}
	}
	return false
}

// completing reports whether the device is being told of an outcome.
func (d *desk) completing(device string) bool {
	for _, h := range d.sales {
		for _, a := range h.sale.Attempts {
			if a.Device == device && h.jobs[a.ID].completing {
				return true
			}
		}
	}
	return false
}

// complete tells the terminal that the outcome is on disk. When it fails, it is
// tried again before the next payment on the device, and at the next start.
func (d *desk) complete(h *held, a Attempt, j *job) {
	owed := d.owedBy(h, a)
	if len(owed) == 0 {
		return // the outcome itself is not on disk yet
	}
	j.completing, j.completed = true, true
	d.t.task(prepareLimit, func(ctx context.Context) func() {
		told := d.t.settleWords(ctx, owed)
		return func() {
			j.completing, d.dirty = false, true
			if len(told) > 0 {
				d.keep(told...)
			}
		}
	})
}

// lostRefund is the newest refund whose answer was lost.
func (a Attempt) lostRefund() (Refund, bool) {
	for _, r := range slices.Backward(a.Refunds) {
		if r.State == RefundUnknown {
			return r, true
		}
	}
	return Refund{}, false
}

// recover asks the terminal what became of a payment, or refund, whose outcome
// was lost.
func (d *desk) recover(h *held, a Attempt, j *job, p Presenter) {
	if a.State != Unknown {
		d.recoverRefund(h, a, j)
		return
	}
	asOf, q := d.head, d.questionOf(h, a)
	j.asking = true
	d.t.task(recoverLimit, func(ctx context.Context) func() {
		answer, err := p.Status(ctx, q)
		return func() {
			j.asking = false
			if err == nil {
				d.take(h, a.ID, j, asOf, answer)
			} else {
				d.t.cfg.Log.Info("terminal without an answer", "order", a.OrderID, "err", err)
			}
			d.checked(j, err)
		}
	})
}

// lostOrders are the refunds whose answers were lost, and the rail that can look
// for them.
func (d *desk) lostOrders(a Attempt) (Seeker, []RefundOrder) {
	rail, ok := d.rails[a.Rail].(Seeker)
	if !ok {
		return nil, nil
	}
	var list []RefundOrder
	for _, r := range a.Refunds {
		if r.State == RefundUnknown {
			list = append(list, RefundOrder{
				OrderID: r.OrderID, PurchaseOrderID: a.OrderID, Reference: a.Reference, Amount: r.Amount, Reason: r.Reason, Begun: r.Asked,
				Way: r.Way, Device: r.Device, SID: r.SID, PurchaseSID: a.SID, Whole: r.Amount == a.Amount,
			})
		}
	}
	return rail, list
}

// sought is what was found out about a lost refund.
type sought struct {
	order  RefundOrder
	answer payments.Answer
	err    error
}

// seek looks for all of them: that one is not found keeps none of the others
// from being looked for.
func seek(ctx context.Context, rail Seeker, orders []RefundOrder) []sought {
	var found []sought
	for _, o := range orders {
		answer, err := rail.RefundStatus(ctx, o)
		found = append(found, sought{o, answer, err})
	}
	return found
}

// recoverRefund asks what became of the refunds of an attempt.
func (d *desk) recoverRefund(h *held, a Attempt, j *job) {
	rail, orders := d.lostOrders(a)
	if len(orders) == 0 {
		d.checked(j, refuse("check", "rail.missing", nil))
		return
	}
	j.asking = true
	d.t.task(recoverLimit+time.Duration(len(orders))*callLimit, func(ctx context.Context) func() {
		found := seek(ctx, rail, orders)
		return func() {
			j.asking = false
			d.checked(j, d.refundsHeard(h, a.ID, j, found))
		}
	})
}

// refundsHeard takes in what was found out; the first error is returned.
func (d *desk) refundsHeard(h *held, id AttemptID, j *job, found []sought) (first error) {
	for _, f := range found {
		switch {
		case f.err == nil:
			d.refundHeard(h, id, j, f.order, f.answer)
		case first == nil:
			first = f.err
		}
	}
	return first
}

// refundHeard writes down what the terminal said about a refund, when it said
// how it ended.
func (d *desk) refundHeard(h *held, id AttemptID, j *job, order RefundOrder, answer payments.Answer) {
	data := RefundData{OrderID: order.OrderID, Outcome: answer.Outcome, Code: answer.Reason, Reference: answer.Reference, Raw: answer.Raw}
	switch {
	case answer.OrderID != order.OrderID:
		return
	case answer.Outcome == payments.NotCharged:
		data.Outcome = payments.Declined
	case answer.Outcome != payments.Refunded && answer.Outcome != payments.Declined,
		answer.Outcome == payments.Refunded && !answer.Amount.IsZero() && answer.Amount != order.Amount:
		return
	}
	e := settled(h, id, order.Amount, data)
	e.Source = FromTerminal
	if answer.Listed {
		e.Source = FromList
	}
	j.completed = false
	d.keep(e)
}

// heard turns the answer of a terminal, or of the list about a terminal, into
// an event. Nil says that it is of no use.
func (d *desk) heard(h *held, a Attempt, asOf int64, answer payments.Answer) *Event {
	data := OutcomeData{
		Outcome: answer.Outcome, Code: answer.Reason, Status: answer.Code, Card: answer.Card, Asked: true, AsOf: asOf, Raw: answer.Raw,
	}
	switch {
	case answer.OrderID != a.OrderID || answer.Outcome == payments.Pending || answer.Outcome == payments.Unknown:
		return nil
	case answer.Outcome == payments.Paid && !fits(a, h.tipAsked(a.ID), answer):
		data.Outcome, data.Code = payments.Unknown, ReasonAmount
	case !final(answer.Outcome) && answer.Outcome != payments.Absent:
		return nil
	}
	e := Event{
		Sale: h.sale.ID, Attempt: a.ID, Source: FromTerminal, Kind: TerminalOutcome, Reference: d.nextQuery(),
		Amount: answer.Amount, Provider: answer.Provider, Data: encode(data),
	}
	if answer.Listed {
		e.Source = FromList
	}
	return &e
}

// resumeDevices settles what a crash cut off: an amount that had not left was
// not charged, what became of one that had is not known.
func (d *desk) resumeDevices(h *held) {
	for _, a := range h.sale.Attempts {
		if a.Device == "" || !a.Live() || a.State == Unknown {
			continue
		}
		if a.Offered.IsZero() {
			d.keep(desksEvent(h, a.ID, OfferFailed, ReasonData{Code: "terminal.interrupted"}))
			continue
		}
		d.keep(desksEvent(h, a.ID, TerminalOutcome, OutcomeData{Outcome: payments.Unknown, Code: ReasonLost}))
	}
}

// resumeJobs makes everything due that is open, unsure or recent. A page that could
// not be closed in an earlier run is closed with the first look.
func (h *held) resumeJobs(now time.Time) {
	for _, a := range h.sale.Attempts {
		j := h.jobs[a.ID]
		j.closing = a.Expires.After(now) && slices.ContainsFunc(h.events, func(e Event) bool {
			code := decode[ReasonData](e).Code
			return e.Attempt == a.ID && e.Kind == AttemptWithdrawn && code != "" && code != ReasonStays
		})
		if j.phase != quiet && (j.phase != paid || !j.due.IsZero()) {
			j.due = now
		}
	}
}

// questionOf asks about an attempt.
func (d *desk) questionOf(h *held, a Attempt) StatusQuery {
	q := StatusQuery{OrderID: a.OrderID, Amount: a.Amount, Device: a.Device, SID: a.SID}
	for _, e := range h.events {
		switch {
		case e.Attempt != a.ID:
		case e.Kind == AttemptIntended:
			q.Begun = e.Wall
		case e.Kind == TerminalSending:
			q.Previous = decode[SendingData](e).Previous
		}
	}
	return q
}

func byDevice(a, b DeviceUse) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Attempt, b.Attempt))
}
