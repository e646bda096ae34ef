// Package settings is the page of what people choose on this desk: look, text
// size, language, names, the phone in Practice, and what program this is.
//
// It shows values and hands changed ones to Choose; it keeps nothing. Used on
// the UI goroutine only; opening the phone's pages runs beside it.
package settings
