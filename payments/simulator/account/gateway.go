package account

import (
	"net/http"
	"strings"
	"time"
)

// sessionLife is how long a session lives unless a switch says otherwise.
const sessionLife = 5 * time.Minute

// Names of the calls of the gateway, for the fault script.
const (
	callToken     = "epos.token"
	callSession   = "epos.session"
	callCreate    = "epos.create"
	callGet       = "epos.get"
	callList      = "epos.list"
	callDelete    = "epos.delete"
	callReversal  = "epos.reversal"
	callRefund    = "epos.refund"
	callTerminals = "epos.terminals"
)

// gatewayCall is one call of the gateway.
type gatewayCall struct {
	name   string
	about  func(*Account, *ask) string
	work   handler
	params string
	body   bool
	level  int // 0 open, 1 bearer, 2 bearer and session
}

func gatewayCalls() map[string]gatewayCall {
	const epos, pos = "/epos/v1/payments", "/pos/v1/terminals"
	return map[string]gatewayCall{
		"POST /api/v1/oauth/token":        {name: callToken, about: nobody, work: postGatewayToken},
		"POST /api/v1/auth/session":       {name: callSession, about: nobody, work: postSession, body: true, level: 1},
		"POST " + epos:                    {name: callCreate, about: aboutBody("reference_number"), work: postCloud, body: true, level: 2},
		"GET " + epos:                     {name: callList, about: nobody, work: getClouds, params: "terminal_id page size", level: 2},
		"GET " + epos + "/{id}":           {name: callGet, about: aboutCloud, work: getCloud, level: 2},
		"DELETE " + epos + "/{id}":        {name: callDelete, about: aboutCloud, work: deleteCloud, level: 2},
		"POST " + epos + "/{id}/reversal": {name: callReversal, about: aboutCloud, work: postReversal, body: true, level: 2},
		"POST " + epos + "/refund":        {name: callRefund, about: nobody, work: postCloudRefund, body: true, level: 2},
		"GET " + pos:                      {name: callTerminals, about: nobody, work: getTerminals, params: "page size terminal_id serial_number model", level: 2},
		"GET " + pos + "/{tid}":           {name: callTerminals, about: nobody, work: getTerminal, level: 2},
	}
}

func aboutCloud(a *Account, q *ask) string {
	if c := a.book.clouds[q.PathValue("id")]; c != nil {
		return c.Reference
	}
	return ""
}

// problem is an error of the gateway (RFC 7807). field names what is wrong, ""
// for none.
func problem(q *ask, status int, detail, field string) reply {
	body := map[string]any{
		"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": detail, "instance": q.URL.Path,
	}
	if field != "" {
		body["errors"] = map[string][]string{field: {detail}}
	}
	return reply{status, body}
}

// guardedGateway checks what every call of the gateway needs.
func (a *Account) guardedGateway(c gatewayCall) handler {
	if c.level == 0 {
		return c.work
	}
	return func(a *Account, q *ask) reply {
		now := a.Now()
		bearer, ok := strings.CutPrefix(q.Header.Get("Authorization"), "Bearer ")
		if g, known := a.bearers[bearer]; !ok || !known || !now.Before(g.until) {
			return problem(q, http.StatusUnauthorized, "no token, or one that ended", "")
		}
		if g, known := a.sessions[q.Header.Get("X-Session")]; c.level == 2 && (!known || !now.Before(g.until)) {
			return problem(q, http.StatusUnauthorized, "no session, or one that ended", "")
		}
		who := a.Identity
		if q.Header.Get("X-Partner-Id") != who.PartnerID || q.Header.Get("X-Application-Id") != who.ApplicationID {
			return problem(q, http.StatusForbidden, "X-Partner-Id or X-Application-Id", "")
		}
		if no, bad := jsonHeaders(q); bad {
			return problem(q, no.status, "headers", "")
		}
		if no, bad := parameters(q, c.params); bad {
			return problem(q, no.status, "parameters", "")
		}
		if !c.body && len(q.body) > 0 {
			return problem(q, http.StatusBadRequest, "a body is not expected", "")
		}
		return c.work(a, q)
	}
}

// postGatewayToken is step 1 of terminals 4.2.
func postGatewayToken(a *Account, q *ask) reply {
	f, no := oauthForm(q, "client_id client_secret grant_type")
	if no != "" {
		return reply{http.StatusBadRequest, map[string]string{"error": no}}
	}
	who := a.Identity
	if !same(f.Get("client_id"), who.PartnerClient) || !same(f.Get("client_secret"), who.PartnerSecret) {
		return reply{http.StatusUnauthorized, map[string]string{"error": "invalid_client"}}
	}
	bearer, err := a.secret(32)
	if err != nil {
		return a.notKept(err)
	}
	life := a.life(q.name)
	a.bearers[bearer] = grant{a.Now().Add(life)}
	return answer(map[string]any{"access_token": bearer, "token_type": "Bearer", "expires_in": seconds(life), "scope": "epos"})
}

// postSession is step 2 of terminals 4.2.
func postSession(a *Account, q *ask) reply {
	f := readForm(q.body, "client_id client_secret")
	id, secret := f.text("client_id", true, 256), f.text("client_secret", true, 256)
	who := a.Identity
	if f.err != nil || !same(id, who.MerchantClient) || !same(secret, who.MerchantSecret) {
		return problem(q, http.StatusBadRequest, "session creation failed", "")
	}
	session, err := a.secret(32)
	if err != nil {
		return a.notKept(err)
	}
	life := a.life(q.name)
	a.sessions[session] = grant{a.Now().Add(life)}
	return answer(map[string]any{"session": session, "expires_in": seconds(life)})
}

func getTerminals(_ *Account, q *ask) reply {
	part, p, err := slice(q, filteredDevices(q), 20)
	if err != nil {
		return problem(q, http.StatusBadRequest, err.Error(), "page")
	}
	return answer(map[string]any{"terminals": part, "pagination": map[string]int{
		"page": p.Page, "page_size": p.Size, "total_pages": (p.Total + p.Size - 1) / p.Size, "total_count": p.Total,
	}})
}

func getTerminal(_ *Account, q *ask) reply {
	d, ok := deviceByID(q.PathValue("tid"))
	if !ok {
		return problem(q, http.StatusNotFound, "terminal", "")
	}
	return answer(map[string]any{
		"terminal_id": d.TerminalID, "serial_number": d.SerialNumber, "model": d.Model,
		"terminal_name": d.name, "device_currency": "EUR", "status": "Active",
	})
}
