package app

import (
	"time"

	"frontdesk/payments"
)

// confirmAfter is how far apart two equal status answers must be asked to
// count as proof without a notice (product.md 4 rule 2): until then myPOS may
// still be waiting for our OK and take the money back.
const confirmAfter = 60 * time.Second

// Reasons behind Unknown. They are codes with sentences in app/text.
const (
	ReasonRollback      = "evidence.rollback"      // taken back, says a notice; the provider is asked
	ReasonOnce          = "evidence.once"          // paid, says one answer without its notice
	ReasonContradiction = "evidence.contradiction" // the evidence speaks against itself
	ReasonOlder         = "evidence.older"         // a payment notice came in after the answer that it was reversed
	ReasonLost          = "terminal.lost"          // the terminal's answer did not reach us
	ReasonAbsent        = "terminal.absent"        // the terminal has no record of the payment: probably nothing was taken
	ReasonStays         = "request.stays"          // a payment request cannot be taken back
	ReasonAmount        = "evidence.amount"        // paid, but another amount than was asked for
)

// verdict is what the evidence says about the money of one attempt. State is
// empty when nothing speaks of money.
type verdict struct {
	state     State
	reference string
	reason    string
	proof     int64 // Seq of the event that completed the proof of payment
	reversal  int64 // Seq of the answer that said reversed
	asOf      int64 // AsOf of that answer
	stays     bool  // myPOS has shown that it does not take the payment back by itself any more
	hearsay   bool  // the reference is only what a person, or the list, calls the payment
}

// evidence is one run over the events of an attempt since the last answer of
// an operator.
type evidence struct {
	since      int64  // Seq of that answer, 0 without one
	base       State  // what the operator said: Paid, Withdrawn or empty
	baseProof  int64  // proof carried over from before or given by the operator
	reference  string // the one reference all evidence names
	told       string // what the operator gave as evidence of payment, or the list of what was adopted
	mixed      bool   // two references, or paid after reversed
	notice     int64  // Seq of the first payment notice
	lastNotice int64
	paid       []Event // status answers: paid
	confirmed  int64   // Seq of the answer that made it two
	back       int64   // Seq of the last answer: reversed
	backAsOf   int64
	rollback   int64 // Seq of the last rollback
	cleared    int64 // highest AsOf of a paid answer naming the known reference

	adopted bool // made of an entry of the list

	shown int64 // Seq of the first outcome of a terminal: paid, or of the note of cash

	// Of terminals.
	present bool   // the customer was to present a card
	refused int64  // Seq of the last outcome: declined or not charged
	refusal State  // which of them
	why     string // code behind it
	missing string // why there is no outcome: it did not reach us, or the terminal has no record
}

// judge weighs the evidence (product.md 4 rules 2 to 4). Events are sorted by
// Seq; whatever is not evidence is passed over.
func judge(events []Event) verdict {
	var ev evidence
	for _, e := range events {
		switch e.Kind {
		case PaymentSeen, FoundPayment:
			if ev.adopted && e.Source == FromList {
				ev.told = e.Reference // its name in the list: notices and answers have another
			} else {
				ev.name(e.Reference)
			}
			if ev.notice == 0 {
				ev.notice = e.Seq
			}
			ev.lastNotice = e.Seq
		case CashNoted:
			if ev.shown == 0 {
				ev.shown = e.Seq
			}
		case RollbackSeen:
			ev.rollback = e.Seq
		case StatusAnswered:
			ev.answer(e)
		case AttemptIntended:
			ev.present, ev.adopted = decode[IntentData](e).Device != "", e.Source == FromList
		case TerminalOutcome:
			ev.outcome(e)
		case Resolved:
			if d := decode[ResolveData](e); d.Refund == "" {
				ev = ev.resolve(e, d)
			}
		}
	}
	return ev.weigh()
}

// name takes note of a reference; two of them contradict each other.
func (ev *evidence) name(reference string) {
	switch {
	case reference == "" || reference == ev.reference:
	case ev.reference == "":
		ev.reference = reference
	default:
		ev.mixed = true
	}
}

// answer reads a status answer. Absent and pending prove and disprove nothing.
func (ev *evidence) answer(e Event) {
	d := decode[StatusData](e)
	if d.AsOf < ev.since {
		return // asked before the operator answered: cannot outrank it
	}
	switch d.Outcome {
	case payments.Paid:
		ev.name(d.Reference)
		if ev.back != 0 && d.AsOf >= ev.back {
			ev.mixed = true // asked after the answer that it was reversed
		}
		ev.cleared = max(ev.cleared, d.AsOf)
		ev.paid = append(ev.paid, e)
		if ev.confirmed == 0 && ev.confirms() {
			ev.confirmed = e.Seq
		}
	case payments.Reversed:
		ev.name(d.Reference)
		ev.back, ev.backAsOf = e.Seq, max(ev.backAsOf, d.AsOf)
	case payments.Declined:
		// "Not successful" means taken back once the money was proven, and
		// says only that one card was refused before.
		if ev.takenBefore(d.AsOf) {
			ev.back, ev.backAsOf = e.Seq, max(ev.backAsOf, d.AsOf)
		}
	}
}

// takenBefore reports whether evidence up to the Seq said that money was taken.
func (ev *evidence) takenBefore(asOf int64) bool {
	return ev.base == Paid ||
		ev.notice != 0 && ev.notice <= asOf ||
		ev.rollback != 0 && ev.rollback <= asOf ||
		len(ev.paid) > 0 && ev.paid[0].Seq <= asOf
}

// confirms reports whether the newest paid answer and an earlier one, both
// asked after the last rollback, lie far enough apart.
func (ev *evidence) confirms() bool {
	last := ev.paid[len(ev.paid)-1]
	if decode[StatusData](last).AsOf < ev.rollback {
		return false
	}
	for _, first := range ev.paid[:len(ev.paid)-1] {
		if decode[StatusData](first).AsOf >= ev.rollback && apart(first, last) >= confirmAfter {
			return true
		}
	}
	return false
}

// apart is the time between two events: by the monotonic clock within one run
// of the program, by the wall clock across runs.
func apart(a, b Event) time.Duration {
	if run := decode[StatusData](a).Run; run != "" && run == decode[StatusData](b).Run {
		return b.Mono - a.Mono
	}
	return b.Wall.Sub(a.Wall)
}

// resolve starts anew from the operator's answer: what contradicted itself
// before has been decided by a person with evidence in hand.
func (ev *evidence) resolve(e Event, d ResolveData) evidence {
	next := evidence{since: e.Seq, base: Withdrawn, reference: ev.reference, present: ev.present, adopted: ev.adopted}
	if ev.mixed {
		next.reference = ""
	}
	if d.Paid {
		next.base, next.baseProof = Paid, e.Seq
		if proof := ev.weigh().proof; proof != 0 {
			next.baseProof = proof
		}
		next.told = d.Evidence
	}
	return next
}

// weigh turns the evidence into a verdict.
func (ev *evidence) weigh() verdict {
	v := verdict{reference: ev.reference}
	if v.reference == "" {
		v.reference, v.hearsay = ev.told, true
	}
	once := len(ev.paid) > 0
	proof := ev.proof()
	switch {
	case ev.mixed || ev.refused != 0 && proof != 0:
		v.state, v.reason = Unknown, ReasonContradiction
	case ev.back != 0 && ev.lastNotice > ev.backAsOf:
		v.state, v.reason = Unknown, ReasonOlder
	case ev.back != 0:
		v.state, v.reversal, v.asOf = Reversed, ev.back, ev.backAsOf
	case ev.rollback != 0 && (ev.cleared < ev.rollback || proof == 0):
		v.state, v.reason = Unknown, ReasonRollback
	case proof != 0:
		v.state, v.proof = Paid, proof
	case once:
		v.state, v.reason = Unknown, ReasonOnce
	case ev.refused != 0:
		v.state, v.reason = ev.refusal, ev.why
	case ev.missing != "":
		v.state, v.reason = Unknown, ev.missing
	case ev.base == Withdrawn && ev.present:
		v.state, v.reason = NotCharged, "operator.notpaid"
	case ev.base == Withdrawn:
		v.state, v.reason = Withdrawn, "operator.notpaid"
	}
	v.proof, v.stays = proof, ev.stays()
	return v
}

// stays reports whether the payment outlived the time in which myPOS takes money
// back by itself: two answers say so, asked far enough apart and after the last
// rollback. A notice alone does not: our OK to it may have been lost.
func (ev *evidence) stays() bool { return ev.confirmed != 0 && ev.cleared >= ev.rollback }

// proof is the Seq of the event that proved the payment, 0 without proof.
func (ev *evidence) proof() int64 {
	first := ev.baseProof
	for _, seq := range []int64{ev.notice, ev.confirmed, ev.shown} {
		if seq != 0 && (first == 0 || seq < first) {
			first = seq
		}
	}
	return first
}
