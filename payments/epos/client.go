package epos

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

// Hosts of the gateway (terminals 4).
const (
	Production = "https://api-gateway.mypos.com"
	Demo       = "https://demo-api-gateway.mypos.com"
)

// Config says who asks and how. All but Limits are required.
type Config struct {
	Host           string // Production, Demo or a stand-in
	PartnerID      string // mps-p-…
	ApplicationID  string // mps-app-…
	ClientID       string // of the integration: client_…
	ClientSecret   string // secret_…
	MerchantID     string // of the merchant under it: cli_…
	MerchantSecret string // sec_…
	AppName        string // sent with every payment, with AppVersion
	AppVersion     string
	HTTP           *http.Client // only its Transport is used; see rest.New
	Now            func() time.Time
	Entropy        io.Reader
	UserAgent      string
	Limits         rest.Limits
}

// Client asks the gateway. It is safe for concurrent use.
type Client struct {
	config  Config
	rest    *rest.Caller
	token   *rest.Pass
	session *rest.Pass
}

const (
	tokenOp   = "epos.token"
	sessionOp = "epos.session"
	// tokenEarly and sessionEarly are how long before their end they are renewed.
	tokenEarly   = time.Minute
	sessionEarly = 30 * time.Second
)

// New returns a client or an error with code config.credentials, config.hosts,
// or one of rest.New. It contacts nobody.
func New(c Config) (*Client, error) {
	for _, value := range []*string{
		&c.PartnerID, &c.ApplicationID, &c.ClientID, &c.ClientSecret, &c.MerchantID, &c.MerchantSecret, &c.AppName, &c.AppVersion,
	} {
		*value = strings.TrimSpace(*value)
		if !printable(*value) {
			return nil, configFault("config.credentials", "a credential is missing or not printable")
		}
	}
	host, ok := rest.Host(c.Host)
	if !ok {
		return nil, configFault("config.hosts", "the host is not a plain https address")
	}
	c.Host = host
	caller, err := rest.New(rest.Config{HTTP: c.HTTP, UserAgent: c.UserAgent, Now: c.Now, Entropy: c.Entropy, Limits: c.Limits})
	if err != nil {
		return nil, err
	}
	return &Client{config: c, rest: caller, token: rest.NewPass(c.Now, tokenEarly), session: rest.NewPass(c.Now, sessionEarly)}, nil
}

func printable(text string) bool {
	return text != "" && len(text) <= 256 &&
		!strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) })
}

// Session fetches a new token and a new session, whatever is at hand: the test
// of the six credentials.
func (c *Client) Session(ctx context.Context) error {
	_, err := c.passes(ctx, sessionOp, passes{c.token.Value(), c.session.Value()})
	return err
}

// passes are what a call needs beside its headers.
type passes struct{ token, session string }

// passes returns a token and a session that are good for a while and not stale.
func (c *Client) passes(ctx context.Context, op string, stale passes) (passes, error) {
	token, err := c.token.Get(ctx, stale.token, c.fetchToken)
	if err != nil {
		return passes{}, rest.NotSent(op, err)
	}
	session, err := c.session.Get(ctx, stale.session, func(ctx context.Context) (string, time.Duration, error) {
		return c.fetchSession(ctx, token)
	})
	return passes{token, session}, rest.NotSent(op, err)
}

// fetchToken is step 1 of terminals 4.2.
func (c *Client) fetchToken(ctx context.Context) (string, time.Duration, error) {
	body := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {c.config.ClientID}, "client_secret": {c.config.ClientSecret},
	}
	raw, err := c.rest.Do(ctx, rest.Call{
		Op: tokenOp, Method: http.MethodPost, URL: c.config.Host + "/api/v1/oauth/token",
		Kind: "application/x-www-form-urlencoded", Body: []byte(body.Encode()),
	})
	if err != nil {
		return "", 0, recode(err, map[string]string{"rest.400": "epos.credentials", "rest.401": "epos.credentials"})
	}
	return pass(tokenOp, raw, "access_token", "token")
}

// fetchSession is step 2 of terminals 4.2.
func (c *Client) fetchSession(ctx context.Context, token string) (string, time.Duration, error) {
	body, err := json.Marshal(map[string]string{"client_id": c.config.MerchantID, "client_secret": c.config.MerchantSecret})
	if err != nil {
		return "", 0, err
	}
	raw, err := c.rest.Do(ctx, rest.Call{
		Op: sessionOp, Method: http.MethodPost, URL: c.config.Host + "/api/v1/auth/session", Body: body,
		Header: c.headers(passes{token: token}),
	})
	if err != nil {
		if payments.CodeOf(err) == "rest.401" {
			c.token.Drop(token)
		}
		return "", 0, recode(err, map[string]string{"rest.400": "epos.merchant", "rest.403": "epos.forbidden"})
	}
	return pass(sessionOp, raw, "session", "session_token", "session_id")
}

// pass reads a token or session from an answer.
func pass(op string, raw []byte, names ...string) (string, time.Duration, error) {
	o, ok := rest.Parse(raw)
	value := o.Text(names...)
	if !ok || !passText(value) {
		return "", 0, rest.Wrong(op, "there is no pass in the answer")
	}
	seconds, _ := o.Int("expires_in")
	const most = 7 * 24 * 3600
	return value, time.Duration(max(0, min(seconds, most))) * time.Second, nil
}

// passText reports whether a token or session can stand in a header.
func passText(text string) bool {
	return text != "" && len(text) <= 8192 &&
		!strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) })
}

func (c *Client) headers(p passes) http.Header {
	h := http.Header{
		"Authorization":    {"Bearer " + p.token},
		"X-Partner-Id":     {c.config.PartnerID},
		"X-Application-Id": {c.config.ApplicationID},
	}
	if p.session != "" {
		h["X-Session"] = []string{p.session}
	}
	return h
}

// call is one call of the gateway. body nil sends none.
type call struct {
	op, method, path string
	query            url.Values
	body             any
	bare             bool
}

// do makes a call, once more with a new token and session after 401: such an
// answer says that nothing was done.
func (c *Client) do(ctx context.Context, q call) (rest.Object, error) {
	var body []byte
	if q.body != nil {
		var err error
		if body, err = json.Marshal(q.body); err != nil {
			return rest.Object{}, fieldFault(q.op, "epos.text", "a value cannot be sent")
		}
	}
	var stale passes
	for try := 1; ; try++ {
		p, err := c.passes(ctx, q.op, stale)
		if try == 1 && payments.CodeOf(err) == "rest.401" {
			continue // the token had ended; it was dropped
		}
		if err != nil {
			return rest.Object{}, err
		}
		raw, err := c.rest.Do(ctx, rest.Call{
			Op: q.op, Method: q.method, URL: c.config.Host + q.path, Query: q.query, Body: body, Bare: q.bare, Header: c.headers(p),
		})
		if try == 1 && payments.CodeOf(err) == "rest.401" {
			stale = p
			continue
		}
		if err != nil || raw == nil {
			return rest.Object{}, err
		}
		o, ok := rest.Parse(raw)
		if !ok {
			return rest.Object{}, rest.Wrong(q.op, "the answer is no object")
		}
		return o, nil
	}
}

// recode gives an answer of the gateway the code of what it means for a call.
func recode(err error, codes map[string]string) error {
	var inner *payments.Error
	if !errors.As(err, &inner) || codes[inner.Code] == "" {
		return err
	}
	return &payments.Error{Op: inner.Op, Code: codes[inner.Code], Err: inner.Err}
}

// fieldFault is for what was wrong before anything left.
func fieldFault(op, code, text string) error {
	return &payments.Error{Op: op, Code: code, Err: errors.Join(payments.ErrRefused, errors.New(text))}
}

func configFault(code, text string) error {
	return &payments.Error{Op: "epos.client", Code: code, Err: errors.New(text)}
}
