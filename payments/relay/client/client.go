package client

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/hpke"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// Config says which relay, and who asks. BaseURL, Store, Desk, HTTP, Now and
// Entropy are required.
type Config struct {
	BaseURL string // where the desk reaches the relay, "https://pay.example"
	Store   string // 26 Crockford characters
	Desk    string // 1 to 64 letters, digits, - or _
	HTTP    *http.Client
	Now     func() time.Time
	Entropy io.Reader
	Log     *slog.Logger // nil discards

	// Identity is the key that Pair drew; every request is signed with it.
	// Without one requests are not signed, which a relay takes for Practice
	// from its own machine only.
	Identity ed25519.PrivateKey

	// OnEpoch is called before the first delivery of an epoch other than the
	// one Run was started with: the relay has forgotten, register again. When
	// it fails the connection is tried again. Nil does nothing.
	OnEpoch func(ctx context.Context, epoch string) error
	// LongPoll never tries a WebSocket.
	LongPoll bool
	// Beat is the time between heartbeats. 0 means 5 s. It must be that of the
	// relay: a side that hears nothing for three beats hangs up.
	Beat time.Duration
	// ProbeEvery is the time between probes while Run runs. 0 means 30 s, below
	// 0 none.
	ProbeEvery time.Duration
	// RetryFor is how long Register, Close and PutStore repeat themselves before
	// they report that the relay cannot be reached. 0 means 8 s.
	RetryFor time.Duration
}

// Client speaks to one relay for one desk of one store.
type Client struct {
	cfg  Config
	base string
	seal hpke.PrivateKey // opens notices; nil without an identity

	mu        sync.Mutex
	endpoints relay.Endpoints
	probeKey  []byte
	proof     payments.Proof
	run       string                   // the relay's, which signatures name
	waiting   map[string]chan struct{} // nonces on their way
}

// New returns a client. It does not connect.
func New(cfg Config) (*Client, error) {
	if err := checkAddress(cfg.BaseURL, cfg.Identity != nil); err != nil {
		return nil, err
	}
	switch {
	case cfg.Identity != nil && len(cfg.Identity) != ed25519.PrivateKeySize:
		return nil, fault("relay.client", relay.CodeMalformed, errors.New("the key of this desk is damaged"))
	case !relay.IsName(cfg.Store) || !relay.IsDesk(cfg.Desk):
		return nil, fault("relay.client", relay.CodeMalformed, errors.New("store or desk has no valid name"))
	case cfg.HTTP == nil || cfg.Now == nil || cfg.Entropy == nil:
		return nil, fault("relay.client", relay.CodeMalformed, errors.New("network, clock and entropy are required"))
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Beat <= 0 {
		cfg.Beat = 5 * time.Second
	}
	if cfg.ProbeEvery == 0 {
		cfg.ProbeEvery = 30 * time.Second
	}
	if cfg.RetryFor <= 0 {
		cfg.RetryFor = 8 * time.Second
	}
	c := &Client{cfg: cfg, base: strings.TrimRight(cfg.BaseURL, "/"), waiting: map[string]chan struct{}{}}
	if cfg.Identity == nil {
		return c, nil
	}
	var err error
	if c.seal, err = relay.SealKey(cfg.Identity); err != nil {
		return nil, fault("relay.client", relay.CodeMalformed, err)
	}
	return c, nil
}

// PutStore makes the store known to the relay, or adds certificates to it. It
// may be repeated. Errors are those of Register.
func (c *Client) PutStore(ctx context.Context, s relay.Store) error {
	ends, err := call[relay.Endpoints](ctx, c, "relay.store", http.MethodPut, relay.PathStore, s)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.endpoints = ends
	return nil
}

// Endpoints returns the addresses that go into forms, or false as long as the
// relay has not told them (PutStore or Run).
func (c *Client) Endpoints() (relay.Endpoints, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.endpoints, c.endpoints.Public != ""
}

// Register makes an order known, durably, before its link is shown. It may be
// repeated with the same registration. Errors wrap payments.ErrUnreachable
// (nothing arrived), payments.ErrUnknown (it may have arrived; no customer can
// have seen the link) or payments.ErrRefused with the relay's code.
func (c *Client) Register(ctx context.Context, r relay.Registration) (relay.Registered, error) {
	return call[relay.Registered](ctx, c, "relay.register", http.MethodPost, relay.PathOrders, r)
}

// Close ends the pay page of an order; notices of it are admitted all the
// same. An order that the relay does not know is closed already.
func (c *Client) Close(ctx context.Context, orderID string) error {
	_, err := call[struct{}](ctx, c, "relay.close", http.MethodPost, relay.PathOrders+"/"+url.PathEscape(orderID)+"/close", struct{}{})
	return err
}

// Proof returns when a probe last went the whole way round, and why none does
// now.
func (c *Client) Proof() payments.Proof {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.proof
}

// answerFor is how long the relay may take for one answer. A long-poll has a limit
// of its own: it waits for news.
const answerFor = 10 * time.Second

// call makes one request under /d/, repeated while the relay does not answer
// it. Everything it is used for may be repeated.
func call[T any](ctx context.Context, c *Client, op, method, path string, body any) (T, error) {
	var none T
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			return none, fault(op, relay.CodeMalformed, err)
		}
	}
	pace := newPace(100*time.Millisecond, 2*time.Second, c.cfg.Entropy)
	answer, err := backoff.Retry(ctx, func() (T, error) {
		answer, err := once[T](ctx, c, op, method, path, data, answerFor)
		if errors.Is(err, payments.ErrRefused) {
			return answer, backoff.Permanent(err)
		}
		return answer, err
	}, backoff.WithBackOff(pace), backoff.WithMaxElapsedTime(c.cfg.RetryFor))
	if err != nil && payments.CodeOf(err) == "" { // the context ended between two tries
		err = fault(op, "relay.cut", fmt.Errorf("%w: %w", payments.ErrUnknown, err))
	}
	return answer, err
}

// once makes one request; a relay that has started anew, or has seen the
// signature (the network may bring a request twice), is asked again with a new
// one.
func once[T any](ctx context.Context, c *Client, op, method, path string, data []byte, within time.Duration) (T, error) {
	answer, err := ask[T](ctx, c, op, method, path, data, within)
	if signAgain(err) {
		return ask[T](ctx, c, op, method, path, data, within)
	}
	return answer, err
}

func signAgain(err error) bool {
	code := payments.CodeOf(err)
	return code == relay.CodeRun || code == relay.CodeReplayed
}

func ask[T any](ctx context.Context, c *Client, op, method, path string, data []byte, within time.Duration) (answer T, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, within, errDeaf)
	defer cancel()
	req, err := c.request(ctx, method, path, data)
	if err != nil {
		return answer, fault(op, relay.CodeMalformed, err)
	}
	resp, err := c.cfg.HTTP.Do(req)
	if err != nil {
		return answer, fault(op, codeOf(err), condition(err))
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	c.hear(resp.Header)
	if resp.StatusCode != http.StatusOK {
		return answer, c.refusal(op, resp)
	}
	if err := relay.Decode(io.LimitReader(resp.Body, relay.MaxAnswer), &answer); err != nil {
		return answer, fault(op, "relay.answer", fmt.Errorf("%w: %w", payments.ErrUnknown, err))
	}
	return answer, nil
}

func (c *Client) request(ctx context.Context, method, path string, data []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	return req, c.identify(req.Header, method, path, data)
}
