package terminal_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"frontdesk/payments"
	"frontdesk/payments/terminal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tested(t *testing.T, dial terminal.Dialer, timers terminal.Timers) error {
	t.Helper()
	d, err := terminal.New(terminal.Config{Dial: dial, Now: time.Now, Entropy: rand.Reader, Timers: timers})
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Test(t.Context())
	if err != nil && !errors.Is(err, payments.ErrUnreachable) {
		t.Errorf("condition of %v", err)
	}
	return err
}

func TestAddressesThatAreNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host string
		port int
	}{{"", 7900}, {"127.0.0.1", -1}, {"127.0.0.1", 65536}, {"http://127.0.0.1", 7900}, {"a b", 7900}, {"user@127.0.0.1", 7900}} {
		if err := tested(t, terminal.TCP(c.host, c.port), terminal.Timers{}); payments.CodeOf(err) != "terminal.address" {
			t.Errorf("%q %d: %v", c.host, c.port, err)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port := split(t, l.Addr().String())
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := tested(t, terminal.TCP(host, port), terminal.Timers{}); payments.CodeOf(err) != "terminal.refused" {
		t.Error(err)
	}
}

// A real web server, one that never says a word, and another client in front.
func TestWhatElseMayListen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		serve func(net.Conn)
		code  string
	}{
		"a web server":       {func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n") }, "terminal.stranger"},
		"a mail server":      {func(c net.Conn) { _, _ = io.WriteString(c, "220 mail ready\r\n") }, "terminal.stranger"},
		"somebody who mutes": {func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, "terminal.silent"},
		"a closed door":      {func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) }, "terminal.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					c.serve(conn)
					_ = conn.Close()
				}
			}()
			host, port := split(t, l.Addr().String())
			err = tested(t, terminal.TCP(" "+host+" ", port), terminal.Timers{FirstReply: 300 * time.Millisecond})
			// What is said and who hangs up race here.
			if code := payments.CodeOf(err); code != c.code && (c.code == "terminal.silent" || code != "terminal.cut" && code != "terminal.refused") {
				t.Error(err)
			}
			_ = l.Close()
			<-done
		})
	}
}

// Only the typed address is contacted: no proxy of the environment is asked.
func TestNoProxy(t *testing.T) {
	proxy, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c, err := proxy.Accept(); err == nil {
			asked <- struct{}{}
			_ = c.Close()
		}
	}()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://"+proxy.Addr().String())
	}
	err = tested(t, terminal.TCP("127.0.0.1", 1), terminal.Timers{Connect: time.Second})
	if err == nil {
		t.Error("somebody answered at port 1")
	}
	_ = proxy.Close()
	<-done
	if len(asked) != 0 {
		t.Error("the proxy was asked")
	}
}

func TestPortsThatAreNone(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"": "terminal.address", filepath.Join(t.TempDir(), "ttyACM9"): "terminal.port"} {
		if err := tested(t, terminal.Serial(path), terminal.Timers{}); payments.CodeOf(err) != want {
			t.Errorf("%q: %v", path, err)
		}
	}
	if runtime.GOOS != "windows" { // a file is no port
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := tested(t, terminal.Serial(path), terminal.Timers{}); payments.CodeOf(err) != "terminal.port" {
			t.Errorf("a file: %v", err)
		}
	}
	if ports, err := terminal.Ports(); err != nil {
		t.Errorf("%q, %v", ports, err)
	}
}

// The sentences of errors keep their place: op, code, condition, cause.
func TestErrorsSayWhereAndWhy(t *testing.T) {
	t.Parallel()
	err := tested(t, terminal.TCP("", 0), terminal.Timers{})
	if got := err.Error(); !strings.HasPrefix(got, "ipp.test: terminal.address: not reachable: ") {
		t.Error(got)
	}
	d, err := terminal.New(terminal.Config{Now: time.Now, Entropy: broken{}, Dial: terminal.TCP("127.0.0.1", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Test(context.Background()); payments.CodeOf(err) != "terminal.config" {
		t.Errorf("without entropy: %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errPlug }
