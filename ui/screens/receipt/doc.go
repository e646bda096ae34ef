// Package receipt is the dialog that gives a customer a receipt: what will be on
// it, and buttons to print it, to save it as a PDF and to send it by mail. Paper
// draws the same lines where receipts are set up.
//
// The dialog asks the till for the receipt and shows it as it came; it adds
// nothing. Printing never holds a payment up: it runs beside the UI, and the
// dialog can be closed while it does. Trouble of the printer is told in words,
// with the way out. All of it belongs to the UI goroutine.
package receipt
