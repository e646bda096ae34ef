package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/app/local"
)

// programs are the binaries the tests of this package run as processes of their
// own: simulator, relay and frontdeskctl.
var programs struct{ dir string }

func TestMain(m *testing.M) {
	if work := os.Getenv(asTill); work != "" {
		os.Exit(beTill(work))
	}
	code := func() int {
		dir, err := os.MkdirTemp("", "frontdesk-bin")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		build := exec.Command("go", "build", "-o", dir+string(filepath.Separator),
			"frontdesk/cmd/frontdesk-sim", "frontdesk/cmd/frontdesk-relay", "frontdesk/cmd/frontdeskctl")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
			return 1
		}
		programs.dir = dir
		// Most of what is tested here waits for other programs.
		flag.Parse()
		if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
			if err := f.Value.Set(strconv.Itoa(2 * runtime.GOMAXPROCS(0))); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
		return m.Run()
	}()
	os.Exit(code)
}

func binary(name string) string { return filepath.Join(programs.dir, name) }

// process is a program that runs beside the test.
type process struct {
	cmd    *exec.Cmd
	said   *bytes.Buffer
	exited chan struct{}
}

// launch starts a program; it is killed when the test ends.
func launch(t testing.TB, env []string, name string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(binary(name), args...), said: new(bytes.Buffer), exited: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	p.cmd.Env = append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, tail(p.said.String()))
		}
	})
	return p
}

func tail(s string) string {
	if len(s) > 4000 {
		return "..." + s[len(s)-4000:]
	}
	return s
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.exited
}

// freePort returns a port of loopback nobody listens on now. It lies below the
// range from which outgoing connections are given theirs, so that a restarted
// program finds it free again.
func freePort(t testing.TB) string {
	t.Helper()
	portLock.Lock()
	defer portLock.Unlock()
	for port := 10000 + os.Getpid()%9000; port < 32000; port++ {
		if _, taken := usedPorts[port]; taken {
			continue
		}
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		_ = l.Close()
		usedPorts[port] = struct{}{}
		return l.Addr().String()
	}
	t.Fatal("no free port")
	return ""
}

// usedPorts are those this run gave out already.
var (
	portLock  sync.Mutex
	usedPorts = map[int]struct{}{}
)

// answering waits until the program at address takes connections.
func (p *process) answering(t testing.TB, address string) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
			return
		}
		select {
		case <-p.exited:
			t.Fatalf("%s ended: %s", p.cmd.Path, tail(p.said.String()))
		case <-deadline:
			t.Fatalf("nothing answers at %s", address)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// rig is a simulator and a relay as programs of their own, and a data folder.
type rig struct {
	t                 testing.TB
	dir, data         string
	simAt, relayAt    string // host:port
	simURL, relayURL  string
	sim, relay        *process
	simTLS, relTLS    []string // flags for TLS
	env               []string
	browser           *http.Client
	simState, relData string
	program           string   // empty: frontdeskctl
	flags             []string // of every call
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir(), simAt: freePort(t), relayAt: freePort(t), browser: &http.Client{Timeout: 30 * time.Second}}
	r.simURL, r.relayURL = "http://"+r.simAt, "http://"+r.relayAt
	r.data = filepath.Join(r.dir, "data")
	r.simState, r.relData = filepath.Join(r.dir, "sim.jsonl"), filepath.Join(r.dir, "relay")
	return r
}

func (r *rig) start() *rig {
	r.t.Helper()
	r.startSim()
	r.startRelay()
	return r
}

func (r *rig) startSim() {
	args := append([]string{"--http", r.simAt, "--state", r.simState, "--allow-private"}, r.simTLS...)
	r.sim = launch(r.t, r.env, "frontdesk-sim", args...)
	r.sim.answering(r.t, r.simAt)
}

func (r *rig) startRelay() {
	args := append([]string{"serve", "--listen", r.relayAt, "--public", r.relayURL, "--data", r.relData}, r.relTLS...)
	r.relay = launch(r.t, r.env, "frontdesk-relay", args...)
	r.relay.answering(r.t, r.relayAt)
}

// setup points the data folder at the programs.
func (r *rig) setup() *rig {
	r.t.Helper()
	out, code := r.ctl("setup", "practice", "--sim", r.simURL, "--relay", r.relayURL)
	if code != exitDone {
		r.t.Fatalf("setup: exit %d: %s", code, out)
	}
	return r
}

func (r *rig) command(ctx context.Context, args ...string) *exec.Cmd {
	flags := append([]string{"--data", r.data}, r.flags...)
	cmd := exec.CommandContext(ctx, binary(cmp.Or(r.program, "frontdeskctl")), append(flags, args...)...)
	cmd.Env = append(os.Environ(), r.env...)
	return cmd
}

// ctl runs frontdeskctl to its end and returns what it said and its exit code.
func (r *rig) ctl(args ...string) (string, int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var stderr bytes.Buffer
	cmd := r.command(ctx, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return string(out) + stderr.String(), exit.ExitCode()
	}
	if err != nil {
		r.t.Fatalf("frontdeskctl %v: %v", args, err)
	}
	return string(out), exitDone
}

// sales returns what `sales --json` prints.
func (r *rig) sales() []local.Sale {
	r.t.Helper()
	out, code := r.ctl("sales", "--json")
	if code != exitDone {
		r.t.Fatalf("sales: exit %d: %s", code, out)
	}
	return lines[local.Sale](r.t, out)
}

func lines[T any](t testing.TB, out string) []T {
	t.Helper()
	var all []T
	dec := json.NewDecoder(strings.NewReader(out))
	for {
		var v T
		err := dec.Decode(&v)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("not JSON lines: %v\n%s", err, out)
		}
		all = append(all, v)
	}
}

// charging is a `charge --wait` under way.
type charging struct {
	cmd    *exec.Cmd
	out    *bufio.Scanner
	stderr *bytes.Buffer
	first  local.Charged
}

// charge starts a charge and returns when its first line is there, or an error
// when the program ended without one.
func (r *rig) charge(ctx context.Context, args ...string) (*charging, error) {
	c, err := r.begin(ctx, args...)
	if err != nil {
		return nil, err
	}
	return c, c.firstLine()
}

func (r *rig) begin(ctx context.Context, args ...string) (*charging, error) {
	c := &charging{cmd: r.command(ctx, append([]string{"charge", "--json"}, args...)...), stderr: new(bytes.Buffer)}
	c.cmd.Stderr = c.stderr
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewScanner(out)
	return c, c.cmd.Start()
}

func (c *charging) firstLine() error {
	if !c.out.Scan() {
		return fmt.Errorf("no line: %w: %s", c.cmd.Wait(), c.stderr)
	}
	return json.Unmarshal(c.out.Bytes(), &c.first)
}

// end waits for the last line and the exit code.
func (c *charging) end(t testing.TB) (local.Charged, int) {
	t.Helper()
	var last local.Charged
	for c.out.Scan() {
		if err := json.Unmarshal(c.out.Bytes(), &last); err != nil {
			t.Fatalf("%v: %s", err, c.out.Bytes())
		}
	}
	err := c.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return last, exit.ExitCode()
	}
	if err != nil {
		t.Fatalf("%v: %s", err, c.stderr)
	}
	return last, exitDone
}

// truth is what /_sim/truth tells.
type truth struct {
	Payments []struct {
		OrderID       string `json:"order_id"`
		Reference     string `json:"reference"`
		Minor         int64  `json:"minor"`
		Currency      string `json:"currency"`
		State         string `json:"state"`
		RefundedMinor int64  `json:"refunded_minor"`
		Notified      bool   `json:"notified"`
	} `json:"payments"`
	Refunds []struct {
		OrderID string `json:"order_id"`
		Minor   int64  `json:"minor"`
	} `json:"refunds"`
}

func (r *rig) truth() truth {
	r.t.Helper()
	res, err := r.browser.Get(r.simURL + "/_sim/truth")
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var tr truth
	if err := json.NewDecoder(res.Body).Decode(&tr); err != nil {
		r.t.Fatal(err)
	}
	return tr
}

// form is a form of a page, as a browser would send it.
type form struct {
	action string
	fields url.Values
}

var (
	formTag  = regexp.MustCompile(`(?is)<form\b[^>]*>`)
	inputTag = regexp.MustCompile(`(?is)<input\b[^>]*>`)
	attr     = regexp.MustCompile(`(?is)\b(action|name|value)\s*=\s*"([^"]*)"`)
)

func attributes(tag string) map[string]string {
	all := map[string]string{}
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		all[strings.ToLower(m[1])] = html.UnescapeString(m[2])
	}
	return all
}

// firstForm reads the first form of a page at base.
func firstForm(base *url.URL, page string) (form, error) {
	at := formTag.FindStringIndex(page)
	if at == nil {
		return form{}, fmt.Errorf("no form at %s:\n%s", base.Path, tail(page))
	}
	body, _, _ := strings.Cut(page[at[1]:], "</form>")
	action, err := base.Parse(attributes(page[at[0]:at[1]])["action"])
	if err != nil {
		return form{}, err
	}
	f := form{action: action.String(), fields: url.Values{}}
	// Order is kept where it counts by sending the raw pairs, see submit.
	for _, tag := range inputTag.FindAllString(body, -1) {
		a := attributes(tag)
		if a["name"] != "" {
			f.fields.Add(a["name"], a["value"])
			f.fields.Add("\x00order", a["name"])
		}
	}
	return f, nil
}

func (f form) encode() string {
	var b strings.Builder
	for i, name := range f.fields["\x00order"] {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(name) + "=" + url.QueryEscape(f.fields.Get(name)))
	}
	return b.String()
}

// send fetches a page (body empty) or posts to it, and follows redirects.
func send(client *http.Client, method, address, body string) (*url.URL, string, error) {
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		return nil, "", err
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (test)")
	res, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s", method, address, res.Status)
	}
	return res.Request.URL, string(text), err
}

// customer pays pages with plain requests, as a browser without script would.
type customer struct{ http *http.Client }

func newCustomer(transport http.RoundTripper) customer {
	jar, _ := cookiejar.New(nil)
	return customer{&http.Client{Transport: transport, Jar: jar, Timeout: 20 * time.Second}}
}

// open goes from the link to the card page.
func (c customer) open(link string) (*url.URL, string, error) {
	at, page, err := send(c.http, http.MethodGet, link, "")
	for range 4 {
		if err != nil {
			return nil, "", err
		}
		f, err := firstForm(at, page)
		if err != nil {
			return nil, "", err
		}
		if f.fields.Has("pan") {
			return at, page, nil
		}
		if at, page, err = send(c.http, http.MethodPost, f.action, f.encode()); err != nil {
			return nil, "", err
		}
	}
	return nil, "", errors.New("no card page behind the link")
}

// pay pays a link with a card and goes back to the shop. It returns the text of
// the landing page, or of the page that said no.
func (c customer) pay(link, pan string) (string, error) {
	at, page, err := c.card(link, pan)
	if err != nil {
		return "", err
	}
	f, err := firstForm(at, page)
	if err != nil {
		return "", err
	}
	if !f.fields.Has("IPCmethod") {
		return page, nil
	}
	_, page, err = send(c.http, http.MethodPost, f.action, f.encode())
	return page, err
}

// payKeeping pays and returns the form that takes the browser back.
func (c customer) payKeeping(link, pan string) (form, error) {
	at, page, err := c.card(link, pan)
	if err != nil {
		return form{}, err
	}
	return firstForm(at, page)
}

// card types a card on the hosted page and waits for its answer.
func (c customer) card(link, pan string) (*url.URL, string, error) {
	at, page, err := c.open(link)
	if err != nil {
		return nil, "", err
	}
	f, err := firstForm(at, page)
	if err != nil {
		return nil, "", err
	}
	for name, value := range map[string]string{"pan": pan, "exp": "12/39", "cvc": "123"} {
		f.fields.Set(name, value)
	}
	at, page, err = send(c.http, http.MethodPost, f.action, f.encode())
	for err == nil && strings.Contains(page, `http-equiv="refresh"`) {
		time.Sleep(20 * time.Millisecond) // the page asks to be fetched again
		at, page, err = send(c.http, http.MethodGet, at.String(), "")
	}
	return at, page, err
}

const (
	goodCard = "4111111111111111"
	badCard  = "4000000000000002"
)
