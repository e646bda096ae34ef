// Package resolve is the form in which a person says what became of a payment,
// or of a refund, that stayed unknown (product.md 4 rule 4).
//
// About finds out whether a sale holds such a thing and from when on a person
// may answer: a day after it became unknown, three minutes on a terminal. Open
// asks: it went through, with a reference, an RRN or the last four digits; or it
// did not, with number and time of the last transaction that the portal or the
// terminal shows. A PIN is asked for where the till asks for one. What is typed
// is looked at here first and judged by the till; the form goes away by itself
// once the till took the answer.
//
// A Form belongs to the UI goroutine. Closing it while an answer is under way
// changes nothing about the answer; its outcome then shows as a new revision of
// the sale.
package resolve
