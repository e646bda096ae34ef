package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	charges := flag.Int("charges", 40, "`number` of charges that are paid")
	notices := flag.Int("notices", 2000, "`number` of notices for the relay")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *charges, *notices)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, charges, notices int) (err error) {
	dir, err := os.MkdirTemp("", "frontdesk-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := chargesAndNotices(ctx, dir, charges); err != nil {
		return err
	}
	if err := relayThroughput(ctx, dir, notices); err != nil {
		return err
	}
	return secrets(ctx, dir, charges)
}

// quantile returns the value below which the share q of the times lies. It sorts them.
func quantile(times []time.Duration, q float64) time.Duration {
	slices.Sort(times)
	return times[min(int(q*float64(len(times))), len(times)-1)]
}

func median(times []time.Duration) time.Duration { return quantile(times, 0.5) }

// timed runs do n times and returns how long each took.
func timed(n int, do func() error) ([]time.Duration, error) {
	out := make([]time.Duration, 0, n)
	for range n {
		start := time.Now()
		if err := do(); err != nil {
			return nil, err
		}
		out = append(out, time.Since(start))
	}
	return out, nil
}

// ratio prints one line: what was measured, against what, and the goal.
func ratio(name string, got, base time.Duration, goal string) {
	fmt.Printf("%-34s %9s / %9s = %5.2f   goal %s\n", name, short(got), short(base), float64(got)/float64(base), goal)
}

func short(d time.Duration) string {
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
