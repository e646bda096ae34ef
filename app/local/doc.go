// Package local lets exactly one program hold a data folder and lets later
// programs of the same user talk to it (product.md 8).
//
// Purpose: Take takes the folder (an advisory lock of the operating system, so
// a killed program never leaves it taken). The holder serves a Unix socket in
// the folder; Dial reaches it. A call is one connection: the caller sends one
// JSON line, the holder answers with any number of data lines and one closing
// line, which says done or carries an error with its stable code.
//
// Guarantees: the socket has mode 0600 in a folder of mode 0700, and both ends
// refuse a peer of another user where the system tells who it is (Linux, macOS
// and the BSDs). A socket path too long for the system moves to a short path
// below the runtime folder; a file in the data folder says where.
//
// Concurrency: everything here may be used from several goroutines. Calls run
// side by side.
//
// Cancelling: when the caller goes away, the context of its call ends at the
// holder. What the call had already started stays as the till has it; leaving a
// wait never cancels a sale. Drain waits for the calls in flight, Close ends
// them; a caller that loses the holder gets ErrLost and knows nothing about
// what happened last.
package local
