package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"frontdesk/payments"
)

// job is what is planned and under way for one attempt.
type job struct {
	phase   phase
	since   time.Time // when the phase began
	done    int       // checks made in it
	due     time.Time // of the next check, zero for none
	checked time.Time // last answered check
	asking  bool
	waiting []chan error // callers of CheckNow

	offering    bool
	stop        context.CancelFunc // of the offer under way
	tries       int
	retry       time.Time // not before, the next offer
	withdrawing bool
	closing     bool // the page could not be closed yet
	told        int  // the provider's own number for the order, shown only

	// Of terminals.
	collecting bool
	stage      Stage
	stopAsked  bool // the running payment was asked to end
	completing bool
	completed  bool // tried in this run
	refunding  bool // a refund runs, on any rail
}

func (j *job) busy() bool {
	return j.asking || j.offering || j.withdrawing || j.collecting || j.completing || j.refunding
}

// plan sets the schedule of an attempt when its phase has changed.
func (d *desk) plan(h *held, a Attempt, j *job) {
	p, since := phaseOf(h.events, a)
	if p == j.phase && (p != closed && p != unsure && p != lost && p != owed || since.Equal(j.since)) {
		return
	}
	j.phase, j.since, j.done = p, since, 0
	j.due = d.next(j)
	if !j.asking {
		j.answer(nil) // what was to be asked has been told before its turn came
	}
}

// next computes when to ask next.
func (d *desk) next(j *job) time.Time {
	var b [1]byte
	if _, err := d.t.cfg.Entropy.Read(b[:]); err != nil {
		b[0] = 128 // without jitter rather than without a check
	}
	return nextCheck(j.phase, j.since, j.done, d.t.cfg.Now(), (float64(b[0])-128)/128)
}

// phaseOf says why the attempt is asked about and since when.
func phaseOf(events []Event, a Attempt) (phase, time.Time) {
	if a.Device != "" {
		if a.State == Unknown {
			return lost, a.Unsure
		}
		if r, ok := a.lostRefund(); ok {
			return lost, r.Settled
		}
		return quiet, time.Time{}
	}
	if a.Rail == payments.RailCash {
		return quiet, time.Time{} // there is nobody to ask
	}
	if r, ok := a.lostRefund(); ok && !a.Live() {
		return owed, r.Settled
	}
	switch a.State {
	case Offered, Opened, Declined:
		return open, a.Offered
	case Unknown:
		return unsure, a.Unsure
	case Paid, PaidLate, Found:
		if a.Rail == payments.RailRequest {
			return quiet, time.Time{} // nobody waits for an OK of ours
		}
		return paid, paidSince(events, a.ID)
	case Withdrawn, Expired:
		if !wallOf(events, a.ID, OfferFailed).IsZero() {
			return quiet, time.Time{} // nobody has ever seen the page
		}
		if a.Rail == payments.RailRequest {
			return stays, a.Expires
		}
		return closed, wallOf(events, a.ID, AttemptWithdrawn, AttemptExpired, Resolved)
	}
	return quiet, time.Time{}
}

// wallOf is the time of the first event of an attempt that is of the kinds.
func wallOf(events []Event, id AttemptID, kinds ...Kind) time.Time {
	for _, e := range events {
		for _, k := range kinds {
			if e.Attempt == id && e.Kind == k {
				return e.Wall
			}
		}
	}
	return time.Time{}
}

// step does what is due and returns how long the owner may sleep.
func (d *desk) step() time.Duration {
	if d.t.cfg.Mono()-d.beatAge >= beat {
		d.pulse()
	}
	now := d.t.cfg.Now()
	for _, h := range d.inHand() {
		for _, a := range h.sale.Attempts {
			d.tend(h, a.ID, now)
		}
	}
	d.askNext(now)
	if d.dirty {
		d.publish()
	}
	wake := beat - (d.t.cfg.Mono() - d.beatAge)
	sooner := func(at time.Time) {
		if !at.IsZero() {
			wake = min(wake, at.Sub(now))
		}
	}
	for _, h := range d.sales {
		for _, a := range h.sale.Attempts {
			j := h.jobs[a.ID]
			unsaved := d.isUnsaved(a.ID)
			if !j.busy() && (a.Device == "" && !d.asking || a.Device != "" && !unsaved) {
				sooner(j.due)
			}
			if unsaved {
				continue // the next beat tries again
			}
			switch a.State {
			case Preparing:
				if !j.offering {
					sooner(j.retry)
				}
				sooner(a.Expires)
			case Offered, Opened, Declined:
				sooner(a.Expires)
			}
		}
	}
	return max(wake, time.Millisecond)
}

// tend offers, expires and withdraws an attempt as its state asks for.
func (d *desk) tend(h *held, id AttemptID, now time.Time) {
	a, ok := h.attempt(id)
	if !ok || d.isUnsaved(id) {
		return
	}
	j := h.jobs[id]
	if a.Device != "" {
		d.tendDevice(h, a, j, now)
		return
	}
	switch a.State {
	case Preparing, Offered, Opened, Declined:
		if !a.Expires.IsZero() && !now.Before(a.Expires) {
			j.closing = a.State != Preparing
			d.keep(desksEvent(h, a.ID, AttemptExpired, nil))
			return
		}
		if a.State == Preparing && !j.offering && !now.Before(j.retry) {
			d.offer(h, a, j)
		}
	case Cancelling:
		if !j.withdrawing && !j.offering {
			d.withdraw(h, a, j)
		}
	}
}

func desksEvent(h *held, id AttemptID, k Kind, data any) Event {
	e := Event{Sale: h.sale.ID, Attempt: id, Source: FromDesk, Kind: k}
	if data != nil {
		e.Data = encode(data)
	}
	return e
}

// offer makes the attempt payable. The same bytes are offered again after a
// restart or an answer that never came: registrations are idempotent.
func (d *desk) offer(h *held, a Attempt, j *job) {
	rail, ok := d.rails[a.Rail]
	if !ok {
		d.keep(desksEvent(h, a.ID, OfferFailed, ReasonData{Code: "rail.missing"}))
		return
	}
	o := d.offerOf(h, a)
	j.offering = true
	j.stop = d.t.task(callLimit, func(ctx context.Context) func() {
		page, err := rail.Offer(ctx, o)
		return func() { d.offered(h, a.ID, j, page, err) }
	})
}

// offerOf builds the offer of an attempt from what is on disk.
func (d *desk) offerOf(h *held, a Attempt) Offer {
	o := Offer{
		OrderID: a.OrderID, Amount: a.Amount, Lines: h.sale.Lines, Note: h.sale.Note, Words: a.Words, Language: DefaultLanguage,
		Device: a.Device, SID: a.SID,
	}
	for _, e := range h.events {
		switch {
		case e.Kind == SaleOpened:
			o.Language = decode[SaleData](e).Language
		case e.Kind == AttemptIntended && e.Attempt == a.ID:
			in := decode[IntentData](e)
			o.Link, o.Expires, o.Mark, o.Tip = in.Link, in.Expires, in.Mark, in.Tip
		case e.Kind == TerminalSending && e.Attempt == a.ID:
			o.Previous = decode[SendingData](e).Previous
		}
	}
	return o
}

func (d *desk) offered(h *held, id AttemptID, j *job, page Page, err error) {
	const first, longest = time.Second, 30 * time.Second
	j.offering, j.stop, d.dirty = false, nil, true
	a, _ := h.attempt(id)
	switch {
	case err == nil:
		if a.State == Preparing || a.State == Cancelling {
			d.keep(desksEvent(h, id, AttemptOffered, OfferData{URL: page.URL, Expires: page.Expires.UTC().Truncate(time.Millisecond)}))
		}
	case settledError(err):
		d.t.cfg.Log.Warn("offer failed", "order", a.OrderID, "err", err)
		if a.State == Preparing {
			d.keep(desksEvent(h, id, OfferFailed, ReasonData{Code: railCode(err)}))
		}
	default:
		d.t.cfg.Log.Warn("offer without an answer, repeating it", "order", a.OrderID, "err", err)
		j.retry = d.t.cfg.Now().Add(min(first<<min(j.tries, 5), longest))
		j.tries++
	}
}

// settledError reports whether the error proves that nothing happened.
func settledError(err error) bool {
	if errors.Is(err, payments.ErrUnknown) {
		return false
	}
	return errors.Is(err, payments.ErrRefused) || errors.Is(err, payments.ErrUnreachable)
}

// railCode is the code of a rail's error, or one for its condition.
func railCode(err error) string {
	switch code := payments.CodeOf(err); {
	case err == nil || code != "":
		return code
	case errors.Is(err, payments.ErrUnreachable):
		return "provider.unreachable"
	case errors.Is(err, payments.ErrRefused):
		return "provider.refused"
	}
	return "provider.unknown"
}

// withdraw closes the page of an attempt. When the customer has opened it, the
// provider is asked first: they may be paying right now.
func (d *desk) withdraw(h *held, a Attempt, j *job) {
	rail, ok := d.rails[a.Rail]
	if !ok {
		d.keep(desksEvent(h, a.ID, AttemptWithdrawn, ReasonData{Code: "rail.missing"}))
		return
	}
	opened := !wallOf(h.events, a.ID, CustomerOpened).IsZero()
	asOf := d.head
	j.withdrawing = true
	d.t.task(2*callLimit, func(ctx context.Context) func() {
		var answer payments.Answer
		asked := errors.New("not asked")
		if opened {
			answer, asked = rail.Status(ctx, StatusQuery{OrderID: a.OrderID, Amount: a.Amount})
		}
		err := rail.Withdraw(ctx, a.OrderID)
		return func() {
			if asked == nil {
				d.take(h, a.ID, j, asOf, answer)
			}
			d.withdrawn(h, a.ID, j, err)
		}
	})
}

func (d *desk) withdrawn(h *held, id AttemptID, j *job, err error) {
	j.withdrawing, d.dirty = false, true
	if err != nil {
		j.closing = payments.CodeOf(err) != ReasonStays // tried again with the next look
		d.t.cfg.Log.Warn("page could not be closed", "err", err)
	}
	switch a, _ := h.attempt(id); a.State {
	case Cancelling, Unknown:
		d.keep(desksEvent(h, id, AttemptWithdrawn, ReasonData{Code: railCode(err)}))
	}
}

// pulse looks at the clocks and at the relay.
func (d *desk) pulse() {
	now, age := d.t.cfg.Now(), d.t.cfg.Mono()
	passed := age - d.beatAge
	off := now.Sub(d.beatAt) - passed
	d.beatAt, d.beatAge = now, age
	d.saveKept()
	d.below()
	wake := off > jump || off < -jump || passed > beat+jump
	if d.t.cfg.Inbox != nil {
		wake = d.look(now) || wake
		d.dirty = true // the age of the proof is shown
	}
	if !wake {
		return
	}
	for _, h := range d.sales {
		for _, j := range h.jobs {
			if !j.due.IsZero() || j.phase == lost {
				j.due = now
			}
		}
	}
}

// below takes in the standing conditions that the parts below the till tell.
func (d *desk) below() {
	if d.t.cfg.Conditions == nil {
		return
	}
	now := d.t.cfg.Conditions()
	for _, code := range d.told {
		if !slices.Contains(now, code) {
			delete(d.trouble, code)
			d.dirty = true
		}
	}
	for _, code := range now {
		d.raise(code)
	}
	d.told = now
}

// look reads the proof of the relay and reports whether it has just ended.
func (d *desk) look(now time.Time) (ended bool) {
	if c, ok := d.t.cfg.Inbox.(Conditional); ok && c.Ready() != nil {
		d.lower(codeSilent)
		d.lower(codeSkew)
		return false
	}
	p := d.t.cfg.Inbox.Proof()
	if silent(p, now) {
		_, before := d.trouble[codeSilent]
		d.raise(codeSilent)
		ended = !before
	} else {
		d.lower(codeSilent)
	}
	if p.Skew.Abs() >= skewWarn {
		d.raise(codeSkew)
	} else {
		d.lower(codeSkew)
	}
	return ended
}

// silent reports whether nothing shows that notices would reach this desk.
func silent(p payments.Proof, now time.Time) bool {
	return p.Err != "" || p.At.IsZero() || now.Sub(p.At) > proofAge
}
