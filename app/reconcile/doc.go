// Package reconcile compares what the journal says of money with what myPOS's
// list of the account says, and says of every line and of every movement where
// it belongs (product.md 4 rules 4 and 8, 5 Day).
//
// It is pure: it reads no clock, no network and no disk, and it changes nothing.
// What it says proves nothing by itself; Settled names the lines that are
// evidence by the rules of package app, which weighs them.
//
// # How a line is recognised
//
// In this order, each line and each movement once: by a name that belongs to the
// movement alone (our own order, the reference of its entry in the list), by a
// name it shares with others of its payment (the reference of the card, the order
// that is refunded) and the same amount, else by amount, terminal and time,
// which is called Probable and never counts as proof. What myPOS puts into the
// lines of online payments is not published (the bridge from IPC_Trnref to
// payment_reference is deduced from one sample), so an online payment that
// carries none of its names is Probable at best.
//
// That the list does not hold something proves nothing: a payment is called not
// listed only when a grace time has passed, a payment that is not known stays so,
// and a payment that was given back whole while the list holds neither side of it
// is no difference. Nor is a payment of an order of ours with its reversal, when no
// movement needs their lines: a customer may pay once more by the link of a payment
// that myPOS has taken back, and a payment that came and went may never have been
// heard of here. Fees, payouts and transfers are no payments. A line that
// names an order of another desk, a terminal that is none of this desk's, or no
// terminal and no order at all, belongs elsewhere.
//
// # Guarantees
//
// The result does not depend on the order of lines and movements. Every line and
// every movement is in exactly one place of the result.
//
// Concurrency: everything is a value; nothing is kept.
package reconcile
