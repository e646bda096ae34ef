// Command bench measures the speed goals of the product and prints them as ratios: both sides of
// each ratio are taken in the same run on the same machine, so the figures can be compared
// between machines. It judges nothing and fails only when something did not work.
//
//	bench [-charges N] [-notices N] [-sales 10000,100000,1000000] [-keep DIR] [-journals]
//
// It takes charges through a whole till over a simulator and a relay, and compares with what
// cannot be left out: one signature, one durable commit, one durable registration. Then it posts
// notices to a relay from many sides at once, and the same to a relay that stores nothing.
// Then it asks generated journals of growing size for sales, sums and days, and prints how much
// slower the larger ones answer, how fast a chain is verified, and how long closing a day takes.
// The largest is written, as all are, through the journal's own Append; that takes most of the time,
// and with -keep they stay in a folder and are used again.
// Everything else runs on loopback in a folder of its own that is removed at the end.
package main
