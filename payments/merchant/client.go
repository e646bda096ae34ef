package merchant

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"frontdesk/payments"
	"frontdesk/payments/rest"
)

// Addresses of myPOS (spec 10.1). The sandbox of the devices API is by analogy.
const (
	liveAuth         = "https://auth-api.mypos.com"
	liveTransactions = "https://transactions-api.mypos.com"
	liveDevices      = "https://devices-api.mypos.com"
	testAuth         = "https://sandbox-auth-api.mypos.com"
	testTransactions = "https://sandbox-transactions-api.mypos.com"
	testDevices      = "https://sandbox-devices-api.mypos.com"
)

// Hosts are the addresses of the API, without a "/" at the end. Only these are
// ever contacted.
type Hosts struct {
	Auth         string `json:"auth"`         // token: Auth + "/oauth/token"
	Transactions string `json:"transactions"` // transactions, accounts, online payments
	Devices      string `json:"devices"`
}

// Production returns the hosts that move real money.
func Production() Hosts { return Hosts{liveAuth, liveTransactions, liveDevices} }

// Sandbox returns the hosts of the sandbox.
func Sandbox() Hosts { return Hosts{testAuth, testTransactions, testDevices} }

// Config says who asks and how. All but Limits are required.
type Config struct {
	ClientID     string
	ClientSecret string
	Hosts        Hosts
	HTTP         *http.Client // only its Transport is used; see rest.New
	Now          func() time.Time
	Entropy      io.Reader // X-Request-ID
	UserAgent    string
	Limits       rest.Limits
}

// Client asks the API. It is safe for concurrent use.
type Client struct {
	id, secret string
	hosts      Hosts
	rest       *rest.Caller
	token      *rest.Pass
}

// maxCredential is the most characters of a client id or secret.
const maxCredential = 256

// New returns a client or an error with code config.credentials, config.hosts,
// or one of rest.New. It contacts nobody.
func New(c Config) (*Client, error) {
	id, secret := strings.TrimSpace(c.ClientID), strings.TrimSpace(c.ClientSecret)
	if !credential(id) || !credential(secret) || strings.Contains(id, ":") {
		return nil, configFault("config.credentials", "client id or secret is missing or not printable")
	}
	hosts := c.Hosts
	for _, host := range []*string{&hosts.Auth, &hosts.Transactions, &hosts.Devices} {
		address, ok := rest.Host(*host)
		if !ok {
			return nil, configFault("config.hosts", "a host is not a plain https address")
		}
		*host = address
	}
	caller, err := rest.New(rest.Config{
		HTTP: c.HTTP, UserAgent: c.UserAgent, Now: c.Now, Entropy: c.Entropy, Limits: c.Limits,
	})
	if err != nil {
		return nil, err
	}
	return &Client{
		id: id, secret: secret, hosts: hosts, rest: caller, token: rest.NewPass(c.Now, early),
	}, nil
}

// credential reports whether text can be a client id or secret: printable ASCII
// of any shape (terminals 2).
func credential(text string) bool {
	if text == "" || len(text) > maxCredential {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) })
}

// Skew is how far this machine's clock is ahead of myPOS's, by the last answer;
// false before there was one.
func (c *Client) Skew() (time.Duration, bool) { return c.rest.Skew() }

// call is one call of the API: operation, method, host and path, and what goes
// with it. body nil sends none.
type call struct {
	op, method, address string
	query               url.Values
	body                any
	bare                bool // an answer without a body is fine
}

// do makes a call with a token, once more with a new one after 401.
func (c *Client) do(ctx context.Context, q call) ([]byte, error) {
	var body []byte
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return nil, fieldFault(q.op, "rest.field", "a value cannot be sent")
		}
	}
	var stale string
	for try := 1; ; try++ {
		bearer, err := c.bearer(ctx, q.op, stale)
		if err != nil {
			return nil, err
		}
		name, err := c.rest.RequestID()
		if err != nil {
			return nil, &payments.Error{Op: q.op, Code: "config.entropy", Err: errors.Join(payments.ErrUnreachable, err)}
		}
		answer, err := c.rest.Do(ctx, rest.Call{
			Op: q.op, Method: q.method, URL: q.address, Query: q.query, Body: body, Bare: q.bare,
			Header: http.Header{
				"Authorization": {"Bearer " + bearer},
				"Api-Key":       {c.id},
				"X-Request-Id":  {name},
			},
		})
		if try == 1 && payments.CodeOf(err) == "rest.401" {
			stale = bearer
			continue
		}
		return answer, err
	}
}

// object makes a call whose answer is a JSON object.
func (c *Client) object(ctx context.Context, q call) (rest.Object, error) {
	raw, err := c.do(ctx, q)
	if err != nil {
		return rest.Object{}, err
	}
	o, ok := rest.Parse(raw)
	if !ok {
		return rest.Object{}, rest.Wrong(q.op, "the answer is no object")
	}
	return o, nil
}

// list makes a call whose answer is a list: an array, or an object with one
// under one of the names.
func (c *Client) list(ctx context.Context, q call, names ...string) ([]rest.Object, Paging, error) {
	raw, err := c.do(ctx, q)
	if err != nil {
		return nil, Paging{}, err
	}
	if items, ok := rest.Elements(raw); ok {
		return rest.Objects(items), Paging{}, nil
	}
	o, ok := rest.Parse(raw)
	if !ok {
		return nil, Paging{}, rest.Wrong(q.op, "the answer is no list")
	}
	items, ok := o.List(names...)
	if !ok {
		return nil, Paging{}, rest.Wrong(q.op, "there is no list in the answer")
	}
	return items, paging(o), nil
}

// Paging says which part of a list an answer is. A member is 0 when the answer
// did not tell.
type Paging struct {
	Page, Size, Total int
}

// Ended reports whether a list is at its end after a page of so many items, of
// which so many are fresh, when so many have been read in all: nothing new on it,
// or a page that is not full while no more is told. A list may give less at once
// than was asked for, and what Total counts is not published, so neither ends it
// alone.
func (p Paging) Ended(got, fresh, read int) bool {
	full := pageSize
	if p.Size > 0 {
		full = p.Size
	}
	switch {
	case got == 0 || fresh == 0:
		return true
	case got >= full:
		return false
	}
	return read >= p.Total
}

func paging(o rest.Object) Paging {
	p, ok := o.Object("pagination")
	if !ok {
		p = o
	}
	var out Paging
	out.Page, _ = p.Int("page")
	out.Size, _ = p.Int("size", "page_size")
	out.Total, _ = p.Int("total", "total_count")
	return out
}

// pathPart makes one segment of a path of a name; ok is false for one that
// cannot be sent.
func pathPart(name string) (segment string, ok bool) {
	if name == "" || name == "." || name == ".." || len(name) > 100 || !plainText(name) || strings.ContainsAny(name, `/\`) {
		return "", false
	}
	return url.PathEscape(name), true
}

// fieldFault is for what was wrong before anything left.
func fieldFault(op, code, text string) error {
	return &payments.Error{Op: op, Code: code, Err: errors.Join(payments.ErrRefused, errors.New(text))}
}

func configFault(code, text string) error {
	return &payments.Error{Op: "merchant.client", Code: code, Err: errors.New(text)}
}
