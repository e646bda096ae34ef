package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// params are the named arguments of one protocol call.
type params map[string]any

// wireError is what the browser answers when it refuses a call.
type wireError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *wireError) Error() string { return e.Message }

type answer struct {
	result json.RawMessage
	err    error
}

// wire is the DevTools connection: calls go out with a number, answers and events come back.
// Its one goroutine reads until the connection ends.
type wire struct {
	conn *websocket.Conn
	done chan struct{}

	mu      sync.Mutex
	last    int64
	open    map[int64]chan answer
	changed chan struct{} // closed and replaced when a page got a new script context
}

func newWire(conn *websocket.Conn) *wire {
	// A screenshot comes as one message.
	conn.SetReadLimit(64 << 20)
	w := &wire{
		conn:    conn,
		done:    make(chan struct{}),
		open:    map[int64]chan answer{},
		changed: make(chan struct{}),
	}
	go w.read()
	return w
}

func (w *wire) read() {
	defer close(w.done)
	for {
		_, raw, err := w.conn.Read(context.Background())
		if err != nil {
			return
		}
		var m struct {
			ID     int64           `json:"id"`
			Method string          `json:"method"`
			Result json.RawMessage `json:"result"`
			Error  *wireError      `json:"error"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			return
		}
		w.deliver(m.ID, m.Method, m.Result, m.Error)
	}
}

func (w *wire) deliver(id int64, method string, result json.RawMessage, failure *wireError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if method == "Runtime.executionContextCreated" {
		close(w.changed)
		w.changed = make(chan struct{})
	}
	reply, waiting := w.open[id]
	if id == 0 || !waiting {
		return
	}
	delete(w.open, id)
	a := answer{result: result}
	if failure != nil {
		a.err = failure
	}
	reply <- a
}

// contexts returns a channel that is closed when the next script context is made.
func (w *wire) contexts() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// call sends one command and waits for its answer. session "" speaks to the browser itself.
func (w *wire) call(ctx context.Context, session, method string, p params, into any) error {
	reply := make(chan answer, 1)
	w.mu.Lock()
	w.last++
	id := w.last
	w.open[id] = reply
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.open, id)
		w.mu.Unlock()
	}()

	raw, err := json.Marshal(struct {
		ID      int64  `json:"id"`
		Session string `json:"sessionId,omitempty"`
		Method  string `json:"method"`
		Params  params `json:"params,omitempty"`
	}{id, session, method, p})
	if err != nil {
		return fmt.Errorf("browser: %s: %w", method, err)
	}
	// A write cut by its context would close the connection, so it has none.
	if err := w.conn.Write(context.WithoutCancel(ctx), websocket.MessageText, raw); err != nil {
		return errors.Join(ErrClosed, err)
	}
	select {
	case a := <-reply:
		if a.err != nil {
			return fmt.Errorf("browser: %s: %w", method, a.err)
		}
		if into == nil {
			return nil
		}
		if err := json.Unmarshal(a.result, into); err != nil {
			return fmt.Errorf("browser: %s: %w", method, err)
		}
		return nil
	case <-w.done:
		return fmt.Errorf("browser: %s: %w", method, ErrClosed)
	case <-ctx.Done():
		return fmt.Errorf("browser: %s: %w", method, ctx.Err())
	}
}

// close drops the connection and waits for the reader.
func (w *wire) close() {
	// The other side is gone already; there is nobody to say goodbye to.
	_ = w.conn.CloseNow()
	<-w.done
}
