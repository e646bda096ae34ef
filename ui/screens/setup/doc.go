// Package setup is the first start: the name of the salon, language and
// currency, then the choice between trying it out and connecting myPOS.
//
// Every step can be skipped; what was typed is handed to Done with the choice,
// and all of it can be changed later in Settings. It keeps nothing and asks
// nobody. Used on the UI goroutine only.
package setup
