package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	charges := flag.Int("charges", 40, "`number` of charges that are paid")
	notices := flag.Int("notices", 2000, "`number` of notices for the relay")
	sizes := flag.String("sales", "10000,100000,1000000", "sizes of the journals, `numbers` with commas; 0 leaves them out")
	only := flag.Bool("journals", false, "measure the journals alone")
	kept := flag.String("keep", "", "`folder` in which journals stay and are found by the next run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *charges, *notices, *sizes, *kept, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, charges, notices int, sizes, kept string, only bool) (err error) {
	list, err := numbers(sizes)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "frontdesk-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if only {
		return journals(ctx, dir, kept, list)
	}
	if err := chargesAndNotices(ctx, dir, charges); err != nil {
		return err
	}
	if err := relayThroughput(ctx, dir, notices); err != nil {
		return err
	}
	if err := secrets(ctx, dir, charges); err != nil || len(list) == 0 {
		return err
	}
	return journals(ctx, dir, kept, list)
}

// numbers reads "10000,100000"; 0 is none.
func numbers(text string) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 {
			return nil, fmt.Errorf("-sales: %q is no number", part)
		}
		if n > 0 {
			list = append(list, n)
		}
	}
	return list, nil
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
