package main

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"frontdesk/app/vault"
	"frontdesk/cmd/internal/folders"
	"frontdesk/cmd/internal/zone"
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "0.1.0"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	start := time.Now()
	place := folders.Here(os.Getenv)
	p := &program{
		in:       os.Stdin,
		out:      os.Stdout,
		err:      os.Stderr,
		version:  version,
		dir:      known(place.Data()),
		runtime:  place.Runtime(),
		now:      time.Now,
		mono:     func() time.Duration { return time.Since(start) },
		zone:     zone.Here(os.Getenv),
		entropy:  rand.Reader,
		http:     &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
		log:      quiet(os.Stderr, os.Getenv("FRONTDESK_LOG")),
		hostname: os.Hostname,
		keyring:  vault.NewKeyring(),
		prompt:   prompter(os.Stdin, os.Stderr),
		secret:   os.Getenv("FRONTDESK_PASSPHRASE_FILE"),
	}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// known is a data folder that does not hang on where the program was started; empty
// when the system does not tell one, and --data must.
func known(dir string) string {
	if !filepath.IsAbs(dir) {
		return ""
	}
	return dir
}

// quiet logs errors only, unless FRONTDESK_LOG names a level.
func quiet(w io.Writer, level string) *slog.Logger {
	l := slog.LevelError
	if level != "" && l.UnmarshalText([]byte(level)) != nil {
		l = slog.LevelError
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: l}))
}
