package server

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"frontdesk/payments/relay"
)

func (s *Server) noticeRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST "+relay.PathNotify+"{store}", s.serveNotice)
}

// serveNotice answers exactly the two bytes OK when the notice was admitted
// (spec 4.3); any other body makes the provider return the money.
func (s *Server) serveNotice(w http.ResponseWriter, r *http.Request) {
	storeID := r.PathValue("store")
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, relay.MaxNotice))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			s.cfg.Log.Warn("notice refused", "reason", "too large", "limit", large.Limit)
			plain(w, http.StatusRequestEntityTooLarge, "TOO LARGE")
			return
		}
		plain(w, http.StatusBadRequest, "INCOMPLETE")
		return
	}
	ctx := context.WithoutCancel(r.Context())
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == relay.ProbeType {
		s.serveProbe(ctx, w, storeID, body)
		return
	}
	err = s.admit(ctx, storeID, body)
	if err == nil {
		plain(w, http.StatusOK, "OK")
		return
	}
	if s.strange(w, r, err) {
		return
	}
	s.refuse(w, storeID, len(body), err)
}

// strange turns an address away that posts to many stores we do not know.
func (s *Server) strange(w http.ResponseWriter, r *http.Request, err error) bool {
	var why *refusal
	if !errors.As(err, &why) || why.reason != refusedStore || s.wrongLimit.allow(s.caller(r)) {
		return false
	}
	w.Header().Set("Retry-After", "10")
	plain(w, http.StatusTooManyRequests, "REFUSED")
	return true
}

func (s *Server) refuse(w http.ResponseWriter, storeID string, size int, err error) {
	reason := refusedDisk
	var why *refusal
	if errors.As(err, &why) {
		reason = why.reason
	}
	if reason == refusedDisk {
		s.cfg.Log.Error("notice not stored", "store", short(storeID), "bytes", size, "err", errors.Unwrap(err))
		plain(w, http.StatusServiceUnavailable, "NOT STORED")
		return
	}
	s.cfg.Log.Warn("notice refused", "reason", reason, "store", short(storeID), "bytes", size)
	if reason == refusedStore {
		plain(w, http.StatusNotFound, "REFUSED")
		return
	}
	plain(w, http.StatusBadRequest, "REFUSED")
}

// serveProbe takes a probe of a desk the way a notice goes: through the public
// address, onto the disk, out through the stream.
func (s *Server) serveProbe(ctx context.Context, w http.ResponseWriter, storeID string, body []byte) {
	var p relay.Probe
	if err := decode(body, &p); err != nil || !relay.IsDesk(p.Desk) || len(p.Nonce) == 0 || len(p.Nonce) > 64 {
		plain(w, http.StatusBadRequest, "REFUSED")
		return
	}
	mac := hmac.New(sha256.New, s.keys.probe(storeID, p.Desk))
	mac.Write([]byte(p.Nonce))
	_, err := s.stores.get(storeID)
	if err != nil || !hmac.Equal(mac.Sum(nil), p.MAC) || s.roster.addressee(storeID, p.Desk) != p.Desk {
		plain(w, http.StatusForbidden, "REFUSED")
		return
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = s.engine.probes.Put(ctx, storeID, []byte(p.Nonce))
	if err != nil || s.trouble() != "" {
		s.cfg.Log.Error("probe not stored", "store", short(storeID), "err", err)
		plain(w, http.StatusServiceUnavailable, "NOT STORED")
		return
	}
	s.hub.probe(storeID, p.Desk, p.Nonce)
	plain(w, http.StatusOK, "PROBE")
}

// plain answers with exactly text, uncached.
func plain(w http.ResponseWriter, status int, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if _, err := io.WriteString(w, text); err != nil {
		return // the other side hung up
	}
}

// short names a store in the log without giving its address away.
func short(store string) string { return store[:min(6, len(store))] }
