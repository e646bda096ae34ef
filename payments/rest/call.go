package rest

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"frontdesk/payments"
)

// Call is one request. Body nil sends none; Kind is its Content-Type, JSON when
// empty. Header is added to User-Agent, Accept and Content-Type.
type Call struct {
	Op     string // for errors: "merchant.devices"
	Method string
	URL    string
	Query  url.Values
	Header http.Header
	Kind   string
	Body   []byte
	Bare   bool // an answer without a body is fine
}

const jsonType = "application/json"

// Do makes the call and returns the body of a 2xx answer that is JSON (or empty,
// when Bare). Otherwise it returns a *payments.Error with one of the codes of
// this package and one of the three conditions, never both body and error.
func (c *Caller) Do(ctx context.Context, call Call) ([]byte, error) {
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
	req, err := c.request(ctx, call)
	if err != nil {
		return nil, fault(call.Op, "config.endpoint", payments.ErrUnreachable, errors.New("not an address"))
	}
	started := c.now()
	res, err := c.http.Do(req)
	if err != nil {
		if asked.Load() && !left.Load() {
			return nil, fault(call.Op, dialCode(err), payments.ErrUnreachable, bare(err))
		}
		return nil, fault(call.Op, netCode(err), payments.ErrUnknown, bare(err))
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	c.measure(res, started)
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, refusal(call.Op, res, body)
	case err != nil:
		return nil, fault(call.Op, netCode(err), payments.ErrUnknown, bare(err))
	case len(body) > maxAnswer:
		return nil, fault(call.Op, "rest.size", payments.ErrUnknown, errors.New("the answer is too long"))
	case len(bytes.TrimSpace(body)) == 0 && call.Bare:
		return nil, nil
	case page(res, body):
		return nil, fault(call.Op, "rest.portal", payments.ErrUnknown, errors.New("a web page instead of an answer"))
	}
	if err := wellFormed(body); err != nil {
		return nil, Wrong(call.Op, err.Error())
	}
	return body, nil
}

func (c *Caller) request(ctx context.Context, call Call) (*http.Request, error) {
	address := call.URL
	if len(call.Query) > 0 {
		address += "?" + call.Query.Encode()
	}
	var body io.Reader
	if call.Body != nil {
		body = bytes.NewReader(call.Body)
	}
	req, err := http.NewRequestWithContext(ctx, call.Method, address, body)
	if err != nil {
		return nil, err
	}
	for name, values := range call.Header {
		req.Header[name] = values
	}
	kind := call.Kind
	if kind == "" {
		kind = jsonType
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", jsonType)
	req.Header.Set("User-Agent", c.agent)
	return req, nil
}

// measure compares clocks by the Date of an answer.
func (c *Caller) measure(res *http.Response, started time.Time) {
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return
	}
	now := c.now()
	ours := started.Add(now.Sub(started) / 2)
	skew := ours.Sub(theirs).Truncate(time.Second)
	c.skew.Store(&skew)
}

// refusal says what an answer other than 2xx means.
func refusal(op string, res *http.Response, body []byte) error {
	code, condition := res.StatusCode, payments.ErrUnknown
	if code >= 400 && code <= 499 && code != http.StatusRequestTimeout {
		condition = payments.ErrRefused
	}
	why := fmt.Errorf("HTTP status %d", code)
	switch {
	case code >= 300 && code <= 399:
		return fault(op, "rest.redirect", condition, why)
	case page(res, body) && (code == http.StatusForbidden || code == http.StatusProxyAuthRequired ||
		code == http.StatusNetworkAuthenticationRequired):
		return fault(op, "rest.portal", condition, why)
	}
	return fault(op, "rest."+strconv.Itoa(code), condition, why)
}

// page reports whether somebody showed a web page instead of answering.
func page(res *http.Response, body []byte) bool {
	kind, _, err := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if err == nil && (kind == "text/html" || kind == "application/xhtml+xml") {
		return true
	}
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n\xef\xbb\xbf"), []byte("<"))
}

// bare takes the address off an error of net/http.
func bare(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

// dialCode is netCode for what went wrong before there was a connection.
func dialCode(err error) string {
	if code := netCode(err); code != "net.cut" {
		return code
	}
	return "net.dial"
}

// netCode gives a failed exchange its stable code.
func netCode(err error) string {
	var (
		dns       *net.DNSError
		operation *net.OpError
		date      x509.CertificateInvalidError
		untrusted *tls.CertificateVerificationError
		record    tls.RecordHeaderError
		timeout   net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "net.cancelled"
	case errors.As(err, &date) && date.Reason == x509.Expired:
		return "net.clock"
	case errors.As(err, &untrusted), errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "net.tls"
	case errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error"):
		return "net.tls" // an alert of the handshake
	case errors.As(err, &dns):
		return "net.name"
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "net.timeout"
	case errors.As(err, &operation) && operation.Op == "dial":
		return "net.dial"
	}
	return "net.cut"
}

// Wrong is the error for an answer that came and is not what was asked for:
// the request may have been carried out.
func Wrong(op, why string) error {
	return fault(op, "rest.answer", payments.ErrUnknown, errors.New(why))
}

func fault(op, code string, condition, cause error) error {
	return &payments.Error{Op: op, Code: code, Err: fmt.Errorf("%w: %w", condition, cause)}
}
