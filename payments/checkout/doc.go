// Package checkout speaks the myPOS Checkout API v1.4 ("IPC"): ordered form
// fields, signatures, keys and certificates, configuration packs, purchase
// forms, and the calls that ask for a status or give money back.
//
// Guarantees: fields are signed and checked in the order they stand, never
// through a map; nothing is read from a message before its signature has been
// verified; sizes and depths of everything parsed are limited; no error text
// carries a key, a value of a message or a card number.
//
// Parsing, signing and verifying are pure functions. Keys, certificates,
// stores, messages and answers are immutable and safe to share. A Client may be
// used from any number of goroutines; it starts none that outlive a call. When
// the context of a call ends, the call returns at once with ErrUnreachable if
// no byte of the request had left, and with ErrUnknown otherwise.
//
// # What a signature does not say
//
// Names of fields are not signed, a "-" inside a value makes the joined text
// ambiguous, and a message carries no time (spec 2.6). So VerifyForm demands
// every field that a decision rests on and refuses a field that appears twice,
// and callers compare SID, OrderID, amount and currency with their own record
// and count each reference once.
//
// # Design notes
//
// A purchase is a form for the customer's browser, so it is a value
// (PurchaseForm) and not a call. Answers are asked for in JSON: how a nested
// XML answer is signed is not known (spec 2.3). Each call opens a connection of
// its own: a kept one that died between two calls would turn a refund that
// never left into one whose outcome is unknown.
package checkout
