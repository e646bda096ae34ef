package rest

import (
	"context"
	"errors"
	"sync"
	"time"

	"frontdesk/payments"
)

const (
	// defaultLife is for a pass that does not say how long it lives.
	defaultLife = 5 * time.Minute
	// maxLife keeps a nonsense number from making a pass eternal.
	maxLife = 7 * 24 * time.Hour
)

// Pass is something that opens doors for a while: a token, a session. It is
// fetched by whoever needs it first, one fetch at a time, and used until
// shortly before it ends. A Pass is safe for concurrent use and starts nothing.
// Make it with NewPass.
type Pass struct {
	now   func() time.Time
	early time.Duration

	mu    sync.Mutex // guards what follows
	value string
	until time.Time
	fetch *fetching // the one under way, nil when none is
}

// fetching is one fetch. One call makes it, others wait for it.
type fetching struct {
	done  chan struct{} // closed when value or err stands
	value string
	err   error
	gone  bool // it failed because whoever fetched went away
}

// NewPass returns a pass that is no longer used early before its end, or a
// quarter of its life before when that is less.
func NewPass(now func() time.Time, early time.Duration) *Pass {
	return &Pass{now: now, early: early}
}

// Fetch gets a new pass and how long it lives; a life of 0 is not known. It
// returns *payments.Error.
type Fetch func(ctx context.Context) (value string, life time.Duration, err error)

// Get returns a value that is good for a while and is not stale (the one that
// was just refused, "" for none), fetching one when there is none. Callers who
// wait share the result, but not the end of the context of whoever fetches.
func (p *Pass) Get(ctx context.Context, stale string, fetch Fetch) (string, error) {
	for {
		p.mu.Lock()
		if p.value != "" && p.value != stale && p.now().Before(p.until) {
			value := p.value
			p.mu.Unlock()
			return value, nil
		}
		f := p.fetch
		if f == nil {
			f = &fetching{done: make(chan struct{})}
			p.fetch = f
			p.mu.Unlock()
			p.lead(ctx, f, fetch)
			return f.value, f.err
		}
		p.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return "", &payments.Error{Op: "rest.pass", Code: doneCode(ctx), Err: ctx.Err()}
		}
		if !f.gone {
			return f.value, f.err
		}
	}
}

// lead makes the fetch that others wait for.
func (p *Pass) lead(ctx context.Context, f *fetching, fetch Fetch) {
	asked := p.now()
	var life time.Duration
	f.value, life, f.err = fetch(ctx)
	f.gone = f.err != nil && ctx.Err() != nil
	p.mu.Lock()
	if f.err == nil {
		if life <= 0 {
			life = defaultLife
		}
		life = min(life, maxLife)
		p.value, p.until = f.value, asked.Add(life-min(p.early, life/4))
	}
	p.fetch = nil
	p.mu.Unlock()
	close(f.done)
}

// Drop forgets a value, unless another one has taken its place.
func (p *Pass) Drop(value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.value == value {
		p.value = ""
	}
}

// Value returns the value at hand, "" when there is none. It may have ended.
func (p *Pass) Value() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.value
}

func doneCode(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "net.timeout"
	}
	return "net.cancelled"
}

// NotSent is the error of a call whose pass could not be had: nothing of the
// call itself left, whatever happened to the request for the pass.
func NotSent(op string, err error) error {
	if err == nil {
		return nil
	}
	code, condition := payments.CodeOf(err), payments.ErrUnreachable
	if errors.Is(err, payments.ErrRefused) {
		condition = payments.ErrRefused
	}
	if code == "" {
		code = "rest.answer"
	}
	return &payments.Error{Op: op, Code: code, Err: condition}
}
