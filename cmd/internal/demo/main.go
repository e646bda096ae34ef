package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// Limits of a whole play and of one act are far above what a slow machine takes; a demo that hangs
// ends with the step it hangs in, while the screen can still be looked at.
const (
	limit    = 8 * time.Minute
	actLimit = 90 * time.Second
)

func main() {
	window := flag.String("window", "build/bin/frontdesk", "`program` of the window")
	ctl := flag.String("ctl", "build/bin/frontdeskctl", "`program` of the till without a window")
	out := flag.String("out", "build/demo", "`folder` for screenshots and logs")
	smoke := flag.Bool("smoke", false, "only open the window, walk through it and close it")
	sim := flag.String("sim", "", "`program` of the stand-in: connect to it as Live, with a window built with simlive")
	relay := flag.String("relay", "", "`program` of the relay for that")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done after %s", limit))
	err := run(ctx, programs{window: *window, ctl: *ctl, sim: *sim, relay: *relay}, *out, *smoke)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, p programs, out string, smoke bool) error {
	s, err := openStage(ctx, p, out)
	if err != nil {
		return err
	}
	acts := charge()
	switch {
	case smoke:
		acts = walk()
	case p.sim != "":
		acts = live()
	}
	err = s.play(ctx, acts)
	if closing := s.close(); err == nil {
		err = closing
	}
	if err == nil {
		fmt.Printf("Done. The screenshots are in %s.\n", filepath.Clean(out))
	}
	return err
}
