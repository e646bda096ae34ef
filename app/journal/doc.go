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
// end included, and the first sale whose postings are not its money. Sales, attempts,
// refunds, effects and the search index are computed by app.Fold from the events;
// Rebuild computes them again.
//
// # Words
//
// What customers told and what was told about them (client, note, reason, raw in
// the data of a line) stands in the chained line as AES-256-GCM ciphertext, bound
// to sale, attempt and kind, under a random key of the sale that lies in a table of
// its own. A line WordsErased deletes the key and computes the sale again without
// its words, in one transaction; Forget empties the write-ahead log behind it. The
// chain, amounts, states and effects stay as they are, and a copy holds no more than
// the journal does. What comes in later is sealed under a new key. Lines of older
// programs are read as they are and cannot be erased.
//
// # Many sales at once
//
// Append takes the events of many sales: one commit, one fsync and one preparation
// of each statement pay for all of them, and nothing is left out of what a single
// sale gets. Benches and simulations fill a journal so, a thousand sales at a time;
// the events of one sale stay together and in order.
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
// overwritten. A missing file is made new, but where copies of it lie beside it.
//
// # Copies
//
// Copy writes a whole journal of one moment while this one is in use and checks
// it; Check verifies such a file. Before a newer program migrates an older file
// it keeps a copy of it in backups/ beside it: migrations go forward only.
package journal
