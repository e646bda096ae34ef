package terminal

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// DefaultPort is where terminals usually listen; it can be changed on them.
const DefaultPort = 7900

// Dialer opens the way to one terminal. It returns early when ctx ends. Closing
// what it returns ends a Read and a Write that are under way.
type Dialer func(ctx context.Context) (io.ReadWriteCloser, error)

// Timers bound every wait (spec 3.10). A zero field has the value in brackets.
type Timers struct {
	Connect    time.Duration // opening the way (5 s)
	Write      time.Duration // handing over one request (5 s)
	FirstReply time.Duration // the first whole frame of an answer (5 s)
	Body       time.Duration // the rest of a frame whose prefix has come (5 s)
	Grace      time.Duration // on top of the TIMEOUT of the last frame (10 s)
	FrameCap   time.Duration // the longest wait for one frame, and the wait behind a frame without TIMEOUT (180 s)
	Total      time.Duration // one operation, however busily the other side talks (10 min)
	Reprint    time.Duration // the first frame of a reprint (50 s)
	Gap        time.Duration // between two commands (200 ms)
	AfterPing  time.Duration // between PING and what follows (400 ms)
	Fresh      time.Duration // after this long without a word the next payment is greeted by a PING again (30 s)
	Heartbeat  time.Duration // between two heartbeats (4 min)
}

func (t Timers) orSpec() Timers {
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.Connect, 5 * time.Second},
		{&t.Write, 5 * time.Second},
		{&t.FirstReply, 5 * time.Second},
		{&t.Body, 5 * time.Second},
		{&t.Grace, 10 * time.Second},
		{&t.FrameCap, 180 * time.Second},
		{&t.Total, 10 * time.Minute},
		{&t.Reprint, 50 * time.Second},
		{&t.Gap, 200 * time.Millisecond},
		{&t.AfterPing, 400 * time.Millisecond},
		{&t.Fresh, 30 * time.Second},
		{&t.Heartbeat, 4 * time.Minute},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return t
}

// Scaled returns the timers divided by n, zero fields filled in first. It is for
// runs against a terminal that lives faster than real ones.
func (t Timers) Scaled(n int) Timers {
	t, d := t.orSpec(), time.Duration(max(n, 1))
	return Timers{
		Connect: t.Connect / d, Write: t.Write / d, FirstReply: t.FirstReply / d, Body: t.Body / d,
		Grace: t.Grace / d, FrameCap: t.FrameCap / d, Total: t.Total / d, Reprint: t.Reprint / d,
		Gap: t.Gap / d, AfterPing: t.AfterPing / d, Fresh: t.Fresh / d, Heartbeat: t.Heartbeat / d,
	}
}

// Config is what a Terminal needs.
type Config struct {
	Dial    Dialer           // required: TCP, Serial or a pipe
	Now     func() time.Time // required
	Entropy io.Reader        // required: for the SIDs of PING, GET_STATUS and the like
	Log     *slog.Logger     // nil logs nothing
	Timers  Timers           // zero: spec 3.10
}

// NewSID makes the name of one operation: a random UUID.
func NewSID(entropy io.Reader) (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(entropy, b[:]); err != nil {
		return "", fmt.Errorf("entropy: %w", err)
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:], nil
}
