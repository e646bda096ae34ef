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
	limit    = 20 * time.Minute
	actLimit = 4 * time.Minute
)

func main() {
	window := flag.String("window", "build/bin/frontdesk", "`program` of the window")
	ctl := flag.String("ctl", "build/bin/frontdeskctl", "`program` of the till without a window")
	out := flag.String("out", "build/demo", "`folder` for screenshots and logs")
	smoke := flag.Bool("smoke", false, "only open the window, walk through it and close it")
	trouble := flag.Bool("troubles", false, "what goes wrong with money, and what a salon does about it; needs -sim and -relay")
	sim := flag.String("sim", "", "`program` of the stand-in: connect to it as Live, with a window built with simlive")
	relay := flag.String("relay", "", "`program` of the relay for that")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("not done after %s", limit))
	err := run(ctx, programs{window: *window, ctl: *ctl, sim: *sim, relay: *relay}, *out, story(*smoke, *trouble, *sim != ""))
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// play is one story: what is there before the window opens, and the acts up to each time at which
// the window is closed and opened again, with more flags.
type play struct {
	before func(context.Context, *stage) error
	parts  []part
}

type part struct {
	flags []string // of the window, besides those of the stage
	acts  []act
}

// story chooses what is played.
func story(smoke, trouble, outside bool) play {
	switch {
	case smoke:
		return play{parts: []part{{acts: walk()}}}
	case trouble:
		return troubles()
	case outside:
		return play{parts: []part{{acts: live()}}}
	}
	return play{parts: []part{{acts: charge()}}}
}

func run(ctx context.Context, p programs, out string, told play) error {
	s, err := openStage(ctx, p, out, told.before)
	if err != nil {
		return err
	}
	for i, part := range told.parts {
		if i > 0 {
			err = s.openWindow(ctx, part.flags...)
		}
		if err == nil {
			err = s.play(ctx, part.acts)
		}
		if err != nil {
			break
		}
	}
	if closing := s.close(); err == nil {
		err = closing
	}
	if err == nil {
		fmt.Printf("Done. The screenshots are in %s.\n", filepath.Clean(out))
	}
	return err
}
