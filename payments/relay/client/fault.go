package client

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// checkAddress refuses what cannot be the address of a relay. Whatever is
// secret goes over https, or does not leave this machine.
func checkAddress(address string, secret bool) error {
	const op = "relay.client"
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fault(op, "relay.address", errors.New("the address of the relay must look like https://pay.example"))
	}
	if secret && u.Scheme != "https" && !loopback(u.Hostname()) {
		return fault(op, relay.CodeInsecure, fmt.Errorf("%w: the address of the relay must begin with https", payments.ErrRefused))
	}
	return nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// refusal turns an answer other than 200 into an error. What is not a clear no
// of the relay itself (5xx, a proxy's page) leaves the result open.
func (c *Client) refusal(op string, resp *http.Response) error {
	p, err := problem(op, resp)
	if err != nil {
		return err
	}
	if p.Code == relay.CodeSkew && !p.Time.IsZero() {
		c.compare(p.Time)
		return fault(op, p.Code, fmt.Errorf("%w: %w", payments.ErrRefused, &relay.SkewError{Ours: c.cfg.Now(), Theirs: p.Time}))
	}
	return refused(op, resp.StatusCode, p)
}

func problem(op string, resp *http.Response) (relay.Problem, error) {
	var p relay.Problem
	err := relay.Decode(io.LimitReader(resp.Body, relay.MaxRegistration), &p)
	if err != nil || p.Code == "" {
		return p, fault(op, "relay.answer", fmt.Errorf("%w: HTTP %d", payments.ErrUnknown, resp.StatusCode))
	}
	return p, nil
}

func refused(op string, status int, p relay.Problem) error {
	switch {
	case status >= http.StatusInternalServerError:
		return fault(op, p.Code, fmt.Errorf("%w: %s", payments.ErrUnknown, p.Text))
	case p.Code == relay.CodeBusy: // turned away at the door: asking again later helps
		return fault(op, p.Code, fmt.Errorf("%w: %s", payments.ErrUnreachable, p.Text))
	}
	return fault(op, p.Code, fmt.Errorf("%w: %s", payments.ErrRefused, p.Text))
}

// condition says what a failed exchange means for the caller.
func condition(err error) error {
	if dialFailed(err) {
		return fmt.Errorf("%w: %w", payments.ErrUnreachable, err)
	}
	return fmt.Errorf("%w: %w", payments.ErrUnknown, err)
}

func codeOf(err error) string {
	if dialFailed(err) {
		return "relay.unreachable"
	}
	return "relay.cut"
}

func dialFailed(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

func fault(op, code string, err error) error { return &payments.Error{Op: op, Code: code, Err: err} }
