// Package browser drives a real Chromium, as a customer's phone would be driven by its owner:
// open an address, type into fields, press buttons, read what is shown.
//
// It serves the end-to-end tests and the demo, which must pay on a page that a real browser
// shows. It speaks the Chrome DevTools Protocol over one WebSocket to a Chromium it started
// itself, headless, with a fresh profile, and with name lookups switched off: only loopback and
// literal addresses can be reached.
//
// Key presses and clicks go through the browser's input queue, not through scripts, so a button
// that is hidden or a field that is disabled fails here as it fails for a person. Waiting is done
// inside the page by a MutationObserver and survives navigations; nothing sleeps.
//
// A Browser may be used by one goroutine at a time. Every call ends when its context does; the
// page then stays as it is and the Browser can still be used. Close ends the Chromium and removes
// the profile; a Chromium that dies earlier makes every call fail with ErrClosed.
package browser
