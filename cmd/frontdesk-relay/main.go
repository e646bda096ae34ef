package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"frontdesk/payments/relay"
	"frontdesk/payments/relay/server"
)

const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

const (
	// grace is how long requests under way may take at the end.
	grace = 5 * time.Second
	// memory is a soft limit; the queue keeps its speed under it.
	memory = 256 << 20
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "0.1.0"

const usage = `usage: frontdesk-relay serve --listen ADDR --public URL --data DIR [--cert FILE --key FILE]
       frontdesk-relay --version

Do not publish it through a proxy before desks can be paired: whoever is let
through could be taken for a desk.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the flags of serve.
type options struct {
	listen, public, data, secret, cert, key string
}

// run is main without the process. It returns when ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-version") {
		fmt.Fprintln(stdout, "frontdesk-relay", version)
		return exitDone
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

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("frontdesk-relay serve", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.listen, "listen", "", "`address` to listen on, e.g. 127.0.0.1:8080 (port 0 picks one)")
	f.StringVar(&o.public, "public", "", "base `URL` at which customers and myPOS reach this relay")
	f.StringVar(&o.data, "data", "", "data `folder`")
	f.StringVar(&o.secret, "secret", "", "key `file`, outside the data folder (default: the folder's name + .secret)")
	f.StringVar(&o.cert, "cert", "", "serve TLS with this certificate `file` (PEM)")
	f.StringVar(&o.key, "key", "", "private key `file` of --cert (PEM)")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.public = strings.TrimRight(o.public, "/")
	switch {
	case f.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	case o.listen == "" || o.data == "":
		return o, errors.New("--listen and --data are required")
	case o.public == "" && !strings.HasSuffix(o.listen, ":0"):
		return o, errors.New("--public is required: the base URL at which customers and myPOS reach this relay")
	case o.public != "" && !baseURL(o.public):
		return o, fmt.Errorf("--public %q must look like https://pay.example, without query", o.public)
	case (o.cert == "") != (o.key == ""):
		return o, errors.New("--cert and --key go together")
	}
	return o, loopbackOnly(o.listen)
}

func baseURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") &&
		u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// loopbackOnly refuses to serve others as long as anyone who reaches the relay
// would be taken for a desk.
func loopbackOnly(address string) error {
	if relay.LoopbackAddress(address) {
		return nil
	}
	return fmt.Errorf("will not listen on %s: desks cannot be paired yet, so anyone who reaches the relay could read notices; use an address of this machine, such as 127.0.0.1:8080", address)
}

// serve takes the address before it opens the data, so that a taken port
// changes nothing.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	debug.SetMemoryLimit(memory)
	log := slog.New(slog.NewTextHandler(stderr, nil))
	listener, base, err := listen(ctx, o)
	if err != nil {
		return err
	}
	defer listener.Close()
	public := o.public
	if public == "" {
		public = base
	}
	r, err := server.Open(ctx, server.Config{
		Dir: o.data, SecretFile: o.secret, Public: func() string { return public },
		Now: time.Now, Entropy: rand.Reader, Log: log, AllowPractice: true,
	})
	if err != nil {
		return err
	}
	web := &http.Server{
		Handler:           r.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 1)
	go func() { failed <- web.Serve(listener) }()
	if _, err = fmt.Fprintln(stdout, base); err == nil {
		select {
		case err = <-failed:
		case <-ctx.Done():
		}
	}
	return errors.Join(err, stop(web, r))
}

// stop ends desk streams first, because the web server waits for polls; what
// is cut after grace was not answered. The relay has a time of its own: a
// connection that says nothing may use up all of the web server's.
func stop(web *http.Server, r *server.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	r.HangUp()
	err := web.Shutdown(ctx)
	if err != nil {
		err = web.Close()
	}
	rest, done := context.WithTimeout(context.Background(), grace)
	defer done()
	return errors.Join(err, r.Shutdown(rest))
}

func listen(ctx context.Context, o options) (net.Listener, string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return nil, "", err
	}
	if err := loopbackOnly(listener.Addr().String()); err != nil { // a hosts file may say what it likes
		return nil, "", errors.Join(err, listener.Close())
	}
	if o.cert == "" {
		return listener, "http://" + listener.Addr().String(), nil
	}
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		return nil, "", errors.Join(err, listener.Close())
	}
	secure := tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	return secure, "https://" + listener.Addr().String(), nil
}
