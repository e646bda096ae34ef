package app

import (
	"cmp"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// applyTerminal reads what the terminal told about the card, and whether it
// still waits to hear that we know the outcome.
func applyTerminal(a Attempt, events []Event) Attempt {
	sent, ended, completed := false, false, false
	for _, e := range events {
		switch e.Kind {
		case TerminalSending:
			sent = true
		case TerminalOutcome:
			d := decode[OutcomeData](e)
			a = withCard(a, d.Card)
			switch d.Outcome {
			case payments.Paid, payments.Declined, payments.NotCharged:
				ended = ended || !d.NotStarted
			}
			if d.Asked {
				a.Checked = e.Wall
			}
		case PaymentSeen:
			ended = true // in the provider's list
		case Resolved:
			ended = ended || decode[ResolveData](e).Refund == ""
		case TerminalCompleted:
			completed = completed || e.Reference == ""
		}
	}
	a.Dirty = sent && ended && !completed
	return a
}

// withTip adds the tip that the customer added on the terminal: what was taken is
// more than what was asked for. A tip that was asked for is in the amount already.
func withTip(a Attempt, events []Event) Attempt {
	var asked, kept, told money.Amount
	for _, e := range events {
		switch e.Kind {
		case AttemptIntended:
			in := decode[IntentData](e)
			asked = tipKnown(in)
			kept = money.Amount{Minor: in.Tip.Minor - asked.Minor, Currency: e.Amount.Currency}
		case TerminalOutcome:
			if d := decode[OutcomeData](e); d.Outcome == payments.Paid {
				told = cmp.Or(d.Card.Tip, told)
			}
		}
	}
	if told.Currency == a.Amount.Currency && told.Minor > asked.Minor {
		a.Added = money.Amount{Minor: told.Minor - asked.Minor, Currency: told.Currency}
		a.Amount.Minor += a.Added.Minor
		a.Tip = money.Amount{Minor: kept.Minor + told.Minor, Currency: told.Currency}
	}
	return a
}

// tipKnown is the tip of the amount that was told to the terminal as one. A cloud
// terminal is told the sum only: what it tells of a tip comes on top.
func tipKnown(in IntentData) money.Amount {
	if in.Rail == payments.RailCloud {
		return money.Amount{}
	}
	return in.Tip
}

// withCard fills in what is told; what was told before and is missing now
// stays.
func withCard(a Attempt, c payments.Card) Attempt {
	a.Approval = cmp.Or(c.Approval, a.Approval)
	a.AuthCode = cmp.Or(c.AuthCode, a.AuthCode)
	a.RRN = cmp.Or(c.RRN, a.RRN)
	a.CardLast4 = cmp.Or(c.Last4, a.CardLast4)
	a.CardName = cmp.Or(c.Name, a.CardName)
	a.EntryMode = cmp.Or(c.EntryMode, a.EntryMode)
	a.TerminalID = cmp.Or(c.TerminalID, a.TerminalID)
	a.SignatureNeeded = a.SignatureNeeded || c.SignatureNeeded
	a.NoPaper = a.NoPaper || c.NoPaper
	a.Tip = cmp.Or(c.Tip, a.Tip)
	a.Reference = cmp.Or(a.RRN, a.Reference)
	return a
}

// outcome weighs what a terminal said about its own payment. What it said at
// the end is first hand; an answer that was asked before an operator decided
// cannot outrank the operator.
func (ev *evidence) outcome(e Event) {
	d := decode[OutcomeData](e)
	if d.Asked && d.AsOf < ev.since {
		return
	}
	switch d.Outcome {
	case payments.Paid:
		if ev.shown == 0 {
			ev.shown = e.Seq
		}
	case payments.Declined:
		ev.refused, ev.refusal, ev.why = e.Seq, Declined, cmp.Or(d.Code, "payment.declined")
	case payments.NotCharged:
		ev.refused, ev.refusal, ev.why = e.Seq, NotCharged, d.Code
	case payments.Unknown:
		ev.missing = cmp.Or(d.Code, ReasonLost)
	case payments.Absent:
		if ev.base == "" {
			ev.missing = ReasonAbsent
		}
	}
}
