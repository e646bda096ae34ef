// Package terminal drives myPOS card terminals over their local protocol, IPP,
// through TCP or a serial port: codec, session, outcome.
//
// Guarantees: a request that may move money is written once, whatever happens;
// nothing is ever cancelled, reversed or completed by itself (STAGE 101 is sent
// when Cancel is called, and to a terminal in slave mode, which no bank can
// hear); an outcome is positive only when the terminal said so for our own SID
// with the amount and currency asked for; everything else behind the first byte
// is payments.ErrUnknown, which Lookup resolves. Frames of other SIDs are
// dropped, logged and buy no time. No error and no log line carries a card
// number, a password or a value of a frame.
//
// Every operation ends within its Timers: the time to connect, the first reply,
// the TIMEOUT of each frame and a grace up to a cap, the rest of a frame once it
// has begun, and one total. Garbage, a web server, silence, a prefix of 0, 1 or
// 2, a frame that does not end, a byte per second and frames without end all end
// that way, each with its code. Only the address given to TCP is contacted.
//
// A Terminal may be used from any goroutine; it carries out one operation at a
// time (ErrBusy) and holds no connection and no goroutine between operations.
// Each operation is a session of its own, as real terminals are used. When the
// context of a call ends the call returns at once: nothing can have moved while
// no byte had left (ErrUnreachable), and nothing is known otherwise.
//
// The way of a payment (spec 3.9, 3.11, 3.12): Prepare; the SID, and the one
// that Prepare told, are committed; Purchase; the outcome is committed; Complete.
// After ErrUnknown, or when the program died in between: Lookup until it answers.
//
// # Codes
//
// Reaching a terminal: terminal.address, terminal.unreachable, terminal.refused,
// terminal.silent, terminal.cut, terminal.slow, terminal.stranger,
// terminal.garbage, terminal.endless, terminal.stopped, terminal.port,
// terminal.port_busy, terminal.port_denied. What it is not ready for:
// terminal.busy, terminal.occupied, terminal.slave, terminal.version,
// terminal.unfinished, terminal.activation, terminal.needs_update,
// terminal.forbidden, terminal.password, terminal.wrong_password,
// terminal.not_last, terminal.no_paper. What is wrong with a request:
// terminal.config, terminal.request, terminal.repeated, terminal.amount,
// terminal.currency_unknown, terminal.card_data. How it ended without money:
// terminal.cancelled, terminal.not_enabled, terminal.no_card,
// terminal.unsupported_card, terminal.chip, terminal.fallback,
// terminal.wrong_pin, terminal.pin_exhausted, approval.* (the issuer's answer).
// Not known: terminal.host_data, terminal.internal, terminal.bank_line,
// terminal.odd, terminal.other_amount, terminal.contradiction,
// terminal.running. Cancelling: terminal.idle, terminal.too_late.
//
// # Design notes
//
// The wire has no reply to a cancel that anybody has seen (spec 11 #2), so a
// frame under the SID of a cancel never is an outcome by itself. STATUS 13 behind
// a card that was read, and an end told only by a failed step, are compared with
// the terminal's record (GET_STATUS) before they count. TX_STATUS 2 and 14 may be
// steps on the way and count as "no" only beside the issuer's answer.
package terminal
