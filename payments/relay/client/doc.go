// Package client is the desk's side of the relay: it pairs the desk, announces
// the store, registers orders, closes pages and keeps the stream of deliveries
// alive.
//
// Pair exchanges a code for a place in a store and draws the key of the desk;
// with that key as Config.Identity every request is signed, for once and for
// one run of the relay, which the client learns by itself. A desk whose clock
// is more than relay.SkewLimit off is refused with clock.skew and a
// relay.SkewError; a revoked one with relay.revoked.
//
// Guarantees. A delivery is acknowledged only after the caller's function
// returned nil for it; it is handed over again, in order, until then, across
// restarts of either side. Run notices within 20 s when the relay has gone
// deaf, the network changed or the machine slept, and connects again by itself;
// where a proxy breaks WebSockets it falls back to long-poll with the same
// frames. Proof tells when a probe last went the whole way round, not whether
// a socket is open.
//
// Concurrency: all methods may be called by several goroutines, Run by one at
// a time. Cancelling the context of a call ends it at once; a registration cut
// that way may have arrived, which is harmless: repeat it.
package client
