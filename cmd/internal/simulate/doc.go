// Package simulate plays the day of one salon from one seed: a desk or two with
// the real till, journal, rails and key signatures, the real relay with its real
// queue, and the stand-in for myPOS, which knows the truth; customers who pay
// soon, late, twice or never; operators who cancel, ask again, refund, double
// click. Everything that can go wrong goes wrong as the seed says: requests,
// answers and notices are lost, late, doubled, unsigned, cut; computers die around
// any commit and any call and find a torn log; disks fill up, clocks jump,
// computers sleep, the relay dies with what it has written.
//
// After the day the faults stop, a night passes, evidence settles, an owner
// answers what only a person can. Then truth and journals must agree (check.go).
//
// Run it in a bubble of testing/synctest: a day takes a second or two. Time is
// the bubble's, the network is in memory (network.go) and hands requests to the
// real handlers; the rest is what runs in a salon. Not there are TLS and sockets,
// the window, the folder of app/till with vault and connection, and WebSockets:
// desks use the long-poll.
//
// # The same seed is the same day
//
// Chance is drawn from the seed and the name of what it is for, never from a
// stream that goroutines share, so it does not matter who asks first. No two
// messages arrive at the same moment. Where a part of the product draws pauses
// from a source that cannot be seeded, the network holds back what follows. The
// trace of a run has a hash; two runs of a seed have the same. One processor
// (GOMAXPROCS 1) is needed for that.
//
// # Design notes
//
// The queue of the relay starts one clock for the whole process with its first
// server. A bubble must not own it: Run needs a relay that was opened outside of
// any bubble before and stays open (Park).
package simulate
