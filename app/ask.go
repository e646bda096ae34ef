package app

import (
	"context"
	"slices"
	"time"

	"frontdesk/payments"
)

// askNext starts the status query that somebody waits for, or else is due for the
// longest, when none is under way: one per desk (product.md 4 rule 8).
func (d *desk) askNext(now time.Time) {
	if d.asking {
		return
	}
	var h *held
	var a Attempt
	var j *job
	for _, hh := range d.inHand() {
		for _, aa := range hh.sale.Attempts {
			jj := hh.jobs[aa.ID]
			if aa.Device != "" || jj.due.IsZero() || now.Before(jj.due) || jj.busy() {
				continue
			}
			if j == nil || jj.before(j) {
				h, a, j = hh, aa, jj
			}
		}
	}
	if j == nil {
		return
	}
	rail, ok := d.rails[a.Rail]
	if !ok {
		d.checked(j, refuse("check", "rail.missing", nil))
		return
	}
	asOf, closing, q := d.head, j.closing, d.questionOf(h, a)
	seeker, orders := d.lostOrders(a)
	d.asking, j.asking = true, true
	d.t.task(time.Duration(2+len(orders))*callLimit, func(ctx context.Context) func() {
		var closeErr error
		if closing {
			closeErr = rail.Withdraw(ctx, a.OrderID)
		}
		answer, err := rail.Status(ctx, q)
		found := seek(ctx, seeker, orders)
		return func() {
			d.asking, j.asking = false, false
			if lost := d.refundsHeard(h, a.ID, j, found); lost != nil {
				d.t.cfg.Log.Info("a refund was not looked up", "order", a.OrderID, "err", lost)
			}
			j.closing = j.closing && closeErr != nil
			if err == nil {
				d.take(h, a.ID, j, asOf, answer)
			} else {
				d.t.cfg.Log.Info("status query without an answer", "order", a.OrderID, "err", err)
			}
			d.checked(j, err)
		}
	})
}

// before reports whether a job that is due comes before another one.
func (j *job) before(other *job) bool {
	if waited := len(j.waiting) > 0; waited != (len(other.waiting) > 0) {
		return waited
	}
	return j.due.Before(other.due)
}

// checked plans the next look after one that ended.
func (d *desk) checked(j *job, err error) {
	if j.phase != quiet {
		j.done++
	}
	j.due = d.next(j)
	j.answer(err)
	d.dirty = true
}

// answer tells everybody who waits for the check.
func (j *job) answer(err error) {
	for _, w := range j.waiting {
		w <- err
	}
	j.waiting = nil
}

// take weighs a verified status answer and writes it down when it tells
// something new. What it does not write down can be asked again.
func (d *desk) take(h *held, id AttemptID, j *job, asOf int64, answer payments.Answer) {
	j.checked = d.t.cfg.Now()
	a, ok := h.attempt(id)
	if !ok {
		return
	}
	if a.Rail == payments.RailRequest && answer.Code != 0 {
		j.told = answer.Code
	}
	e := d.evidence(h, a, asOf, answer)
	if e == nil || !d.tellsMore(h, a, *e) {
		return
	}
	if err := d.commit([]Event{*e}, nil); err != nil {
		d.t.cfg.Log.Warn("status answer not kept, it will be asked again", "order", a.OrderID)
	}
}

// evidence is what an answer amounts to; nil when it cannot be trusted or says
// nothing.
func (d *desk) evidence(h *held, a Attempt, asOf int64, answer payments.Answer) *Event {
	switch {
	case a.Device != "":
		return d.heard(h, a, asOf, answer)
	case !d.trustworthy(a, answer):
		return nil
	case answer.Listed && answer.Outcome == payments.Paid:
		return d.credit(h, a, answer)
	}
	return &Event{
		Sale: h.sale.ID, Attempt: a.ID, Source: FromStatus, Kind: StatusAnswered, Reference: d.nextQuery(), Amount: answer.Amount, Provider: answer.Provider,
		Data: encode(StatusData{AsOf: asOf, Run: d.run, Outcome: answer.Outcome, Reference: answer.Reference, Code: answer.Code, Raw: answer.Raw}),
	}
}

// trustworthy reports whether the answer is about this order and this money.
func (d *desk) trustworthy(a Attempt, answer payments.Answer) bool {
	right := answer.OrderID == a.OrderID
	switch answer.Outcome {
	case payments.Paid:
		right = right && answer.Amount == a.Amount && answer.Reference != ""
	case payments.Reversed, payments.Declined, payments.Pending:
		right = right && (answer.Amount.IsZero() || answer.Amount == a.Amount)
	}
	if !right {
		d.t.cfg.Log.Warn("status answer does not fit the order", "order", a.OrderID, "outcome", string(answer.Outcome))
	}
	return right
}

// tellsMore reports whether the event would change the attempt, or is the
// first answer "paid" since the newest other evidence: kept as the first of
// two, or to show that a payment was confirmed. The one that shows that the
// payment stays is kept, too, unless it would raise an answered alarm anew.
func (d *desk) tellsMore(h *held, a Attempt, e Event) bool {
	e.Seq, e.Wall, e.Mono = d.head+1, d.t.cfg.Now().UTC(), d.t.cfg.Mono()
	after, _ := (&held{sale: Fold(append(h.events[:len(h.events):len(h.events)], e))}).attempt(a.ID)
	if after.State != a.State || after.Reference != a.Reference || after.Reason != a.Reason {
		return true
	}
	if decode[StatusData](e).Outcome != payments.Paid {
		return false
	}
	var evidence, answered int64
	for _, old := range h.events {
		if old.Attempt != a.ID {
			continue
		}
		switch old.Kind {
		case PaymentSeen, FoundPayment, RollbackSeen, Resolved:
			evidence = old.Seq
		case StatusAnswered:
			if s := decode[StatusData](old); s.Outcome == payments.Paid {
				answered = max(answered, s.AsOf+1)
			}
		}
	}
	return answered <= evidence || !h.sale.Answered && !h.stays(a.ID) && h.stays(a.ID, e)
}

// stays reports whether myPOS has shown that it does not take the payment of an
// attempt back by itself any more; more are events that would be added.
func (h *held) stays(id AttemptID, more ...Event) bool {
	return h.judge(id, more...).stays
}

// hearsay reports whether myPOS itself has told no number for the payment of an
// attempt. What a person has typed as evidence (the last four of a card, an RRN)
// may be the number of somebody else's payment: no money is asked back by it.
func (h *held) hearsay(id AttemptID) bool { return h.judge(id).hearsay }

// judge weighs the evidence about an attempt; more are events that would be added.
func (h *held) judge(id AttemptID, more ...Event) verdict {
	return judge(slices.DeleteFunc(append(slices.Clone(h.events), more...), func(e Event) bool { return e.Attempt != id }))
}

// CheckNow asks the provider about the sale at once and waits for the answer.
// When ctx ends first, the question is asked all the same.
func (t *Till) CheckNow(ctx context.Context, id SaleID) error {
	var answers []chan error
	err := t.do(ctx, func() error {
		h, err := t.desk.known("check", id)
		if err != nil {
			return err
		}
		answers = t.desk.checkNow(h)
		return nil
	})
	if err != nil {
		return err
	}
	for _, answer := range answers {
		select {
		case got := <-answer:
			if err == nil {
				err = got
			}
		case <-ctx.Done():
			return ctx.Err()
		case <-t.life.Done():
			return ErrClosed
		}
	}
	return err
}

// checkNow makes the checks due of all attempts that are not settled, or else
// of the newest one.
func (d *desk) checkNow(h *held) []chan error {
	var answers []chan error
	now := d.t.cfg.Now()
	for i, a := range h.sale.Attempts {
		j := h.jobs[a.ID]
		last := i == len(h.sale.Attempts)-1
		switch {
		case a.Device != "" && j.phase != lost, a.State == Preparing, a.Rail == payments.RailCash:
			continue // its outcome comes by itself or is known, or nothing is there yet
		case a.Device == "" && !a.State.Live() && j.phase != owed && !(last && len(answers) == 0):
			continue
		}
		answer := make(chan error, 1)
		j.waiting = append(j.waiting, answer)
		j.due = now.Add(-time.Second) // askNext takes it first
		answers = append(answers, answer)
	}
	return answers
}

// known returns the sale in hand or ErrNotFound.
func (d *desk) known(op string, id SaleID) (*held, error) {
	h, err := d.hold(context.WithoutCancel(d.t.life), id)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return nil, refuse(op, "sale.missing", ErrNotFound)
	}
	return h, nil
}
