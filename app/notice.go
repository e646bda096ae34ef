package app

import (
	"context"
	"fmt"

	"frontdesk/payments"
)

// codeConstraint: the journal's rules forbid a line, now and always.
const codeConstraint = "journal.constraint"

// notice takes one verified notice in. It returns nil only when the notice and
// the cursor are on disk, so that the relay may forget it.
func (d *desk) notice(at payments.Position, n payments.Notice) error {
	h, a, err := d.find(context.WithoutCancel(d.t.life), n.OrderID)
	if err != nil {
		return err
	}
	var events []Event
	if h == nil {
		events, err = d.foreign(at, n)
	} else {
		events = fromNotice(h, a, at, n)
	}
	if err != nil {
		return err
	}
	err = d.commit(events, &at)
	if h == nil && payments.CodeOf(err) == codeConstraint {
		d.t.cfg.Log.Error("a payment of an order that cannot be one is passed over", "place", place(at))
		err = d.commit(nil, &at) // nor could it be taken in the next time
	}
	if err != nil {
		return err
	}
	if n.Kind == payments.NoticeRollback && h != nil {
		if j := h.jobs[a.ID]; j.phase == unsure {
			j.due = d.t.cfg.Now() // every copy asks at once
		}
	}
	return nil
}

// place names where a notice stands in the relay's queue.
func place(at payments.Position) string {
	return fmt.Sprintf("%s/%d/%d", at.Epoch, at.Seq, at.Index)
}

// fromNotice turns a notice about a known attempt into an event.
func fromNotice(h *held, a Attempt, at payments.Position, n payments.Notice) []Event {
	e := Event{
		Sale: h.sale.ID, Attempt: a.ID, Source: FromNotice, Reference: n.Reference, Amount: n.Amount, Provider: n.Provider,
	}
	data := EvidenceData{OrderID: n.OrderID, Method: n.Method, CardLast4: n.CardLast4, Place: place(at), Raw: n.Raw}
	oddity := func(code string) {
		e.Kind, data.Code = NoticeOddity, code
		if e.Reference == "" {
			e.Reference = data.Place
		}
	}
	switch n.Kind {
	case payments.NoticeOpened:
		return []Event{{Sale: h.sale.ID, Attempt: a.ID, Source: FromRelay, Kind: CustomerOpened}}
	case payments.NoticePaid:
		switch {
		case n.Amount != a.Amount:
			oddity("notice.amount")
		case n.Reference == "":
			oddity("notice.reference")
		default:
			e.Kind = PaymentSeen
		}
	case payments.NoticeRollback:
		// It has no reference and every copy is alike: its place makes it one
		// of its own, so that no copy is dropped while the attempt looks paid.
		e.Kind, e.Reference = RollbackSeen, data.Place
		if n.Amount != a.Amount {
			oddity("notice.amount")
		}
	default:
		oddity("notice.method")
	}
	e.Data = encode(data)
	return []Event{e}
}

// foreign enters a payment of an order this journal does not know as a sale of
// its own. Anything else about unknown orders moves the cursor only: there is
// nothing it could change.
func (d *desk) foreign(at payments.Position, n payments.Notice) ([]Event, error) {
	if n.Kind != payments.NoticePaid || n.Reference == "" || n.Amount.Sign() <= 0 {
		d.t.cfg.Log.Warn("notice about an unknown order", "kind", string(n.Kind))
		return nil, nil
	}
	sale, err := payments.Draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return nil, err
	}
	attempt, err := payments.Draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return nil, err
	}
	return []Event{{
		Sale: SaleID(sale), Attempt: AttemptID(attempt), Source: FromNotice, Kind: FoundPayment, Reference: n.Reference, Amount: n.Amount, Provider: n.Provider,
		Data: encode(EvidenceData{OrderID: n.OrderID, Method: n.Method, CardLast4: n.CardLast4, Place: place(at), Raw: n.Raw}),
	}}, nil
}
