// Package app is the till: sales, attempts, refunds and the rules that keep
// their money safe (product.md 3 and 4). No pixels and no wire formats.
//
// # State
//
// The state of a sale is a pure function of its events (Fold), so any front
// end, any restart and any order of arrival sees the same truth. Events are
// ordered by Seq, which the journal gives; clocks never order anything. An
// attempt is paid only by a signed notice, by two equal status answers asked a
// minute apart, by the outcome of a terminal, by an entry in the provider's list
// that no other attempt has used, or by an operator's evidence a day later (three
// minutes on a terminal, which is asked until then). A rollback makes it unknown
// until the provider, asked after it, answers; contradictions are unknown, too,
// and stay so until a person resolves them. Absence and silence prove nothing. Refunds count as done until they are known to have failed.
// A payment that was reversed while a refund of all of it was lost is refunded only
// when it had outlived the time in which myPOS takes money back by itself: two equal
// answers a minute apart, no rollback since. Otherwise it is taken back, and the
// refund is not known.
//
// # Terminals
//
// A Presenter collects in one long call. The till prepares it, commits the name
// of the terminal's last transaction, lets the amount go once, commits the
// outcome and only then completes; a device that was not told is told before its
// next payment (Attempt.Dirty). One live attempt stands on a device, and one that
// is not known blocks it. What got lost is looked up for three minutes, at every
// start and by CheckNow; that the terminal has no record proves nothing. Cancel
// is a request: the outcome decides. A refund on a terminal holds it in the same
// way, and a terminal that waits with a transaction nobody here has begun is let
// go of by a person only (Release).
//
// # Payment requests
//
// A request cannot be taken back: withdrawing it says so (request.stays) and it
// is watched until its day has ended and a day longer. An entry of the list that
// has paid one attempt never pays another. A refund whose answer was lost is
// looked for in the list, too, under its own OrderID (Seeker).
//
// # Rights
//
// Authority is asked before a command is accepted, and the name it knows the
// operator by is written down. A PIN goes to the Authority and nowhere else.
//
// # Cash
//
// Cash is an operator's word: intent and payment stand in one commit, a refund
// out of the drawer in one, too. Nobody is asked about it, ever.
//
// # Words
//
// What customers told and what was told about them (name, note, reasons, bodies
// of notices and answers) can be erased, per sale or before a moment; amounts,
// states and the chain stay as they are.
//
// # Ownership
//
// One goroutine owns the state of a Till. Commands (Charge, Cancel, Again,
// CheckNow, Resolve, Keep, Refund, Note, NoteReceipt, EraseWords, Release) are handed to it and return
// its answer; slow work (every call of a Rail) runs beside it and comes back as a message.
// Snapshot, Checkout and Sale are immutable values: do not change their
// slices. Watch and WatchSale have latest-value semantics: a slow reader skips
// values and never holds the till up. Sales and Sale read what is committed.
//
// # What is committed when
//
// An intent is on disk before any byte leaves, an offer before its code is
// shown, a notice and the cursor in one transaction before the relay may
// forget it. When the journal fails, commands return its error and nothing
// happens; facts that came from outside are kept and written at the next beat,
// notices come again from the relay, status answers are asked again, and
// Snapshot.Trouble tells.
//
// # Cancelling and closing
//
// The context of a command bounds the waiting, never the money: before the
// command is accepted nothing happens; afterwards it goes on, and what is
// known so far is returned with the error of the context. Close ends calls
// under way, waits for every goroutine the till started and leaves open what
// is open: the next New repeats offers byte by byte, goes on withdrawing, asks
// about everything open, unsure or recent, and calls refunds that were cut off
// unknown.
//
// # Codes
//
// Errors of this package are *payments.Error wrapping payments.ErrRefused:
// amount.*, currency.* (package money), note.card, text.limit, text.encoding,
// lines.limit, validity.limit, charge.key (same key, another charge),
// rail.missing, terminal.busy, terminal.unsettled, refund.account, operator.right,
// relay.silent, clock.skew, sale.missing (ErrNotFound), sale.unknown, sale.done,
// sale.busy, refund.toomuch, refund.none, refund.busy, refund.listed, refund.reference, refund.way, refund.whole, refund.repeated, refund.portal, resolve.evidence,
// resolve.known, resolve.early, resolve.soon, resolve.which, adopt.used, adopt.open, adopt.gone, words.erased, words.plain. Reasons of
// attempts: evidence.rollback, evidence.once, evidence.contradiction,
// evidence.older, evidence.amount, payment.declined, operator.notpaid,
// terminal.lost, terminal.absent, terminal.interrupted, provider.* and the codes
// of rails. Standing conditions: relay.silent, clock.skew, journal.*.
//
// # Design notes
//
// The journal is appended to by the owner itself, not beside it: a commit
// takes a few milliseconds, and state that is shown is then always state that
// is on disk. Status answers are written down only when they tell something
// new, so that a link polled for a day does not grow its sale.
package app
