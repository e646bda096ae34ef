package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"frontdesk/payments"
)

// protocol is the version of the lines on the socket.
const protocol = 1

// maxLine bounds one line in either direction.
const maxLine = 4 << 20

// Request names an operation and carries its arguments as JSON.
type Request struct {
	Version int             `json:"v"`
	Op      string          `json:"op"`
	Args    json.RawMessage `json:"args,omitempty"`
}

// Ask makes a Request of op with args marshalled; nil args are left out.
func Ask(op string, args any) (Request, error) {
	req := Request{Version: protocol, Op: op}
	if args == nil {
		return req, nil
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return Request{}, fmt.Errorf("local %s: %w", op, err)
	}
	req.Args = raw
	return req, nil
}

// Handler carries out one request. It hands each answer to emit, which fails
// once the caller is gone.
type Handler func(ctx context.Context, req Request, emit func(any) error) error

// Call runs the handler in this program, with the shapes a caller over the
// socket would get.
func (h Handler) Call(ctx context.Context, req Request, each func(json.RawMessage) error) error {
	return h(ctx, req, func(v any) error {
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return each(raw)
	})
}

// reply is one line of the holder.
type reply struct {
	Data  json.RawMessage `json:"data,omitempty"`
	Done  bool            `json:"done,omitempty"`
	Error *wireError      `json:"error,omitempty"`
}

// Conditions on the wire, for errors that callers branch on.
const (
	condRefused     = "refused"
	condUnknown     = "unknown"
	condUnreachable = "unreachable"
)

type wireError struct {
	Op        string `json:"op,omitempty"`
	Code      string `json:"code,omitempty"`
	Condition string `json:"condition,omitempty"`
	Text      string `json:"text"`
}

func toWire(err error) *wireError {
	w := &wireError{Text: err.Error(), Code: payments.CodeOf(err)}
	var e *payments.Error
	if errors.As(err, &e) {
		w.Op = e.Op
		w.Text = ""
		if e.Err != nil {
			w.Text = e.Err.Error()
		}
	}
	switch {
	case errors.Is(err, payments.ErrRefused):
		w.Condition = condRefused
	case errors.Is(err, payments.ErrUnknown):
		w.Condition = condUnknown
	case errors.Is(err, payments.ErrUnreachable):
		w.Condition = condUnreachable
	}
	return w
}

// remoteError is the cause of an error that came over the socket.
type remoteError struct {
	text string
	cond error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.cond }

func (w *wireError) err() error {
	cause := &remoteError{text: w.Text}
	switch w.Condition {
	case condRefused:
		cause.cond = payments.ErrRefused
	case condUnknown:
		cause.cond = payments.ErrUnknown
	case condUnreachable:
		cause.cond = payments.ErrUnreachable
	}
	if w.Code == "" {
		return cause
	}
	return &payments.Error{Op: w.Op, Code: w.Code, Err: cause}
}

// readLine reads one line of at most maxLine bytes.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return nil, errors.New("line too long")
		}
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// writeLine writes v as one line in one write, so that it is never held back.
func writeLine(w io.Writer, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = w.Write(append(raw, '\n'))
	return err
}
