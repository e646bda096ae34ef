package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Charge makes a sale and one attempt to collect it, and waits until the code
// can be shown or the rail has said no; the latter is returned as an error
// beside the sale. Nothing leaves before the intent is on disk. When ctx ends
// first, the sale goes on and is returned as it stands with the error of ctx.
func (t *Till) Charge(ctx context.Context, r ChargeRequest) (Sale, error) {
	r = r.complete()
	total, err := r.total()
	if err != nil {
		return Sale{}, err
	}
	var id SaleID
	if err := t.do(ctx, func() (err error) {
		id, err = t.desk.charge(r, total)
		return err
	}); err != nil {
		return Sale{}, err
	}
	return t.awaitOffer(ctx, "charge", id)
}

// awaitOffer waits until the newest attempt is no longer preparing.
func (t *Till) awaitOffer(ctx context.Context, op string, id SaleID) (Sale, error) {
	newest := func(s Sale) Attempt { return s.Attempts[len(s.Attempts)-1] }
	s, err := t.await(ctx, id, func(s Sale) bool { return newest(s).State != Preparing })
	if err != nil {
		return s, err
	}
	if a := newest(s); a.State == Withdrawn && a.Link == "" && a.Reason != "" {
		return s, refuse(op, a.Reason, nil)
	}
	return s, nil
}

func (d *desk) charge(r ChargeRequest, total money.Amount) (SaleID, error) {
	if r.Key != "" {
		if id, err := d.sameCharge(r, total); id != "" || err != nil {
			return id, err
		}
	}
	if err := d.ready("charge", r.Rail); err != nil {
		return "", err
	}
	id, err := draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return "", err
	}
	opened := Event{
		Sale: SaleID(id), Source: FromDesk, Kind: SaleOpened, Amount: total, Operator: r.Operator,
		Data: encode(SaleData{Lines: r.Lines, Note: r.Note, Client: r.Client, Language: r.Language, Key: r.Key}),
	}
	intent, err := d.intent(SaleID(id), r.Rail, total, r.Operator, r.Validity)
	if err != nil {
		return "", err
	}
	return SaleID(id), d.commit([]Event{opened, intent}, nil)
}

// sameCharge finds the sale that a key has made. The same key for another
// charge is a mistake of the caller.
func (d *desk) sameCharge(r ChargeRequest, total money.Amount) (SaleID, error) {
	made, err := d.t.cfg.Journal.Sales(context.WithoutCancel(d.t.life), Query{Key: r.Key, Limit: 1})
	if err != nil || len(made) == 0 {
		return "", err
	}
	s := made[0]
	if s.Amount != total || s.Note != r.Note || s.Client != r.Client || !slices.Equal(s.Lines, r.Lines) {
		return "", refuse("charge", "charge.key", nil)
	}
	return s.ID, nil
}

// ready reports whether a new attempt may begin on the rail (product.md 4
// rules 7 and 11).
func (d *desk) ready(op string, rail payments.Rail) error {
	r, ok := d.rails[rail]
	if !ok {
		return refuse(op, "rail.missing", nil)
	}
	if c, ok := r.(Conditional); ok {
		if err := c.Ready(); err != nil {
			return refuse(op, cmp.Or(payments.CodeOf(err), "rail.missing"), nil)
		}
	}
	if rail != payments.RailLink || d.t.cfg.Inbox == nil && d.t.cfg.Mode == payments.Practice {
		return nil
	}
	if d.t.cfg.Inbox == nil {
		return refuse(op, codeSilent, nil)
	}
	p := d.t.cfg.Inbox.Proof()
	switch {
	case p.Skew.Abs() >= skewStop:
		return refuse(op, codeSkew, nil)
	case d.t.cfg.Mode != payments.Practice && silent(p, d.t.cfg.Now()):
		return refuse(op, codeSilent, nil)
	}
	return nil
}

// intent draws the names of a new attempt.
func (d *desk) intent(sale SaleID, rail payments.Rail, amount money.Amount, operator string, validity time.Duration) (Event, error) {
	id, err := draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return Event{}, err
	}
	in := IntentData{Rail: rail, Expires: d.t.cfg.Now().Add(validity).UTC().Truncate(time.Millisecond)}
	if m, ok := d.rails[rail].(Marker); ok {
		in.Mark = m.Mark()
	}
	if in.OrderID, err = drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode); err != nil {
		return Event{}, err
	}
	if in.Link, err = draw(d.t.cfg.Entropy, linkLength); err != nil {
		return Event{}, err
	}
	if in.Words, err = drawWords(d.t.cfg.Entropy); err != nil {
		return Event{}, err
	}
	return Event{Sale: sale, Attempt: AttemptID(id), Source: FromDesk, Kind: AttemptIntended, Amount: amount, Operator: operator, Data: encode(in)}, nil
}

// Again begins another attempt for a sale that still owes its money. Attempts
// that are open are withdrawn first (product.md 4 rule 9); while one is not
// known, and once the sale is paid, it is refused. It waits as Charge does.
func (t *Till) Again(ctx context.Context, id SaleID, r AgainRequest) (Sale, error) {
	rail := cmp.Or(r.Rail, payments.RailLink)
	check := func(d *desk) (*held, error) {
		h, err := d.known("again", id)
		if err != nil {
			return nil, err
		}
		if err := owing(h.sale); err != nil {
			return nil, err
		}
		return h, d.ready("again", rail)
	}
	if err := t.do(ctx, func() error {
		h, err := check(t.desk)
		if err != nil {
			return err
		}
		return t.desk.cancelOpen(h, h.sale.Operator)
	}); err != nil {
		return Sale{}, err
	}
	if s, err := t.await(ctx, id, settledOrUnknown); err != nil {
		return s, err
	}
	if err := t.do(ctx, func() error {
		h, err := check(t.desk)
		if err != nil {
			return err
		}
		if !settledOrUnknown(h.sale) {
			return refuse("again", "sale.busy", nil)
		}
		e, err := t.desk.intent(id, rail, h.sale.Amount, h.sale.Operator, DefaultValidity)
		if err != nil {
			return err
		}
		return t.desk.commit([]Event{e}, nil)
	}); err != nil {
		return Sale{}, err
	}
	return t.awaitOffer(ctx, "again", id)
}

// owing refuses sales for which nothing more may be asked.
func owing(s Sale) error {
	switch s.State {
	case Unknown:
		return refuse("again", "sale.unknown", nil)
	case Paid, PaidLate, Overpaid, PartRefunded, Refunded, Found:
		return refuse("again", "sale.done", nil)
	}
	return nil
}

// settledOrUnknown reports whether nothing is open any more.
func settledOrUnknown(s Sale) bool {
	return !slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.State.Live() && a.State != Unknown })
}

// Cancel asks to stop collecting the sale and waits until that is settled;
// the outcome is in the sale, and may be paid. Cancelling what has ended
// unpaid is harmless; a sale that is paid or not known is refused.
func (t *Till) Cancel(ctx context.Context, id SaleID, operator string) error {
	if err := t.do(ctx, func() error {
		h, err := t.desk.known("cancel", id)
		if err != nil {
			return err
		}
		if settledOrUnknown(h.sale) {
			switch h.sale.State {
			case Withdrawn, Expired, NotCharged, Reversed:
				return nil
			case Unknown:
				return refuse("cancel", "sale.unknown", nil)
			}
			return refuse("cancel", "sale.done", nil)
		}
		return t.desk.cancelOpen(h, operator)
	}); err != nil {
		return err
	}
	_, err := t.await(ctx, id, settledOrUnknown)
	return err
}

// cancelOpen asks to stop every attempt that is open.
func (d *desk) cancelOpen(h *held, operator string) error {
	var events []Event
	for _, a := range h.sale.Attempts {
		switch a.State {
		case Preparing, Offered, Opened, Declined:
			e := desksEvent(h, a.ID, CancelAsked, nil)
			e.Source, e.Operator = FromOperator, operator
			events = append(events, e)
			if j := h.jobs[a.ID]; j.stop != nil {
				j.stop()
			}
		}
	}
	if len(events) == 0 {
		return nil
	}
	return d.commit(events, nil)
}

// closeOthers withdraws what is still open of a sale whose money has come in.
func (d *desk) closeOthers(h *held) {
	if h.sale.Received.Minor < h.sale.Amount.Minor {
		return
	}
	for _, a := range h.sale.Attempts {
		switch a.State {
		case Preparing, Offered, Opened, Declined:
			if !d.isUnsaved(a.ID) {
				d.keep(desksEvent(h, a.ID, CancelAsked, nil))
			}
		}
	}
}
