// Package charge is the till: favourites and recent sales, the sale being
// typed, and the money column with its one button.
//
// What is typed is a Pad, an immutable value that every press turns into the
// next one, so undo is a list of earlier values. Screen draws the pad and the
// newest snapshot and asks the till to charge; it is used on the UI goroutine
// only. One press makes one sale: the request carries a key that stays the
// same until the till has answered, and presses in between change nothing. The
// screen sends no amount that the till would refuse as an amount; the reason
// stands at the number instead.
package charge
