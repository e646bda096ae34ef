// Package devices is the page of the card terminals: a card for each with its
// live state, the ways to add one, and the dialogs to add, edit, test and
// remove.
//
// What a card says is a pure function (View) of a device's status, the sale
// that runs on it, time and language. The page draws it, asks the till beside
// the UI and keeps nothing: what came of a press arrives with the next
// snapshot, refusals stand where they were caused. All methods of Page belong
// to the UI goroutine; a test that runs ends with its dialog.
package devices
