package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"frontdesk/app/operators"
	"frontdesk/payments"
	"frontdesk/payments/money"
)

// EraseWords erases what a customer has told and what was told about them: name,
// note, reasons of refunds and the bodies of notices and answers. Amounts, states
// and the chain stay as they are; it cannot be undone. Codes operator.*,
// sale.missing, sale.busy while something of the sale is open, words.erased when
// there is nothing left to erase, words.plain when an older program has written
// them into the chain itself.
func (t *Till) EraseWords(ctx context.Context, id SaleID, by Actor) error {
	name, err := t.allow(ctx, "erase", by, operators.Settings, money.Amount{})
	if err != nil {
		return err
	}
	if err := t.do(ctx, func() error { return t.desk.eraseWords(id, name) }); err != nil {
		return err
	}
	t.forget(ctx)
	return nil
}

// EraseBefore erases the words of all sales that were begun before a moment, one
// by one, and returns how many they were. Sales that are open, or that cannot be
// erased, are left out.
func (t *Till) EraseBefore(ctx context.Context, before time.Time, by Actor) (int, error) {
	name, err := t.allow(ctx, "erase", by, operators.Settings, money.Amount{})
	if err != nil {
		return 0, err
	}
	return t.eraseBefore(ctx, before, name)
}

// EraseOverdue does the same for the period after which the owner wants words
// gone. No right is asked for: whoever chose the period had it.
func (t *Till) EraseOverdue(ctx context.Context, before time.Time) (int, error) {
	return t.eraseBefore(ctx, before, "")
}

func (t *Till) eraseBefore(ctx context.Context, before time.Time, name string) (int, error) {
	done := 0
	for q := (Query{To: before, Worded: true}); ; {
		page, err := t.cfg.Journal.Sales(ctx, q)
		if err != nil {
			return done, err
		}
		for _, s := range page {
			switch err := t.do(ctx, func() error { return t.desk.eraseWords(s.ID, name) }); {
			case err == nil:
				done++
			case !errors.Is(err, payments.ErrRefused):
				return done, err
			}
			q.Before = s.Seq
		}
		if len(page) == 0 {
			break
		}
	}
	if done > 0 {
		t.forget(ctx)
	}
	return done, nil
}

// forget wipes what was erased off the disk. What cannot be wiped now is when the
// program ends.
func (t *Till) forget(ctx context.Context) {
	if w, ok := t.cfg.Journal.(Wiper); ok {
		if err := w.Forget(ctx); err != nil {
			t.cfg.Log.Warn("erased, but not yet wiped off the disk", "err", err)
		}
	}
}

// eraseWords commits the erasure and reads the sale again as it is without words.
func (d *desk) eraseWords(id SaleID, operator string) error {
	h, err := d.known("erase", id)
	if err != nil {
		return err
	}
	e, err := d.erasure(h, operator)
	if err != nil {
		return err
	}
	if err := d.commit([]Event{e}, nil); err != nil {
		return err
	}
	events, err := d.t.cfg.Journal.Sale(context.WithoutCancel(d.t.life), id)
	if err != nil {
		return err
	}
	h.events = events
	if now, held := d.sales[id]; held {
		now.events = events
		d.fold(now)
	}
	d.publish()
	return nil
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
	e.Operator, e.Reference = operator, d.nextQuery()
	if operator != "" {
		e.Source = FromOperator
	}
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
