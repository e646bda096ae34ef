package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// ErrNotFound means that no Chromium or Chrome is installed.
var ErrNotFound = errors.New("browser: no chromium, chromium-browser or google-chrome in PATH")

// ErrClosed means that the browser has ended.
var ErrClosed = errors.New("browser: closed")

// startLimit is how long a Chromium may take to announce its address on a busy machine.
const startLimit = time.Minute

// Options say which browser to start. The zero value is a desktop window of 1280 x 800.
type Options struct {
	Executable string   // path or name; empty: the first of the usual names in PATH
	Width      int      // CSS pixels; 0: 1280
	Height     int      // CSS pixels; 0: 800
	Phone      bool     // touch device with a phone's viewport rules; 0 x 0 then means 390 x 844
	TrustKeys  []string // base64 SHA-256 of public keys whose certificates are accepted, for test CAs
}

func (o Options) size() (width, height int) {
	width, height = o.Width, o.Height
	if width == 0 || height == 0 {
		width, height = 1280, 800
		if o.Phone {
			width, height = 390, 844
		}
	}
	return width, height
}

// Browser is one running Chromium with one page.
type Browser struct {
	cmd     *exec.Cmd
	stop    context.CancelFunc
	profile string
	wire    *wire
	session string
	exited  chan struct{}
	close   sync.Once
}

// Start runs a Chromium and opens an empty page in it. The context bounds the start only; the
// browser lives until Close.
func Start(ctx context.Context, o Options) (*Browser, error) {
	path, err := find(o.Executable)
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "frontdesk-browser-")
	if err != nil {
		return nil, fmt.Errorf("browser: profile: %w", err)
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	said := &announcement{address: make(chan string, 1)}
	cmd := exec.CommandContext(life, path, o.arguments(profile)...)
	cmd.Stderr = said
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Start(); err != nil {
		stop()
		return nil, errors.Join(fmt.Errorf("browser: start: %w", err), os.RemoveAll(profile))
	}
	b := &Browser{cmd: cmd, stop: stop, profile: profile, exited: make(chan struct{})}
	go func() {
		defer close(b.exited)
		// How a browser that was told to end ends is of no interest.
		_ = cmd.Wait()
	}()
	if err := b.open(ctx, o, said); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

func (b *Browser) open(ctx context.Context, o Options, said *announcement) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	var address string
	select {
	case address = <-said.address:
	case <-b.exited:
		return fmt.Errorf("browser: ended while starting: %s", said.tail())
	case <-ctx.Done():
		return fmt.Errorf("browser: no address announced: %w", ctx.Err())
	}
	conn, _, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		return fmt.Errorf("browser: connect: %w", err)
	}
	b.wire = newWire(conn)

	var target struct {
		TargetID string `json:"targetId"`
	}
	if err := b.wire.call(ctx, "", "Target.createTarget", params{"url": "about:blank"}, &target); err != nil {
		return err
	}
	var attached struct {
		SessionID string `json:"sessionId"`
	}
	if err := b.wire.call(ctx, "", "Target.attachToTarget", params{"targetId": target.TargetID, "flatten": true}, &attached); err != nil {
		return err
	}
	b.session = attached.SessionID
	width, height := o.size()
	for _, step := range []struct {
		method string
		params params
	}{
		{"Page.enable", nil},
		{"Runtime.enable", nil},
		{"Emulation.setDeviceMetricsOverride", params{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": o.Phone}},
		{"Emulation.setTouchEmulationEnabled", params{"enabled": o.Phone}},
	} {
		if err := b.call(ctx, step.method, step.params, nil); err != nil {
			return err
		}
	}
	return nil
}

// Close ends the Chromium and removes its profile. It may be called more than once.
func (b *Browser) Close() error {
	var err error
	b.close.Do(func() {
		if b.wire != nil {
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			// Refused or not, the process is ended below.
			_ = b.wire.call(ctx, "", "Browser.close", nil, nil)
			select {
			case <-b.exited:
			case <-ctx.Done():
			}
		}
		b.stop()
		<-b.exited
		if b.wire != nil {
			b.wire.close()
		}
		err = os.RemoveAll(b.profile)
	})
	return err
}

func find(name string) (string, error) {
	names := []string{name}
	if name == "" {
		names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	}
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path, nil
		}
	}
	return "", ErrNotFound
}

func (o Options) arguments(profile string) []string {
	width, height := o.size()
	args := []string{
		"--headless",
		"--no-sandbox", // root has none, and only our own pages are opened
		"--disable-gpu",
		"--disable-dev-shm-usage", // containers give /dev/shm 64 MB
		"--disable-quic",
		"--no-first-run",
		"--no-default-browser-check",
		"--disable-background-networking",
		"--disable-component-update",
		"--disable-default-apps",
		"--disable-extensions",
		"--disable-sync",
		"--disable-search-engine-choice-screen",
		"--disable-features=Translate,AutofillServerCommunication,MediaRouter,OptimizationHints,HttpsUpgrades",
		"--password-store=basic",
		"--use-mock-keychain",
		"--no-proxy-server",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]",
		"--remote-debugging-port=0",
		"--user-data-dir=" + profile,
		"--window-size=" + strconv.Itoa(width) + "," + strconv.Itoa(height),
	}
	if len(o.TrustKeys) > 0 {
		args = append(args, "--ignore-certificate-errors-spki-list="+strings.Join(o.TrustKeys, ","))
	}
	return append(args, "about:blank")
}

// announcement reads what Chromium says on its error output until the DevTools address is in it.
type announcement struct {
	address chan string

	mu   sync.Mutex
	said []byte
	done bool
}

func (a *announcement) Write(p []byte) (int, error) {
	const mark = "DevTools listening on "
	const keep = 8 << 10
	a.mu.Lock()
	defer a.mu.Unlock()
	a.said = append(a.said, p...)
	if !a.done {
		if _, after, ok := bytes.Cut(a.said, []byte(mark)); ok {
			if line, _, whole := bytes.Cut(after, []byte("\n")); whole {
				a.done = true
				a.address <- strings.TrimSpace(string(line))
			}
		}
	}
	if a.done && len(a.said) > keep {
		a.said = append([]byte(nil), a.said[len(a.said)-keep:]...)
	}
	return len(p), nil
}

func (a *announcement) tail() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return string(a.said)
}
