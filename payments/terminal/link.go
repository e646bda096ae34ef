package terminal

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

const (
	readAhead  = 64   // chunks read and not yet looked at
	chunkBytes = 2048 // of one read
	idleReads  = 100  // reads without a byte before the way counts as broken
	closing    = time.Second
)

var (
	errSlowWrite = errors.New("the other side does not take what is written")
	errClosing   = errors.New("the connection does not close")
)

// link is one open way to a terminal. Its reader goroutine lives until close.
type link struct {
	conn   io.ReadWriteCloser
	chunks chan chunk
	stop   chan struct{}
	done   chan struct{} // the reader has ended
	posts  sync.WaitGroup
	once   sync.Once
}

// chunk is what one read gave.
type chunk struct {
	data []byte
	err  error
}

// open dials within the limit. A Dialer that does not end in time is left
// behind; what it opens later is closed at once.
func open(ctx context.Context, dial Dialer, limit time.Duration) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	type opened struct {
		conn io.ReadWriteCloser
		err  error
	}
	got, gone := make(chan opened), make(chan struct{})
	go func() {
		conn, err := dial(ctx)
		select {
		case got <- opened{conn, err}:
		case <-gone:
			if err == nil {
				_ = conn.Close()
			}
		}
	}()
	select {
	case o := <-got:
		if o.err != nil {
			return nil, o.err
		}
		l := &link{conn: o.conn, chunks: make(chan chunk, readAhead), stop: make(chan struct{}), done: make(chan struct{})}
		go l.read()
		return l, nil
	case <-ctx.Done():
		close(gone)
		return nil, ctx.Err()
	}
}

func (l *link) read() {
	defer close(l.done)
	idle := 0
	for {
		buf := make([]byte, chunkBytes)
		n, err := l.conn.Read(buf)
		if idle++; n > 0 {
			idle = 0
		}
		if err == nil && idle >= idleReads {
			err = io.ErrNoProgress
		}
		if n > 0 || err != nil {
			select {
			case l.chunks <- chunk{buf[:n], err}:
			case <-l.stop:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// write hands raw over and returns how many bytes may have left. When it does
// not end within the limit the link is closed.
func (l *link) write(ctx context.Context, raw []byte, limit time.Duration) (int, error) {
	type written struct {
		n   int
		err error
	}
	out := make(chan written, 1)
	go func() {
		n := 0
		for n < len(raw) {
			k, err := l.conn.Write(raw[n:])
			n += k
			if err == nil && k == 0 {
				err = io.ErrShortWrite
			}
			if err != nil {
				out <- written{n, err}
				return
			}
		}
		out <- written{n, nil}
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	err := errSlowWrite
	select {
	case w := <-out:
		return w.n, w.err
	case <-timer.C:
	case <-ctx.Done():
		err = ctx.Err()
	}
	_ = l.close()
	timer.Reset(closing)
	select {
	case w := <-out:
		return w.n, err
	case <-timer.C:
		return len(raw), err // it may still leave
	}
}

// post writes without waiting. A write that fails shows in the next read.
func (l *link) post(raw []byte) {
	l.posts.Go(func() { _, _ = l.conn.Write(raw) })
}

// close ends the reader. It returns in any case.
func (l *link) close() error {
	err := error(nil)
	l.once.Do(func() {
		close(l.stop)
		closed := make(chan error, 1)
		go func() {
			err := l.conn.Close()
			<-l.done
			l.posts.Wait()
			closed <- err
		}()
		timer := time.NewTimer(closing)
		defer timer.Stop()
		select {
		case err = <-closed:
		case <-timer.C:
			err = errClosing
		}
	})
	return err
}
