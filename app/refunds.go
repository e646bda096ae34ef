package app

import (
	"slices"

	"frontdesk/payments"
)

// foldRefunds lists the refunds of an attempt that brought so much. One that was never settled is
// pending and counts as done until it is known to have failed.
func foldRefunds(events []Event, v verdict, paid int64) []Refund {
	var list []Refund
	find := func(orderID string) *Refund {
		for i := range list {
			if list[i].OrderID == orderID {
				return &list[i]
			}
		}
		return nil
	}
	answered := map[string]bool{} // by an operator
	for _, e := range events {
		switch e.Kind {
		case RefundIntended:
			d := decode[RefundData](e)
			if find(d.OrderID) == nil {
				list = append(list, Refund{
					OrderID: d.OrderID, Amount: e.Amount, State: RefundPending, Reason: d.Reason, Operator: e.Operator, Asked: e.Wall,
					Way: d.Way, Device: d.Device, SID: d.SID,
				})
			}
		case RefundSettled:
			d := decode[RefundData](e)
			r := find(d.OrderID)
			if r == nil {
				continue
			}
			if answered[d.OrderID] && outranks(list, r, paid, d) {
				r.State, answered[d.OrderID] = RefundUnknown, false
			}
			settleRefund(r, e, d)
		case Resolved:
			d := decode[ResolveData](e)
			if r := find(d.Refund); r != nil && r.State == RefundUnknown {
				answered[d.Refund] = true
				r.State, r.Settled, r.Reference = RefundFailed, e.Wall, d.Evidence
				if d.Paid {
					r.State = RefundDone
				}
			}
		}
	}
	reversedOnRequest(list, events, v)
	for i := range list {
		list[i].Dirty = list[i].owed(events)
	}
	return list
}

// outranks reports whether what the provider says about a refund undoes an
// operator's answer (product.md 4 rule 4). Money that would be more than was paid
// is left to the comparison with the provider's list: somebody gave it back twice.
func outranks(list []Refund, r *Refund, paid int64, d RefundData) bool {
	switch {
	case d.Outcome == payments.Declined:
		return r.State == RefundDone
	case d.Outcome != payments.Refunded || r.State != RefundFailed:
		return false
	}
	sum := r.Amount.Minor
	for _, other := range list {
		if other.OrderID != r.OrderID && other.State != RefundFailed {
			sum += other.Amount.Minor
		}
	}
	return sum <= paid
}

// owed reports whether a terminal waits to hear that we know how the refund
// ended. One that never began is not waited for.
func (r Refund) owed(events []Event) bool {
	if r.SID == "" || r.Way == RefundOnline || r.State != RefundDone && r.State != RefundFailed {
		return false
	}
	return !slices.ContainsFunc(events, func(e Event) bool {
		return e.Reference == r.OrderID &&
			(e.Kind == TerminalCompleted || e.Kind == RefundSettled && decode[RefundData](e).NotStarted)
	})
}

// settleRefund writes a result down. A known result is never undone by a
// later unknown one.
func settleRefund(r *Refund, e Event, d RefundData) {
	if r.State == RefundDone || r.State == RefundFailed {
		return
	}
	r.Code, r.Settled = d.Code, e.Wall
	if d.Reference != "" {
		r.Reference = d.Reference
	}
	switch d.Outcome {
	case payments.Refunded:
		r.State = RefundDone
	case payments.Declined:
		r.State = RefundFailed
	default:
		r.State = RefundUnknown
	}
}

// reversedOnRequest settles refunds that together cover the whole payment when
// the provider, asked after them, says that it was reversed: a reversal we
// asked for is a refund, not money taken back (product.md 4 rule 5). As long as
// myPOS may have taken the money back by itself, the answer is no proof of a
// refund: the payment is taken back, and what became of the refund is not known.
func reversedOnRequest(list []Refund, events []Event, v verdict) {
	if v.state != Reversed || !v.stays {
		return
	}
	var paid, asked int64
	for _, e := range events {
		switch e.Kind {
		case AttemptIntended, FoundPayment:
			paid = e.Amount.Minor
		case RefundIntended:
			if e.Seq > v.asOf {
				return // the answer cannot have known it
			}
		}
	}
	for _, r := range list {
		if r.State != RefundFailed {
			asked += r.Amount.Minor
		}
	}
	if paid == 0 || asked != paid {
		return
	}
	for i := range list {
		if list[i].State != RefundFailed {
			list[i].State = RefundDone
		}
	}
}

// withRefunds turns a paid attempt into a refunded one as far as money went
// back, and a reversal that we asked for into a refund.
func withRefunds(a Attempt, v verdict) Attempt {
	var given int64
	for _, r := range a.Refunds {
		if r.State == RefundDone {
			given += r.Amount.Minor
		}
	}
	switch {
	case given == 0:
	case v.state == Paid && given >= a.Amount.Minor,
		v.state == Reversed && given >= a.Amount.Minor:
		a.State, a.Reason = Refunded, ""
	case v.state == Paid:
		a.State, a.Reason = PartRefunded, ""
	case v.state == Reversed && v.stays:
		// Whether myPOS calls a payment reversed of which we have given a part back
		// is not published: the rest may be with us, and is not asked for again.
		a.State, a.Reason = Unknown, ReasonContradiction
	}
	return a
}

// Left is what may still be given back of the attempt: what was paid less all
// refunds that are not known to have failed. It is 0 for an attempt that
// brought no money.
func (a Attempt) Left() int64 {
	switch a.State {
	case Paid, PaidLate, PartRefunded, Found:
	default:
		return 0
	}
	left := a.Amount.Minor
	for _, r := range a.Refunds {
		if r.State != RefundFailed {
			left -= r.Amount.Minor
		}
	}
	return max(left, 0)
}
