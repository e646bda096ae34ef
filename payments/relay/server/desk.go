package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"frontdesk/payments/relay"
)

func (s *Server) deskRoutes(mux *http.ServeMux) {
	for pattern, h := range map[string]deskHandler{
		"PUT " + relay.PathStore:                      s.serveStore,
		"POST " + relay.PathOrders:                    s.serveRegister,
		"POST " + relay.PathOrders + "/{order}/close": s.serveClose,
		"GET " + relay.PathStream:                     s.serveStream,
		"POST " + relay.PathPoll:                      s.servePoll,
	} {
		mux.HandleFunc(pattern, s.authorized(h))
	}
}

func (s *Server) endpoints(st *store) relay.Endpoints {
	public := s.cfg.Public()
	return relay.Endpoints{
		Epoch: st.Epoch, Public: public, Notify: public + relay.PathNotify + st.Store.ID,
		OK: public + relay.PathOK, Cancel: public + relay.PathCancel,
	}
}

func (s *Server) serveStore(w http.ResponseWriter, r *http.Request, id Identity) {
	var in relay.Store
	if !read(w, r, &in) {
		return
	}
	if err := in.Check(); err != nil || in.ID != id.Store {
		problem(w, http.StatusBadRequest, relay.CodeMalformed, "store")
		return
	}
	if err := s.allowedMode(in.Mode, id); err != nil {
		s.fail(w, err)
		return
	}
	st, err := s.stores.put(r.Context(), in)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.cursors.meet(id.Store, id.Desk)
	answer(w, s.endpoints(st))
}

func (s *Server) serveRegister(w http.ResponseWriter, r *http.Request, id Identity) {
	var reg relay.Registration
	if !read(w, r, &reg) {
		return
	}
	if reg.Store != id.Store || reg.Desk != id.Desk {
		s.fail(w, forbidden("registration for another desk"))
		return
	}
	if err := reg.Check(relay.Rules{Now: s.cfg.Now(), AllowPractice: s.cfg.AllowPractice}); err != nil {
		problem(w, http.StatusBadRequest, relay.CodeMalformed, err.Error())
		return
	}
	st, err := s.stores.get(reg.Store)
	if err == nil && st.Store.SID != reg.SID {
		err = errOtherStore
	}
	if err == nil {
		err = s.register(context.WithoutCancel(r.Context()), st, reg)
	}
	if err != nil {
		s.fail(w, err)
		return
	}
	s.cursors.meet(id.Store, id.Desk)
	answer(w, relay.Registered{Epoch: st.Epoch, URL: s.cfg.Public() + relay.PathPage + reg.Link})
}

var errTaken = errors.New("relay: this order is registered with another form")

// register makes the order durable, then its page: a link never exists before
// its notices would be admitted.
func (s *Server) register(ctx context.Context, st *store, reg relay.Registration) error {
	key := s.keys.order(reg.Store, reg.SID, reg.OrderID)
	release, err := s.orders.hold(ctx, key)
	if err != nil {
		return err
	}
	defer release()
	form, err := json.Marshal(struct {
		Form   []relay.Field
		Action string
	}{reg.Form, reg.Action})
	if err != nil {
		return err
	}
	there, err := s.hasPage(ctx, reg)
	if err != nil {
		return err
	}
	tag := s.keys.form(form)
	rec, err := s.orders.get(ctx, key)
	switch {
	case err == nil && rec.Form != tag:
		return errTaken
	case err == nil && rec.Desk != reg.Desk: // paired again: nobody listens under the name before
		rec.Desk = reg.Desk
		if err := s.orders.put(ctx, key, rec); err != nil {
			return err
		}
	case errors.Is(err, errNoOrder):
		if rec, err = s.newOrder(reg, tag); err != nil {
			return err
		}
		if err := s.orders.put(ctx, key, rec); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	if there {
		return nil
	}
	return s.putPage(ctx, st, reg)
}

func (s *Server) newOrder(reg relay.Registration, tag string) (order, error) {
	rec := order{Desk: reg.Desk, Form: tag, Registered: s.cfg.Now()}
	var err error
	if rec.Landing, err = s.sealLanding(reg); err != nil {
		return rec, err
	}
	allowed, err := reg.Allowed()
	for _, a := range allowed {
		rec.Amounts = append(rec.Amounts, s.keys.amount(reg.Store, reg.SID, reg.OrderID, a))
	}
	return rec, err
}

func (s *Server) serveClose(w http.ResponseWriter, r *http.Request, id Identity) {
	orderID := r.PathValue("order")
	st, err := s.stores.get(id.Store)
	if err == nil && !relay.IsOrder(orderID) {
		err = relay.ErrMalformed
	}
	if err == nil {
		err = s.orders.close(context.WithoutCancel(r.Context()), s.keys.order(id.Store, st.Store.SID, orderID))
	}
	if err != nil && !errors.Is(err, errNoOrder) { // no page is a closed page
		s.fail(w, err)
		return
	}
	answer(w, struct{}{})
}

// fail maps an error to the answer a desk acts on.
func (s *Server) fail(w http.ResponseWriter, err error) {
	var no *denial
	switch {
	case errors.As(err, &no):
		p := relay.Problem{Code: no.code, Text: no.text}
		if no.code == relay.CodeSkew {
			p.Time = s.cfg.Now()
		}
		writeJSON(w, no.status, p)
	case errors.Is(err, errNoStore):
		problem(w, http.StatusNotFound, relay.CodeStore, "store unknown")
	case errors.Is(err, errOtherStore):
		problem(w, http.StatusConflict, relay.CodeStoreOther, "this store belongs to another SID")
	case errors.Is(err, errTaken):
		problem(w, http.StatusConflict, relay.CodeOrderTaken, "this order is registered with another form")
	case errors.Is(err, errLinkTaken):
		problem(w, http.StatusConflict, relay.CodeOrderTaken, "this link belongs to another order")
	case errors.Is(err, errBadCert), errors.Is(err, relay.ErrMalformed):
		problem(w, http.StatusBadRequest, relay.CodeMalformed, err.Error())
	default:
		s.cfg.Log.Error("desk request failed", "err", err)
		problem(w, http.StatusServiceUnavailable, relay.CodeUnavailable, "could not be stored")
	}
}

func read(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := relay.Decode(http.MaxBytesReader(w, r.Body, relay.MaxRegistration), v); err != nil {
		problem(w, http.StatusBadRequest, relay.CodeMalformed, "not readable")
		return false
	}
	return true
}

func decode(body []byte, v any) error { return relay.Decode(bytes.NewReader(body), v) }

func problem(w http.ResponseWriter, status int, code, text string) {
	writeJSON(w, status, relay.Problem{Code: code, Text: text})
}

func answer(w http.ResponseWriter, v any) { writeJSON(w, http.StatusOK, v) }

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		return // the other side hung up
	}
}
