package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/pos"
	"frontdesk/payments/terminal"
)

// launchTerminal starts the program with a terminal and returns it with the
// dialers to its ports, by the word that stands before them.
func launchTerminal(t *testing.T, args ...string) (*program, map[string]string) {
	t.Helper()
	p := &program{t: t, http: direct(nil), cmd: exec.Command(os.Args[0], args...)}
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	p.cmd.Stderr = t.Output()
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	lines := bufio.NewReader(out)
	places := map[string]string{}
	for i := range 3 {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			p.base = strings.TrimSpace(line)
			continue
		}
		word, place, _ := strings.Cut(strings.TrimSpace(line), " ")
		places[word] = place
	}
	return p, places
}

func (p *program) view() (v pos.View) {
	p.t.Helper()
	if err := json.Unmarshal(p.get("/_sim/terminal/"), &v); err != nil {
		p.t.Fatal(err)
	}
	return v
}

// The terminal as a program: TCP and a serial port, the buttons over HTTP, and a
// truth that outlives kill -9.
func TestTerminalProgram(t *testing.T) {
	dir := t.TempDir()
	args := []string{
		"--http", "127.0.0.1:0", "--state", filepath.Join(dir, "state"), "--terminal", "127.0.0.1:0",
		"--terminal-pty", filepath.Join(dir, "ttyACM0"), "--terminal-id", "81234567", "--terminal-speed", "100",
	}
	p, places := launchTerminal(t, args...)
	timers := terminal.Timers{}.Scaled(20)
	timers.Connect = 5 * time.Second // a cable takes half a second
	driver := func(dial terminal.Dialer) *terminal.Terminal {
		d, err := terminal.New(terminal.Config{
			Dial: dial, Now: time.Now, Entropy: rand.Reader, Timers: timers,
		})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	ctx := t.Context()
	d := driver(terminal.Serial(places["terminal-pty"]))
	info, err := d.Prepare(ctx)
	if err != nil || info.TerminalID != "81234567" {
		t.Fatalf("%+v %v", info, err)
	}
	result, err := d.Purchase(ctx, terminal.Purchase{SID: "serial-1", Amount: money.Amount{Minor: 500, Currency: money.EUR}}, func(s terminal.Stage) {
		if s.Name == terminal.StagePresentCard {
			answer, err := p.http.Post(p.base+"/_sim/terminal/do/tap", "", nil)
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Errorf("tap: %v %v", answer, err)
				return
			}
			_ = answer.Body.Close()
		}
	})
	if err != nil || result.Class != terminal.Charged {
		t.Fatalf("%+v %v", result, err)
	}
	p.kill()

	p, places = launchTerminal(t, append(args, "--terminal-customer", "tap")...)
	if v := p.view(); v.State.Pending != "serial-1" || len(p.truth().Terminal) != 1 {
		t.Errorf("after kill -9: %+v", v)
	}
	host, text, err := net.SplitHostPort(places["terminal"])
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	d = driver(terminal.TCP(host, port))
	if found, err := d.Lookup(ctx, "serial-1", info.Last.SID); err != nil || found.Class != terminal.Charged {
		t.Errorf("%+v %v", found, err)
	}
	if err := d.Complete(ctx, "serial-1"); err != nil {
		t.Error(err)
	}
	if truth := p.truth().Terminal; len(truth) != 1 || !truth[0].Completed || truth[0].TID != "81234567" || truth[0].Minor != 500 {
		t.Errorf("%+v", truth)
	}
}

func TestTerminalUsage(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	for name, args := range map[string][]string{
		"customer": {"--terminal", "127.0.0.1:0", "--terminal-customer", "dance"},
		"address":  {"--terminal", "nowhere"},
		"link":     {"--terminal-pty", filepath.Join(state, "not", "there")},
	} {
		args = append([]string{"--http", "127.0.0.1:0", "--state", state}, args...)
		if code := run(t.Context(), args, io.Discard, io.Discard); code != exitFailed {
			t.Errorf("%s: exit %d", name, code)
		}
	}
}
