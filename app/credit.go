package app

import (
	"context"
	"slices"

	"frontdesk/payments"
)

// credit turns an entry of the provider's list into proof. An entry that has
// paid another attempt never counts again (product.md 4 rule 2).
func (d *desk) credit(h *held, a Attempt, answer payments.Answer) *Event {
	used, err := d.creditUsed(a, answer.Reference)
	if err != nil || used {
		d.t.cfg.Log.Warn("entry of the list not taken", "order", a.OrderID, "used", used, "err", err)
		return nil
	}
	return &Event{
		Sale: h.sale.ID, Attempt: a.ID, Source: FromList, Kind: PaymentSeen, Reference: answer.Reference, Amount: answer.Amount,
		Provider: answer.Provider, Data: encode(EvidenceData{OrderID: a.OrderID, CardLast4: answer.Card.Last4, Raw: answer.Raw}),
	}
}

func (d *desk) creditUsed(a Attempt, reference string) (bool, error) {
	found, err := d.t.cfg.Journal.Sales(context.WithoutCancel(d.t.life), Query{Reference: reference, Limit: maxSame})
	if err != nil {
		return false, err
	}
	for _, s := range found {
		if slices.ContainsFunc(s.Attempts, func(o Attempt) bool { return o.ID != a.ID && o.Rail == a.Rail && o.Reference == reference }) {
			return true, nil
		}
	}
	return false, nil
}

// maxSame is how many sales with one reference are looked at.
const maxSame = 50
