package server

import (
	"net/http"

	"frontdesk/payments/relay"
)

// denial is a no that a desk is told as it stands.
type denial struct {
	status int
	code   string
	text   string
}

func (d *denial) Error() string { return "relay: " + d.code + ": " + d.text }

func forbidden(text string) *denial { return &denial{http.StatusForbidden, relay.CodeForbidden, text} }

func malformed(text string) *denial {
	return &denial{http.StatusBadRequest, relay.CodeMalformed, text}
}

func noDesk() *denial {
	return &denial{http.StatusNotFound, relay.CodeDesk, "no such desk in this store"}
}

func noStore() *denial { return &denial{http.StatusNotFound, relay.CodeStore, "store unknown"} }

func revoked() *denial {
	return &denial{http.StatusForbidden, relay.CodeRevoked, "this desk was revoked"}
}
