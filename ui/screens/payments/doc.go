// Package payments is the list of sales and the page of one sale.
//
// What stands there is a pure function of sales, events, time and language
// (List, Detail); Screen draws it, asks the till beside the UI and drops
// answers that a newer question has overtaken. All methods of Screen belong to
// the UI goroutine.
package payments
