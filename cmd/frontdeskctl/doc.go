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
// An interrupt ends the waiting, not the sale: what has begun stays in the
// journal and is taken up by whichever program holds the folder next.
package main
