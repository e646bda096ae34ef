package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"frontdesk/payments/simulator"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// grace is how long requests under way may take at the end.
const grace = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags.
type options struct {
	http, state, cert, key, ca string
	private                    bool
	terminal                   terminalOptions
}

// run is main without the process. It returns when ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return exitDone
		}
		fmt.Fprintln(stderr, "frontdesk-sim:", err)
		return exitUsage
	}
	if err := serve(ctx, o, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "frontdesk-sim:", err)
		return exitFailed
	}
	return exitDone
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("frontdesk-sim", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.http, "http", "", "`address` to listen on, e.g. 127.0.0.1:8070 (port 0 picks one)")
	f.StringVar(&o.state, "state", "", "`file` of the truth; keys lie beside it")
	f.StringVar(&o.cert, "cert", "", "serve TLS with this certificate `file` (PEM)")
	f.StringVar(&o.key, "key", "", "private key `file` of --cert (PEM)")
	f.StringVar(&o.ca, "ca", "", "also trust the authorities in this `file` (PEM) when posting notices")
	f.BoolVar(&o.private, "allow-private", false, "take addresses of this machine and of private networks, over http too")
	o.terminal.flags(f)
	if err := f.Parse(args); err != nil {
		return o, err
	}
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.http == "" || o.state == "":
		return o, errors.New("--http and --state are required")
	case (o.cert == "") != (o.key == ""):
		return o, errors.New("--cert and --key go together")
	}
	return o, nil
}

// serve listens before the truth is opened, so that a taken port changes
// nothing, and prints the address when everything works.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	listener, scheme, err := listen(ctx, o)
	if err != nil {
		return err
	}
	defer listener.Close()
	client, err := poster(o.ca)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(stderr, nil))
	sim, err := simulator.Open(simulator.Config{
		StateFile: o.state, Now: time.Now, Entropy: rand.Reader, HTTP: client,
		AllowPrivate: o.private, Log: log,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sim.Close()) }()
	terminal, err := o.terminal.open(ctx, sim)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler:           sim.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if _, err := fmt.Fprintf(stdout, "%s://%s\n%s", scheme, listener.Addr(), terminal); err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	return shutdown(server)
}

// shutdown lets requests under way end, then cuts them.
func shutdown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return server.Close()
	}
	return nil
}

func listen(ctx context.Context, o options) (net.Listener, string, error) {
	var config *tls.Config
	if o.cert != "" {
		pair, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, "", fmt.Errorf("certificate: %w", err)
		}
		config = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.http)
	if err != nil {
		return nil, "", err
	}
	if config == nil {
		return listener, "http", nil
	}
	return tls.NewListener(listener, config), "https", nil
}

// poster returns the client that posts notices. It uses no proxy: merchants are
// on this machine or reachable.
func poster(ca string) (*http.Client, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		text, err := os.ReadFile(ca)
		if err != nil {
			return nil, err
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			config.RootCAs = x509.NewCertPool()
		}
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s: no certificate in it", ca)
		}
	}
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     config,
		TLSHandshakeTimeout: 10 * time.Second,
	}}, nil
}
