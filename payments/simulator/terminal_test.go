package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// frame makes a request of NAME=VALUE words.
func frame(t *testing.T, words string) []byte {
	t.Helper()
	f := terminal.Frame{terminal.Text("PROTOCOL", "IPP"), terminal.Text("VERSION", "202")}
	for word := range strings.FieldsSeq(words) {
		name, value, _ := strings.Cut(word, "=")
		f = append(f, terminal.Text(name, value))
	}
	raw, err := terminal.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// till speaks to a terminal over TCP.
type till struct {
	t      *testing.T
	conn   net.Conn
	frames *terminal.Reader
}

func newTill(t *testing.T, addr string) *till {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &till{t, conn, terminal.NewReader(conn)}
}

// last sends a request and returns the last frame of the answer.
func (x *till) last(words string) map[string]string {
	x.t.Helper()
	if _, err := x.conn.Write(frame(x.t, words)); err != nil {
		x.t.Fatal(err)
	}
	for {
		f, err := x.frames.Next()
		if err != nil {
			x.t.Fatal(err)
		}
		all := map[string]string{}
		for _, field := range f {
			all[field.Name] = string(field.Value)
		}
		if all["TIMEOUT"] == "" {
			return all
		}
	}
}

func (r *rig) terminal(tid string) (*pos.Terminal, string) {
	r.t.Helper()
	t, err := r.sim.OpenTerminal(pos.Config{TID: tid, Speed: 500, Switches: pos.Switches{Customer: pos.CustomerTap}})
	if err != nil {
		r.t.Fatal(err)
	}
	addr, err := t.Listen(context.Background(), "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	return t, addr
}

func (r *rig) truth() Truth {
	r.t.Helper()
	var truth Truth
	if err := json.Unmarshal(r.get("/_sim/truth").Body.Bytes(), &truth); err != nil {
		r.t.Fatal(err)
	}
	return truth
}

// What terminals charge stands in the same truth as everything else, and stays
// there over a restart together with what is owed to the terminal.
func TestTerminalsShareTheTruth(t *testing.T) {
	r := newRig(t)
	r.charge("P1", "45.00")
	_, addr := r.terminal("")
	_, second := r.terminal("80000002")
	const buy = "METHOD=PURCHASE CURRENCY=978 FIXED_PINPAD=1 AMOUNT="
	x := newTill(t, addr)
	if f := x.last(buy + "12.34 SID=one"); f["TX_STATUS"] != "0" {
		t.Fatalf("%v", f)
	}
	if f := newTill(t, second).last(buy + "5.00 SID=two"); f["TX_STATUS"] != "0" || f["TERMINAL_ID"] != "80000002" {
		t.Fatalf("%v", f)
	}
	x.last("METHOD=COMPLETE_TX SID=c SID_ORIGINAL=one")
	x.last(buy + "7.01 SID=three")
	before := r.truth()
	if len(before.Payments) != 1 || len(before.Terminal) != 2 || before.Terminal[0].Minor != 1234 ||
		!before.Terminal[0].Completed || before.Terminal[1].TID != "80000002" || before.Terminal[1].Completed {
		t.Errorf("%+v", before)
	}
	r.stop()
	r.start()
	if after := r.truth(); len(after.Terminal) != 2 || after.Terminal[0] != before.Terminal[0] || after.Terminal[1] != before.Terminal[1] {
		t.Errorf("after a restart, with no terminal open: %+v", after.Terminal)
	}
	_, addr = r.terminal("80000002")
	if f := newTill(t, addr).last("METHOD=GET_STATUS SID=s"); f["STATUS"] != "20" || f["SID_ORIGINAL"] != "two" {
		t.Errorf("%v", f)
	}
}

func TestATerminalIsOpenOnce(t *testing.T) {
	r := newRig(t)
	first, _ := r.terminal("")
	if _, err := r.sim.OpenTerminal(pos.Config{}); err == nil {
		t.Error("opened twice")
	}
	if r.sim.Terminal("") != first || r.sim.Terminal(pos.DefaultTID) != first || r.sim.Terminal("1") != nil {
		t.Error("not found by its id")
	}
	r.stop()
	if _, err := r.sim.OpenTerminal(pos.Config{TID: "2"}); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if err := first.Tap(); !errors.Is(err, pos.ErrClosed) {
		t.Errorf("Close left it open: %v", err)
	}
}

// The buttons are for this machine, and not for a web page.
func TestTheButtonsAreForThisMachineOnly(t *testing.T) {
	r := newRig(t)
	if w := r.get("/_sim/terminal/"); w.Code != http.StatusNotFound {
		t.Errorf("no terminal: %d", w.Code)
	}
	term, _ := r.terminal("")
	for name, c := range map[string]struct {
		path   string
		change func(*http.Request)
		want   int
	}{
		"reboot":      {"/_sim/terminal/paper-out", nil, 200},
		"by id":       {"/_sim/terminal/paper-in?tid=80000001", nil, 200},
		"another id":  {"/_sim/terminal/paper-out?tid=1", nil, 404},
		"not asked":   {"/_sim/terminal/do/tap", nil, 409},
		"web page":    {"/_sim/terminal/unplug", func(q *http.Request) { q.Header.Set("Origin", "http://127.0.0.1") }, 403},
		"other place": {"/_sim/terminal/unplug", func(q *http.Request) { q.RemoteAddr = "192.168.1.4:5000" }, 403},
		"other name":  {"/_sim/terminal/unplug", func(q *http.Request) { q.Host = "evil.example" }, 403},
	} {
		w := serveHTTP(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			if c.change != nil {
				c.change(q)
			}
			r.sim.Handler().ServeHTTP(w, q)
		}), http.MethodPost, c.path, "", "")
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, c.want, w.Body)
		}
	}
	if s, _ := term.State(); !s.Plugged {
		t.Error("a stranger pulled the cable")
	}
	if w := serveHTTP(r.sim.PhoneHandler(), http.MethodGet, "/_sim/terminal/", "", ""); w.Code != http.StatusNotFound {
		t.Errorf("a phone sees the terminal: %d", w.Code)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := term.Await(ctx, func(pos.State) bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
