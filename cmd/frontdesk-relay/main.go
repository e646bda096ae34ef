package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "0.1.0"

const usage = `usage: frontdesk-relay serve --listen ADDR --public URL --data DIR [--acme EMAIL | --cert FILE --key FILE | --behind-proxy]
                             [--nats URL [--nats-creds FILE]]
       frontdesk-relay pair [STORE] --data DIR            print a code that pairs one desk
       frontdesk-relay desks [STORE] --data DIR           list paired desks
       frontdesk-relay rename STORE DESK NAME --data DIR
       frontdesk-relay revoke STORE DESK --data DIR       cut a desk off for good
       frontdesk-relay accept-damage [--yes] --data DIR   go on after notices were damaged
       frontdesk-relay --version

All but serve talk to the relay that runs on the data folder, as the same user.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process. It returns when ctx ends.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-version") {
		fmt.Fprintln(stdout, "frontdesk-relay", version)
		return exitDone
	}
	if len(args) > 0 {
		for _, o := range orders() {
			if args[0] == o.name {
				return command(ctx, o, args[1:], stdin, stdout, stderr)
			}
		}
	}
	if len(args) == 0 || args[0] != "serve" {
		fmt.Fprintln(stderr, usage)
		return exitUsage
	}
	o, err := parse(args[1:], stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		fmt.Fprintln(stderr, "frontdesk-relay:", err)
		return exitUsage
	}
	if err := serve(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "frontdesk-relay:", err)
		return exitFailed
	}
	return exitDone
}
