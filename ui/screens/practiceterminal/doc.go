// Package practiceterminal is the small window of the terminal that lives
// inside the program: its display, and the buttons with which whoever practises
// plays the customer (tap, insert, PIN, cancel) and the cable.
//
// What it shows is a pure function (View) of the terminal's state. The window
// follows the terminal through ui/async while it is open; a button the display
// does not ask for cannot be pressed. Everything here belongs to the UI
// goroutine. It moves no money: no real card has ever been near it.
package practiceterminal
