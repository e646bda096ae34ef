// Command frontdesk-relay is the public host that shows pay pages, receives
// the provider's notices and hands them to desks:
//
//	frontdesk-relay serve --listen ADDR --public URL --data DIR [--acme EMAIL | --cert FILE --key FILE | --behind-proxy]
//	                [--nats URL [--nats-creds FILE]]
//	frontdesk-relay pair [STORE] --data DIR
//	frontdesk-relay desks [STORE] --data DIR
//	frontdesk-relay rename STORE DESK NAME --data DIR
//	frontdesk-relay revoke STORE DESK --data DIR
//	frontdesk-relay accept-damage [--yes] --data DIR
//	frontdesk-relay --version
//
// The first line that serve prints on stdout is the base URL, printed when it
// listens; with port 0 on this machine that is how to learn the port, and
// --public may be left out: it then is that URL. It ends on SIGINT or SIGTERM
// with 0 when streams are closed and everything is on disk.
//
// It listens beyond this machine only with TLS (1.2 at least; certificate files
// are read again when they change; --acme gets and renews one by itself, keeps
// it in DIR.acme and needs port 443 of the domain in --public) or behind a proxy that does TLS and sets
// X-Forwarded-For. On this machine, and not behind a proxy, programs may be
// desks of Practice stores without being paired.
//
// Beside the data folder DIR stand DIR.secret, without which the folder admits
// nothing, and DIR.marker, by which a folder put back from a copy is
// recognised: back up the first apart from the folder, the second never.
//
// With --nats the queue is a replicated JetStream elsewhere. Several relays
// with the same key file may share it: one works, the others wait, without
// listening, until it ends or was silent for 15 s. A relay that was overtaken
// ends with 1.
//
// The other commands reach the running relay through a socket in its data
// folder, so they must run as its user. pair prints a code alone on the first
// line: it pairs one desk with STORE, or with a new store, for 15 minutes.
//
// Exit codes: 0 done, 1 failed, 2 usage.
package main
