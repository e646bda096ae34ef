// Package rest makes one JSON call at a time over verified TLS and says exactly
// how it ended. The REST rooms (merchant, epos) are built on it.
//
// Purpose: tell apart what a till must tell apart. No byte left this machine
// (payments.ErrUnreachable); the other side said no (payments.ErrRefused: 4xx
// other than 408); anything else, and the request may have been carried out
// (payments.ErrUnknown). A page of a hotel, a proxy or a firewall in place of
// an answer is recognised and never read as one.
//
// Guarantees: certificates are always checked; redirects are never followed and
// cookies never kept; answers are limited in size; no error text holds a byte
// of a request or of an answer, so nothing secret gets into a log. Numbers stay
// the text they were sent as: no floating point.
//
// Concurrency: a Caller is safe for concurrent use and starts nothing that
// outlives a call. When the context of a call ends, the call returns at once.
// Every call opens a connection of its own: a kept one that died between two
// calls would turn a request that never left into one whose outcome is unknown.
//
// # Codes
//
// net.name, net.dial, net.tls, net.clock, net.timeout, net.cancelled, net.cut:
// the network. rest.NNN: the HTTP status NNN. rest.portal: a web page instead of
// an answer. rest.redirect: sent elsewhere. rest.size: the answer is too long.
// rest.answer: the answer is not what was asked for. config.*: a wrong Config.
package rest
