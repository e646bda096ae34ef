// Package server is the relay: it shows pay pages, admits the provider's
// notices, lands customers and hands notices to desks.
//
// Guarantees. A notice is answered OK only after it was fsynced (product.md 4
// rule 6); anything that goes wrong before that is answered with another body,
// so that the provider gives the money back. Per order at most one provider
// reference is ever admitted, also when two arrive at once and across a kill
// at any moment: the stream of notices is the truth, what is in memory is
// rebuilt from it by Open. Notices are delivered at least once, in order, from
// any position a desk asks for; one that some desk has not acknowledged is
// never deleted, others are kept for 30 days. Copies of a message that was
// signed for a customer's browser are answered OK and not stored again. What
// cannot be read any more is told to every desk, and orders that it may concern
// are neither paid nor admitted.
//
// Desks are paired by one-time codes, of which a keyed hash is kept, and sign
// every request: with the key that the code let in, for one run of the relay,
// within relay.SkewLimit, and once. A revoked desk is cut off at once, and what
// it had not acknowledged goes to the others of its store. Unsigned requests
// are believed from this machine, for Practice, in stores without paired desks.
// Until a first desk is paired or about to be, nobody else is served. Limits by
// address never touch valid notices of known stores.
//
// The queue runs within the process and fsyncs every envelope before it is
// acknowledged, or elsewhere (Config.NATS) on a quorum; then one relay at a time
// holds a lease, and an overtaken one cannot store anything more.
//
// A data folder that was put back from a copy is recognised by a marker file
// outside of it; every store then gets a new epoch.
//
// At rest, pay pages lie under the hash of their link, encrypted under a key
// that only the link yields; orders lie under keyed hashes whose key stands in
// a file outside the data folder. Notices of stores whose desks were paired are
// sealed, after they were verified, to those desks: who has the folder, the key
// file included, learns kinds, times and desks, no content.
//
// Concurrency: every method of Server may be called by several goroutines.
// Requests that are cancelled while their notice is being stored leave it
// stored or not stored, never half; it was not answered OK either way.
// Shutdown ends streams, waits for the ingest lane and writes desk cursors.
package server
