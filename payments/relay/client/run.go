package client

import (
	"context"
	"errors"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// Deliver stores one delivery; nil means that it is on disk.
type Deliver = func(context.Context, relay.Delivery) error

// pipe carries frames, over a WebSocket or by long-poll.
type pipe interface {
	// send queues or sends a frame of the desk.
	send(ctx context.Context, f relay.Frame) error
	// receive waits for the next frame of the relay.
	receive(ctx context.Context) (relay.Frame, error)
	close()
}

// Longest pause between two attempts to connect. With three beats until a deaf
// line is noticed it keeps the promise of 20 s.
const maxPause = 4 * time.Second

// After so many WebSockets that failed before the relay said hello, long-poll
// is used for pollSpell.
const (
	brokenSockets = 2
	pollSpell     = 10 * time.Minute
)

var (
	errSlept   = errors.New("the machine slept")
	errDeaf    = errors.New("the relay fell silent")
	errNoHello = errors.New("the relay did not say hello")
)

// Run receives deliveries after the position from until ctx ends, whose cause
// it returns. It connects again after any failure, also of deliver, which then
// gets the same delivery again. Positions of an epoch the relay no longer has
// make it start at the beginning.
func (c *Client) Run(ctx context.Context, from payments.Position, deliver func(context.Context, relay.Delivery) error) error {
	r := &run{c: c, at: relay.AtPosition(from), deliver: deliver}
	pace := newPace(100*time.Millisecond, maxPause, c.cfg.Entropy)
	for ctx.Err() == nil {
		r.lived, r.stored = false, false
		err := r.session(ctx)
		if ctx.Err() != nil {
			break
		}
		if r.lived || r.stored {
			pace.Reset()
		}
		c.cfg.Log.Info("relay stream ended", "err", err)
		c.broken(err)
		select {
		case <-ctx.Done():
		case <-time.After(pace.NextBackOff()):
		}
	}
	return context.Cause(ctx)
}

// run is the state that outlives a connection.
type run struct {
	c       *Client
	at      relay.At
	deliver Deliver
	lived   bool // this connection held for a beat; tend sets it
	stored  bool // it brought something that is on disk
	sockets int  // WebSockets in a row that did not
	pollTo  time.Time
}

func (r *run) session(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p, err := r.connect(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	ends, err := r.greet(ctx, p)
	if err != nil {
		return err
	}
	if ends.Epoch != r.at.Epoch {
		if err := r.renew(ctx, ends.Epoch); err != nil {
			return err
		}
	}
	helpers := make(chan struct{})
	go func() {
		defer close(helpers)
		r.tend(ctx, cancel, p)
	}()
	probes := make(chan struct{})
	go func() {
		defer close(probes)
		r.probe(ctx)
	}()
	err = r.pump(ctx, p)
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	cancel(err)
	<-helpers
	<-probes
	return err
}

func (r *run) connect(ctx context.Context) (pipe, error) {
	if r.c.cfg.LongPoll || r.c.cfg.Now().Before(r.pollTo) {
		return newPoller(r.c, r.at), nil
	}
	p, err := r.c.dial(ctx, r.at)
	if err == nil {
		return p, nil
	}
	r.noSocket(err)
	return nil, err
}

// noSocket counts WebSockets that never came to hello though the relay may be
// reachable.
func (r *run) noSocket(err error) {
	if dialFailed(err) || errors.Is(err, payments.ErrRefused) {
		return
	}
	if r.sockets++; r.sockets >= brokenSockets {
		r.sockets, r.pollTo = 0, r.c.cfg.Now().Add(pollSpell)
		r.c.cfg.Log.Info("no WebSocket to the relay; long-poll for a while")
	}
}

// greet waits for the relay's hello.
func (r *run) greet(ctx context.Context, p pipe) (relay.Endpoints, error) {
	f, err := p.receive(ctx)
	if err != nil {
		if _, socket := p.(*socket); socket {
			r.noSocket(err)
		}
		return relay.Endpoints{}, err
	}
	if f.Type != relay.FrameHello || f.Endpoints == nil || f.Endpoints.Epoch == "" {
		return relay.Endpoints{}, errNoHello
	}
	r.sockets = 0
	r.c.met(f)
	return *f.Endpoints, nil
}

func (r *run) renew(ctx context.Context, epoch string) error {
	first := r.at.Epoch == "" && r.at.Seq == 0
	if r.c.cfg.OnEpoch != nil && !first {
		if err := r.c.cfg.OnEpoch(ctx, epoch); err != nil {
			return err
		}
	}
	r.at = relay.At{Epoch: epoch}
	return nil
}

// pump hands deliveries over, one after the other, and acknowledges each.
func (r *run) pump(ctx context.Context, p pipe) error {
	for {
		f, err := p.receive(ctx)
		if err != nil {
			return err
		}
		switch f.Type {
		case relay.FrameProbe:
			r.c.cameBack(f.Nonce)
		case relay.FrameBeat:
			r.c.alarm(f.Alarm)
			r.c.compare(f.Time)
		case relay.FrameDeliver:
			if f.At.Epoch != r.at.Epoch || !after(f.At, r.at) {
				continue
			}
			d, err := r.c.open(f)
			if err != nil {
				return err
			}
			if err := r.deliver(ctx, d); err != nil {
				return err
			}
			r.at, r.stored = f.At, true
			if err := p.send(ctx, relay.Frame{Type: relay.FrameAck, At: f.At}); err != nil {
				return err
			}
		}
	}
}

// tend sends beats and notices when the machine slept: the clock on the wall
// then went on and this loop did not.
func (r *run) tend(ctx context.Context, cancel context.CancelCauseFunc, p pipe) {
	tick := time.NewTicker(r.c.cfg.Beat)
	defer tick.Stop()
	last := r.c.cfg.Now().Round(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		r.lived = true
		now := r.c.cfg.Now().Round(0)
		if now.Sub(last) > 3*r.c.cfg.Beat {
			cancel(errSlept)
			return
		}
		last = now
		if err := p.send(ctx, relay.Frame{Type: relay.FrameBeat, Time: now}); err != nil {
			cancel(err)
			return
		}
	}
}

func after(a, b relay.At) bool {
	return a.Seq > b.Seq || a.Seq == b.Seq && (b.Seq == 0 || a.Index > b.Index)
}
