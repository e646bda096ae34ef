// Package rails joins the rooms of payments into the rails the till collects
// money on. Link is the hosted checkout over the relay: it signs the form,
// registers it with the relay, asks myPOS about orders and gives money back.
// Inbox is the way back: it verifies every delivered notice again with the
// store's certificates, whatever the relay says about it, before the till sees
// it.
//
// Guarantees: the private key stays in this process; a form is built once,
// signed and registered exactly so, and the same Offer gives the same bytes, so
// repeating it is harmless. A notice that does not verify, that is another
// store's or that is of no use is logged without its content and never handed on.
//
// Concurrency: everything may be called from several goroutines. Nothing here
// starts one.
//
// Cancelling: a cancelled Offer, Withdraw, Status or Refund returns at once; its
// error says whether anything may have reached the other side (payments.ErrUnreachable,
// ErrRefused, otherwise unknown).
package rails
