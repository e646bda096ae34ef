package app

import (
	"context"
	"slices"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Limits of the calls to a terminal. The driver's own timers are shorter; these
// keep a driver without any from holding the device for ever.
const (
	prepareLimit = time.Minute
	collectLimit = 15 * time.Minute
)

// presenter is the rail of an attempt when the customer presents a card on it.
func (d *desk) presenter(r payments.Rail) (Presenter, bool) {
	p, ok := d.rails[r].(Presenter)
	return p, ok
}

// device finds the device a new attempt asks for and makes sure that nothing
// else stands on it. On other rails it is the zero Device.
func (d *desk) device(op string, rail payments.Rail, id string) (Device, error) {
	p, ok := d.presenter(rail)
	if !ok {
		return Device{}, nil
	}
	dev, err := p.Device(id)
	if err != nil {
		return Device{}, refuse(op, railCode(err), err)
	}
	return dev, d.free(op, dev.ID, "")
}

// free refuses a device on which something runs, or is not known: a terminal
// remembers its last transaction only, so another one would wipe out the
// evidence (product.md 4 rule 10). What is open of the sale itself will be
// withdrawn first and does not count.
func (d *desk) free(op, device string, own SaleID) error {
	for _, use := range d.uses() {
		switch {
		case use.ID != device || use.Sale == own && use.State != Unknown && !use.Refund:
		case use.State == Unknown:
			return refuse(op, "terminal.unsettled", nil)
		default:
			return refuse(op, "terminal.busy", nil)
		}
	}
	return nil
}

// uses lists what stands on the devices, ordered by device and attempt.
func (d *desk) uses() []DeviceUse {
	var list []DeviceUse
	for _, h := range d.sales {
		for _, a := range h.sale.Attempts {
			use := DeviceUse{ID: a.Device, Sale: h.sale.ID, Attempt: a.ID, State: a.State, Stage: h.jobs[a.ID].stage}
			if a.Device != "" && a.Live() {
				list = append(list, use)
			}
			for _, r := range a.Refunds {
				if r.Device == "" || r.Way == RefundOnline {
					continue
				}
				use.ID, use.Refund = r.Device, true
				switch r.State {
				case RefundPending:
					list = append(list, use)
				case RefundUnknown:
					use.State = Unknown
					list = append(list, use)
				}
			}
		}
	}
	slices.SortFunc(list, byDevice)
	return list
}

// tendDevice does what an attempt on a terminal asks for.
func (d *desk) tendDevice(h *held, a Attempt, j *job, now time.Time) {
	p, ok := d.presenter(a.Rail)
	switch {
	case j.offering || j.collecting || j.completing || j.refunding:
	case a.State == Preparing && !ok:
		d.keep(desksEvent(h, a.ID, OfferFailed, ReasonData{Code: "rail.missing"}))
	case a.State == Preparing:
		if !d.completing(a.Device) {
			d.prepare(h, a, j, p)
		}
	case a.State == Cancelling && a.Offered.IsZero():
		d.keep(desksEvent(h, a.ID, OfferFailed, ReasonData{}))
	case ok && !j.completed && a.Owes():
		d.complete(h, a, j)
	case j.asking || j.due.IsZero() || now.Before(j.due):
	case !ok:
		d.checked(j, refuse("check", "rail.missing", nil))
	case j.phase == lost:
		d.recover(h, a, j, p)
	}
	if ok && j.collecting && a.State == Cancelling && !j.withdrawing && !j.stopAsked {
		d.stop(h, a, j, p)
	}
}

// prepare looks at the terminal and tells it first of outcomes it has not
// heard of yet.
func (d *desk) prepare(h *held, a Attempt, j *job, p Presenter) {
	o := d.offerOf(h, a)
	owed := d.dirtyOn(a.Device)
	j.offering = true
	j.stop = d.t.task(prepareLimit, func(ctx context.Context) func() {
		told := d.t.settleWords(ctx, owed)
		previous, err := p.Prepare(ctx, o)
		return func() { d.prepared(h, a.ID, j, p, o, previous, told, err) }
	})
}

// prepared commits the name of the terminal's last transaction and lets the
// amount go. Without that on disk nothing leaves.
func (d *desk) prepared(h *held, id AttemptID, j *job, p Presenter, o Offer, previous string, told []Event, err error) {
	j.offering, j.stop, d.dirty = false, nil, true
	if len(told) > 0 {
		d.keep(told...)
	}
	a, _ := h.attempt(id)
	switch {
	case a.State == Cancelling:
		d.keep(desksEvent(h, id, OfferFailed, ReasonData{}))
		return
	case a.State != Preparing:
		return
	case err != nil:
		d.t.cfg.Log.Warn("terminal not ready", "order", o.OrderID, "err", err)
		d.keep(desksEvent(h, id, OfferFailed, ReasonData{Code: railCode(err)}))
		return
	}
	if err := d.commit([]Event{desksEvent(h, id, TerminalSending, SendingData{Previous: previous})}, nil); err != nil {
		d.keep(desksEvent(h, id, OfferFailed, ReasonData{Code: railCode(err)}))
		return
	}
	o.Previous = previous
	d.collect(h, id, j, p, o)
}

// collect runs the payment. It is called once per attempt and never again.
func (d *desk) collect(h *held, id AttemptID, j *job, p Presenter, o Offer) {
	j.collecting, j.stopAsked, j.stage = true, false, Stage{Since: d.t.cfg.Now()}
	d.t.task(collectLimit, func(ctx context.Context) func() {
		answer, err := p.Collect(ctx, o, func(s Stage) {
			d.t.tell(func() { d.staged(h, id, j, s) })
		})
		return func() { d.collected(h, id, j, answer, err) }
	})
}

// staged shows where the payment stands. That the card was read is written
// down: it tells whether the customer came that far.
func (d *desk) staged(h *held, id AttemptID, j *job, s Stage) {
	if !j.collecting {
		return
	}
	if s.Since.IsZero() {
		s.Since = d.t.cfg.Now()
	}
	if s.Cancellable && !j.stage.Cancellable {
		j.stopAsked = false // asked too early: it may be asked again
	}
	j.stage, d.dirty = s, true
	if s.Name == StageCardRead {
		d.keep(Event{Sale: h.sale.ID, Attempt: id, Source: FromTerminal, Kind: CustomerOpened})
	}
}

// collected writes the outcome down. Only an error that proves that the
// terminal never began is an outcome; any other one is not known.
func (d *desk) collected(h *held, id AttemptID, j *job, answer payments.Answer, err error) {
	j.collecting, j.stage, d.dirty = false, Stage{}, true
	a, _ := h.attempt(id)
	e := Event{Sale: h.sale.ID, Attempt: id, Source: FromTerminal, Kind: TerminalOutcome, Amount: answer.Amount, Provider: answer.Provider}
	data := OutcomeData{Outcome: answer.Outcome, Code: answer.Reason, Status: answer.Code, Card: answer.Card, Raw: answer.Raw}
	switch {
	case err != nil && settledError(err):
		data.Outcome, data.Code, data.NotStarted = payments.NotCharged, railCode(err), true
	case err != nil:
		d.t.cfg.Log.Warn("terminal payment without an outcome", "order", a.OrderID, "err", err)
		data.Outcome, data.Code = payments.Unknown, lostCode(err)
	case answer.Outcome == payments.Paid && !fits(a, h.tipAsked(a.ID), answer):
		data.Outcome, data.Code = payments.Unknown, ReasonAmount
	case !final(answer.Outcome):
		data.Outcome, data.Code = payments.Unknown, ReasonLost
	}
	e.Data = encode(data)
	d.keep(e)
}

// lostCode is the code of an outcome that did not reach us.
func lostCode(err error) string {
	if code := payments.CodeOf(err); code != "" {
		return code
	}
	return ReasonLost
}

func final(o payments.Outcome) bool {
	return o == payments.Paid || o == payments.Declined || o == payments.NotCharged
}

// fits reports whether what was taken is what was asked for, and a tip that the
// customer has added: told as one sum, or apart. asked is the tip that the amount
// holds already. A terminal need not tell the amount. What can be read in two ways,
// or is less than was asked for, does not fit.
func fits(a Attempt, asked money.Amount, answer payments.Answer) bool {
	got, tip := answer.Amount, answer.Card.Tip
	bare := a.Amount.Minor - asked.Minor
	switch {
	case !got.IsZero() && got.Currency != a.Amount.Currency, !tip.IsZero() && tip.Currency != a.Amount.Currency:
		return false
	case got.IsZero():
		return tip.IsZero() || tip.Minor >= asked.Minor
	case got == a.Amount && tip.Minor <= asked.Minor:
		return true
	}
	return tip.Minor >= asked.Minor && (got.Minor == bare || got.Minor == bare+tip.Minor)
}

// tipAsked is the tip that the amount of an attempt holds and the terminal knows of.
func (h *held) tipAsked(id AttemptID) money.Amount {
	for _, e := range h.events {
		if e.Attempt == id && e.Kind == AttemptIntended {
			return tipKnown(decode[IntentData](e))
		}
	}
	return money.Amount{}
}

// stop asks the running payment to end. The outcome decides.
func (d *desk) stop(h *held, a Attempt, j *job, p Presenter) {
	j.withdrawing, j.stopAsked = true, true
	d.t.task(callLimit, func(ctx context.Context) func() {
		err := p.Withdraw(ctx, a.OrderID)
		return func() {
			j.withdrawing, d.dirty = false, true
			if err != nil {
				d.t.cfg.Log.Info("terminal did not take the cancel", "sale", string(h.sale.ID), "err", err)
			}
		}
	})
}
