package merchant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"frontdesk/payments"
	"frontdesk/payments/rest"
)

const (
	tokenOp = "merchant.token"
	// defaultLife is for a token that does not say how long it lives.
	defaultLife = 5 * time.Minute
	// maxLife keeps a nonsense number from making a token eternal.
	maxLife = 7 * 24 * time.Hour
	// early is how long before its end a token is no longer used, at most.
	early = time.Minute
)

// token is an access token and the moment from which it is no longer used.
type token struct {
	bearer string
	until  time.Time
}

// fetching is one request for a token. One call makes it, others wait for it.
type fetching struct {
	done  chan struct{} // closed when token or err stands
	token token
	err   error
}

// Token fetches a new token, whatever is at hand: the test of client id and
// secret. Code rest.credentials means that myPOS does not know them.
func (c *Client) Token(ctx context.Context) error {
	c.mu.Lock()
	stale := c.token.bearer
	c.mu.Unlock()
	_, err := c.bearer(ctx, tokenOp, stale)
	return err
}

// bearer returns a token that is good for a while and is not stale, fetching
// one when there is none. A failure means that the call itself never left.
func (c *Client) bearer(ctx context.Context, op, stale string) (string, error) {
	for {
		c.mu.Lock()
		if t := c.token; t.bearer != "" && t.bearer != stale && c.now().Before(t.until) {
			c.mu.Unlock()
			return t.bearer, nil
		}
		f := c.fetch
		if f == nil {
			f = &fetching{done: make(chan struct{})}
			c.fetch = f
			c.mu.Unlock()
			c.lead(ctx, f)
			return f.token.bearer, notSent(op, f.err)
		}
		c.mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			return "", notSent(op, &payments.Error{Op: tokenOp, Code: doneCode(ctx), Err: ctx.Err()})
		}
		// Whoever asked may have gone away; then another one asks.
		if code := payments.CodeOf(f.err); code != "net.cancelled" {
			return f.token.bearer, notSent(op, f.err)
		}
	}
}

// lead makes the request that others wait for.
func (c *Client) lead(ctx context.Context, f *fetching) {
	f.token, f.err = c.fetchToken(ctx)
	c.mu.Lock()
	if f.err == nil {
		c.token = f.token
	}
	c.fetch = nil
	c.mu.Unlock()
	close(f.done)
}

func doneCode(ctx context.Context) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "net.timeout"
	}
	return "net.cancelled"
}

// notSent is the error of a call whose token could not be had: nothing of the
// call itself left, whatever happened to the request for the token.
func notSent(op string, err error) error {
	if err == nil {
		return nil
	}
	var inner *payments.Error
	if !errors.As(err, &inner) {
		return &payments.Error{Op: op, Code: "rest.answer", Err: payments.ErrUnreachable}
	}
	condition := payments.ErrUnreachable
	if errors.Is(err, payments.ErrRefused) {
		condition = payments.ErrRefused
	}
	return &payments.Error{Op: op, Code: inner.Code, Err: condition}
}

// fetchToken asks for a token (spec 10.1).
func (c *Client) fetchToken(ctx context.Context) (token, error) {
	config := clientcredentials.Config{
		ClientID: c.id, ClientSecret: c.secret,
		TokenURL:  c.hosts.Auth + "/oauth/token",
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	asked := c.now()
	way := &http.Client{Transport: tokenTransport{c}}
	t, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, way))
	if err != nil {
		var inner *payments.Error
		if errors.As(err, &inner) {
			return token{}, inner
		}
		return token{}, rest.Wrong(tokenOp, "the answer holds no token")
	}
	life := defaultLife
	if text, ok := t.Extra("expires_in").(string); ok {
		if seconds, err := strconv.Atoi(text); err == nil {
			life = min(time.Duration(seconds)*time.Second, maxLife)
		}
	}
	return token{t.AccessToken, asked.Add(life - min(early, life/4))}, nil
}

// tokenTransport leads oauth2 through our own caller: its limits, its errors
// (which hold nothing of the answer), and an answer in one shape.
type tokenTransport struct{ client *Client }

func (t tokenTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if err := r.Body.Close(); err != nil {
		return nil, err
	}
	// Id and secret go as they are; oauth2 would escape them first.
	r.SetBasicAuth(t.client.id, t.client.secret)
	raw, err := t.client.rest.Do(r.Context(), rest.Call{
		Op: tokenOp, Method: r.Method, URL: r.URL.String(), Body: body,
		Kind:   r.Header.Get("Content-Type"),
		Header: http.Header{"Authorization": r.Header["Authorization"]},
	})
	if err != nil {
		return nil, credentialsFault(err)
	}
	if raw, err = tokenAnswer(raw); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(raw)),
		ContentLength: int64(len(raw)),
	}, nil
}

// credentialsFault gives 400 and 401 of the token address their own code: they
// speak about id and secret, not about a call.
func credentialsFault(err error) error {
	switch payments.CodeOf(err) {
	case "rest.400", "rest.401":
		return &payments.Error{Op: tokenOp, Code: "rest.credentials", Err: payments.ErrRefused}
	}
	return err
}

// tokenAnswer reads an answer tolerantly and writes it in one shape, the
// lifetime as text, left out when it is no number of seconds.
func tokenAnswer(raw []byte) ([]byte, error) {
	o, ok := rest.Parse(raw)
	if !ok {
		return nil, rest.Wrong(tokenOp, "the answer is no object")
	}
	if o.Has("error") {
		return nil, &payments.Error{Op: tokenOp, Code: "rest.credentials", Err: payments.ErrRefused}
	}
	out := map[string]string{"access_token": o.Text("access_token"), "token_type": "Bearer"}
	if kind := o.Text("token_type"); out["access_token"] == "" || !credential(out["access_token"]) ||
		kind != "" && !isBearer(kind) {
		return nil, rest.Wrong(tokenOp, "the answer holds no bearer token")
	}
	if seconds, ok := o.Int("expires_in"); ok && seconds > 0 {
		out["expires_in"] = strconv.Itoa(min(seconds, int(maxLife/time.Second)))
	}
	return json.Marshal(out)
}

func isBearer(kind string) bool {
	return len(kind) == len("bearer") && http.CanonicalHeaderKey(kind) == "Bearer"
}
