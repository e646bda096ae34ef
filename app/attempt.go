package app

import (
	"frontdesk/payments"
)

// foldAttempt computes an attempt from its events, sorted by Seq. Facts that
// do not touch money give the base state; evidence of money outranks them.
func foldAttempt(events []Event) Attempt {
	var a Attempt
	var closed Event // what first ended the attempt unpaid
	var kept int64
	found := false
	for _, e := range events {
		a.ID = e.Attempt
		switch e.Kind {
		case FoundPayment:
			found = true
			d := decode[EvidenceData](e)
			a.OrderID, a.Amount, a.CardLast4, a.Rail = d.OrderID, e.Amount, d.CardLast4, payments.RailLink
		case AttemptWithdrawn, AttemptExpired:
			if closed.Seq == 0 {
				closed = e
			}
		case Resolved:
			if d := decode[ResolveData](e); closed.Seq == 0 && !d.Paid && d.Refund == "" {
				closed = e
			}
		case LateKept:
			kept = e.Seq
		}
		a = applyFact(a, e)
	}
	a = applyTerminal(a, events)
	v := judge(events)
	if v.reference != "" {
		a.Reference = v.reference
	}
	switch {
	case v.state == "":
	case v.state == Paid && found:
		a.State, a.Reason = Found, ""
	case v.state == Paid && closed.Seq != 0 && v.proof > closed.Seq && kept < v.proof:
		a.State, a.Reason = PaidLate, ""
	default:
		a.State, a.Reason = v.state, v.reason
	}
	if v.state == Paid {
		a = withTip(a, events)
	}
	a.Refunds = foldRefunds(events, v, a.Amount.Minor)
	return withRefunds(a, v)
}

// applyFact folds one event that does not speak of money into the attempt.
func applyFact(a Attempt, e Event) Attempt {
	switch e.Kind {
	case AttemptIntended:
		d := decode[IntentData](e)
		a.Rail, a.OrderID, a.Words, a.Amount = d.Rail, d.OrderID, d.Words, e.Amount
		a.Expires, a.State = d.Expires, Preparing
		a.Device, a.DeviceLabel, a.SID, a.Tip = d.Device, d.DeviceLabel, d.SID, d.Tip
	case AttemptOffered:
		d := decode[OfferData](e)
		a.Link, a.Offered = d.URL, e.Wall
		if !d.Expires.IsZero() {
			a.Expires = d.Expires
		}
		if a.State == Preparing {
			a.State = Offered
		}
	case CustomerOpened:
		switch a.State {
		case Preparing, Offered, Declined:
			a.State, a.Reason = Opened, ""
		}
	case AttemptDeclined:
		a = declined(a, decode[ReasonData](e).Code)
	case StatusAnswered:
		a = applyStatus(a, e)
	case PaymentSeen:
		if last := decode[EvidenceData](e).CardLast4; last != "" {
			a.CardLast4 = last
		}
	case CancelAsked:
		if a.State.Live() {
			a.State, a.Reason = Cancelling, ""
		}
	case TerminalSending:
		a.Offered = e.Wall
		if a.State == Preparing {
			a.State = Offered
		}
	case OfferFailed, AttemptWithdrawn:
		if a.State.Live() {
			a.State, a.Reason = Withdrawn, decode[ReasonData](e).Code
			if a.Device != "" {
				a.State = NotCharged
			}
		}
	case AttemptExpired:
		if a.State.Live() {
			a.State, a.Reason = Expired, ""
		}
	}
	return a
}

// applyStatus reads a status answer about an attempt that brought no money:
// after a refusal by the bank the page stays open for another card.
func applyStatus(a Attempt, e Event) Attempt {
	d := decode[StatusData](e)
	a.Checked = e.Wall
	switch d.Outcome {
	case payments.Declined:
		a = declined(a, "payment.declined")
	case payments.Pending:
		if a.State == Offered || a.State == Declined {
			a.State, a.Reason = Opened, ""
		}
	}
	return a
}

func declined(a Attempt, code string) Attempt {
	switch a.State {
	case Preparing, Offered, Opened:
		a.State, a.Reason = Declined, code
	}
	return a
}
