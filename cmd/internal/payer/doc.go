// Package payer is a customer without a browser: it reads the forms of the pay
// page and of the hosted page and posts them as a browser would.
//
// A Payer is one customer with cookies of its own. It may be used from one
// goroutine at a time. Every call ends with its context; a page that was not
// there, or showed no form, is an error with its address. Card numbers are those
// of the stand-in of myPOS; nothing here may ever be pointed at the real one.
package payer
