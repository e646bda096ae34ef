// Package simulator stands in for myPOS: the checkout address with its hosted
// card page, the notices it posts, and the server-to-server methods, so that
// Practice, the tests and cmd/frontdesk-sim move practice money through the
// same wires as real money (spec sections 1 to 5). Card terminals (sub-room
// pos) are opened beside them with OpenTerminal and write into the same truth, as
// do the API of the merchant's account and the gateway of cloud terminals
// (sub-room account), which are always there.
//
// Purpose: be strict where myPOS is strict. A form is checked as myPOS checks
// it and refused with myPOS's numbers; an approved payment is kept only when
// the notice was answered with 200 and exactly "OK", else it is reversed and a
// rollback is posted. Which mishaps happen on top is written in a fault script
// (Fault), which matches by order and count and draws no dice.
//
// Guarantees: every change of the truth is one line of an append-only file and
// is fsynced before anything is answered or posted because of it. A torn last
// line, the mark of a crash, is cut off and told (Config.Log, Truth.Torn); any
// other damage refuses to open. A crash between approval and the answer of the
// notice is finished at the next Open: the notice is posted again, and if that
// fails the payment is reversed and rolled back, so truth and notices always
// end up saying the same. One process owns a state file; a second Open gets
// ErrLocked. Card numbers are never stored or logged, only their last four
// digits.
//
// Rotate (POST /_sim/rotate) makes another key pair under the next index, as the
// portal does; both go on working, each with a certificate of its own.
//
// Concurrency: a *Simulator is safe for concurrent use. It owns the goroutines
// that post notices; one mutex guards the truth and is never held across the
// network. What a customer's browser does has no power over a payment: when it
// goes away, the payment is settled all the same.
//
// Cancel: Close stops posting and waits for its goroutines. A payment whose
// notice was not answered by then stays in between and is finished by the next
// Open, as after a crash.
package simulator
