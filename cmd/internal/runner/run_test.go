package runner_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"frontdesk/cmd/internal/runner"
)

// TestMain is the program that the tests run.
func TestMain(m *testing.M) {
	switch os.Getenv("PROGRAM") {
	case "speak":
		_, _ = os.Stdout.WriteString("one\ntwo\n")
		os.Exit(0)
	case "complain":
		_, _ = os.Stderr.WriteString("no such printer\n")
		os.Exit(3)
	case "hang":
		time.Sleep(time.Minute)
	}
	os.Exit(m.Run())
}

func run(t *testing.T, ctx context.Context, what string) (string, error) {
	t.Helper()
	t.Setenv("PROGRAM", what)
	out, err := runner.Run(ctx, os.Args[0])
	return string(out), err
}

func TestRun(t *testing.T) {
	if out, err := run(t, t.Context(), "speak"); err != nil || out != "one\ntwo\n" {
		t.Errorf("%q, %v", out, err)
	}
	if _, err := run(t, t.Context(), "complain"); err == nil || !strings.Contains(err.Error(), "no such printer") {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if _, err := run(t, ctx, "hang"); err == nil || time.Since(begun) > 20*time.Second {
		t.Errorf("%v after %v", err, time.Since(begun))
	}
	if _, err := runner.Run(t.Context(), "no-such-program-anywhere"); err == nil {
		t.Error("a program that is missing ran")
	}
}
