package pos

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments/terminal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The session ids of the specification's golden frames.
const (
	sidS = "f260883b-512b-446f-9b3c-d66e1f52bebd"
	sidT = "0b9d1c7e-3a44-4d5e-8f10-2c6b7a9e5d01"
)

// memory is a Journal that can be read back into History.
type memory struct {
	lines [][]byte
	fail  error
}

func (m *memory) Append(r Record) error {
	if m.fail != nil {
		return m.fail
	}
	line, err := json.Marshal(r)
	if err == nil {
		m.lines = append(m.lines, line)
	}
	return err
}

func (m *memory) history(t *testing.T) []Record {
	t.Helper()
	var all []Record
	for _, line := range m.lines {
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// rig is a terminal with a raw till on a line in memory.
type rig struct {
	*testing.T
	term    *Terminal
	journal *memory
	conn    io.ReadWriteCloser
	frames  *terminal.Reader
}

func config(t *testing.T) Config {
	return Config{
		Now: time.Now, Entropy: rand.NewChaCha8([32]byte{1}),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// play runs a test in fake time over a line in memory.
func play(t *testing.T, s Switches, test func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		c := config(t)
		c.Switches = s
		j := &memory{}
		c.Journal = j
		term, err := Open(c)
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{T: t, term: term, journal: j}
		defer r.close()
		r.dial()
		test(r)
	})
}

func (r *rig) close() {
	if r.conn != nil {
		_ = r.conn.Close()
	}
	if err := r.term.Close(); err != nil {
		r.Error(err)
	}
}

func (r *rig) dial() {
	r.Helper()
	if r.conn != nil {
		_ = r.conn.Close()
		synctest.Wait()
	}
	conn, err := r.term.Dial(context.Background())
	if err != nil {
		r.Fatal(err)
	}
	r.conn, r.frames = conn, terminal.NewReader(conn)
}

// body turns "A=1|B=2" into the bytes of a frame, without the codec.
func body(text string) []byte {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "=$S", "="+sidS), "=$T", "="+sidT)
	payload := strings.ReplaceAll(strings.TrimSuffix(text, "|"), "|", "\r\n") + "\r\n"
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(payload)+2)), payload...)
}

func (r *rig) write(raw []byte) {
	r.Helper()
	if _, err := r.conn.Write(raw); err != nil {
		r.Fatalf("write: %v", err)
	}
}

// ask sends a frame with the usual head.
func (r *rig) ask(method, sid, more string) {
	r.Helper()
	r.write(body("PROTOCOL=IPP|VERSION=202|METHOD=" + method + "|SID=" + sid + "|" + more))
}

// next reads one frame; it fails the test after the longest TIMEOUT.
func (r *rig) next() terminal.Frame {
	r.Helper()
	type got struct {
		f   terminal.Frame
		err error
	}
	c := make(chan got, 1)
	frames, conn := r.frames, r.conn
	go func() {
		f, err := frames.Next()
		c <- got{f, err}
	}()
	select {
	case g := <-c:
		if g.err != nil {
			r.Fatalf("next frame: %v", g.err)
		}
		return g.f
	case <-time.After(5 * time.Minute):
		_ = conn.Close()
		<-c
		r.Fatal("no frame came")
		return nil
	}
}

// silence fails the test when a frame or the end of the line comes within d.
func (r *rig) silence(d time.Duration) {
	r.Helper()
	if f, err := r.within(d); err == nil || !timedOut(err) {
		r.Fatalf("a frame came: %v %v", text(f), err)
	}
}

type deadline interface{ SetReadDeadline(time.Time) error }

func timedOut(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// within reads a frame that comes in time.
func (r *rig) within(d time.Duration) (terminal.Frame, error) {
	if err := r.conn.(deadline).SetReadDeadline(time.Now().Add(d)); err != nil {
		return nil, err // the other end is closed
	}
	f, err := r.frames.Next()
	if timedOut(err) {
		r.frames = terminal.NewReader(r.conn)
	}
	_ = r.conn.(deadline).SetReadDeadline(time.Time{})
	return f, err
}

// ended fails the test unless the line ends next.
func (r *rig) ended() {
	r.Helper()
	f, err := r.within(5 * time.Minute)
	if err == nil || timedOut(err) {
		r.Fatalf("the line did not end: %v %v", text(f), err)
	}
}

func value(f terminal.Frame, name string) string {
	v, _ := f.Get(name)
	return v
}

func text(f terminal.Frame) string {
	var b strings.Builder
	for _, x := range f {
		fmt.Fprintf(&b, "%s=%s|", x.Name, x.Value)
	}
	return b.String()
}

// step is "stage/status" of a frame.
func step(f terminal.Frame) string { return value(f, "STAGE") + "/" + value(f, "STATUS") }

// steps reads frames until the last one, which has no TIMEOUT.
func (r *rig) steps() (string, terminal.Frame) {
	r.Helper()
	var all []string
	for {
		f := r.next()
		all = append(all, step(f))
		if _, more := f.Get("TIMEOUT"); !more {
			return strings.Join(all, " "), f
		}
	}
}

const euro = "CURRENCY=978|FIXED_PINPAD=1"

// buy sends a PURCHASE and returns what came back.
func (r *rig) buy(sid, amount string) (string, terminal.Frame) {
	r.Helper()
	r.ask("PURCHASE", sid, "AMOUNT="+amount+"|"+euro)
	return r.steps()
}

func (r *rig) complete(sid, original string) string {
	r.Helper()
	r.ask("COMPLETE_TX", sid, "SID_ORIGINAL="+original)
	s, _ := r.steps()
	return s
}

func (r *rig) status() terminal.Frame {
	r.Helper()
	r.ask("GET_STATUS", sidT, "")
	_, f := r.steps()
	return f
}

func (r *rig) play(s ...Scenario) {
	r.Helper()
	if err := r.term.Play(s...); err != nil {
		r.Fatal(err)
	}
}

// wantCharged is what the customer has to have paid, and in how many charges.
func (r *rig) wantCharged(minor int64, n int) {
	r.Helper()
	if got := Total(r.term.Charges()); got.Taken != minor || got.Sales != n {
		r.Errorf("charged %+v, want %d in %d: %+v", got, minor, n, r.term.Charges())
	}
}
