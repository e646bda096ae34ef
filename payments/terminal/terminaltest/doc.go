// Package terminaltest is what every driver of a card terminal has to pass,
// whoever makes the terminal: its driver may be replaced by another one without
// the till noticing, and without a customer ever paying twice or a salon never
// being paid.
//
// A suite run needs a Rig: the driver under test, and a terminal that can be told
// what to do and that knows the truth. Around says how one test is run: in the
// fake time of testing/synctest over a pipe, or in real time over a socket.
//
// What is held up: intent and proof (product.md 4). A driver sends a sale once
// and never again; says paid only when the terminal said so; calls what it does
// not know unknown, at once and not after hours; finds out later what became of
// it without moving money; takes a cancel as a wish; and does one thing at a
// time.
package terminaltest
