package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// Limits of the socket.
const (
	maxCalls    = 64
	helloWithin = 5 * time.Second
)

// Server answers on the socket of a held folder.
type Server struct {
	listener *net.UnixListener
	handler  Handler
	log      *slog.Logger
	ctx      context.Context
	cancel   context.CancelFunc
	slots    chan struct{}
	accept   sync.WaitGroup
	calls    sync.WaitGroup
}

// Serve opens the socket of the held folder and answers each call with handler
// until Drain or Close.
func (h *Hold) Serve(handler Handler, log *slog.Logger) (*Server, error) {
	path, err := prepareSocket(h.dir, h.runtime)
	if err != nil {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("local socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("local socket: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		listener: l, handler: handler, log: log, ctx: ctx, cancel: cancel,
		slots: make(chan struct{}, maxCalls),
	}
	s.accept.Add(1)
	go s.run()
	return s, nil
}

func (s *Server) run() {
	defer s.accept.Done()
	for {
		conn, err := s.listener.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			s.log.Warn("local socket", "error", err)
			select {
			case <-s.ctx.Done():
				return
			case <-time.After(50 * time.Millisecond):
			}
			continue
		}
		select {
		case s.slots <- struct{}{}:
		default:
			_ = conn.Close()
			continue
		}
		s.calls.Add(1)
		go func() {
			defer s.calls.Done()
			defer func() { <-s.slots }()
			s.serve(conn)
		}()
	}
}

// serve carries out the one call of a connection.
func (s *Server) serve(conn *net.UnixConn) {
	defer func() { _ = conn.Close() }()
	if err := samePeer(conn); err != nil {
		s.log.Warn("local socket: caller refused", "error", err)
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	in := bufio.NewReader(conn)
	hello := time.AfterFunc(helloWithin, func() { _ = conn.Close() })
	line, err := readLine(in)
	hello.Stop()
	if err != nil {
		return
	}
	var req Request
	if err := json.Unmarshal(line, &req); err != nil || req.Version != protocol {
		_ = writeLine(conn, reply{Error: &wireError{Code: "local.protocol", Text: "not a request of this version"}})
		return
	}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = in.ReadByte() // returns when the caller hangs up
		cancel()
	}()
	err = s.handler(ctx, req, func(v any) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return writeLine(conn, reply{Data: raw})
	})
	last := reply{Done: true}
	if err != nil {
		last = reply{Error: toWire(err)}
	}
	// A server that closes cuts the line instead: the caller must take the folder
	// over and look, not believe that its call failed.
	if s.ctx.Err() == nil {
		_ = writeLine(conn, last)
	}
	_ = conn.Close()
	<-gone
}

// Drain refuses new calls and waits until those in flight are done, or ctx
// ends. The socket is gone when it returns.
func (s *Server) Drain(ctx context.Context) {
	_ = s.listener.Close()
	s.accept.Wait()
	done := make(chan struct{})
	go func() {
		s.calls.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// Close refuses new calls, ends the contexts of those in flight and waits for
// them. It may follow Drain.
func (s *Server) Close() {
	_ = s.listener.Close()
	s.cancel()
	s.accept.Wait()
	s.calls.Wait()
}
