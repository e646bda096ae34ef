package app

import (
	"slices"
	"time"

	"frontdesk/payments/money"
)

// Fold computes a sale from its events. It sorts them by Seq first, so any
// order of the slice gives the same sale; repeats of a Seq count once. The
// slice is not changed. No events give the zero Sale.
func Fold(events []Event) Sale {
	sorted := slices.Clone(events)
	slices.SortFunc(sorted, func(a, b Event) int { return int(sign(a.Seq - b.Seq)) })
	sorted = slices.CompactFunc(sorted, func(a, b Event) bool { return a.Seq == b.Seq })
	var s Sale
	perAttempt := map[AttemptID][]Event{}
	var order []AttemptID
	for _, e := range sorted {
		if s.ID == "" {
			s.ID, s.Seq, s.Created = e.Sale, e.Seq, e.Wall
		}
		s.Revision = e.Seq
		if e.Attempt == "" {
			applySale(&s, e)
			continue
		}
		if _, known := perAttempt[e.Attempt]; !known {
			order = append(order, e.Attempt)
		}
		perAttempt[e.Attempt] = append(perAttempt[e.Attempt], e)
	}
	for _, id := range order {
		own := perAttempt[id]
		a := foldAttempt(own)
		a.Unsure = unsureSince(own, a.State)
		s.Attempts = append(s.Attempts, a)
	}
	settle(&s, sorted)
	return s
}

func sign(n int64) int64 {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// applySale reads an event of the sale itself.
func applySale(s *Sale, e Event) {
	switch e.Kind {
	case SaleOpened:
		d := decode[SaleData](e)
		s.Amount, s.Operator, s.Created = e.Amount, e.Operator, e.Wall
		s.Lines, s.Note, s.Client = d.Lines, d.Note, d.Client
	case AlarmAnswered:
		s.Answered = true
	case WordsErased:
		s.Note, s.Client, s.Erased = "", "", e.Wall
	}
}

// unsureSince finds the event that made the attempt unknown: the first of the
// unbroken run of prefixes that fold to Unknown.
func unsureSince(events []Event, now State) (t time.Time) {
	if now != Unknown {
		return t
	}
	for n := len(events); n > 0; n-- {
		if foldAttempt(events[:n]).State != Unknown {
			return t
		}
		t = events[n-1].Wall
	}
	return t
}

// settle derives what the sale is from what its attempts are.
func settle(s *Sale, events []Event) {
	s.Received = money.Amount{Currency: s.Amount.Currency}
	s.Refunded, s.Added = s.Received, money.Amount{}
	var live, unknown, taken, late, back *Attempt
	funded := 0
	returned := false // one payment was given back in full
	for i := range s.Attempts {
		a := &s.Attempts[i]
		if s.Amount.Currency == "" { // a found payment has no SaleOpened
			s.Amount = a.Amount
			s.Received.Currency, s.Refunded.Currency = a.Amount.Currency, a.Amount.Currency
		}
		switch a.State {
		case Unknown:
			unknown = a
		case Paid, PartRefunded, Found:
			taken = a
			funded++
		case PaidLate:
			late = a
			funded++
		case Refunded:
			returned = true
			if taken == nil {
				taken = a
			}
		case Reversed:
			back = a
		}
		if a.Live() {
			live = a
		}
		addMoney(s, *a)
		addTip(s, *a)
	}
	s.Answered = s.Answered && answeredAll(events)
	switch {
	case len(s.Attempts) == 0:
		s.State = Preparing
	case unknown != nil:
		s.State = Unknown
	case funded > 1 && s.Received.Minor > s.Amount.Minor:
		s.State = Overpaid
	case late != nil && returned && givenBackFor(*late, events):
		s.State = Paid
	case late != nil:
		s.State = PaidLate
	case taken != nil:
		s.State = takenState(s, taken)
	case live != nil:
		s.State = live.State
	case back != nil:
		s.State = Reversed
	default:
		s.State = s.Attempts[len(s.Attempts)-1].State
	}
}

// givenBackFor reports whether another payment was given back when the late one
// was known: that one is kept instead. What was given back before it came was
// given back for good, and the late one waits for an answer.
func givenBackFor(late Attempt, events []Event) bool {
	proof := judge(slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return e.Attempt != late.ID })).proof
	return slices.ContainsFunc(events, func(e Event) bool {
		return e.Kind == RefundIntended && e.Attempt != late.ID && e.Seq > proof
	})
}

// takenState is the state of a sale whose money came in once: a second payment
// that was given back in full leaves it paid.
func takenState(s *Sale, taken *Attempt) State {
	for i := range s.Attempts {
		switch a := &s.Attempts[i]; a.State {
		case Paid, PartRefunded, Found:
			return a.State
		}
	}
	return taken.State
}

// addMoney adds what the attempt brought and gave back. Sums of one currency
// under the limit of product.md rule 12 cannot overflow.
func addMoney(s *Sale, a Attempt) {
	var given int64
	for _, r := range a.Refunds {
		if r.State == RefundDone {
			given += r.Amount.Minor
		}
	}
	switch a.State {
	case Paid, PaidLate, PartRefunded, Refunded, Found:
		s.Received.Minor += a.Amount.Minor - given
	}
	s.Refunded.Minor += given
}

// addTip adds to what is owed what the customer has added.
func addTip(s *Sale, a Attempt) {
	if a.Added.IsZero() {
		return
	}
	s.Amount.Minor += a.Added.Minor
	s.Added = money.Amount{Minor: s.Added.Minor + a.Added.Minor, Currency: a.Added.Currency}
}

// answeredAll reports whether the last alarm was answered after everything
// that could have raised it.
func answeredAll(events []Event) bool {
	for _, e := range slices.Backward(events) {
		switch e.Kind {
		case AlarmAnswered:
			return true
		case PaymentSeen, RollbackSeen, StatusAnswered, AttemptWithdrawn, AttemptExpired, Resolved, TerminalOutcome, CashNoted:
			return false
		}
	}
	return false
}
