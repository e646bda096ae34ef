// Package checkout is the dialog over Charge: it shows one sale from the code
// to the result and asks the till to check, cancel or ask again.
//
// What stands on it is a pure function, View, of the sale, its events, the
// time and the few things only the screen knows (a press that is under way, a
// link just copied). Dialog draws that Model and is called on the UI goroutine
// only; it follows the till through ui/async, and Close ends the following.
// Nothing here decides about money: Cancel is a request, and the outcome comes
// back as a new revision of the sale.
package checkout
