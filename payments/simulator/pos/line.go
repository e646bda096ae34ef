package pos

import (
	"encoding/binary"
	"io"
	"sync"
	"time"

	"frontdesk/payments/terminal"
)

// line is one connection to a till. Three goroutines work on it: one reads
// bytes, one makes frames of them and starts what they ask for, one writes.
type line struct {
	t      *Terminal
	conn   io.ReadWriteCloser
	serial bool // lost sync is waited out instead of ending the line
	silent bool // a second client that is not answered
	greets bool // shows the greeting: PING only

	in   chan []byte
	wake chan struct{}
	gone chan struct{} // closed by cut

	mu    sync.Mutex
	queue [][]byte
	ended bool // nothing more is queued; closed when the queue is out
	once  sync.Once
}

func newLine(t *Terminal, conn io.ReadWriteCloser) *line {
	return &line{
		t: t, conn: conn,
		in: make(chan []byte), wake: make(chan struct{}, 1), gone: make(chan struct{}),
	}
}

// send queues a frame. Nobody waits for a till that does not read.
func (l *line) send(f terminal.Frame) {
	raw, err := terminal.Encode(f)
	if err != nil {
		l.t.Log.Error("a frame cannot be written", "error", err)
		return
	}
	l.mu.Lock()
	if !l.ended && !l.silent {
		l.queue = append(l.queue, raw)
	}
	l.mu.Unlock()
	l.poke()
}

// hangUp closes the line once what was sent is out.
func (l *line) hangUp() {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	l.poke()
}

func (l *line) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// cut closes the line at once.
func (l *line) cut() {
	l.once.Do(func() {
		close(l.gone)
		if err := l.conn.Close(); err != nil {
			l.t.Log.Debug("line closed", "error", err)
		}
	})
}

// run works on the line until it ends.
func (l *line) run() {
	var jobs sync.WaitGroup
	jobs.Go(l.pump)
	jobs.Go(l.write)
	l.frames()
	l.cut()
	jobs.Wait()
}

// pump reads bytes as they come.
func (l *line) pump() {
	defer close(l.in)
	for {
		chunk := make([]byte, 4096)
		n, err := l.conn.Read(chunk)
		if n > 0 {
			select {
			case l.in <- chunk[:n]:
			case <-l.gone:
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// frames cuts the bytes into frames. A prefix below 3 or a frame that does not
// end in time is lost sync (spec 3.1).
func (l *line) frames() {
	var have []byte
	stall := time.NewTimer(0)
	stall.Stop()
	defer stall.Stop()
	for {
		rest, done, ok := l.cutFrames(have)
		if !ok {
			rest, done = nil, true
			if !l.resync() {
				return
			}
		}
		if len(rest) == 0 {
			stall.Stop()
		} else if done {
			stall.Reset(l.t.scale(l.t.Pace.Stall))
		}
		have = rest
		select {
		case chunk, ok := <-l.in:
			if !ok {
				return
			}
			if len(have) == 0 {
				stall.Reset(l.t.scale(l.t.Pace.Stall))
			}
			have = append(have, chunk...)
		case <-stall.C:
			have = nil
			if !l.resync() {
				return
			}
		case <-l.gone:
			return
		}
	}
}

// cutFrames answers the whole frames in have and returns what is left. some
// says that there was one; ok is false on a prefix no frame can have.
func (l *line) cutFrames(have []byte) (rest []byte, some, ok bool) {
	for len(have) >= 2 {
		size := int(binary.BigEndian.Uint16(have))
		if size < 3 {
			return nil, some, false
		}
		if len(have) < size {
			break
		}
		l.take(have[:size])
		have, some = have[size:], true
	}
	return have, some, true
}

// resync gives up on a network connection; on a serial line it waits until the
// till has been quiet for a moment.
func (l *line) resync() bool {
	l.t.Log.Warn("lost sync with the till")
	if !l.serial {
		return false
	}
	for {
		quiet := time.NewTimer(l.t.scale(100 * time.Millisecond))
		select {
		case _, ok := <-l.in:
			quiet.Stop()
			if !ok {
				return false
			}
		case <-quiet.C:
			return true
		case <-l.gone:
			quiet.Stop()
			return false
		}
	}
}

// take answers one frame.
func (l *line) take(raw []byte) {
	if l.silent {
		return
	}
	t := l.t
	r, status := t.read(raw)
	t.mu.Lock()
	t.touched = t.Now()
	t.mu.Unlock()
	switch {
	case status != statusOK:
		f := refused(r, status)
		if status == statusVersion {
			f = append(f, number("CURRENT_VERSION", int64(t.Switches().version())))
		}
		l.send(f)
	case r.stage == 101:
		t.cancel(l, r)
	case r.stage == 4:
		t.Log.Info("relayed bytes are not taken", "sid", r.sid)
	case l.greets && t.methods[r.method].financial:
		t.Log.Info("swallowed by the greeting", "method", r.method, "sid", r.sid)
	default:
		t.begin(l, r)
	}
}

// write sends what is queued, in the manner of Switches.Line.
func (l *line) write() {
	for {
		select {
		case <-l.wake:
		case <-l.gone:
			return
		}
		manner := l.t.Switches().Line
		if manner == LineMerge || manner == LineChaos {
			l.pause(l.t.Pace.Merge)
		}
		l.mu.Lock()
		queue, ended := l.queue, l.ended
		l.queue = nil
		l.mu.Unlock()
		for _, piece := range l.t.pieces(queue, manner) {
			if _, err := l.conn.Write(piece); err != nil {
				l.cut()
				return
			}
			if manner == LineDribble {
				l.pause(l.t.Pace.Dribble)
			}
		}
		if ended {
			l.cut()
			return
		}
	}
}

func (l *line) pause(d time.Duration) {
	timer := time.NewTimer(l.t.scale(d))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.gone:
	}
}

// pieces cuts frames into what is written at once.
func (t *Terminal) pieces(queue [][]byte, manner string) [][]byte {
	if manner == LineMerge || manner == LineChaos {
		var all []byte
		for _, raw := range queue {
			all = append(all, raw...)
		}
		if queue = nil; len(all) > 0 {
			queue = [][]byte{all}
		}
	}
	if manner == LineWhole || manner == LineMerge {
		return queue
	}
	var out [][]byte
	for _, raw := range queue {
		for len(raw) > 0 {
			n := 1
			if manner != LineDribble {
				n = min(len(raw), t.draw())
			}
			out = append(out, raw[:n])
			raw = raw[n:]
		}
	}
	return out
}

// draw returns how long the next piece is: mostly short, 1 to 64.
func (t *Terminal) draw() int {
	t.dice.Lock()
	defer t.dice.Unlock()
	var b [1]byte
	if _, err := io.ReadFull(t.Entropy, b[:]); err != nil {
		return 1
	}
	if b[0] < 128 {
		return 1 + int(b[0])%4
	}
	return 1 + int(b[0])%64
}
