package terminal

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// maxFrames of one operation; the busiest real one has some dozens.
const maxFrames = 10_000

// lost says why no further frame of the operation comes. Code is the sentence.
type lost struct {
	code string
	err  error
}

func (e *lost) Error() string { return e.code + ": " + e.err.Error() }

func (e *lost) Unwrap() error { return e.err }

// What a lost operation is lost to.
var (
	errSilence = errors.New("no frame within the timer")
	errBody    = errors.New("the rest of a frame did not come within the timer")
	errTotal   = errors.New("the operation does not end")
	errReply   = errors.New("a frame is no reply")
)

// talk is one operation on one link: it sends the request and hands out the
// frames that belong to it, in order, within the timers. One goroutine uses it.
type talk struct {
	t      *Terminal
	link   *link
	method string
	sids   []string // the operation's own, then those of its cancels, whose frames buy no time

	have   []byte
	frames int
	wait   *time.Timer // until the next frame of ours
	body   *time.Timer // until the rest of a frame that has begun; nil while none has
	total  *time.Timer

	ask   <-chan struct{} // somebody wants to cancel; nil where nobody can
	asked func()
}

// begin opens a link and sends the request. left reports whether any byte of it
// may have reached the terminal.
func (t *Terminal) begin(ctx context.Context, method, sid string, first time.Duration, fields ...Field) (k *talk, left bool, err error) {
	raw, err := Encode(t.request(method, sid, fields...))
	if err != nil {
		return nil, false, &lost{"terminal.request", err}
	}
	if err := t.rest(ctx); err != nil {
		return nil, false, &lost{"terminal.stopped", err}
	}
	l, err := open(ctx, t.dial, t.timers.Connect)
	if err != nil {
		return nil, false, &lost{dialCode(ctx, err), err}
	}
	k = &talk{t: t, link: l, method: method, sids: []string{sid}}
	t.log.Info("terminal request", slog.String("method", method), slog.String("sid", sid))
	n, err := l.write(ctx, raw, t.timers.Write)
	if err != nil {
		k.close()
		return nil, n > 0, &lost{k.writeCode(ctx, err), err}
	}
	k.wait = time.NewTimer(first)
	k.total = time.NewTimer(t.timers.Total)
	return k, true, nil
}

// request builds the fields that lead every request (spec 3.1).
func (t *Terminal) request(method, sid string, fields ...Field) Frame {
	return append(Frame{
		Text("PROTOCOL", Protocol), Text("VERSION", t.version()), Text("METHOD", method), Text("SID", sid),
	}, fields...)
}

func (k *talk) close() {
	if err := k.link.close(); err != nil {
		k.t.log.Warn("terminal connection", slog.String("method", k.method), slog.String("error", err.Error()))
	}
	for _, timer := range []*time.Timer{k.wait, k.body, k.total} {
		if timer != nil {
			timer.Stop()
		}
	}
	k.t.ended()
}

// next returns the next reply to the operation or to one of its cancels. Frames
// of others are dropped and logged, and they buy no time. The error is a *lost.
func (k *talk) next(ctx context.Context) (reply, error) {
	for {
		r, found, err := k.parse()
		if found || err != nil {
			return r, err
		}
		var body <-chan time.Time
		if k.body != nil {
			body = k.body.C
		}
		select {
		case c := <-k.link.chunks:
			k.have = append(k.have, c.data...)
			if c.err == nil {
				continue
			}
			// What came before the end still counts.
			if r, found, err := k.parse(); found || err != nil {
				return r, err
			}
			return reply{}, &lost{k.hungUp(), c.err}
		case <-k.wait.C:
			if k.body != nil {
				return reply{}, &lost{"terminal.slow", errBody}
			}
			return reply{}, &lost{"terminal.silent", errSilence}
		case <-body:
			return reply{}, &lost{"terminal.slow", errBody}
		case <-k.total.C:
			return reply{}, &lost{"terminal.endless", errTotal}
		case <-ctx.Done():
			return reply{}, &lost{"terminal.stopped", ctx.Err()}
		case <-k.ask:
			k.asked()
		}
	}
}

// parse takes frames off what has been read until one is ours.
func (k *talk) parse() (r reply, found bool, err error) {
	for {
		f, n, err := Split(k.have)
		switch {
		case n == 0 && err != nil:
			return r, false, &lost{"terminal.stranger", err}
		case n == 0:
			k.expectBody()
			return r, false, nil
		}
		k.have = k.have[n:]
		if k.body != nil {
			k.body.Stop()
			k.body = nil
		}
		if k.frames++; k.frames > maxFrames {
			return r, false, &lost{"terminal.endless", errTotal}
		}
		if err != nil {
			return r, false, &lost{"terminal.garbage", err}
		}
		r, ok := readReply(f)
		if !k.ours(f, r) {
			continue
		}
		if !ok {
			return r, false, &lost{"terminal.garbage", errReply}
		}
		k.t.log.Info("terminal reply", slog.String("method", k.method), slog.String("sid", r.sid), slog.Int("stage", r.stage), slog.Int("status", r.status))
		if r.sid == k.sids[0] {
			k.wait.Reset(k.patience(r))
		}
		return r, true, nil
	}
}

func (k *talk) expectBody() {
	if len(k.have) >= prefix && k.body == nil {
		k.body = time.NewTimer(k.t.timers.Body)
	}
}

// ours reports whether a frame belongs to this operation.
func (k *talk) ours(f Frame, r reply) bool {
	if slices.Contains(k.sids, text(f, "SID")) && (r.method == "" || r.method == k.method) {
		return true
	}
	k.t.log.Warn("terminal frame of somebody else", slog.String("method", k.method), slog.Int("stage", r.stage), slog.Int("status", r.status))
	return false
}

// patience is how long the frame after r may take. What needs no customer gets
// the grace alone.
func (k *talk) patience(r reply) time.Duration {
	t := k.t.timers
	switch {
	case k.method == MethodPing || k.method == MethodGetStatus:
		return t.Grace
	case r.timeout > 0:
		return min(r.timeout+t.Grace, t.FrameCap)
	}
	return t.FrameCap
}

func (k *talk) writeCode(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil:
		return "terminal.stopped"
	case errors.Is(err, errSlowWrite):
		return "terminal.silent"
	}
	return k.hungUp()
}

// hungUp tells a line that broke from one that was taken and put down without a
// word, as terminals do that talk to somebody else.
func (k *talk) hungUp() string {
	if k.method == MethodPing && k.frames == 0 && len(k.have) == 0 {
		return "terminal.refused"
	}
	return "terminal.cut"
}
