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
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"frontdesk/payments/relay"
	"frontdesk/payments/relay/server"
)

const (
	// grace is how long requests under way may take at the end.
	grace = 5 * time.Second
	// memory is a soft limit; the queue keeps its speed under it.
	memory = 256 << 20
	// garbage and threads are what the queue was measured with: threads that
	// wait for the disk leave others to verify signatures.
	garbage = 400
	threads = 4
)

// options are the flags of serve.
type options struct {
	listen, public, data, secret, cert, key, nats, credentials string
	acme, acmeDirectory                                        string
	behindProxy                                                bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("frontdesk-relay serve", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.listen, "listen", "", "`address` to listen on, e.g. 127.0.0.1:8080 (port 0 picks one)")
	f.StringVar(&o.public, "public", "", "base `URL` at which customers and myPOS reach this relay; https for Test and Live")
	f.StringVar(&o.data, "data", "", "data `folder`")
	f.StringVar(&o.secret, "secret", "", "key `file`, outside the data folder (default: the folder's name + .secret)")
	f.StringVar(&o.cert, "cert", "", "serve TLS with this certificate `file` (PEM, with its chain); a newer one is used without a restart")
	f.StringVar(&o.key, "key", "", "private key `file` of --cert (PEM)")
	f.StringVar(&o.acme, "acme", "", "get and renew the certificate of --public by itself, from Let's Encrypt, whose terms you accept with that; your `EMAIL`")
	f.StringVar(&o.acmeDirectory, "acme-directory", "", "`URL` of another authority for --acme")
	f.BoolVar(&o.behindProxy, "behind-proxy", false, "a proxy in front does TLS and sets X-Forwarded-For, whose right-most address is believed")
	f.StringVar(&o.nats, "nats", "", "`URL` of a replicated NATS JetStream that fsyncs before it acknowledges (sync_interval: always); default: one inside this process")
	f.StringVar(&o.credentials, "nats-creds", "", "credentials `file` for --nats")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", f.Arg(0))
	}
	o.public = strings.TrimRight(o.public, "/")
	return o, o.check()
}

// check refuses what could not work, or would let others listen in.
func (o options) check() error {
	secure := strings.HasPrefix(o.public, "https://")
	switch {
	case o.listen == "" || o.data == "":
		return errors.New("--listen and --data are required")
	case o.public == "" && !(strings.HasSuffix(o.listen, ":0") && relay.LoopbackAddress(o.listen)):
		return errors.New("--public is required: the base URL at which customers and myPOS reach this relay")
	case o.public != "" && !baseURL(o.public):
		return fmt.Errorf("--public %q must look like https://pay.example, without query", o.public)
	case o.nats != "" && o.public == "":
		return errors.New("--nats needs --public, the same for all relays of that queue")
	case o.nats == "" && o.credentials != "":
		return errors.New("--nats-creds goes with --nats")
	case (o.cert == "") != (o.key == ""):
		return errors.New("--cert and --key go together")
	case o.acme != "" && (o.cert != "" || o.behindProxy):
		return errors.New("--acme, --cert and --behind-proxy exclude each other")
	case o.acme == "" && o.acmeDirectory != "":
		return errors.New("--acme-directory goes with --acme")
	case o.acme != "":
		return o.checkACME()
	case o.cert != "" && o.public != "" && !secure:
		return errors.New("with --cert the address in --public begins with https")
	case secure && o.cert == "" && !o.behindProxy:
		return errors.New("--public begins with https: give --acme, or --cert and --key, or --behind-proxy when a proxy does TLS")
	case !relay.LoopbackAddress(o.listen) && o.cert == "" && !o.behindProxy:
		return fmt.Errorf("will not listen on %s without TLS: give --acme, or --cert and --key, or --behind-proxy when a proxy does TLS; or use an address of this machine, such as 127.0.0.1:8080", o.listen)
	}
	return nil
}

// practice reports whether programs of this machine may play desk without
// being paired. Behind a proxy anybody could look like one.
func (o options) practice(at net.Addr) bool {
	return !o.behindProxy && relay.LoopbackAddress(at.String())
}

func baseURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") &&
		u.RawQuery == "" && u.Fragment == "" && u.User == nil
}

// begin takes the address before it opens the data, so that a taken port
// changes nothing; but a relay that waits for another to end must not listen.
func begin(ctx context.Context, o options, log *slog.Logger) (r *server.Server, listener net.Listener, base string, err error) {
	cfg := server.Config{
		Dir: o.data, SecretFile: o.secret, Public: func() string { return o.public },
		Now: time.Now, Entropy: rand.Reader, Log: log, BehindProxy: o.behindProxy, NATS: o.nats, NATSCredentials: o.credentials,
	}
	if o.nats != "" {
		if r, err = server.Open(ctx, cfg); err != nil {
			return nil, nil, "", err
		}
		if listener, base, err = listen(ctx, o, log); err != nil {
			return nil, nil, "", errors.Join(err, r.Shutdown(ctx))
		}
		return r, listener, base, nil
	}
	if listener, base, err = listen(ctx, o, log); err != nil {
		return nil, nil, "", err
	}
	if o.public == "" {
		cfg.Public = func() string { return base }
	}
	cfg.AllowPractice = o.practice(listener.Addr())
	if r, err = server.Open(ctx, cfg); err != nil {
		return nil, nil, "", errors.Join(err, listener.Close())
	}
	return r, listener, base, nil
}

func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	debug.SetMemoryLimit(memory)
	debug.SetGCPercent(garbage)
	runtime.GOMAXPROCS(max(threads, runtime.GOMAXPROCS(0)))
	log := slog.New(slog.NewTextHandler(stderr, nil))
	r, listener, base, err := begin(ctx, o, log)
	if err != nil {
		return err
	}
	defer listener.Close()
	web := &http.Server{
		Handler:           r.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	failed := make(chan error, 2)
	go func() { failed <- web.Serve(listener) }()
	owner := serveOwner(ctx, o.data, r, log)
	if _, err = fmt.Fprintln(stdout, base); err == nil {
		select {
		case err = <-failed:
		case <-r.Lost():
			err = errors.New("another relay took over the queue")
		case <-ctx.Done():
		}
	}
	return errors.Join(err, owner.Close(), stop(web, r))
}

// serveOwner opens the door for the owner's commands. A relay whose folder has
// too long a name for a socket goes on without.
func serveOwner(ctx context.Context, dir string, r *server.Server, log *slog.Logger) *http.Server {
	owner := &http.Server{Handler: r.AdminHandler(), ReadHeaderTimeout: 5 * time.Second}
	listener, err := listenAdmin(ctx, dir)
	if err != nil {
		log.Error("pair, desks, rename, revoke and accept-damage will not find this relay; is the name of the data folder too long?", "err", err)
		return owner
	}
	go func() {
		if err := owner.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("the owner's commands are not served any more", "err", err)
		}
	}()
	return owner
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

func listen(ctx context.Context, o options, log *slog.Logger) (net.Listener, string, error) {
	var secure *tls.Config
	if o.cert != "" {
		c, err := openCertificate(o.cert, o.key, time.Now, log)
		if err != nil {
			return nil, "", err
		}
		secure = c.config()
	}
	if o.acme != "" {
		var err error
		if secure, err = o.acmeConfig(time.Now, log); err != nil {
			return nil, "", err
		}
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return nil, "", err
	}
	if secure != nil {
		return tls.NewListener(listener, secure), "https://" + listener.Addr().String(), nil
	}
	if !relay.LoopbackAddress(listener.Addr().String()) && !o.behindProxy { // a hosts file may say what it likes
		return nil, "", errors.Join(fmt.Errorf("will not listen on %s without TLS", listener.Addr()), listener.Close())
	}
	return listener, "http://" + listener.Addr().String(), nil
}
