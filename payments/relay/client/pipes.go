package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// inbox holds what was read and not yet handed over. The relay sends at most
// 128 deliveries ahead of the acks, so reading never waits for storing and
// silence can be told from work.
const inbox = 160

// socket is the pipe over a WebSocket.
type socket struct {
	conn   *websocket.Conn
	frames chan relay.Frame
	failed error // set before frames is closed
	stop   context.CancelFunc
	ended  chan struct{}
}

func (c *Client) dial(ctx context.Context, at relay.At) (*socket, error) {
	dialing, done := context.WithTimeout(ctx, 2*c.cfg.Beat)
	defer done()
	conn, err := c.upgrade(dialing)
	if signAgain(err) {
		conn, err = c.upgrade(dialing)
	}
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(relay.MaxFrames)
	reading, stop := context.WithCancel(ctx)
	s := &socket{conn: conn, frames: make(chan relay.Frame, inbox), stop: stop, ended: make(chan struct{})}
	go s.read(reading, 3*c.cfg.Beat)
	if err := s.send(dialing, relay.Frame{Type: relay.FrameHello, At: at, Time: c.cfg.Now()}); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// upgrade opens a WebSocket. A relay that refuses says why, as everywhere.
func (c *Client) upgrade(ctx context.Context) (*websocket.Conn, error) {
	const op = "relay.stream"
	head := http.Header{}
	if err := c.identify(head, http.MethodGet, relay.PathStream, nil); err != nil {
		return nil, fault(op, "relay.entropy", err)
	}
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.base, "http")+relay.PathStream,
		&websocket.DialOptions{HTTPClient: c.cfg.HTTP, HTTPHeader: head, CompressionMode: websocket.CompressionDisabled})
	if err == nil {
		c.hear(resp.Header)
		return conn, nil
	}
	if resp == nil {
		return nil, err
	}
	c.hear(resp.Header)
	if resp.Body == nil {
		return nil, err
	}
	if why := c.refusal(op, resp); payments.CodeOf(why) != "relay.answer" {
		err = why
	}
	return nil, errors.Join(err, resp.Body.Close())
}

func (s *socket) read(ctx context.Context, silence time.Duration) {
	defer close(s.ended)
	defer close(s.frames)
	for {
		waiting, done := context.WithTimeout(ctx, silence)
		_, data, err := s.conn.Read(waiting)
		if err != nil && waiting.Err() != nil && ctx.Err() == nil {
			err = errDeaf
		}
		done()
		var f relay.Frame
		if err == nil {
			f, err = relay.ParseFrame(data)
		}
		if err != nil {
			s.failed = err
			return
		}
		select {
		case s.frames <- f:
		case <-ctx.Done():
			s.failed = ctx.Err()
			return
		}
	}
}

func (s *socket) receive(ctx context.Context) (relay.Frame, error) {
	select {
	case f, ok := <-s.frames:
		if !ok {
			return relay.Frame{}, s.failed
		}
		return f, nil
	case <-ctx.Done():
		return relay.Frame{}, context.Cause(ctx)
	}
}

func (s *socket) send(ctx context.Context, f relay.Frame) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	return s.conn.Write(ctx, websocket.MessageText, data)
}

func (s *socket) close() {
	s.stop()
	if err := s.conn.CloseNow(); err != nil {
		<-s.ended // it was closed already
		return
	}
	<-s.ended
}

// poller is the pipe by long-poll. It asks again when all frames of the last
// answer were received, and takes the acks along.
type poller struct {
	c      *Client
	at     relay.At
	frames []relay.Frame
	greet  bool
	nonce  string // of the last probe received, which is not sent again

	mu  sync.Mutex
	ack *relay.Frame
}

func newPoller(c *Client, at relay.At) *poller { return &poller{c: c, at: at} }

func (p *poller) receive(ctx context.Context) (relay.Frame, error) {
	for len(p.frames) == 0 {
		answer, err := p.ask(ctx)
		if err != nil {
			return relay.Frame{}, err
		}
		hello := answer.Frames[0]
		if p.greet && hello.Endpoints.Epoch != p.at.Epoch {
			return relay.Frame{}, errors.New("the relay began a new epoch")
		}
		if p.at.Epoch != hello.Endpoints.Epoch {
			p.at = relay.At{Epoch: hello.Endpoints.Epoch}
		}
		if p.greet {
			p.frames = append(p.frames, relay.Frame{Type: relay.FrameBeat, Alarm: hello.Alarm})
			answer.Frames = answer.Frames[1:]
		}
		p.greet = true
		p.frames = append(p.frames, answer.Frames...)
	}
	f := p.frames[0]
	p.frames = p.frames[1:]
	switch f.Type {
	case relay.FrameDeliver:
		p.at = f.At
	case relay.FrameProbe:
		p.nonce = f.Nonce
	}
	return f, nil
}

func (p *poller) ask(ctx context.Context) (relay.Polled, error) {
	in := relay.Poll{Frames: []relay.Frame{{Type: relay.FrameHello, At: p.at, Nonce: p.nonce, Time: p.c.cfg.Now()}}}
	p.mu.Lock()
	if p.ack != nil {
		in.Frames = append(in.Frames, *p.ack)
	}
	p.mu.Unlock()
	if p.greet {
		in.WaitMS = int((2 * p.c.cfg.Beat).Milliseconds())
	}
	data, err := json.Marshal(in)
	if err != nil {
		return relay.Polled{}, err
	}
	answer, err := once[relay.Polled](ctx, p.c, "relay.poll", http.MethodPost, relay.PathPoll, data, 3*p.c.cfg.Beat)
	if err != nil {
		return relay.Polled{}, err
	}
	if len(answer.Frames) == 0 || answer.Frames[0].Type != relay.FrameHello || answer.Frames[0].Endpoints == nil {
		return relay.Polled{}, errNoHello
	}
	for _, f := range answer.Frames {
		if err := f.Check(); err != nil {
			return relay.Polled{}, err
		}
	}
	return answer, nil
}

// send keeps the newest ack for the next request; a request is a beat itself.
func (p *poller) send(_ context.Context, f relay.Frame) error {
	if f.Type != relay.FrameAck {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ack = &f
	return nil
}

func (p *poller) close() {}
