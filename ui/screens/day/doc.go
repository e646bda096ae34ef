// Package day is the page of one business day: what was taken and how, what to
// look at before closing, the closing, and its seal.
//
// What stands there is a pure function of a report, the moment and the language
// (Show); Screen draws it, asks the book of days beside the UI and drops answers
// that a newer question has overtaken. All methods of Screen belong to the UI
// goroutine.
package day
