// Command frontdesk-relay is the public host that shows pay pages, receives
// the provider's notices and hands them to desks:
//
//	frontdesk-relay serve --listen ADDR --public URL --data DIR [--cert FILE --key FILE]
//	frontdesk-relay --version
//
// The first line on stdout is the base URL, printed when it listens; with port
// 0 that is how to learn the port, and --public may be left out: it then is
// that URL. It ends on SIGINT or SIGTERM with 0 when streams are closed and
// everything is on disk. As long as desks cannot be paired it listens on this
// machine only, and must not be published through a proxy. Exit codes: 0 done, 1 failed, 2 usage.
package main
