package main

import (
	"bytes"
	"crypto/tls"
	endian "encoding/binary"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
	"syscall"
	"testing"

	"frontdesk/payments/checkout"
)

// passage is a moment of a refund's request at the gate.
type passage string

const (
	passes   passage = ""
	atDoor   passage = "request here, not let through"
	atLook   passage = "request here, let through" // nobody is killed
	atWork   passage = "refund made, answer held back"
	atAnswer passage = "answer handed over"
)

// gate stands before the simulator, sees every refund that is asked for, and
// kills who asked.
type gate struct {
	url   string
	sim   *httputil.ReverseProxy
	inner http.RoundTripper
	to    *url.URL

	mu              sync.Mutex
	at              passage
	kill            func()
	asked, answered int
}

// newGate opens a gate with the rig's own certificate.
func newGate(t testing.TB, r *rig) *gate {
	t.Helper()
	to, err := url.Parse(r.simURL)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.LoadX509KeyPair(r.simTLS[1], r.simTLS[3])
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{to: to, inner: r.browser.Transport}
	quiet := log.New(io.Discard, "", 0) // who is killed breaks off what he was asking
	g.sim = &httputil.ReverseProxy{Transport: g.inner, ErrorLog: quiet, Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(to)
		p.Out.Host = p.In.Host
	}}
	server := httptest.NewUnstartedServer(g)
	server.Config.ErrorLog = quiet
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	server.StartTLS()
	t.Cleanup(server.Close)
	g.url = server.URL
	return g
}

// strike says where the next refund is struck, and how.
func (g *gate) strike(at passage, kill func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.kill, g.asked, g.answered = at, kill, 0, 0
}

// rest lets everything pass.
func (g *gate) rest() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at = passes
}

func (g *gate) passed() (asked, answered int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.asked, g.answered
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("IPCmethod") != checkout.MethodRefund {
		g.sim.ServeHTTP(w, r)
		return
	}
	g.refund(w, r, body)
}

func (g *gate) refund(w http.ResponseWriter, r *http.Request, body []byte) {
	g.mu.Lock()
	g.asked++
	at, kill := g.at, g.kill
	g.mu.Unlock()
	if at == atDoor || at == atLook {
		kill()
	}
	if at == atDoor {
		panic(http.ErrAbortHandler)
	}
	out, err := http.NewRequest(r.Method, g.to.JoinPath(r.URL.Path).String(), bytes.NewReader(body))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.Header = r.Header.Clone()
	res, err := g.inner.RoundTrip(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if at == atWork || err != nil {
		if at == atWork {
			kill()
		}
		panic(http.ErrAbortHandler)
	}
	for name, values := range res.Header {
		w.Header()[name] = values
	}
	g.mu.Lock()
	g.answered++
	g.mu.Unlock()
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(answer) // who asked may be gone
	_ = http.NewResponseController(w).Flush()
	if at == atAnswer {
		kill()
	}
}

// writes counts what is written to the journal of a folder.
type writes struct {
	events *os.File
	done   chan struct{}
	n      int // guarded by mu
	mu     sync.Mutex
}

// watchWrites counts the writes of the journal's log from now on and does hit at
// the n-th, if any.
func watchWrites(t testing.TB, dir string, n int, hit func()) *writes {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	w := &writes{events: os.NewFile(uintptr(fd), "inotify"), done: make(chan struct{})}
	if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_MODIFY); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(w.done)
		buffer := make([]byte, 64<<10)
		for {
			size, err := w.events.Read(buffer)
			if err != nil {
				return
			}
			for range journalWrites(buffer[:size]) {
				if w.next() == n && hit != nil {
					hit()
				}
			}
		}
	}()
	return w
}

// journalWrites counts the events that are of the journal's log.
func journalWrites(raw []byte) (n int) {
	const header = syscall.SizeofInotifyEvent
	for len(raw) >= header {
		size := int(endian.NativeEndian.Uint32(raw[12:]))
		if string(bytes.TrimRight(raw[header:header+size], "\x00")) == "journal.db-wal" {
			n++
		}
		raw = raw[header+size:]
	}
	return n
}

func (w *writes) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	return w.n
}

func (w *writes) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.n
}

// stop returns how many there were.
func (w *writes) stop() int {
	_ = w.events.Close()
	<-w.done
	return w.count()
}
