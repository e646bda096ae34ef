package simulator

import (
	"time"

	"frontdesk/payments/checkout"
)

// stampLayout is the DateTime of spec 1.4.
const stampLayout = "2006-01-02 15:04:05"

// settle announces an approved payment and decides whether it stays: the
// contract of spec 4. It runs to its end whatever the browser does. The browser
// may go on when the page is released.
func (s *Simulator) settle(p *payment, pl plan) {
	defer s.release(p.page)
	if pl.isLate {
		s.release(p.page)
		if !s.wait(pl.late) {
			return
		}
	}
	if pl.kept {
		s.record(record{Kind: kindKept, Reference: p.Reference})
		return
	}
	err := s.notify(p, pl)
	if err == nil {
		s.stays(p, pl)
		return
	}
	if s.context.Err() != nil {
		return // the next Open finishes it
	}
	s.log.Info("notice not answered with OK", "order", p.order.id, "reference", p.Reference, "error", err)
	s.goesBack(p, pl.rollbackTwice)
}

// notify posts the notice as the plan wants it.
func (s *Simulator) notify(p *payment, pl plan) error {
	if pl.lost {
		s.wait(pl.early)
		return errLost
	}
	f, err := s.notice(checkout.MethodNotify, p)
	if err != nil {
		return err
	}
	err = s.post(p.page.URLNotify, f, pl.cut)
	if pl.slow > 0 && !s.wait(min(pl.slow, s.timeout)) {
		return ErrClosed // nobody read the answer
	}
	if err == nil && (pl.refuse || pl.slow >= s.timeout) {
		err = errNotOK
	}
	return err
}

// stays records that the merchant knows, and sends the browser on.
func (s *Simulator) stays(p *payment, pl plan) {
	if !s.record(record{Kind: kindNotified, Reference: p.Reference}) {
		return
	}
	s.wait(pl.first)
	s.release(p.page)
	if !pl.isTwice || !s.wait(pl.twice) {
		return
	}
	f, err := s.notice(checkout.MethodNotify, p)
	if err == nil {
		err = s.post(p.page.URLNotify, f, -1)
	}
	if err != nil {
		s.log.Info("second copy of a notice not answered with OK", "order", p.order.id, "error", err)
	}
}

// goesBack reverses the payment, tells the merchant and sends the browser to
// URL_Cancel after the first try.
func (s *Simulator) goesBack(p *payment, twice bool) {
	if s.record(record{Kind: kindReversed, Reference: p.Reference, Reason: reasonNotice}) {
		s.rollback(p, twice)
	}
}

// rollback posts IPCPurchaseRollback until it is answered with OK, a few times.
func (s *Simulator) rollback(p *payment, twice bool) {
	f, err := s.notice(checkout.MethodRollback, p)
	if err != nil {
		s.log.Error("rollback not signed", "order", p.order.id, "error", err)
		return
	}
	for try := 0; ; try++ {
		err := s.post(p.page.URLNotify, f, -1)
		s.release(p.page)
		if err == nil {
			break
		}
		s.log.Info("rollback not answered with OK", "order", p.order.id, "try", try+1, "error", err)
		if try == len(s.pauses) || !s.wait(s.pauses[try]) {
			return
		}
	}
	if !s.record(record{Kind: kindRolledBack, Reference: p.Reference}) || !twice {
		return
	}
	if err := s.post(p.page.URLNotify, f, -1); err != nil {
		s.log.Info("second copy of a rollback not answered with OK", "order", p.order.id, "error", err)
	}
}

// hold keeps the browser of a page waiting. The caller holds s.mu.
func (x *session) hold() <-chan struct{} {
	x.busy = make(chan struct{})
	return x.busy
}

// release lets the browser of a page go on; once is enough.
func (s *Simulator) release(x *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x.busy != nil {
		close(x.busy)
		x.busy = nil
	}
}

// approve charges a card: the payment is on disk before anybody hears of it.
// The caller holds s.mu. The channel closes when the browser may go on.
func (s *Simulator) approve(x *session, last4 string, who payer) (<-chan struct{}, error) {
	pl := s.faults.plan(x.OrderID)
	now := s.now()
	reference := s.book.reference()
	err := s.commit(record{Kind: kindApproved, At: now, Payment: &charge{
		Reference: reference,
		Session:   x.Session,
		STAN:      reference[len(reference)-6:],
		Stamp:     now.Add(pl.skew).UTC().Format(stampLayout),
		Last4:     last4,
		Payer:     who,
	}})
	if err != nil {
		return nil, err
	}
	p := s.book.byRef[reference]
	p.early = pl.isLate || pl.early > 0
	done := x.hold()
	s.jobs.Go(func() { s.settle(p, pl) })
	return done, nil
}

// recover finishes what the last run left in between. Open calls it before
// anybody else knows s.
func (s *Simulator) recover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.book.payments {
		switch {
		case !p.settled():
			p.page.hold()
			s.jobs.Go(func() { s.resume(p) })
		case p.owesRollback():
			s.jobs.Go(func() { s.rollback(p, false) })
		}
	}
}

// resume posts the notice of an unsettled payment again. A merchant that is
// still starting up gets a little time before the money goes back.
func (s *Simulator) resume(p *payment) {
	defer s.release(p.page)
	err := s.notify(p, plan{cut: -1})
	for _, pause := range s.patience(err) {
		if !s.wait(pause) {
			return
		}
		if err = s.notify(p, plan{cut: -1}); !noConnection(err) {
			break
		}
	}
	switch {
	case err == nil:
		s.stays(p, plan{})
	case s.context.Err() == nil:
		s.log.Info("notice not answered after a restart", "order", p.order.id, "reference", p.Reference, "error", err)
		s.goesBack(p, false)
	}
}

func (s *Simulator) patience(err error) []time.Duration {
	if noConnection(err) {
		return s.patient
	}
	return nil
}
