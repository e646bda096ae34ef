// Package cash is the small question before a sale is noted as paid in cash:
// how much to take and, where somebody types what was given, how much to give
// back.
//
// Nothing proves cash but the word of whoever is at the desk, so the sheet asks
// once and a press that comes right after it has appeared does nothing: a double
// press of Charge takes no cash. All sums are integers. Everything here belongs
// to the UI goroutine.
package cash
