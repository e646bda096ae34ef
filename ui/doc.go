// Package ui is the window of the till: rail, status strip, banners, the frame
// of the mode, sheets over the page, and the keys that work everywhere.
//
// New builds it from a till, a canvas and a few ports; Start begins to follow
// the till and returns at once. A window begins with the first start while that
// was never gone through, locked where somebody has a PIN, else at its page.
// All it knows comes in snapshots, and everything
// it wants is asked of the till. Apart from New's arguments, which may be used
// from any goroutine, everything here belongs to the UI goroutine; work beside
// it ends with the context given to Start, and Wait tells when it has.
package ui
