// Package till wires a till for both programs, the window and frontdeskctl:
// it takes the data folder, opens the journal and the rails of the mode, starts
// the till over them and answers on the local socket.
//
// In Practice it also starts the simulator and the relay inside the program, on
// loopback ports that stay the same from run to run, unless Setup chose outside
// parts. A kept port that something else has taken by now is replaced by a new
// one: links made before lead nowhere then, so nobody can pay them, and what
// was paid before is still asked for at the new address.
//
// Guarantees: a folder has one till at a time; Open changes nothing in a folder
// it cannot hold, and a journal that is newer, damaged or not writable is
// refused as it is. Close ends everything Open started, in the order in which
// nothing is lost: first callers, then the till, then the parts below it.
//
// Concurrency: a Desk may be used from several goroutines.
//
// Cancelling: the context of Open bounds the start only.
package till
