// Package operators shows who is at the desk: the list with names, rights and
// PINs, the sheet in which somebody else takes over (F10), and the lock.
//
// It keeps nothing and decides nothing: a Book checks PINs and rights, and the
// till checks them again. Typed PINs live in the boxes until they are sent, and
// are gone with the answer. Everything here belongs to the UI goroutine; checks
// run beside it and end with the context of the dispatcher.
package operators
