// Command frontdesk-sim runs the stand-in for myPOS on its own, for tests and
// for Practice with outside parts:
//
//	frontdesk-sim --http ADDR --state FILE [--allow-private] [--cert FILE --key FILE] [--ca FILE]
//	    [--terminal ADDR] [--terminal-pty PATH] [--terminal-id TID] [--terminal-customer tap|insert] [--terminal-speed N]
//
// The first line on stdout is the base URL, printed when it listens; with port
// 0 that is how to learn the port. A card terminal adds a line "terminal ADDR"
// and, on a pseudo serial port, a line "terminal-pty PATH"; its card holder and
// its mishaps are at /_sim/terminal/ (package simulator/pos).
//
// The API of the merchant's account and the gateway of cloud terminals (package
// simulator/account) are served at the same address; GET /_sim/rest tells client
// id, secret and hosts, the page of a payment request lies at /pay/CODE, and what
// was paid stands in /_sim/truth under "requests" and "cloud".
//
// It ends on SIGINT or SIGTERM with 0; what was in between then is finished at
// the next start. Exit codes: 0 done, 1 failed, 2 usage.
package main
