// Package rails joins the rooms of payments into the rails the till collects
// money on. Link is the hosted checkout over the relay: it signs the form,
// registers it with the relay, asks myPOS about orders and gives money back.
// Inbox is the way back: it verifies every delivered notice again with the
// store's certificates, whatever the relay says about it, before the till sees
// it. Terminal is every card terminal that can be dialled, Cloud those behind the
// gateway of myPOS, Request the payment request of the account.
//
// Notary proves again, for somebody who does not believe the desk, what myPOS has
// signed.
//
// Guarantees: the private key stays in this process; a form is built once,
// signed and registered exactly so, and the same Offer gives the same bytes, so
// repeating it is harmless. A notice that does not verify, that is another
// store's or that is of no use is logged without its content and never handed on.
// An amount is handed to a terminal once, under the SID the till has on disk; a
// credit in the list of the account counts when it carries our order, amount and
// currency, and its absence proves nothing. That each counts once is the till's
// care.
//
// Concurrency: everything may be called from several goroutines. Nothing here
// starts one.
//
// Cancelling: a cancelled Offer, Withdraw, Status or Refund returns at once; its
// error says whether anything may have reached the other side (payments.ErrUnreachable,
// ErrRefused, otherwise unknown). A cancelled Collect does not stop the terminal.
//
// Codes: rail.missing, terminal.changed, terminal.currency, terminal.odd,
// request.account, request.stays, cloud.account, match.off, match.pages (package reconcile reads what List reads), refund.whole, refund.account, and
// those of the rooms below.
package rails
