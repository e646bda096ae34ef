// Package setup is what the owner connects: the words in which the myPOS
// account, the REST credentials and the relay are shown, checked and saved
// (product.md 6).
//
// It holds plain values and the reading of pasted text (the key doctor); it
// opens no file and no connection. app/till carries the work out over the
// vault, the checkout client and the relay; the screens and frontdeskctl show
// it. Secrets travel in a Draft only, from the field to the vault, and never
// back: what is saved is told by a Connection. Values are immutable and may be
// shared between goroutines.
package setup
