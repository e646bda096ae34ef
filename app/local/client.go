package local

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
)

// Client calls the holder of a data folder. It keeps no connection between
// calls.
type Client struct {
	path string
}

// Dial looks for the holder of dir. It returns ErrNobody when no program
// answers there, ErrStranger when the program is another user's.
func Dial(ctx context.Context, dir string) (*Client, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	path, err := findSocket(abs)
	if err != nil {
		return nil, err
	}
	c := &Client{path: path}
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	_ = conn.Close()
	return c, nil
}

func (c *Client) connect(ctx context.Context) (*net.UnixConn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", c.path)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrNobody, err)
	}
	u, ok := conn.(*net.UnixConn)
	if !ok {
		_ = conn.Close()
		return nil, ErrNobody
	}
	if err := samePeer(u); err != nil {
		_ = u.Close()
		return nil, err
	}
	return u, nil
}

// Call sends req and hands each answer to each, in order. It returns the
// holder's error (a *payments.Error where it has a code), ErrNobody when the
// request was not sent, ErrLost when the line was cut afterwards, or ctx's.
func (c *Client) Call(ctx context.Context, req Request, each func(json.RawMessage) error) error {
	conn, err := c.connect(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := writeLine(conn, req); err != nil {
		return lost(ctx, err)
	}
	in := bufio.NewReader(conn)
	for {
		line, err := readLine(in)
		if err != nil {
			return lost(ctx, err)
		}
		var r reply
		if err := json.Unmarshal(line, &r); err != nil {
			return lost(ctx, err)
		}
		switch {
		case r.Error != nil:
			return r.Error.err()
		case r.Done:
			return nil
		}
		if err := each(r.Data); err != nil {
			return err
		}
	}
}

func lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(ErrLost, err)
}
