package terminal_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// stand is a terminal that plays what it is told, and remembers what it really
// took. It lives at the other end of pipes, in the fake time of a bubble, or
// behind a listener.
type stand struct {
	mu      sync.Mutex
	plays   []play         // for the next operations that may move money
	taken   map[string]int // SID: how often money was taken
	given   map[string]int // SID: how often money went back
	frames  []string       // METHOD of every whole request
	last    record
	open    string // SID that waits for COMPLETE_TX
	busy    bool
	cancel  chan string // SIDs of cancels that came
	version string
	status  int // of GET_STATUS when nothing is open
	wrap    func(io.ReadWriteCloser) io.ReadWriteCloser
	refuse  error
	odd     func(w io.Writer, f terminal.Frame) bool // answers instead
	early   bool                                     // cancels are read while odd is at work
	stops   int                                      // cancels that came
	dials   int
	lives   sync.WaitGroup
}

type record struct {
	sid, kind string
	fields    terminal.Frame
}

// play is one operation as the terminal goes through it.
type play struct {
	name    string
	steps   []step
	charged bool // money moves right before the last step
	outcome terminal.Frame
	truth   terminal.Frame // what the record says when the outcome does not
	// abandon stops at the first frame that cannot be written, before money moves.
	abandon bool
	record  bool // the outcome becomes the last record and waits for COMPLETE_TX
	deaf    bool // cancels are ignored
}

// step is one frame. A stage of 0 only waits.
type step struct {
	wait          time.Duration
	stage, status int
	timeout       int
	fields        []terminal.Field
	foreign       bool
	cut           bool // the connection goes, the operation goes on
}

func newStand() *stand {
	return &stand{taken: map[string]int{}, given: map[string]int{}, version: "202", cancel: make(chan string, 8)}
}

// dial opens a pipe to the stand.
func (s *stand) dial(context.Context) (io.ReadWriteCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dials++
	if s.refuse != nil {
		return nil, s.refuse
	}
	here, there := net.Pipe()
	s.lives.Go(func() { s.serve(there) })
	if s.wrap != nil {
		return s.wrap(here), nil
	}
	return here, nil
}

func (s *stand) driver(t testing.TB) *terminal.Terminal {
	return s.with(t, terminal.Timers{})
}

func (s *stand) with(t testing.TB, timers terminal.Timers) *terminal.Terminal {
	t.Helper()
	d, err := terminal.New(terminal.Config{Dial: s.dial, Now: time.Now, Entropy: &counter{}, Timers: timers})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// counter is entropy that never repeats and can be replayed.
type counter struct {
	mu sync.Mutex
	n  uint64
}

func (c *counter) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := 0; i < len(p); {
		c.n++
		sum := sha256.Sum256([]byte(strconv.FormatUint(c.n, 10)))
		i += copy(p[i:], sum[:])
	}
	return len(p), nil
}

// serve answers one connection. What it started goes on when the connection ends.
func (s *stand) serve(conn net.Conn) {
	defer conn.Close()
	r := terminal.NewReader(conn)
	for {
		f, err := r.Next()
		if err != nil {
			return
		}
		method, _ := f.Get("METHOD")
		sid, _ := f.Get("SID")
		if stage, _ := f.Get("STAGE"); stage == "101" {
			s.mu.Lock()
			s.stops++
			s.mu.Unlock()
			s.cancel <- sid
			continue
		}
		s.mu.Lock()
		s.frames = append(s.frames, method)
		odd := s.odd
		s.mu.Unlock()
		if odd != nil && s.early && method == "PURCHASE" {
			s.lives.Go(func() { odd(conn, f) })
			continue
		}
		if odd != nil && odd(conn, f) {
			continue
		}
		s.answer(conn, method, sid, f)
	}
}

func (s *stand) answer(conn net.Conn, method, sid string, f terminal.Frame) {
	say := func(stage, status int, more ...terminal.Field) bool {
		return reply(conn, method, sid, stage, status, more...)
	}
	s.mu.Lock()
	busy, open, last, status := s.busy, s.open, s.last, s.status
	s.mu.Unlock()
	if v, _ := f.Get("VERSION"); v != s.version {
		say(1, 38, terminal.Text("CURRENT_VERSION", s.version))
		return
	}
	switch {
	case busy && method != "PING":
		say(1, 1)
	case method == "PING":
		_ = say(1, 0, terminal.Text("TIMEOUT", "60"), terminal.Text("CURRENT_VERSION", s.version)) && say(5, 0)
	case method == "GET_STATUS":
		if open != "" {
			status = 20
		}
		fields := append(deviceFields(), last.fields...)
		if last.sid != "" {
			fields = append(fields, terminal.Text("SID_ORIGINAL", last.sid), terminal.Text("LAST_TX_TYPE", last.kind))
		}
		_ = say(1, 0, terminal.Text("TIMEOUT", "10")) && say(5, status, fields...)
	case method == "COMPLETE_TX":
		original, _ := f.Get("SID_ORIGINAL")
		s.mu.Lock()
		known := s.open == original && original != ""
		if known {
			s.open = ""
		}
		s.mu.Unlock()
		if !known {
			say(1, 17)
			return
		}
		_ = say(1, 0) && say(5, 0)
	case method == "REPRINT_RECEIPT":
		time.Sleep(40 * time.Second)
		_ = say(1, 0) && say(5, 0)
	case open != "":
		say(1, 20)
	case method == "REVERSAL":
		s.reverse(say, sid, f)
	default:
		s.begin(conn, method, sid, f)
	}
}

func (s *stand) reverse(say func(stage, status int, more ...terminal.Field) bool, sid string, f terminal.Frame) {
	original, _ := f.Get("SID_ORIGINAL")
	s.mu.Lock()
	ok := s.last.sid == original && s.taken[original] == 1
	if ok {
		s.given[original]++
		s.last = record{sid, "02", terminal.Frame{terminal.Text("TX_STATUS", "0")}}
		s.open = sid
	}
	s.mu.Unlock()
	if !ok {
		say(1, 18)
		return
	}
	_ = say(1, 0) && say(5, 0, terminal.Text("TX_STATUS", "0"))
}

func (s *stand) begin(conn net.Conn, method, sid string, f terminal.Frame) {
	s.mu.Lock()
	s.busy = true
	p := approved()
	if len(s.plays) > 0 {
		p = s.plays[0]
		s.plays = s.plays[1:]
	}
	s.mu.Unlock()
	for len(s.cancel) > 0 {
		<-s.cancel
	}
	s.lives.Go(func() { s.perform(conn, p, method, sid, f) })
}

// perform plays one operation to its end.
func (s *stand) perform(conn net.Conn, p play, method, sid string, f terminal.Frame) {
	defer func() {
		s.mu.Lock()
		s.busy = false
		s.mu.Unlock()
	}()
	cancellable := false
	for i, st := range p.steps {
		if s.pause(conn, st.wait, cancellable && !p.deaf, method) {
			reply(conn, method, sid, 5, 13)
			s.keep(method, sid, terminal.Frame{terminal.Text("TX_STATUS", "1")}, p.record)
			return
		}
		if st.cut {
			_ = conn.Close()
			continue
		}
		if i == len(p.steps)-1 && p.charged {
			s.mu.Lock()
			if method == "REFUND" {
				s.given[sid]++
			} else {
				s.taken[sid]++
			}
			s.mu.Unlock()
		}
		if st.stage == 5 {
			outcome := append(append(terminal.Frame{}, p.outcome...), echo(f, p.outcome)...)
			// The record stands before the words leave, and the terminal is idle again.
			s.keep(method, sid, append(outcome, p.truth...), p.record)
			s.mu.Lock()
			s.busy = false
			s.mu.Unlock()
			st.fields = append(append([]terminal.Field{}, st.fields...), outcome...)
		}
		if st.stage != 0 {
			to := sid
			if st.foreign {
				to = "somebody-else"
			}
			if st.timeout > 0 {
				st.fields = append([]terminal.Field{terminal.Text("TIMEOUT", strconv.Itoa(st.timeout))}, st.fields...)
			}
			if !reply(conn, method, to, st.stage, st.status, st.fields...) && p.abandon {
				return
			}
		}
		cancellable = st.stage == 1 || st.stage == 11
	}
}

// pause waits, and reports whether a cancel that counts came meanwhile.
func (s *stand) pause(conn net.Conn, d time.Duration, cancellable bool, method string) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return false
		case sid := <-s.cancel:
			if cancellable {
				reply(conn, method, sid, 1, 0)
				return true
			}
			reply(conn, method, sid, 1, 1)
		}
	}
}

func (s *stand) keep(method, sid string, outcome terminal.Frame, keep bool) {
	if !keep {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kind := "00"
	if method == "REFUND" {
		kind = "20"
	}
	s.last = record{sid, kind, outcome}
	s.open = sid
}

func (s *stand) ledger() (taken, given map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.taken), maps.Clone(s.given)
}

// heard returns the METHOD of every whole request so far.
func (s *stand) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.frames)
}

// forget starts the list of heard over.
func (s *stand) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.frames = nil
}

func (s *stand) cancels() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stops
}

// sent counts the whole requests of a method.
func (s *stand) sent(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, m := range s.frames {
		if m == method {
			n++
		}
	}
	return n
}

func reply(w io.Writer, method, sid string, stage, status int, more ...terminal.Field) bool {
	f := terminal.Frame{
		terminal.Text("PROTOCOL", "IPP"), terminal.Text("METHOD", method), terminal.Text("VERSION", "202"), terminal.Text("SID", sid),
		terminal.Text("STAGE", strconv.Itoa(stage)), terminal.Text("STATUS", strconv.Itoa(status)),
	}
	raw, err := terminal.Encode(append(f, more...))
	if err != nil {
		panic(fmt.Sprintf("%v: %v", err, more))
	}
	_, err = w.Write(raw)
	return err == nil
}

func deviceFields() terminal.Frame {
	return frameOf("TERMINAL_ID=80012345\r\nMERCHANT_NAME=Salon Rose\r\nSN=1170000001\r\nSOFTWARE_VERSION=2.3.3\r\nPRINTER=1\r\nCURRENCY=978")
}

// echo is what an outcome repeats of its request and does not say itself.
func echo(f, own terminal.Frame) terminal.Frame {
	var out terminal.Frame
	for _, name := range []string{"AMOUNT", "REFERENCE_NUMBER"} {
		_, said := own.Get(name)
		if v, ok := f.Get(name); ok && !said {
			out = append(out, terminal.Text(name, v))
		}
	}
	return out
}

func approval() terminal.Frame {
	return frameOf("TX_STATUS=0\r\nAPPROVAL=00\r\nAUTH_CODE=P00123\r\nRRN=623100000001\r\nSTAN=4\r\nPAN_MASKED=**** 1234\r\nAID_NAME=Maestro\r\nENTRY_MODE=P\r\nSIGNATURE_NOT_REQ=1")
}

func stages(list ...[2]int) []step {
	var steps []step
	for i, s := range list {
		st := step{stage: s[0], status: s[1], timeout: 65, wait: time.Second}
		if i == 0 {
			st.wait = 0
		}
		if s[0] == 13 || s[0] == 3 {
			st.fields = []terminal.Field{terminal.Text("TRIES_LEFT", "2")}
		}
		if s[0] == 5 {
			st.timeout = 0
		}
		steps = append(steps, st)
	}
	return steps
}

// approved is the sale of spec 3.9 B.
func approved() play {
	return play{name: "contactless", steps: stages([2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 0}), charged: true, outcome: approval(), record: true}
}

func ended(name, outcome string, list ...[2]int) play {
	return play{name: name, steps: stages(list...), outcome: frameOf(outcome), record: true}
}

// plays are the stage scripts and outcomes of spec 10, points 6 and 7.
func plays() []play {
	yes := func(name string, list ...[2]int) play {
		p := approved()
		p.name, p.steps = name, stages(list...)
		return p
	}
	hidden := func(name string, status int, charged bool) play {
		return play{name: name, steps: stages([2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, status}), charged: charged, record: true}
	}
	all := []play{
		approved(),
		yes("chip and PIN", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{13, 0}, [2]int{3, 0}, [2]int{5, 0}),
		yes("wrong PIN twice", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{13, 0}, [2]int{3, 9}, [2]int{13, 0}, [2]int{3, 9}, [2]int{13, 0}, [2]int{3, 0}, [2]int{5, 0}),
		yes("online PIN", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{13, 0}, [2]int{3, 11}, [2]int{5, 0}),
		yes("DCC", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{12, 0}, [2]int{14, 0}, [2]int{5, 0}),
		yes("unsupported, then a good card", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 6}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 0}),
		yes("no paper", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 22}),
		yes("with info", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 100}),
		ended("declined", "TX_STATUS=1\r\nAPPROVAL=51", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 0}),
		ended("declined as 14", "TX_STATUS=1\r\nAPPROVAL=05", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{5, 14}),
		ended("no card", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 5}, [2]int{5, 5}),
		ended("chip error", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 7}, [2]int{5, 7}),
		ended("customer cancels", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 13}, [2]int{5, 13}),
		ended("customer cancels at the PIN", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{13, 0}, [2]int{5, 13}),
		ended("PIN exhausted", "TX_STATUS=1", [2]int{1, 0}, [2]int{11, 0}, [2]int{2, 0}, [2]int{13, 0}, [2]int{3, 10}, [2]int{5, 10}),
		ended("not enabled", "TX_STATUS=1", [2]int{1, 0}, [2]int{2, 13}, [2]int{5, 13}),
	}
	for _, status := range []int{12, 14, 15, 16} {
		for _, charged := range []bool{true, false} {
			p := hidden(fmt.Sprintf("status %d, charged %v", status, charged), status, charged)
			p.truth = frameOf(map[bool]string{true: "TX_STATUS=0\r\nAPPROVAL=00", false: "TX_STATUS=1\r\nAPPROVAL=91"}[charged])
			all = append(all, p)
		}
	}
	for _, status := range []int{19, 20, 25, 26, 36, 49, 50, 51} {
		all = append(all, play{name: fmt.Sprintf("refused with %d", status), steps: []step{{stage: 1, status: status}}})
	}
	return all
}

func euros(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: money.EUR} }

// errPlug is what a cut connection says.
var errPlug = errors.New("the plug was pulled")

// plug cuts a connection behind a byte, in one direction, counted over all
// connections of a run.
type plug struct {
	mu   sync.Mutex
	in   bool // what is cut: what the till reads, else what it writes
	dead bool // nobody is told: the line takes everything and brings nothing
	left int  // bytes that still pass; below 0: no cut
	cut  bool
	seen [2][]int // ends of the pieces written and read, for the borders
	n    [2]int
}

type plugged struct {
	io.ReadWriteCloser
	plug *plug
	dead atomic.Bool
}

func (p *plug) wrap(c io.ReadWriteCloser) io.ReadWriteCloser {
	return &plugged{ReadWriteCloser: c, plug: p}
}

// passed returns how many bytes were written and read so far.
func (p *plug) passed() [2]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
}

// pass returns how many of n bytes pass, and whether the plug is pulled then.
func (p *plug) pass(in bool, n int) (int, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	way := 0
	if in {
		way = 1
	}
	p.n[way] += n
	p.seen[way] = append(p.seen[way], p.n[way])
	if p.left < 0 || in != p.in || p.cut {
		return n, false
	}
	if n < p.left {
		p.left -= n
		return n, false
	}
	n, p.left, p.cut = p.left, 0, true
	return n, true
}

func (c *plugged) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return len(b), nil
	}
	n, pulled := c.plug.pass(false, len(b))
	if !pulled {
		return c.ReadWriteCloser.Write(b)
	}
	if n > 0 {
		n, _ = c.ReadWriteCloser.Write(b[:n])
	}
	if c.plug.dead {
		c.dead.Store(true)
		return len(b), nil
	}
	_ = c.Close()
	return n, errPlug
}

func (c *plugged) Read(b []byte) (int, error) {
	for {
		n, err := c.ReadWriteCloser.Read(b)
		if err != nil {
			return n, err
		}
		if c.dead.Load() {
			continue
		}
		k, pulled := c.plug.pass(true, n)
		switch {
		case !pulled:
			return n, nil
		case c.plug.dead:
			c.dead.Store(true)
		default:
			_ = c.Close()
		}
		if k > 0 {
			return k, nil
		}
		if !c.plug.dead {
			return 0, errPlug
		}
	}
}
