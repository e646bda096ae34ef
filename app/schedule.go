package app

import (
	"time"

	"frontdesk/payments"
)

// phase is why an attempt is asked about. A change of phase restarts its
// schedule (product.md 4 rule 8).
type phase string

const (
	quiet  phase = ""       // nothing is left to ask
	open   phase = "open"   // the customer may be paying
	unsure phase = "unsure" // the evidence does not settle it
	paid   phase = "paid"   // our OK may have been lost and the money taken back
	closed phase = "closed" // the page may still be open on the phone
	stays  phase = "stays"  // a payment request that can be paid until its day ends
	owed   phase = "refund" // the answer to a refund was lost
	lost   phase = "lost"   // a terminal's outcome did not reach us
)

const (
	firstCheck = 25 * time.Second // 5 s after the first 20 s of an open link
	longUnsure = time.Hour        // from then on an unsure attempt is asked at leisure
	atLeisure  = 10 * time.Minute

	lostFor = 3 * time.Minute // from then on a terminal is asked at a start or on request only
)

// openPauses lie between the checks of an open link; the last one repeats.
func openPauses() []time.Duration {
	return []time.Duration{10 * time.Second, 20 * time.Second, 30 * time.Second}
}

// unsurePauses lie between the checks of an attempt that is not known yet.
func unsurePauses() []time.Duration {
	return []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second}
}

// lostPauses lie between the questions to a terminal (spec/terminals 3.11).
func lostPauses() []time.Duration {
	return []time.Duration{2 * time.Second, 4 * time.Second, 7 * time.Second, 10 * time.Second}
}

// paidChecks and closedChecks count from the payment and from the closing.
func paidChecks() []time.Duration { return []time.Duration{15 * time.Second, 10 * time.Minute} }

func closedChecks() []time.Duration {
	return []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}
}

// nextCheck is when to ask next, zero for never. Since is when the phase
// began, done how many checks it has had; jitter is from -1 to 1.
func nextCheck(p phase, since time.Time, done int, now time.Time, jitter float64) time.Time {
	switch p {
	case open:
		if done == 0 {
			return later(now, since.Add(firstCheck))
		}
		return now.Add(jittered(nth(openPauses(), done-1), jitter))
	case unsure:
		switch {
		case done == 0:
			return now
		case now.Sub(since) > longUnsure:
			return now.Add(jittered(atLeisure, jitter))
		}
		return now.Add(jittered(nth(unsurePauses(), done-1), jitter))
	case lost:
		if at := now.Add(nth(lostPauses(), done)); at.Sub(since) <= lostFor {
			return at
		}
	case paid:
		return firstAfter(paidChecks(), since, now)
	case stays:
		if at := now.Add(jittered(atLeisure, jitter)); at.Before(since) {
			return at
		}
		return firstAfter(closedChecks(), since, now)
	case closed, owed:
		return firstAfter(closedChecks(), since, now)
	}
	return time.Time{}
}

// paidSince is when the attempt was first known as paid: by its notice, or else by
// an answer that said so. What was answered before the customer paid does not count.
// After a rollback it counts anew: an answer right behind it may have come too early.
func paidSince(events []Event, id AttemptID) time.Time {
	told := wallOf(events, id, PaymentSeen, FoundPayment)
	var t time.Time
	for _, e := range events {
		switch {
		case e.Attempt != id:
		case e.Kind == RollbackSeen:
			t = e.Wall
		case told.IsZero() && t.IsZero() && e.Kind == StatusAnswered && decode[StatusData](e).Outcome == payments.Paid:
			t = e.Wall
		}
	}
	return later(t, told)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func nth(pauses []time.Duration, n int) time.Duration { return pauses[min(n, len(pauses)-1)] }

// jittered spreads a pause by a tenth, so that many desks do not ask at once.
func jittered(d time.Duration, jitter float64) time.Duration {
	return d + time.Duration(float64(d)*jitter/10)
}

func firstAfter(offsets []time.Duration, since, now time.Time) time.Time {
	for _, o := range offsets {
		if at := since.Add(o); at.After(now) {
			return at
		}
	}
	return time.Time{}
}
