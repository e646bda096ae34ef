package pos

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// port is a way to reach the terminal that opens and shuts with its power and
// its cable.
type port interface {
	open() error
	shut() error
}

// reachable reports whether ports are open. The caller holds t.mu.
func (t *Terminal) reachable() bool { return t.powered && t.plugged && !t.closed }

// allLines returns the lines. The caller holds t.mu.
func (t *Terminal) allLines() []*line {
	all := make([]*line, 0, len(t.lines))
	for l := range t.lines {
		all = append(all, l)
	}
	return all
}

// Serve speaks with one till over conn and returns when the line ends. It
// closes conn. serial says that the line outlives its till: lost sync is waited
// out, and no other client is kept away.
func (t *Terminal) Serve(conn io.ReadWriteCloser, serial bool) {
	if l := t.admit(conn, serial); l != nil {
		t.talk(l)
	}
}

// admit takes a connection in, or closes it.
func (t *Terminal) admit(conn io.ReadWriteCloser, serial bool) *line {
	reset := t.resets()
	t.mu.Lock()
	defer t.mu.Unlock()
	l := newLine(t, conn)
	l.serial = serial
	second := !serial && t.client != nil
	if reset || !t.reachable() || (second && t.switches.Second == SecondRefused) {
		if tcp, ok := conn.(*net.TCPConn); ok && reset {
			// Without lingering the close is a reset. An error means that the other
			// side has gone already.
			_ = tcp.SetLinger(0)
		}
		l.cut()
		return nil
	}
	l.silent = second
	now := t.Now()
	l.greets = t.switches.Greeting && !second && now.Sub(t.touched) >= t.scale(t.Pace.Greeting)
	t.touched = now
	if !serial && !second {
		t.client = l
	}
	t.lines[l] = true
	t.jobs.Add(1)
	t.show(func(s *State) {
		if l.greets && t.op == nil {
			s.Screen = ScreenGreeting
		}
	})
	return l
}

// talk works on an admitted line until it ends.
func (t *Terminal) talk(l *line) {
	defer t.jobs.Done()
	l.run()
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.lines, l)
	if t.client == l {
		t.client = nil
	}
	t.show(func(s *State) {
		if s.Screen == ScreenGreeting {
			s.Screen = ScreenIdle
		}
	})
}

// Dial connects a till in memory; it has the shape of a till's own dialer.
// ErrOff while the terminal cannot be reached.
func (t *Terminal) Dial(ctx context.Context) (io.ReadWriteCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	t.mu.Lock()
	up := t.reachable()
	t.mu.Unlock()
	if !up {
		return nil, ErrOff
	}
	ours, theirs := net.Pipe()
	if l := t.admit(ours, false); l != nil {
		go t.talk(l)
	}
	return theirs, nil
}

// tcpPort listens on one address. The port number stays over restarts.
type tcpPort struct {
	t    *Terminal
	mu   sync.Mutex
	addr string
	l    net.Listener
}

// Listen takes tills on a TCP address; port 0 picks one, which stays. It
// returns the address. ctx bounds the start only.
func (t *Terminal) Listen(ctx context.Context, addr string) (string, error) {
	p := &tcpPort{t: t, addr: addr}
	if err := p.listen(ctx); err != nil {
		return "", err
	}
	return p.addr, t.add(p)
}

// add keeps a port that is open.
func (t *Terminal) add(p port) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return errors.Join(ErrClosed, p.shut())
	}
	t.ports = append(t.ports, p)
	return nil
}

func (p *tcpPort) open() error { return p.listen(p.t.context) }

func (p *tcpPort) listen(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.l != nil {
		return nil
	}
	if p.t.context.Err() != nil {
		return ErrClosed
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", p.addr)
	if err != nil {
		return err
	}
	p.l, p.addr = l, l.Addr().String()
	p.t.jobs.Go(func() { p.accept(l) })
	return nil
}

func (p *tcpPort) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			p.t.Log.Warn("a connection was not taken", "error", err)
			p.t.rest() // out of descriptors, perhaps: do not spin
			continue
		}
		p.t.partings()
		if line := p.t.admit(conn, false); line != nil {
			go p.t.talk(line)
		}
	}
}

// partings lets a till go that has hung up before the next one came: on a busy
// machine its line may not have read the end yet, and the next till, which is the
// same one as a rule, would be refused as a second.
func (t *Terminal) partings() {
	for range 30 {
		t.mu.Lock()
		taken := t.client != nil
		t.mu.Unlock()
		if !taken {
			return
		}
		t.rest()
	}
}

// rest lets a moment pass, or Close come.
func (t *Terminal) rest() {
	timer := time.NewTimer(10 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.context.Done():
	}
}

func (p *tcpPort) shut() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.l == nil {
		return nil
	}
	l := p.l
	p.l = nil
	return l.Close()
}
