// Package pos is a card terminal that is not there: it speaks myPOS's local
// protocol (IPP) on TCP, on a pseudo serial port and on any stream, keeps the
// truth of what it charged, and lets a person, a script or an amount decide
// what the card holder, the bank and the cable do.
//
// Purpose: be as strict as a terminal is, and as treacherous. Requests are
// checked field by field and refused with the numbers of the protocol (3.7 of
// the terminal specification); one operation runs at a time; a transaction has
// to be completed before the next; a lost connection does not stop what runs
// inside. What happens next is decided in this order: a played Scenario, the
// last two digits of the amount (Trigger), the switches, and whoever presses
// the buttons (Tap, Insert, PIN, ...).
//
// Guarantees: what moves money is one Record, durable through the Journal
// before any frame tells of it; Charges folds records into the truth. The same
// SID sent twice is charged twice, as a terminal would: whoever asks must see
// to it that this never happens. Card numbers do not exist here, only last
// digits.
//
// Concurrency: a *Terminal is safe for concurrent use. It owns the goroutines
// of its lines and of the operation that runs; one mutex guards its state and
// is never held across a write to a line or a wait.
//
// Cancel: Close ends every line, port and operation and waits for them. An
// operation that had not reached its outcome charged nothing; one that had
// stays the transaction to be completed, as after a power cut.
package pos
