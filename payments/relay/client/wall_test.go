package client

import (
	"net"
	"sync"
	"testing"
)

// wall passes bytes on until it is muted; then connections that stand stay
// open and give nothing, as behind a router that lost its table.
type wall struct {
	listener net.Listener
	target   string
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	muted map[net.Conn]bool
}

func newWall(t testing.TB, target string) *wall {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wall{listener: l, target: target, muted: map[net.Conn]bool{}}
	w.wg.Go(w.accept)
	t.Cleanup(func() {
		l.Close()
		w.mu.Lock()
		for _, c := range w.conns {
			c.Close()
		}
		w.mu.Unlock()
		w.wg.Wait()
	})
	return w
}

func (w *wall) address() string { return w.listener.Addr().String() }

func (w *wall) accept() {
	for {
		in, err := w.listener.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.target)
		if err != nil {
			in.Close()
			continue
		}
		w.mu.Lock()
		w.conns = append(w.conns, in, out)
		w.mu.Unlock()
		w.wg.Go(func() { w.pass(in, out, in) })
		w.wg.Go(func() { w.pass(out, in, in) })
	}
}

func (w *wall) pass(to, from, line net.Conn) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			break
		}
		w.mu.Lock()
		muted := w.muted[line]
		w.mu.Unlock()
		if muted {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			break
		}
	}
	if c, ok := to.(*net.TCPConn); ok {
		_ = c.CloseWrite() // it may be gone already
	}
}

// mute silences all connections that stand now.
func (w *wall) mute() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.conns {
		w.muted[c] = true
	}
}
