package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"frontdesk/app/operators"
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
	if r.Operator, err = t.allow(ctx, "charge", Actor{Operator: r.Operator}, operators.Charge, total); err != nil {
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
	switch a := newest(s); {
	case a.State == Withdrawn && a.Link == "" && a.Reason != "",
		a.State == NotCharged && a.Offered.IsZero() && a.Reason != "":
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
	r.Rail = d.route(r.Rail, r.Device)
	if err := d.ready("charge", r.Rail); err != nil {
		return "", err
	}
	id, err := payments.Draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return "", err
	}
	opened := Event{
		Sale: SaleID(id), Source: FromDesk, Kind: SaleOpened, Amount: total, Operator: r.Operator,
		Data: encode(SaleData{Lines: r.Lines, Note: r.Note, Client: r.Client, Language: r.Language, Key: r.Key}),
	}
	begun, err := d.begun(wanted{
		op: "charge", sale: SaleID(id), rail: r.Rail, device: r.Device, amount: total, tip: r.Tip, operator: r.Operator, validity: r.Validity,
	})
	if err != nil {
		return "", err
	}
	return SaleID(id), d.commit(append([]Event{opened}, begun...), nil)
}

// sameCharge finds the sale that a key has made. The same key for another
// charge is a mistake of the caller.
func (d *desk) sameCharge(r ChargeRequest, total money.Amount) (SaleID, error) {
	made, err := d.t.cfg.Journal.Sales(context.WithoutCancel(d.t.life), Query{Key: r.Key, Limit: 1})
	if err != nil || len(made) == 0 {
		return "", err
	}
	s := made[0]
	s.Amount.Minor -= s.Added.Minor
	if s.Amount != total || s.Note != r.Note || s.Client != r.Client || !slices.Equal(s.Lines, r.Lines) {
		return "", refuse("charge", "charge.key", nil)
	}
	return s.ID, nil
}

// ready reports whether a new attempt may begin on the rail (product.md 4
// rules 7 and 11).
func (d *desk) ready(op string, rail payments.Rail) error {
	if rail == payments.RailCash {
		return nil
	}
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

// wanted is an attempt that is asked for.
type wanted struct {
	op       string
	sale     SaleID
	rail     payments.Rail
	device   string
	amount   money.Amount
	tip      money.Amount
	operator string
	validity time.Duration
}

// intent draws the names of a new attempt.
func (d *desk) intent(w wanted) (Event, error) {
	dev, err := d.device(w.op, w.rail, w.device)
	if err != nil {
		return Event{}, err
	}
	id, err := payments.Draw(d.t.cfg.Entropy, idLength)
	if err != nil {
		return Event{}, err
	}
	in := IntentData{Rail: w.rail, Device: dev.ID, DeviceLabel: dev.Label}
	if m, ok := d.rails[w.rail].(Marker); ok {
		in.Mark = m.Mark()
	}
	e := Event{Sale: w.sale, Attempt: AttemptID(id), Source: FromDesk, Kind: AttemptIntended, Amount: w.amount, Operator: w.operator}
	if in.OrderID, err = drawOrder(d.t.cfg.Entropy, d.t.cfg.Mode); err != nil {
		return Event{}, err
	}
	if dev.ID != "" {
		in.Tip = w.tip
		in.SID, err = drawSID(d.t.cfg.Entropy)
		e.Data = encode(in)
		return e, err
	}
	in.Expires = d.t.cfg.Now().Add(w.validity).UTC().Truncate(time.Millisecond)
	if in.Link, err = payments.Draw(d.t.cfg.Entropy, linkLength); err != nil {
		return Event{}, err
	}
	if in.Words, err = drawWords(d.t.cfg.Entropy); err != nil {
		return Event{}, err
	}
	e.Data = encode(in)
	return e, nil
}

// settledOrUnknown reports whether nothing is open any more.
func settledOrUnknown(s Sale) bool {
	return !slices.ContainsFunc(s.Attempts, func(a Attempt) bool { return a.Live() && a.State != Unknown })
}

// Cancel asks to stop collecting the sale and waits until that is settled;
// the outcome is in the sale, and may be paid. Cancelling what has ended
// unpaid is harmless; a sale that is paid or not known is refused.
func (t *Till) Cancel(ctx context.Context, id SaleID, operator string) error {
	operator, err := t.allow(ctx, "cancel", Actor{Operator: operator}, operators.Cancel, money.Amount{})
	if err != nil {
		return err
	}
	if err := t.do(ctx, func() error {
		h, err := t.desk.known("cancel", id)
		if err != nil {
			return err
		}
		if settledOrUnknown(h.sale) {
			switch h.sale.State {
			case Withdrawn, Expired, NotCharged, Declined, Reversed:
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
	_, err = t.await(ctx, id, settledOrUnknown)
	return err
}

// cancelOpen asks to stop every attempt that is open.
func (d *desk) cancelOpen(h *held, operator string) error {
	var events []Event
	for _, a := range h.sale.Attempts {
		j := h.jobs[a.ID]
		switch a.State {
		case Preparing, Offered, Opened, Declined:
			if !a.Live() {
				continue
			}
			e := desksEvent(h, a.ID, CancelAsked, nil)
			e.Source, e.Operator = FromOperator, operator
			events = append(events, e)
			if j.stop != nil {
				j.stop()
			}
		case Cancelling:
			j.stopAsked = false // a terminal that did not listen is asked again
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
			if a.Live() && !d.isUnsaved(a.ID) {
				d.keep(desksEvent(h, a.ID, CancelAsked, nil))
			}
		}
	}
}
