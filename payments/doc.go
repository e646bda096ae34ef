// Package payments is the vocabulary that the rooms of the payments core and
// the till share: rails, outcomes, notices, answers and error codes.
//
// It holds values only. It opens nothing, starts no goroutine and knows neither
// sales nor screens; a value of this package is immutable once handed on and
// safe to share. The rooms below it speak the wires: checkout (myPOS Checkout
// API), merchant (REST API of the account) and epos (cloud terminals) over rest
// (one JSON call), terminal (IPP), relay (our public host), simulator (the
// stand-in for myPOS), qr.
package payments
