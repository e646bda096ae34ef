// Package journal keeps the events of a desk on disk: append-only, chained by
// hash, in one SQLite file, with projections to search in.
//
// # Guarantees
//
// Append is one transaction with one fsync: events, cursor, chain and
// projections are all there after it returned nil, or none of them. Lines are
// never changed or removed (triggers refuse it), an event that repeats sale,
// attempt, source, reference and kind of a committed one is left out, refunds
// of one attempt never exceed it and run one at a time (constraints refuse the
// whole Append). Each line carries SHA-256 over the hash of the line before it
// and its own bytes; Verify finds the first line that does not fit, a cut-off
// end included. Sales, attempts, refunds, effects and the search index are
// computed by app.Fold from the events; Rebuild computes them again.
//
// # Ownership and concurrency
//
// An open Journal owns the folder's lock until Close; a second Open, in this
// or another process, gets ErrInUse. The lock dies with the process. All
// methods may be called from any goroutine: one writer handle, a small pool of
// read-only ones, WAL. Cancelling a context before the commit leaves nothing
// behind; after it the commit stands and Append returns nil.
//
// # Failure
//
// A file of a newer version, a damaged one, a read-only or full disk are told
// apart (ErrNewer, ErrCorrupt, ErrReadOnly, ErrFull) and nothing is
// overwritten. A missing file is made new.
//
// # Copies
//
// Copy writes a whole journal of one moment while this one is in use and checks
// it; Check verifies such a file. Before a newer program migrates an older file
// it keeps a copy of it in backups/ beside it: migrations go forward only.
package journal
