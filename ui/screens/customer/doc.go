// Package customer is the second window, for the customer's screen: amount,
// match words and code, then thanks. It never shows a card page and takes no
// input that could change a sale.
//
// What it shows is a pure function (View); Window draws it and belongs to the
// UI goroutine.
package customer
