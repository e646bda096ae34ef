package app

import (
	"cmp"
	"slices"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// cashNote is the payment itself: an operator's word that the money lies in the
// drawer. It stands in one commit with the intent, so that there is no cash
// attempt without it.
func cashNote(intent Event) Event {
	return Event{
		Sale: intent.Sale, Attempt: intent.Attempt, Source: FromOperator, Kind: CashNoted, Amount: intent.Amount,
		Operator: cmp.Or(intent.Operator, DefaultOperator),
	}
}

// cashIntent draws the names of a cash attempt: nothing is offered, nothing can
// be scanned and nothing ends by itself.
func (d *desk) cashIntent(w wanted) (Event, error) {
	id, err := payments.Draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return Event{}, err
	}
	in := IntentData{Rail: payments.RailCash, Tip: w.tip}
	if in.OrderID, err = drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode); err != nil {
		return Event{}, err
	}
	return Event{
		Sale: w.sale, Attempt: AttemptID(id), Source: FromDesk, Kind: AttemptIntended, Amount: w.amount, Operator: w.operator, Data: encode(in),
	}, nil
}

// begun are the events with which an attempt begins.
func (d *desk) begun(w wanted) ([]Event, error) {
	if w.rail != payments.RailCash {
		intent, err := d.intent(w)
		return []Event{intent}, err
	}
	intent, err := d.cashIntent(w)
	return []Event{intent, cashNote(intent)}, err
}

// cashBack notes that money was given out of the drawer, in one commit.
func (d *desk) cashBack(h *held, a Attempt, intent Event, data RefundData) error {
	done := settled(h, a.ID, intent.Amount, RefundData{OrderID: data.OrderID, Outcome: payments.Refunded})
	done.Source, done.Operator = FromOperator, intent.Operator
	return d.commit([]Event{intent, done}, nil)
}

// Cash is what the sale has received in cash and not given back.
func (s Sale) Cash() money.Amount {
	sum := money.Amount{Currency: s.Amount.Currency}
	for _, a := range s.Attempts {
		if a.Rail != payments.RailCash || !slices.Contains([]State{Paid, PaidLate, PartRefunded, Refunded}, a.State) {
			continue
		}
		sum.Minor += a.Amount.Minor
		for _, r := range a.Refunds {
			if r.State == RefundDone {
				sum.Minor -= r.Amount.Minor
			}
		}
	}
	return sum
}
