package checkout

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"frontdesk/payments"
)

// Addresses of myPOS (spec 1.1).
const (
	LiveEndpoint = "https://www.mypos.com/vmp/checkout"
	TestEndpoint = "https://www.mypos.com/vmp/checkout-test"
)

// Limits are the longest times of the phases of one call. A zero member means
// its default.
type Limits struct {
	Dial   time.Duration // name lookup and connection, default 10 s
	TLS    time.Duration // handshake, default 10 s
	Header time.Duration // from the request to the first line of the answer, default 15 s
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
	fill(&l.Header, 15*time.Second)
	fill(&l.Whole, 30*time.Second)
	return l
}

// Config says how a Client reaches myPOS.
type Config struct {
	Store     Store          // signs requests, verifies answers
	Endpoint  string         // LiveEndpoint, TestEndpoint or a stand-in; https, or http on this machine or network
	HTTP      *http.Client   // required; only its Transport is used (see NewClient)
	UserAgent string         // required, spec 1.2; also sent as Source
	Language  string         // IPCLanguage, default EN
	Limits    Limits         // zero means the defaults
	Earlier   []*Certificate // past myPOS certificates that still verify
}

// Client asks myPOS server to server. It is safe for concurrent use.
type Client struct {
	store    Store
	certs    []*Certificate
	endpoint string
	agent    string
	language string
	http     *http.Client
	whole    time.Duration
}

// NewClient returns a client or an error with code config.http,
// config.endpoint, config.agent, config.tls, or those of Store.Check.
//
// An *http.Transport is cloned and given the limits of each phase; one without
// proxy or root settings keeps them unset. Certificates are always checked: a
// transport that skips this is refused. Any other RoundTripper is used as it is,
// under the limit of the whole call; when it does not honour net/http/httptrace,
// every failure counts as unknown. Redirects are never followed and cookies
// never kept.
func NewClient(c Config) (*Client, error) {
	if err := c.Store.Check(); err != nil {
		return nil, err
	}
	u, err := url.Parse(c.Endpoint)
	switch {
	case c.HTTP == nil:
		return nil, configFault("config.http", "no HTTP client")
	case err != nil || !ownAddress(c.Endpoint):
		return nil, configFault("config.endpoint", "not a plain https address")
	case strings.TrimSpace(c.UserAgent) == "" || strings.ContainsAny(c.UserAgent, "\r\n"):
		return nil, configFault("config.agent", "no User-Agent")
	}
	limits := c.Limits.filled()
	transport, err := limited(c.HTTP.Transport, limits)
	if err != nil {
		return nil, err
	}
	return &Client{
		store:    c.Store,
		certs:    append([]*Certificate{c.Store.Certificate}, c.Earlier...),
		endpoint: u.String(),
		agent:    c.UserAgent,
		language: c.Language,
		whole:    limits.Whole,
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
		t.DialContext = (&net.Dialer{}).DialContext
	}
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, limits.Dial)
		defer cancel()
		return dial(ctx, network, address)
	}
	t.DialTLSContext = nil // would bring its own idea of checking certificates
	t.TLSHandshakeTimeout = limits.TLS
	t.ResponseHeaderTimeout = limits.Header
	t.MaxResponseHeaderBytes = 64 << 10
	t.DisableKeepAlives = true
	return t, nil
}

// reply is an HTTP answer as far as it came.
type reply struct {
	body []byte
	code int       // HTTP status, 0 when none came
	date time.Time // of the other side, zero when it did not say
	page bool      // HTML, or a way to another address
}

// post sends signed fields and returns the body of an answer with status 200.
func (c *Client) post(ctx context.Context, op string, f Fields) ([]byte, error) {
	r, err := c.send(ctx, op, f)
	return r.body, err
}

// send sends signed fields; only an answer with status 200 is no error.
func (c *Client) send(ctx context.Context, op string, f Fields) (r reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.whole)
	defer cancel()
	var asked, left atomic.Bool
	_, own := c.http.Transport.(*http.Transport)
	asked.Store(own)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// Whoever asks for a connection under this trace reports having one, too.
		GetConn: func(string) { asked.Store(true) },
		// A connection in hand is the last moment at which nothing can have left.
		GotConn: func(httptrace.GotConnInfo) { left.Store(true) },
	})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, strings.NewReader(f.Encode()))
	if err != nil {
		return r, fault(op, "config.endpoint", errors.Join(payments.ErrUnreachable, err))
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", c.agent)
	req.Header.Set("Accept", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		condition := payments.ErrUnknown
		if asked.Load() && !left.Load() {
			condition = payments.ErrUnreachable
		}
		return r, fault(op, netCode(err), fmt.Errorf("%w: %w", condition, err))
	}
	defer func() { _ = res.Body.Close() }()
	r = about(res)
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	switch {
	case err != nil:
		return r, fault(op, netCode(err), fmt.Errorf("%w: %w", payments.ErrUnknown, err))
	case len(body) > MaxAnswer:
		return r, fault(op, "answer.size", fmt.Errorf("%w: %w", payments.ErrUnknown, ErrTooLarge))
	case res.StatusCode != http.StatusOK:
		return r, fault(op, "http."+strconv.Itoa(res.StatusCode),
			fmt.Errorf("%w: HTTP status %d", payments.ErrUnknown, res.StatusCode))
	}
	r.body = body
	return r, nil
}

func about(res *http.Response) reply {
	date, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		date = time.Time{}
	}
	kind, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	elsewhere := res.StatusCode >= 300 && res.StatusCode < 400
	return reply{code: res.StatusCode, date: date, page: elsewhere || strings.EqualFold(strings.TrimSpace(kind), "text/html")}
}

// netCode gives a failed exchange its stable code.
func netCode(err error) string {
	var (
		dns       *net.DNSError
		operation *net.OpError
		untrusted *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "net.cancelled"
	case errors.As(err, &untrusted), errors.As(err, &record):
		return "net.tls"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "net.timeout"
	case errors.As(err, &dns):
		return "net.name"
	case errors.As(err, &operation) && operation.Op == "dial":
		return "net.dial"
	}
	return "net.cut"
}

func configFault(code, text string) error {
	return fault("checkout.client", code, errors.New(text))
}

func statusCode(n int) string { return "status." + strconv.Itoa(n) }
