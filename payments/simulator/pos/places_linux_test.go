package pos

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"frontdesk/payments/terminal"
)

// quick opens a terminal for tests in real time.
func quick(t *testing.T, s Switches) *Terminal {
	t.Helper()
	c := config(t)
	c.Log = slog.New(slog.DiscardHandler)
	c.Speed, c.Switches = 200, s
	term, err := Open(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := term.Close(); err != nil {
			t.Error(err)
		}
	})
	return term
}

func listen(t *testing.T, term *Terminal) string {
	t.Helper()
	addr, err := term.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

func connect(t *testing.T, term *Terminal, addr string) *rig {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &rig{T: t, term: term, conn: conn, frames: terminal.NewReader(conn)}
}

// sale is a whole payment over any line.
func sale(r *rig) {
	r.Helper()
	r.ask("PING", sidT, "")
	if got, _ := r.steps(); got != "1/0 5/0" {
		r.Errorf("PING: %s", got)
	}
	if got, _ := r.buy(sidS, "5.00"); got != "1/0 11/0 2/0 5/0" {
		r.Errorf("PURCHASE: %s", got)
	}
	if got := r.complete(sidT, sidS); got != "1/0 5/0" {
		r.Errorf("COMPLETE_TX: %s", got)
	}
}

func TestOverTCP(t *testing.T) {
	for _, manner := range []string{LineWhole, LineSplit, LineMerge, LineDribble, LineChaos} {
		term := quick(t, Switches{Customer: CustomerTap, Line: manner})
		r := connect(t, term, listen(t, term))
		sale(r)
		r.wantCharged(500, 1)
		// A second client is turned away, and the place is free once the first left.
		connect(t, term, r.conn.(net.Conn).RemoteAddr().String()).ended()
		addr := r.conn.(net.Conn).RemoteAddr().String()
		_ = r.conn.Close()
		free(t, term)
		sale(connect(t, term, addr))
	}
}

// free waits until the last till is gone.
func free(t *testing.T, term *Terminal) {
	t.Helper()
	await(t, term, func(s State) bool { return s.Connected == 0 })
}

func await(t *testing.T, term *Terminal, ready func(State) bool) State {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	s, err := term.Await(ctx, ready)
	if err != nil {
		t.Fatalf("%v: %+v", err, s)
	}
	return s
}

func TestResetOverTCP(t *testing.T) {
	term := quick(t, Switches{Customer: CustomerTap})
	addr := listen(t, term)
	if err := term.SetFaults(Fault{Kind: FaultReset}); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", addr)
	if err == nil {
		_, err = conn.Read(make([]byte, 1))
		_ = conn.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("%v", err)
	}
	sale(connect(t, term, addr))
}

// The port is gone while the terminal has no cable, no power, or starts; it is
// the same port afterwards.
func TestThePortComesBack(t *testing.T) {
	term := quick(t, Switches{})
	addr := listen(t, term)
	refused := func(why string) {
		t.Helper()
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			t.Errorf("%s: connected", why)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	// Without the cable the payment goes on.
	r := connect(t, term, addr)
	r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
	await(t, term, func(s State) bool { return s.Screen == ScreenCard && len(s.Asks) > 0 })
	must(term.Unplug())
	refused("unplugged")
	must(term.Tap())
	await(t, term, func(s State) bool { return !s.Busy && s.Screen == ScreenApproved && !s.Plugged })
	must(term.Plug())
	r = connect(t, term, addr)
	r.wantCharged(500, 1)
	if f := r.status(); value(f, "STATUS") != "20" {
		t.Error(text(f))
	}
	r.complete(sidT, sidS)
	// Without power it does not.
	r.ask("PURCHASE", sidT, "AMOUNT=6.00|"+euro)
	await(t, term, func(s State) bool { return s.Screen == ScreenCard && len(s.Asks) > 0 })
	must(term.PowerOff())
	refused("no power")
	if err := term.Tap(); !errors.Is(err, ErrOff) {
		t.Error(err)
	}
	if s := await(t, term, func(State) bool { return true }); s.Screen != ScreenOff || s.Powered {
		t.Errorf("%+v", s)
	}
	must(term.PowerOn())
	r.wantCharged(500, 1)
	term.Reboot()
	refused("starting")
	await(t, term, func(s State) bool { return s.Screen == ScreenIdle })
	r = connect(t, term, addr)
	if f := r.status(); value(f, "STATUS") != "0" || value(f, "SID_ORIGINAL") != sidS {
		t.Error(text(f))
	}
}

// port opens the till's end of a pseudo serial port.
func portOf(t *testing.T, term *Terminal, path string) *rig {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return &rig{T: t, term: term, conn: file, frames: terminal.NewReader(file)}
}

func TestOverAPseudoSerialPort(t *testing.T) {
	for _, manner := range []string{LineWhole, LineChaos, LineDribble} {
		term := quick(t, Switches{Customer: CustomerTap, Line: manner})
		path, err := term.ListenPTY(filepath.Join(t.TempDir(), "ttyACM0"))
		if err != nil {
			t.Fatal(err)
		}
		r := portOf(t, term, path)
		sale(r)
		r.wantCharged(500, 1)
		// The port outlives its till.
		_ = r.conn.Close()
		r = portOf(t, term, path)
		if got, _ := r.buy(sidT, "6.00"); got != "1/0 11/0 2/0 5/0" {
			r.Error(got)
		}
		// Lost sync is waited out on a serial line.
		r.write([]byte{0, 1, 'x', 'y'})
		time.Sleep(20 * time.Millisecond) // the quiet moment, at 200 times the speed
		r.write([]byte{0, 90, 'P', 'R'})
		time.Sleep(60 * time.Millisecond) // a frame that never ends
		r.complete("c", sidT)
		r.wantCharged(1100, 2)
	}
}

func TestTheCableOfAPseudoSerialPort(t *testing.T) {
	term := quick(t, Switches{})
	path, err := term.ListenPTY(filepath.Join(t.TempDir(), "ttyACM0"))
	if err != nil {
		t.Fatal(err)
	}
	r := portOf(t, term, path)
	r.ask("PURCHASE", sidS, "AMOUNT=5.00|"+euro)
	await(t, term, func(s State) bool { return s.Screen == ScreenCard && len(s.Asks) > 0 })
	if err := term.Unplug(); err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(r.conn) // ends when the cable is gone, with or without EIO
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the port is still there: %v", err)
	}
	if err := term.Tap(); err != nil {
		t.Fatal(err)
	}
	await(t, term, func(s State) bool { return !s.Busy && s.Screen == ScreenApproved })
	if err := term.Plug(); err != nil {
		t.Fatal(err)
	}
	r = portOf(t, term, path)
	if f := r.status(); value(f, "STATUS") != "20" || value(f, "SID_ORIGINAL") != sidS {
		t.Error(text(f))
	}
	// A drop on a serial line is a cable pulled and put back.
	r.complete("c", sidS)
	if err := term.Play(Scenario{Name: "contactless", Faults: []Fault{{Kind: FaultDrop, Stage: 2}}}); err != nil {
		t.Fatal(err)
	}
	r.ask("PURCHASE", sidT, "AMOUNT=6.00|"+euro)
	_, _ = io.ReadAll(r.conn)
	await(t, term, func(s State) bool { return !s.Busy && s.Screen == ScreenApproved && s.SID == sidT })
	await(t, term, func(s State) bool { return s.Connected == 1 })
	r = portOf(t, term, path)
	if f := r.status(); value(f, "SID_ORIGINAL") != sidT {
		t.Error(text(f))
	}
	r.wantCharged(1100, 2)
}

// placed returns a dialer to a real port.
func placed(t *testing.T, term *Terminal, place string) terminal.Dialer {
	t.Helper()
	if place == "tcp" {
		_, port, err := net.SplitHostPort(listen(t, term))
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		return terminal.TCP("127.0.0.1", n)
	}
	path, err := term.ListenPTY(filepath.Join(t.TempDir(), "ttyACM0"))
	if err != nil {
		t.Fatal(err)
	}
	return terminal.Serial(path)
}
