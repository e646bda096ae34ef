// Package simulate plays the day of one salon from one seed: a desk or two with
// the real till, journal, rails, keys and terminal drivers, the real relay with
// its real queue, and the stand-in for myPOS, which knows the truth; customers who
// pay soon, late, twice or never; operators who cancel, ask again, refund and
// double click; an owner who closes the day and opens it again. Everything that
// can go wrong goes wrong as the seed says: requests, answers and notices are
// refused, lost, late, doubled, unsigned, cut; lines to terminals fail; computers
// die around any commit and any call and find a torn log; disks fill up, clocks
// jump, computers sleep, the relay dies with what it has written.
//
// The worker of app/till compares each journal with the list of the account: at the
// start, on wake, before a closing, whenever somebody is curious, and the next
// morning; it reads the list through the real client, and pages come late, cut,
// doubled or without their newest lines. People type payments and refunds on the
// terminals themselves; an owner adds some of the payments as sales, often with two
// clicks (match.go).
//
// After the day the faults stop, a night passes, evidence settles, an owner
// answers what only a person can, with the truth in hand. Then every real payment
// stands in exactly one attempt, nothing is paid without one, refunds are made
// once and never forgotten, the accounts of each order come to nothing, a closed
// day is the sum of its lines, the chain holds, and tables made again are the same
// (check.go, terminals.go, ledger.go). The list is whole then: everything that holds
// money agrees with its own line and each line with one movement, what differs was
// typed and not added, nothing is added twice (matchcheck.go). And nobody was ever
// told that a charge that stayed was none.
//
// Run must be called in a bubble of testing/synctest, where a day takes a second
// or two. Time is the bubble's; the network is in memory (network.go) and hands
// requests to the real handlers. Not there: TLS and sockets, WebSockets (desks use
// the long-poll), the folder of app/till with vault, connection and settings,
// payment requests and cloud terminals, a myPOS that restarts, payments
// of other shops, lists of more than a page.
//
// Concurrency: one Run at a time in a process. It owns every goroutine it starts
// and waits for all of them.
//
// # The same seed is the same day
//
// Chance is drawn from the seed and the name of what it is for, never from a
// stream that goroutines share, so it does not matter who asks first, and no two
// messages arrive at the same moment. The trace of a run has a hash; two runs of a
// seed have the same one, on one processor (GOMAXPROCS 1).
//
// # Design notes
//
// The queue of the relay starts one clock for the whole process with its first
// server. A bubble must not own it, so a relay that nobody uses is opened outside
// of any bubble before (Park).
//
// Bugs can be planted between the till and what it stands on (plant.go), to see
// that a day finds them; the product has none of them.
package simulate
