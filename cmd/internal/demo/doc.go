// Command demo drives the real window of Frontdesk through a whole charge, where nobody sits in
// front of it: from the first start to a paid charge, on a virtual display, with real key presses
// alone, and a customer who scans the code from the screen and pays in a real browser.
//
//	demo -window PROGRAM -ctl PROGRAM -out DIR
//	demo -smoke -window PROGRAM -out DIR
//	demo [-troubles] -window PROGRAM -ctl PROGRAM -sim PROGRAM -relay PROGRAM -out DIR
//
// It prints one line per step, leaves a screenshot of each in DIR, and ends by itself: 0 when the
// screen showed PAID and the journal says the same, 1 with the step that failed otherwise. With
// -smoke it only opens the window, types, walks through the pages, closes it, and fails when Fyne
// reported a call from the wrong goroutine.
//
// With -sim and -relay it is an owner who connects myPOS in Live: both programs are started, the
// relay behind TLS, and the window and frontdeskctl are builds with tag simlive. The pack is pasted,
// the relay paired, the connection tested, payments are made, the key is rotated, and a payment that
// is open while myPOS is disconnected is still recognised.
//
// With -troubles as well it is a salon's day on which everything goes wrong with money that can, and
// what the desk does about it with the keyboard alone: refunds of all and of a part, a payment that
// myPOS takes back, one that comes after a cancel, one that comes twice, one that was typed on the
// terminal by hand, a refund and a payment whose answers are lost. The next day (-sim-clock) the owner
// settles what nobody answered and closes the day. Each step is held against the journal and against
// the truth of the stand-in.
//
// Xvfb and openbox are started and ended by it, so no display is needed and none is touched.
// Everything it writes lies in DIR. What it waits for is an event (a pipe, a process, a page) or,
// where the only witness is the picture on the screen, the next frame that shows it.
package main
