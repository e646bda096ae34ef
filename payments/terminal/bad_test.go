package terminal_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// stranger is what may answer at an address that is not, or not quite, a
// terminal: it gets the pipe and the request it just read.
type stranger func(w net.Conn, f terminal.Frame)

func strangers() map[string]struct {
	speak  stranger
	codes  string // of the error, any of these
	within time.Duration
} {
	forever := func(w net.Conn, every time.Duration, piece []byte) {
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
			time.Sleep(every)
		}
	}
	frame := func(f terminal.Frame, sid string, stage, status int, more ...terminal.Field) []byte {
		var b bytes.Buffer
		method, _ := f.Get("METHOD")
		reply(&b, method, sid, stage, status, more...)
		return b.Bytes()
	}
	sid := func(f terminal.Frame) string { s, _ := f.Get("SID"); return s }
	return map[string]struct {
		speak  stranger
		codes  string
		within time.Duration
	}{
		"hangs up":      {func(w net.Conn, _ terminal.Frame) { _ = w.Close() }, "terminal.cut terminal.refused", time.Second},
		"silence":       {func(net.Conn, terminal.Frame) {}, "terminal.silent", 6 * time.Second},
		"a web server":  {func(w net.Conn, _ terminal.Frame) { _, _ = io.WriteString(w, "HTTP/1.1 400 Bad Request\r\n\r\n") }, "terminal.stranger", time.Second},
		"garbage":       {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write(bytes.Repeat([]byte{0x9c}, 100)) }, "terminal.stranger", time.Second},
		"prefix 0":      {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write([]byte{0, 0}) }, "terminal.stranger", time.Second},
		"prefix 1":      {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write([]byte{0, 1, 0}) }, "terminal.stranger", time.Second},
		"prefix 2":      {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write([]byte{0, 2}) }, "terminal.stranger", time.Second},
		"prefix 65535":  {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write([]byte{255, 255, 'A', '='}) }, "terminal.slow", 6 * time.Second},
		"half a prefix": {func(w net.Conn, _ terminal.Frame) { _, _ = w.Write([]byte{0}) }, "terminal.silent", 6 * time.Second},
		"no fields":     {func(w net.Conn, f terminal.Frame) { _, _ = w.Write([]byte{0, 5, 'A', 'B', 'C'}) }, "terminal.garbage", time.Second},
		"no stage":      {func(w net.Conn, f terminal.Frame) { _, _ = w.Write(encoded(terminal.Text("SID", sid(f)))) }, "terminal.garbage", time.Second},
		"other protocol": {func(w net.Conn, f terminal.Frame) {
			_, _ = w.Write(encoded(terminal.Text("PROTOCOL", "XYZ"), terminal.Text("SID", sid(f)), terminal.Text("STAGE", "5"), terminal.Text("STATUS", "0")))
		}, "terminal.garbage", time.Second},
		"outcome without a status": {func(w net.Conn, f terminal.Frame) {
			_, _ = w.Write(encoded(terminal.Text("SID", sid(f)), terminal.Text("STAGE", "5"), terminal.Text("TX_STATUS", "0")))
		}, "terminal.garbage", time.Second},
		"two statuses": {func(w net.Conn, f terminal.Frame) {
			_, _ = w.Write(frame(f, sid(f), 5, 0, terminal.Text("STATUS", "13"), terminal.Text("TX_STATUS", "0")))
		}, "terminal.garbage", time.Second},
		"a byte per second": {func(w net.Conn, f terminal.Frame) {
			for _, b := range frame(f, sid(f), 5, 0, terminal.Text("TX_STATUS", "0")) {
				if _, err := w.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}, "terminal.silent terminal.slow", 11 * time.Second},
		"foreign frames without end": {func(w net.Conn, f terminal.Frame) { forever(w, time.Second, frame(f, "other", 5, 0)) }, "terminal.silent", 6 * time.Second},
		"a flood of foreign frames":  {func(w net.Conn, f terminal.Frame) { forever(w, 0, frame(f, "other", 11, 0)) }, "terminal.endless terminal.silent", 6 * time.Second},
		"foreign method": {func(w net.Conn, f terminal.Frame) {
			var b bytes.Buffer
			reply(&b, "OTHER", sid(f), 5, 0)
			_, _ = w.Write(b.Bytes())
		}, "terminal.silent", 6 * time.Second},
		"frames of ours without end": {func(w net.Conn, f terminal.Frame) { forever(w, time.Second, frame(f, sid(f), 11, 0)) }, "terminal.endless", 10*time.Minute + time.Second},
		"a flood of frames of ours":  {func(w net.Conn, f terminal.Frame) { forever(w, 0, frame(f, sid(f), 100, 0)) }, "terminal.endless", time.Second},
		"accepted and silent ever after": {func(w net.Conn, f terminal.Frame) {
			_, _ = w.Write(frame(f, sid(f), 1, 0, terminal.Text("TIMEOUT", "65")))
		}, "terminal.silent", 76 * time.Second},
		"a TIMEOUT of a day": {func(w net.Conn, f terminal.Frame) {
			_, _ = w.Write(frame(f, sid(f), 1, 0, terminal.Text("TIMEOUT", "86400")))
		}, "terminal.silent", 181 * time.Second},
		"no TIMEOUT": {func(w net.Conn, f terminal.Frame) { _, _ = w.Write(frame(f, sid(f), 1, 0)) }, "terminal.silent", 181 * time.Second},
	}
}

func encoded(fields ...terminal.Field) []byte {
	raw, err := terminal.Encode(fields)
	if err != nil {
		panic(err)
	}
	return raw
}

// speaker makes the stand answer one method as a stranger.
func (s *stand) speaker(method string, speak stranger) {
	s.odd = func(w io.Writer, f terminal.Frame) bool {
		m, _ := f.Get("METHOD")
		if m == method {
			speak(w.(net.Conn), f)
		}
		return m == method
	}
}

// Whatever answers, a test ends within the timers and says why.
func TestBadAnswersToATest(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"PING", "GET_STATUS"} {
		for name, c := range strangers() {
			bubble(t, method+" "+name, func(t *testing.T, s *stand) {
				s.speaker(method, c.speak)
				start := time.Now()
				_, err := s.driver(t).Test(t.Context())
				if took := time.Since(start); took > c.within+time.Second {
					t.Errorf("took %s", took)
				}
				if code := payments.CodeOf(err); !errors.Is(err, payments.ErrUnreachable) || !strings.Contains(c.codes, code) {
					t.Errorf("%v, want %s", err, c.codes)
				}
			})
		}
	}
}

// A line that is put down before a word was said is somebody else's terminal at
// the moment; one that breaks later is a line that broke.
func TestTakenByAnotherClient(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{"PING": "terminal.refused", "GET_STATUS": "terminal.cut"} {
		bubble(t, method, func(t *testing.T, s *stand) {
			s.speaker(method, func(w net.Conn, _ terminal.Frame) { _ = w.Close() })
			if _, err := s.driver(t).Test(t.Context()); payments.CodeOf(err) != want {
				t.Errorf("%v, want %s", err, want)
			}
		})
	}
	for second, want := range map[string]string{pos.SecondRefused: "terminal.refused", pos.SecondSilent: "terminal.silent"} {
		bubble(t, "second client "+second, func(t *testing.T, s *stand) {
			p := openPOS(t, pos.Switches{Second: second}, 1)
			defer closePOS(t, p)
			other, err := p.Dial(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			d := driver(t, p.Dial, terminal.Timers{})
			if _, err := d.Prepare(t.Context()); payments.CodeOf(err) != want || !errors.Is(err, payments.ErrUnreachable) {
				t.Errorf("%v, want %s", err, want)
			}
			r, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(100)}, nil)
			if !errors.Is(err, payments.ErrUnreachable) || !r.NotStarted {
				t.Errorf("%+v, %v", r, err)
			}
			_ = other.Close()
			time.Sleep(time.Second)
			if _, err := d.Prepare(t.Context()); err != nil {
				t.Errorf("after the other one left: %v", err)
			}
		})
	}
}

// Behind the first byte of a PURCHASE the same answers are unknown, whatever
// they are, and nothing is sent again.
func TestBadAnswersToAPurchase(t *testing.T) {
	t.Parallel()
	for name, c := range strangers() {
		bubble(t, name, func(t *testing.T, s *stand) {
			s.speaker("PURCHASE", c.speak)
			d := s.driver(t)
			if _, err := d.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			r, err := sale(t, d, nil)
			if took := time.Since(start); took > c.within+time.Second {
				t.Errorf("took %s", took)
			}
			if code := payments.CodeOf(err); !errors.Is(err, payments.ErrUnknown) || errors.Is(err, payments.ErrUnreachable) || !strings.Contains(c.codes, code) || r.Code != code {
				t.Errorf("%v, want %s", err, c.codes)
			}
			if r.Outcome != payments.Unknown || r.Class != terminal.Unclear || s.sent("PURCHASE") != 1 {
				t.Errorf("%+v, %q", r, s.heard())
			}
		})
	}
}

// A frame of somebody else does not disturb ours.
func TestForeignFramesAreDroppedAndLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStand()
		p := approved()
		p.steps = []step{{stage: 1}, {stage: 5, status: 13, foreign: true}, {stage: 1, status: 1, foreign: true}, {stage: 11}, {stage: 5}}
		s.plays = []play{p}
		var log bytes.Buffer
		d, err := terminal.New(terminal.Config{Dial: s.dial, Now: time.Now, Entropy: &counter{}, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		r, err := d.Purchase(t.Context(), terminal.Purchase{SID: sidS, Amount: euros(1234), Password: "73519", Reference: "INV-2002"}, nil)
		s.lives.Wait()
		if err != nil || r.Class != terminal.Charged {
			t.Errorf("%+v, %v", r, err)
		}
		if n := strings.Count(log.String(), "somebody else"); n != 2 {
			t.Errorf("%d foreign frames in the log", n)
		}
		for _, secret := range []string{"73519", "INV-2002", "1234", "P00123"} {
			if strings.Contains(strings.ReplaceAll(log.String(), sidS, ""), secret) {
				t.Errorf("the log tells %s", secret)
			}
		}
	})
}

// halting is a connection whose writes end, or hang, behind n bytes.
type halting struct {
	io.ReadWriteCloser
	left   int
	hang   bool
	closed chan struct{}
}

func (h *halting) Write(b []byte) (int, error) {
	n := min(len(b), h.left)
	h.left -= n
	if n > 0 {
		if k, err := h.ReadWriteCloser.Write(b[:n]); err != nil {
			return k, err
		}
	}
	if n == len(b) {
		return n, nil
	}
	if h.hang {
		<-h.closed
	}
	return n, errPlug
}

func (h *halting) Close() error {
	select {
	case <-h.closed:
	default:
		close(h.closed)
	}
	return h.ReadWriteCloser.Close()
}

// Not one byte of a request is one thing, one byte is another.
func TestTheFirstByteDecides(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		left int
		hang bool
		want error
		code string
	}{
		{0, false, payments.ErrUnreachable, "terminal.cut"},
		{1, false, payments.ErrUnknown, "terminal.cut"},
		{0, true, payments.ErrUnreachable, "terminal.silent"},
		{1, true, payments.ErrUnknown, "terminal.silent"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			d := s.driver(t)
			if _, err := d.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.wrap = func(c2 io.ReadWriteCloser) io.ReadWriteCloser {
				return &halting{c2, c.left, c.hang, make(chan struct{})}
			}
			start := time.Now()
			r, err := sale(t, d, nil)
			s.lives.Wait()
			if !errors.Is(err, c.want) || payments.CodeOf(err) != c.code || errors.Is(err, payments.ErrUnknown) != (r.Class == terminal.Unclear) || time.Since(start) > 7*time.Second {
				t.Errorf("%+v: %+v, %v after %s", c, r, err, time.Since(start))
			}
		})
	}
}

// A way that does not open, and one that opens too late, end in time.
func TestDialsThatDoNotEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		here, there := net.Pipe()
		d, err := terminal.New(terminal.Config{Now: time.Now, Entropy: &counter{}, Dial: func(context.Context) (io.ReadWriteCloser, error) {
			<-release
			return here, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := d.Test(t.Context()); payments.CodeOf(err) != "terminal.unreachable" || time.Since(start) != 5*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		close(release)
		if _, err := there.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("what opened too late stays open: %v", err)
		}
	})
}

// When the context of a call ends, the call returns at once.
func TestStopped(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]error{100 * time.Millisecond: payments.ErrUnreachable, 1500 * time.Millisecond: payments.ErrUnknown} {
		synctest.Test(t, func(t *testing.T) {
			s := newStand()
			ctx, stop := context.WithTimeout(t.Context(), after)
			defer stop()
			start := time.Now()
			r, err := s.driver(t).Purchase(ctx, terminal.Purchase{SID: sidS, Amount: euros(100)}, nil)
			if !errors.Is(err, want) || r.Code != "terminal.stopped" || time.Since(start) != after {
				t.Errorf("after %s: %+v, %v", time.Since(start), r, err)
			}
			s.lives.Wait()
		})
	}
}
