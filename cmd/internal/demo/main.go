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

// limit is far above what a slow machine takes; a demo that hangs ends with the step it hangs in.
const limit = 4 * time.Minute

func main() {
	window := flag.String("window", "build/bin/frontdesk", "`program` of the window")
	ctl := flag.String("ctl", "build/bin/frontdeskctl", "`program` of the till without a window")
	out := flag.String("out", "build/demo", "`folder` for screenshots and logs")
	smoke := flag.Bool("smoke", false, "only open the window, walk through it and close it")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done after %s", limit))
	err := run(ctx, *window, *ctl, *out, *smoke)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, window, ctl, out string, smoke bool) error {
	s, err := openStage(ctx, window, ctl, out)
	if err != nil {
		return err
	}
	acts := charge()
	if smoke {
		acts = walk()
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
