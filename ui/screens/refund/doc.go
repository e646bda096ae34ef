// Package refund is the dialog that gives money back: how much, why, and what
// exactly will be sent; then what came of it.
//
// What will be sent is never put together here: the till plans it
// (app.RefundPlan) and the dialog shows that plan; the button sends the same
// request under the same order number, so a second press is the same refund.
// What came of it is a pure function, Describe, of the refund as it stands in
// the sale. Nothing here decides about money: a refund whose answer is lost is
// shown as unknown, and there is no button to send it again.
//
// A Dialog belongs to the UI goroutine; it asks the till through ui/async.
// Closing it while a refund runs changes nothing about the refund.
package refund
