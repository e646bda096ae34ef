// Command frontdeskctl is the till without a window, for scripts, accountants,
// booking software and support (product.md 8).
//
// It reads flags, reaches the till (through the socket of the program that
// holds the data folder, or by holding the folder itself) and prints what comes
// back: text, or with --json one object per line, flushed.
//
// Exit: 0 done or paid; 1 refused, invalid, declined, withdrawn or expired;
// 2 usage; 3 still open or unknown.
//
// It works in the mode that was worked in last; setup chooses another one. Where
// there is no keyring, the passphrase of the vault comes from the file that
// FRONTDESK_PASSPHRASE_FILE names, or from the terminal. Built with -tags
// simlive, Test and Live speak to the stand-in at --sim-live, and the version
// ends in +simlive.
//
// An interrupt ends the waiting, not the sale: what has begun stays in the
// journal and is taken up by whichever program holds the folder next.
package main
