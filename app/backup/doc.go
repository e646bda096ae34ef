// Package backup keeps copies of what a desk must not lose: the journal of a
// mode and the small files of the data folder. The vault itself is never copied:
// its key lies elsewhere. Its secrets are in a copy only when they come sealed
// under a passphrase (Config.Secrets).
//
// A copy is one folder, named by the day, under backups/ of the mode. It is
// made while the till is in use, checked by opening it, and is there as a whole
// or not at all. The newest of each of seven days and of eight weeks are kept.
//
// Restore replaces the journal by a copy that passes the check; what was there
// is moved aside, never deleted. Secrets stay in the copy: Secrets reads them, and
// who has the passphrase puts them back. That it happened, and how old the copy was, is
// told for ten days (Mark). Whoever calls it holds the data folder and has no till open.
//
// Words that were erased stay in copies made before, until those go: seven days and
// eight weeks; what was moved aside is never deleted.
//
// Functions may be called from any goroutine, but not two for one folder at the
// same time. When their context ends they stop, leaving whole copies only.
//
// # Codes
//
// *payments.Error: backup.none (no such copy), backup.damaged (the copy does
// not pass the check), backup.mode (it is of another mode), backup.failed (the disk
// said no); those of the journal.
package backup
