package server

import (
	"context"
	"net/http"
	"slices"

	"frontdesk/payments/relay"
)

func (s *Server) pairingRoutes(mux *http.ServeMux) {
	mux.HandleFunc("POST "+relay.PathPair, s.servePair)
	for pattern, h := range map[string]deskHandler{
		"GET " + relay.PathDesks:                     s.serveDesks,
		"POST " + relay.PathDesks + "/{desk}/rename": s.serveRename,
		"POST " + relay.PathDesks + "/{desk}/revoke": s.serveRevoke,
		"POST " + relay.PathCodes:                    s.serveCode,
	} {
		mux.HandleFunc(pattern, s.authorized(s.signedOnly(h)))
	}
}

func (s *Server) signedOnly(h deskHandler) deskHandler {
	return func(w http.ResponseWriter, r *http.Request, id Identity) {
		if !id.Signed {
			s.fail(w, forbidden("this is for paired desks"))
			return
		}
		h(w, r, id)
	}
}

func (s *Server) servePair(w http.ResponseWriter, r *http.Request) {
	s.announce(w.Header())
	if !s.pairLimit.allow(s.caller(r)) {
		w.Header().Set("Retry-After", "60")
		problem(w, http.StatusTooManyRequests, relay.CodePairBusy, "too many tries")
		return
	}
	var in relay.PairRequest
	if !read(w, r, &in) {
		return
	}
	out, err := s.pair(context.WithoutCancel(r.Context()), in)
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, out)
}

func (s *Server) serveDesks(w http.ResponseWriter, _ *http.Request, id Identity) {
	answer(w, relay.Desks{Desks: s.Desks(id.Store)})
}

func (s *Server) serveRename(w http.ResponseWriter, r *http.Request, id Identity) {
	var in relay.Rename
	if !read(w, r, &in) {
		return
	}
	s.done(w, s.RenameDesk(context.WithoutCancel(r.Context()), id.Store, r.PathValue("desk"), in.Name))
}

func (s *Server) serveRevoke(w http.ResponseWriter, r *http.Request, id Identity) {
	s.done(w, s.RevokeDesk(context.WithoutCancel(r.Context()), id.Store, r.PathValue("desk")))
}

func (s *Server) serveCode(w http.ResponseWriter, r *http.Request, id Identity) {
	code, err := s.NewCode(context.WithoutCancel(r.Context()), id.Store)
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, code)
}

func (s *Server) done(w http.ResponseWriter, err error) {
	if err != nil {
		s.fail(w, err)
		return
	}
	answer(w, struct{}{})
}

// Desks lists the paired desks of a store, or of all stores when it is empty,
// revoked ones included.
func (s *Server) Desks(store string) []relay.Desk { return s.roster.list(store) }

// RenameDesk changes what people call a desk.
func (s *Server) RenameDesk(ctx context.Context, store, desk, name string) error {
	return s.roster.rename(ctx, store, desk, name)
}

// RevokeDesk ends a desk's access for good and cuts its open streams. What it
// has not acknowledged is handed to the other desks of the store. It may be
// repeated.
func (s *Server) RevokeDesk(ctx context.Context, store, desk string) error {
	first, err := s.roster.revoke(ctx, store, desk)
	if err != nil {
		return err
	}
	if first {
		s.cfg.Log.Warn("a desk was revoked", "store", short(store), "desk", desk)
	}
	return s.succeed(ctx, store, desk)
}

// succeed hands over what a revoked desk was to get, and forgets where it stood.
func (s *Server) succeed(ctx context.Context, store, desk string) error {
	at, ok := s.cursors.at(store, desk)
	if !ok {
		return nil // it was done before, or the desk never asked for anything
	}
	if err := s.handOver(ctx, store, desk, at); err != nil {
		return err
	}
	s.cursors.forget(store, desk)
	return s.cursors.kv.Delete(ctx, store+"."+desk)
}

// finishRevoking does what a crash may have kept from being done.
func (s *Server) finishRevoking(ctx context.Context) {
	for _, d := range s.roster.list("") {
		if d.Revoked.IsZero() {
			continue
		}
		if err := s.succeed(ctx, d.Store, d.ID); err != nil {
			s.cfg.Log.Error("what a revoked desk was to get is not handed over", "store", short(d.Store), "desk", d.ID, "err", err)
		}
	}
}

// handOver stores what a revoked desk alone was to get, and has not
// acknowledged, once more for all desks of the store.
func (s *Server) handOver(ctx context.Context, store, desk string, at relay.At) error {
	if at.Epoch != s.stores.epoch(store) {
		at = relay.At{}
	}
	others, _ := s.roster.recipients(store)
	unread := 0
	for _, e := range s.hub.waiting(store, desk, at) {
		notices, err := s.envelope(ctx, e.seq)
		if err != nil {
			return err
		}
		n := notices[e.index]
		n.desk = ""
		if n.sealed && !slices.ContainsFunc(others, func(o relay.Recipient) bool { return relay.SealedFor(n.body, o.Desk) }) {
			unread++
		}
		if fate, err := s.lane.store(ctx, n); fate != isStored {
			return err
		}
	}
	if unread > 0 {
		s.cfg.Log.Warn("notices of a revoked desk can be read by no other desk: compare the provider's list", "store", short(store), "notices", unread)
	}
	return nil
}
