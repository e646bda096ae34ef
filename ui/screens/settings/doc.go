// Package settings is the page of what people choose and connect on this desk:
// mode, myPOS, REST, relay, ways to pay, operators, salon, look, the phone in
// Practice, and what program this is.
//
// It shows values and hands changed ones on; it keeps nothing. What is typed
// into a section stays there until it is saved, discarded or the page is made
// anew. Secrets go from their field to the Desk and are gone from the field
// once they are stored; what is stored comes back as a Connection, without
// secrets. Test connection and saving run beside the UI; a newer test ends the
// older one. Everything here belongs to the UI goroutine.
package settings
