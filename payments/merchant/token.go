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
	// early is how long before its end a token is no longer used, at most.
	early = time.Minute
	// maxSeconds is the longest life that is believed: a week.
	maxSeconds = 7 * 24 * 3600
)

// Token fetches a new token, whatever is at hand: the test of client id and
// secret. Code rest.credentials means that myPOS does not know them.
func (c *Client) Token(ctx context.Context) error {
	_, err := c.bearer(ctx, tokenOp, c.token.Value())
	return err
}

// bearer returns a token that is good for a while and is not stale. A failure
// means that the call itself never left.
func (c *Client) bearer(ctx context.Context, op, stale string) (string, error) {
	bearer, err := c.token.Get(ctx, stale, c.fetchToken)
	return bearer, rest.NotSent(op, err)
}

// fetchToken asks for a token (spec 10.1).
func (c *Client) fetchToken(ctx context.Context) (string, time.Duration, error) {
	config := clientcredentials.Config{
		ClientID: c.id, ClientSecret: c.secret,
		TokenURL:  c.hosts.Auth + "/oauth/token",
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	way := &http.Client{Transport: tokenTransport{c}}
	t, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, way))
	if err != nil {
		var inner *payments.Error
		if errors.As(err, &inner) {
			return "", 0, inner
		}
		return "", 0, rest.Wrong(tokenOp, "the answer holds no token")
	}
	text, _ := t.Extra("expires_in").(string)
	seconds, err := strconv.Atoi(text)
	if err != nil {
		seconds = 0
	}
	return t.AccessToken, time.Duration(seconds) * time.Second, nil
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
		out["expires_in"] = strconv.Itoa(min(seconds, maxSeconds))
	}
	return json.Marshal(out)
}

func isBearer(kind string) bool {
	return len(kind) == len("bearer") && http.CanonicalHeaderKey(kind) == "Bearer"
}
