package account

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// tokenLife is how long a token lives unless a switch says otherwise.
const tokenLife = time.Hour

// postToken is the token call of the account's API (spec 10.1).
func postToken(a *Account, q *ask) reply {
	id, secret, ok := q.BasicAuth()
	who := a.Identity
	if !ok || !same(id, who.ClientID) || !same(secret, who.ClientSecret) {
		return reply{http.StatusUnauthorized, map[string]string{"error": "invalid_client"}}
	}
	f, no := oauthForm(q, "grant_type scope")
	if no != "" {
		return reply{http.StatusBadRequest, map[string]string{"error": no}}
	}
	if scope := f.Get("scope"); scope != "" && scope != "webhooks" {
		return reply{http.StatusBadRequest, map[string]string{"error": "invalid_scope"}}
	}
	bearer, err := a.secret(32)
	if err != nil {
		return a.notKept(err)
	}
	life := a.life(q.name)
	a.tokens[bearer] = grant{a.Now().Add(life)}
	a.issued++
	out := map[string]any{"access_token": bearer, "token_type": "Bearer", "expires_in": seconds(life)}
	if a.issued%2 == 0 { // arrives as number or text
		out["expires_in"] = strconv.Itoa(seconds(life))
	}
	return answer(out)
}

func (a *Account) life(call string) time.Duration {
	if d, ok := a.Switch(Life, call, ""); ok {
		return d
	}
	if call == callSession {
		return sessionLife
	}
	return tokenLife
}

// seconds are the whole seconds of a life, at least one.
func seconds(d time.Duration) int { return max(int(d/time.Second), 1) }

// oauthForm reads a form of client credentials, or says what is wrong with it.
func oauthForm(q *ask, names string) (url.Values, string) {
	kind, _, err := mime.ParseMediaType(q.Header.Get("Content-Type"))
	f, errForm := url.ParseQuery(string(q.body))
	if err != nil || errForm != nil || kind != "application/x-www-form-urlencoded" {
		return nil, "invalid_request"
	}
	for name, values := range f {
		if len(values) != 1 || !contains(strings.Fields(names), name) {
			return nil, "invalid_request"
		}
	}
	if f.Get("grant_type") != "client_credentials" {
		return nil, "unsupported_grant_type"
	}
	return f, ""
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
