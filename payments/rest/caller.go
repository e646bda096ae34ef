package rest

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"frontdesk/payments"
)

// Limits are the longest times of the phases of one call. A zero member means
// its default.
type Limits struct {
	Dial   time.Duration // name lookup and connection, default 10 s
	TLS    time.Duration // handshake, default 10 s
	Header time.Duration // from the request to the first line of the answer, default 20 s
	Whole  time.Duration // all of it, default 30 s
}

func (l Limits) filled() Limits {
	fill := func(d *time.Duration, def time.Duration) {
		if *d <= 0 {
			*d = def
		}
	}
	fill(&l.Dial, 10*time.Second)
	fill(&l.TLS, 10*time.Second)
	fill(&l.Header, 20*time.Second)
	fill(&l.Whole, 30*time.Second)
	return l
}

// maxAnswer is the most that is read of an answer: 100 transactions or devices
// with room to spare.
const maxAnswer = 4 << 20

// Config says how a Caller reaches the other side. HTTP, UserAgent, Now and
// Entropy are required.
type Config struct {
	HTTP      *http.Client // only its Transport is used
	UserAgent string
	Now       func() time.Time
	Entropy   io.Reader // names of requests
	Limits    Limits
}

// Caller makes calls. It is safe for concurrent use.
type Caller struct {
	http    *http.Client
	agent   string
	now     func() time.Time
	entropy io.Reader
	whole   time.Duration
	skew    atomic.Pointer[time.Duration]
}

// New returns a caller, or an error with code config.http, config.agent,
// config.clock, config.entropy or config.tls.
//
// An *http.Transport is cloned and given the limits of each phase; one that does
// not check certificates is refused. Any other RoundTripper is used as it is,
// under the limit of the whole call; when it does not honour net/http/httptrace,
// every failure counts as unknown.
func New(c Config) (*Caller, error) {
	switch {
	case c.HTTP == nil:
		return nil, configFault("config.http", "no HTTP client")
	case strings.TrimSpace(c.UserAgent) == "" || strings.ContainsAny(c.UserAgent, "\r\n"):
		return nil, configFault("config.agent", "no User-Agent")
	case c.Now == nil:
		return nil, configFault("config.clock", "no clock")
	case c.Entropy == nil:
		return nil, configFault("config.entropy", "no source of names")
	}
	limits := c.Limits.filled()
	transport, err := limited(c.HTTP.Transport, limits)
	if err != nil {
		return nil, err
	}
	return &Caller{
		agent: c.UserAgent, now: c.Now, entropy: c.Entropy, whole: limits.Whole,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

func limited(rt http.RoundTripper, limits Limits) (http.RoundTripper, error) {
	if rt == nil {
		rt = &http.Transport{}
	}
	given, ok := rt.(*http.Transport)
	if !ok {
		return rt, nil
	}
	if given.TLSClientConfig != nil && given.TLSClientConfig.InsecureSkipVerify {
		return nil, configFault("config.tls", "the transport does not check certificates")
	}
	t := given.Clone()
	if t.TLSClientConfig == nil {
		t.TLSClientConfig = &tls.Config{}
	}
	t.TLSClientConfig.MinVersion = max(t.TLSClientConfig.MinVersion, tls.VersionTLS12)
	if t.DialContext == nil {
		t.DialContext = (&net.Dialer{Timeout: limits.Dial}).DialContext
	}
	t.DialTLSContext = nil // would bring its own idea of checking certificates
	t.TLSHandshakeTimeout = limits.TLS
	t.ResponseHeaderTimeout = limits.Header
	t.MaxResponseHeaderBytes = 64 << 10
	t.DisableKeepAlives = true
	return t, nil
}

// RequestID draws the name of one request: a random UUID.
func (c *Caller) RequestID() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(c.entropy, b[:]); err != nil {
		return "", fmt.Errorf("name of a request: %w", err)
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// Skew is how far this machine's clock is ahead of the other side's, by the
// last answer that told its time (whole seconds); false before there was one.
func (c *Caller) Skew() (time.Duration, bool) {
	d := c.skew.Load()
	if d == nil {
		return 0, false
	}
	return *d, true
}

// Host checks the address of a host: https anywhere, http on this machine or a
// private network, where the stand-in runs; a path, no query. It returns the
// address without a "/" at its end.
func Host(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil || u.ForceQuery || strings.ContainsAny(address, "?#&<>\"' \\\r\n\t") {
		return "", false
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !near(u.Hostname())) {
		return "", false
	}
	return strings.TrimRight(address, "/"), true
}

func near(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.IsLoopback() || ip.IsPrivate())
}

func configFault(code, text string) error {
	return &payments.Error{Op: "rest.caller", Code: code, Err: errors.New(text)}
}
