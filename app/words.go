package app

import (
	"context"
	"slices"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments/money"
)

// EraseWords erases what a customer has told and what was told about them: name,
// note, reasons of refunds and the bodies of notices and answers. Amounts, states
// and the chain stay as they are; it cannot be undone. Codes operator.*,
// sale.missing, sale.busy while something of the sale is open, words.erased when
// there is nothing left to erase.
func (t *Till) EraseWords(ctx context.Context, id SaleID, by Actor) error {
	name, err := t.allow(ctx, "erase", by, operators.Settings, money.Amount{})
	if err != nil {
		return err
	}
	return t.do(ctx, func() error {
		h, err := t.desk.known("erase", id)
		if err != nil {
			return err
		}
		e, err := t.desk.erasure(h, name)
		if err != nil {
			return err
		}
		return t.desk.erase([]Event{e})
	})
}

// erasing is how many sales lose their words in one commit.
const erasing = 100

// EraseBefore erases the words of all sales that were begun before a moment,
// those that are open left out, and returns how many they were.
func (t *Till) EraseBefore(ctx context.Context, before time.Time, by Actor) (int, error) {
	name, err := t.allow(ctx, "erase", by, operators.Settings, money.Amount{})
	if err != nil {
		return 0, err
	}
	done := 0
	q := Query{To: before, Worded: true, Limit: erasing}
	for {
		page, err := t.cfg.Journal.Sales(ctx, q)
		if err != nil || len(page) == 0 {
			return done, err
		}
		q.Before = page[len(page)-1].Seq
		if err := t.do(ctx, func() error {
			n, err := t.desk.erasePage(page, name)
			done += n
			return err
		}); err != nil {
			return done, err
		}
	}
}

func (d *desk) erasePage(page []Sale, operator string) (int, error) {
	var events []Event
	for _, s := range page {
		h, err := d.known("erase", s.ID)
		if err != nil {
			return 0, err
		}
		if e, err := d.erasure(h, operator); err == nil {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return 0, nil
	}
	return len(events), d.erase(events)
}

// erasure is the event with which the words of a sale end.
func (d *desk) erasure(h *held, operator string) (Event, error) {
	switch {
	case h.sale.Live() || d.underWay(h):
		return Event{}, refuse("erase", "sale.busy", nil)
	case !worded(h.events):
		return Event{}, refuse("erase", "words.erased", nil)
	}
	e := desksEvent(h, "", WordsErased, nil)
	e.Source, e.Operator, e.Reference = FromOperator, operator, d.nextQuery()
	return e, nil
}

// underWay reports whether an answer may still come in, or waits to be written.
func (d *desk) underWay(h *held) bool {
	for _, a := range h.sale.Attempts {
		if d.isUnsaved(a.ID) || h.jobs[a.ID].busy() || a.Owes() || slices.ContainsFunc(a.Refunds, Refund.open) {
			return true
		}
	}
	return false
}

// erase commits and reads the sales again as they are without their words.
func (d *desk) erase(events []Event) error {
	if err := d.commit(events, nil); err != nil {
		return err
	}
	for _, e := range events {
		delete(d.sales, e.Sale)
		if _, err := d.hold(context.WithoutCancel(d.t.life), e.Sale); err != nil {
			d.t.cfg.Log.Error("journal read", "err", err)
		}
	}
	d.publish()
	return nil
}

// words are the fields of all data in which words of or about a customer stand.
type words struct {
	Note   string `json:"note"`
	Client string `json:"client"`
	Reason string `json:"reason"`
	Raw    []byte `json:"raw"`
}

// worded reports whether events behind the last erasure hold words.
func worded(events []Event) bool {
	for n := len(events) - 1; n >= 0; n-- {
		if events[n].Kind == WordsErased {
			return false
		}
		if w := decode[words](events[n]); w.Note != "" || w.Client != "" || w.Reason != "" || len(w.Raw) > 0 {
			return true
		}
	}
	return false
}
