package client

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// probeFor is how long a probe may take before it counts as lost.
const probeFor = 10 * time.Second

// Probe posts a nonce to the public notify address, where the provider posts
// its notices, and waits until it comes back through the stream. Run must be
// running. The result is kept in Proof.
func (c *Client) Probe(ctx context.Context) error {
	const op = "relay.probe"
	caller := ctx
	ctx, cancel := context.WithTimeoutCause(ctx, probeFor, errors.New("the probe did not come back in time"))
	defer cancel()
	c.mu.Lock()
	notify, key := c.endpoints.Notify, c.probeKey
	c.mu.Unlock()
	if len(key) == 0 {
		return c.proven(fault(op, "relay.unreachable", fmt.Errorf("%w: not connected to the relay", payments.ErrUnreachable)))
	}
	var nonce [16]byte
	if _, err := io.ReadFull(c.cfg.Entropy, nonce[:]); err != nil {
		return c.proven(fault(op, "relay.entropy", err))
	}
	name := hex.EncodeToString(nonce[:])
	back := c.expect(name)
	defer c.forget(name)
	err := c.post(ctx, op, notify, name, key)
	if err == nil {
		select {
		case <-back:
			return c.proven(nil)
		case <-ctx.Done():
			err = fault(op, "relay.deaf", fmt.Errorf("%w: %w", payments.ErrUnknown, context.Cause(ctx)))
		}
	}
	if caller.Err() != nil { // who gives up waiting has shown nothing about the way
		return err
	}
	return c.proven(err)
}

func (c *Client) post(ctx context.Context, op, notify, nonce string, key []byte) (err error) {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(nonce))
	data, err := json.Marshal(relay.Probe{Desk: c.cfg.Desk, Nonce: nonce, MAC: mac.Sum(nil)})
	if err != nil {
		return fault(op, relay.CodeMalformed, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, notify, bytes.NewReader(data))
	if err != nil {
		return fault(op, "relay.address", err)
	}
	req.Header.Set("Content-Type", relay.ProbeType)
	req.Header.Set("User-Agent", "Frontdesk")
	straight := *c.cfg.HTTP // the provider posts to the address itself; whether it would follow is not known
	straight.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := straight.Do(req)
	if err != nil {
		return fault(op, codeOf(err), condition(err))
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return fault(op, relay.CodeUnavailable, fmt.Errorf("%w: HTTP %d at the notify address", payments.ErrUnknown, resp.StatusCode))
	}
	return nil
}

func (c *Client) expect(nonce string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	back := make(chan struct{})
	c.waiting[nonce] = back
	return back
}

func (c *Client) forget(nonce string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, nonce)
}

// cameBack ends the wait for a nonce. Unknown ones are of an earlier life.
func (c *Client) cameBack(nonce string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if back := c.waiting[nonce]; back != nil {
		delete(c.waiting, nonce)
		close(back)
	}
}

// proven keeps the result of a probe and returns it.
func (c *Client) proven(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.proof.Err = err.Error()
		return err
	}
	c.proof = payments.Proof{At: c.cfg.Now(), Skew: c.proof.Skew}
	return nil
}

// met takes what the relay's hello tells.
func (c *Client) met(f relay.Frame) {
	c.mu.Lock()
	c.endpoints, c.probeKey = *f.Endpoints, f.ProbeKey
	c.mu.Unlock()
	c.alarm(f.Alarm)
	c.compare(f.Time)
}

// compare notes how far our clock is ahead of the relay's. What the frame took
// on its way is far below what anybody warns of (product.md 4 rule 11).
func (c *Client) compare(theirs time.Time) {
	if theirs.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proof.Skew = c.cfg.Now().Sub(theirs).Round(time.Millisecond)
}

// broken makes Proof say that there is no stream.
func (c *Client) broken(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probeKey = nil
	c.proof.Err = "no stream from the relay"
	if err != nil {
		c.proof.Err += ": " + err.Error()
	}
}

func (c *Client) alarm(text string) {
	if text == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.proof.Err = "the relay cannot store: " + text
}

// probe sends probes while the stream lives, the first at once.
func (r *run) probe(ctx context.Context) {
	if r.c.cfg.ProbeEvery < 0 {
		return
	}
	for {
		if err := r.c.Probe(ctx); err != nil && ctx.Err() == nil {
			r.c.cfg.Log.Warn("relay probe failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(r.c.cfg.ProbeEvery):
		}
	}
}
