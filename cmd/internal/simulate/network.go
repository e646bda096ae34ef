package simulate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// network carries every request of the day to the handler of a host, and does to
// it what the seed says.
type network struct {
	chance chance
	trace  *trace
	count  *counter

	mu    sync.Mutex
	hosts map[string]*host
	seen  map[string]int // requests by identity
	storm bool           // faults happen
	loud  bool           // every request is told
	jobs  sync.WaitGroup
}

// host is one run of a program that serves. Dead is closed when it dies: answers
// under way are lost.
type host struct {
	handler http.Handler
	dead    chan struct{}
}

// caller is one run of a program that asks, at one computer.
type caller struct {
	net     *network
	name    string          // of the computer
	address string          // its address as others see it
	dead    <-chan struct{} // nil lives for ever
	wall    *wall           // nil never sleeps
	crash   func(why string)
	fates   rates
}

func newNetwork(c chance, t *trace, n *counter) *network {
	return &network{chance: c, trace: t, count: n, hosts: map[string]*host{}, seen: map[string]int{}}
}

func (n *network) put(name string, h *host) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[name] = h
}

func (n *network) find(name string) *host {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.hosts[name]
}

func (n *network) weather(storm bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.storm = storm
}

// number counts the requests of one identity and gives each a name.
func (n *network) number(key string) (name string, storm bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen[key]++
	return key + "#" + strconv.Itoa(n.seen[key]), n.storm
}

var errCut = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

func refused() error { return &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED} }

// RoundTrip implements http.RoundTripper.
func (c *caller) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	what := identity(r, body)
	name, storm := c.net.number(c.name + " " + what.key)
	return c.carry(r, body, c.fate(name, what, storm), name)
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	return body, errors.Join(err, r.Body.Close())
}

// carry brings one request there and its answer back.
func (c *caller) carry(r *http.Request, body []byte, f fate, name string) (*http.Response, error) {
	ctx := r.Context()
	if err := c.wait(ctx, f.up); err != nil {
		return nil, err
	}
	if c.net.loud {
		c.net.trace.add("net: %s", name)
	}
	if f.dies == diesBefore && c.crash != nil {
		c.crash("before " + name)
		return nil, c.rest(ctx)
	}
	hooks := httptrace.ContextClientTrace(ctx)
	if hooks != nil && hooks.GetConn != nil {
		hooks.GetConn(r.URL.Host)
	}
	h := c.net.find(r.URL.Host)
	if h == nil || f.refused {
		c.note(f.refused, "refused", name)
		return nil, refused()
	}
	if hooks != nil && hooks.GotConn != nil {
		hooks.GotConn(httptrace.GotConnInfo{})
	}
	if f.lost {
		c.note(true, "lost on the way", name)
		return nil, c.silence(ctx, f)
	}
	answer := c.deliver(ctx, h, r, body)
	if f.twice {
		c.note(true, "twice", name)
		c.net.jobs.Go(func() {
			time.Sleep(f.later)
			<-c.deliver(context.Background(), h, r, body)
		})
	}
	return c.receive(ctx, h, answer, f, name)
}

// receive waits for the answer and brings it back as the fate wants it.
func (c *caller) receive(ctx context.Context, h *host, answer <-chan *http.Response, f fate, name string) (*http.Response, error) {
	var resp *http.Response
	select {
	case resp = <-answer:
	case <-h.dead:
		return nil, errCut
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-c.dead:
		return nil, c.rest(ctx)
	}
	if err := c.wait(ctx, f.down); err != nil {
		return nil, err
	}
	switch {
	case f.dies == diesAfter && c.crash != nil:
		c.crash("after " + name)
		return nil, c.rest(ctx)
	case resp == nil:
		return nil, errCut
	case f.unheard:
		c.note(true, "answer lost", name)
		return nil, c.silence(ctx, f)
	}
	f.spoil(resp, func(what string) { c.note(true, what, name) })
	return resp, nil
}

// wait is the time on the wire. A computer that sleeps waits until it wakes, and
// then not everything happens at the same moment.
func (c *caller) wait(ctx context.Context, d time.Duration) error {
	if err := c.delay(ctx, d); err != nil || c.wall == nil {
		return err
	}
	awake := c.wall.up()
	select {
	case <-awake:
		return nil
	default:
	}
	select {
	case <-awake:
		return c.delay(ctx, d%(300*time.Millisecond))
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.dead:
		return c.rest(ctx)
	}
}

func (c *caller) delay(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.dead:
		return c.rest(ctx)
	}
}

// rest is what a call on a dead computer sees: nothing, until nobody waits any
// more. An error would be one that the program could still act on.
func (c *caller) rest(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

// silence is what a lost message looks like: a cut at once, or nothing for long.
func (c *caller) silence(ctx context.Context, f fate) error {
	if err := c.wait(ctx, f.silence); err != nil {
		return err
	}
	return errCut
}

func (c *caller) note(fault bool, what, name string) {
	if fault {
		c.net.count.fault()
		c.net.trace.add("net: %s: %s", what, name)
	}
}

// deliver hands a request to the handler, which finishes whatever becomes of the
// caller. A nil answer is a connection that was cut.
func (c *caller) deliver(ctx context.Context, h *host, r *http.Request, body []byte) <-chan *http.Response {
	done := make(chan *http.Response, 1)
	ctx, cancel := context.WithCancel(ctx)
	in := r.Clone(ctx)
	in.RequestURI, in.RemoteAddr, in.Host = r.URL.RequestURI(), c.address, r.URL.Host
	in.Body, in.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	c.net.jobs.Go(func() {
		defer cancel()
		done <- serve(h.handler, in)
	})
	return done
}

// serve runs a handler and returns nil when it cut the connection.
func serve(h http.Handler, in *http.Request) (resp *http.Response) {
	w := &answered{header: http.Header{}}
	defer func() {
		if p := recover(); p != nil {
			if err, ok := p.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			resp = nil
		}
	}()
	h.ServeHTTP(w, in)
	return w.response(in)
}

// answered keeps what a handler writes.
type answered struct {
	header, sent http.Header
	code         int
	body         bytes.Buffer
}

func (a *answered) Header() http.Header { return a.header }

func (a *answered) WriteHeader(code int) {
	if a.code == 0 {
		a.code, a.sent = code, a.header.Clone()
	}
}

func (a *answered) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(p)
}

func (a *answered) response(r *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	if a.sent.Get("Date") == "" {
		a.sent.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	return &http.Response{
		Status: strconv.Itoa(a.code) + " " + http.StatusText(a.code), StatusCode: a.code, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.sent, Body: io.NopCloser(bytes.NewReader(a.body.Bytes())), ContentLength: int64(a.body.Len()), Request: r,
	}
}
