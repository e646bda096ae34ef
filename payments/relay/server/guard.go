package server

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"frontdesk/payments"
	"frontdesk/payments/relay"
)

// Identity is which desk of which store asks.
type Identity struct {
	Store, Desk string
	// Signed is false for a program of this machine, which is believed in
	// Practice only.
	Signed bool
}

// authorize tells which desk sent a request under /d/, or why none did (a
// *denial). The body of a signed request was read and can be read again.
func (s *Server) authorize(r *http.Request) (Identity, error) {
	if !relay.IsSigned(r.Header) {
		return s.authorizeLocal(r)
	}
	q, err := relay.ReadSigned(r.Header)
	if err != nil || r.URL.RawQuery != "" {
		return Identity{}, forbidden("not a signed request")
	}
	q.Method, q.Path = r.Method, r.URL.EscapedPath()
	desk := s.roster.get(q.Store, q.Desk)
	now := s.cfg.Now()
	switch {
	case desk == nil:
		return Identity{}, forbidden("this desk is not known here")
	case !desk.Revoked.IsZero():
		return Identity{}, revoked()
	case now.Sub(q.Time).Abs() > relay.SkewLimit:
		return Identity{}, skewed()
	case q.Run != s.run:
		return Identity{}, &denial{http.StatusUnauthorized, relay.CodeRun, "signed for another run of the relay"}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, relay.MaxRegistration+1))
	if err != nil || len(body) > relay.MaxRegistration {
		return Identity{}, malformed("not readable")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	q.Body = sha256.Sum256(body)
	if !q.Verify(desk.Key) {
		return Identity{}, forbidden("the signature is wrong")
	}
	id := Identity{Store: q.Store, Desk: q.Desk, Signed: true}
	switch s.nonces.use(id, q.Nonce, q.Time, now) {
	case isUsed:
		return Identity{}, &denial{http.StatusConflict, relay.CodeReplayed, "this signature was used"}
	case isStale:
		return Identity{}, skewed()
	case isFlooded:
		return Identity{}, &denial{http.StatusTooManyRequests, relay.CodeBusy, "too many requests of this desk"}
	}
	s.roster.saw(id.Store, id.Desk)
	return id, nil
}

func skewed() *denial {
	return &denial{http.StatusUnauthorized, relay.CodeSkew, "the clock of this desk is too far from the relay's"}
}

// authorizeLocal lets a program of this machine play desk of a store that has
// no paired ones, for Practice.
func (s *Server) authorizeLocal(r *http.Request) (Identity, error) {
	id, err := loopbackOnly{}.authorize(r)
	switch {
	case err != nil:
		return Identity{}, err
	case !s.cfg.AllowPractice:
		return Identity{}, forbidden("requests must be signed")
	case s.roster.has(id.Store):
		return Identity{}, forbidden("this store has paired desks: requests must be signed")
	}
	return id, nil
}

// loopbackOnly believes every program on this machine, but no web page: those
// send an Origin, or cannot set our headers.
type loopbackOnly struct{}

func (loopbackOnly) authorize(r *http.Request) (Identity, error) {
	id := Identity{Store: r.Header.Get(relay.HeaderStore), Desk: r.Header.Get(relay.HeaderDesk)}
	if !local(r) || r.Header.Get("Origin") != "" || !relay.IsName(id.Store) || !relay.IsDesk(id.Desk) {
		return Identity{}, forbidden("this desk is not known here")
	}
	return id, nil
}

// local reports whether a program on this machine asks for itself.
func local(r *http.Request) bool {
	ip, ok := remote(r)
	return ok && ip.IsLoopback() && !forwarded(r.Header)
}

func remote(r *http.Request) (netip.Addr, bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(host)
	return ip.Unmap().WithZone(""), err == nil
}

// forwarded reports whether a proxy on this machine passed the request on for
// somebody who may be anywhere.
func forwarded(h http.Header) bool {
	for _, name := range [...]string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if h.Get(name) != "" {
			return true
		}
	}
	return false
}

type deskHandler func(w http.ResponseWriter, r *http.Request, id Identity)

func (s *Server) authorized(h deskHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.announce(w.Header())
		id, err := s.authorize(r)
		if err != nil {
			s.fail(w, err)
			return
		}
		h(w, r, id)
	}
}

// announce says what a desk needs to sign.
func (s *Server) announce(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set(relay.HeaderRun, s.run)
	h.Set(relay.HeaderTime, strconv.FormatInt(s.cfg.Now().UnixMilli(), 10))
}

// allowedMode reports why a store cannot have the mode, or nil: real money
// needs paired desks and an address that nobody can listen in on.
func (s *Server) allowedMode(mode string, id Identity) error {
	if mode != string(payments.Test) && mode != string(payments.Live) {
		return nil
	}
	if !id.Signed {
		return forbidden("Test and Live need a paired desk")
	}
	if !strings.HasPrefix(s.cfg.Public(), "https://") {
		return &denial{http.StatusForbidden, relay.CodeInsecure, "Test and Live need a public address with https"}
	}
	return nil
}

// ready reports whether others than this machine may be served: before a first
// desk is paired, or about to be, there is nothing for them.
func (s *Server) ready() bool { return !s.roster.empty() || s.codes.open("") > 0 }

// guarded keeps a relay without desks to this machine.
func (s *Server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !local(r) && !s.ready() {
			plain(w, http.StatusServiceUnavailable, "NO DESK IS PAIRED")
			return
		}
		next.ServeHTTP(w, r)
	})
}
