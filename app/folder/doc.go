// Package folder reads and replaces the small files of a data folder:
// settings, operators, devices, the sealed vault.
//
// Replace is atomic and durable: after a crash at any moment the file holds
// the old bytes or the new ones, never a mixture, and when Replace has
// returned nil it holds the new ones; ErrInForce says that it does, but perhaps not after
// a power cut. Files are made with mode 0600 in folders
// with mode 0700. Two callers must not replace one file at the same time;
// whoever owns the file locks. Nothing here waits or can be cancelled.
//
// CheckPlace tells whether a folder is one in which a journal is safe.
package folder
