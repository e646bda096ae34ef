// Package day adds up what a salon took on a business day, tells what does not
// agree, closes the day into the journal's chain and opens it again, and writes
// it out for the bookkeeper (product.md 5, Day).
//
// A business day begins at the hour of Config.Cut, local time, and ends at its
// closing, else at that hour of the next day. What happens after a closing
// belongs to the day that follows. Every total is computed twice, from the
// postings and from the folded sales; when they differ the report says so and
// the day cannot be closed.
//
// A closing compares with myPOS's list first, through Config.Matcher and for a
// while only, and seals how far that came. A report holds the newest comparison,
// what differs, and what of the day's differences is answered; it never compares.
//
// A Book may be used from any goroutine; it keeps nothing but its Config.
// Reports are immutable. A cancelled context ends reading; a closing is all or
// nothing.
//
// # Codes
//
// *payments.Error wrapping payments.ErrRefused: day.shape (no date), day.future,
// day.closed, day.open (it is not closed), day.later (a later day is closed),
// day.earlier (an earlier day is still open),
// day.reason (why it is opened again: missing or too long), day.differs (the two sums differ), day.unsettled (money is not known; close
// with Open allowed), operator.*.
package day
