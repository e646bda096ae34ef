package server

import (
	"context"
	"io"
	"net/http"

	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// serveLanding takes the browser back from the hosted page. What is posted
// proves nothing to the till; it is verified so that nobody can make this page
// show an amount or a state that the provider did not sign.
func (s *Server) serveLanding(method string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, relay.MaxNotice))
		if err != nil {
			s.serveNeutral(w, r)
			return
		}
		st, msg, ok := s.landed(body)
		if !ok || msg.Method != method {
			s.serveNeutral(w, r)
			return
		}
		view := s.landingView(r.Context(), r, st, msg)
		s.pages.show(w, http.StatusOK, "message", view, "'none'")
	}
}

// landed verifies the body against every store of the SID that it names.
func (s *Server) landed(body []byte) (*store, checkout.Message, bool) {
	fields, err := checkout.ParseForm(body)
	if err != nil {
		return nil, checkout.Message{}, false
	}
	for _, st := range s.stores.withSID(fields.Value("SID")) {
		if msg, err := checkout.VerifyForm(body, st.certs...); err == nil && msg.SID == st.Store.SID {
			return st, msg, true
		}
	}
	return nil, checkout.Message{}, false
}

func (s *Server) landingView(ctx context.Context, r *http.Request, st *store, msg checkout.Message) messagePage {
	kind := "paid"
	if msg.Method == checkout.MethodCancel {
		kind = "cancelled"
	}
	language, salon := browserLanguage(r), ""
	for _, other := range s.stores.withSID(msg.SID) {
		if l, err := s.landing(ctx, other.Store.ID, msg.SID, msg.OrderID); err == nil {
			language, salon, st = l.Language, l.Salon, other
			break
		}
	}
	view := messageView(kind, language, salon, st.Store.Mode)
	if amount, err := msg.Money(); err == nil {
		view.Number, view.Currency = figure(amount.Decimal()), string(amount.Currency)
	}
	return view
}

// serveNeutral is for browsers that bring nothing we can believe.
func (s *Server) serveNeutral(w http.ResponseWriter, r *http.Request) {
	s.pages.show(w, http.StatusOK, "message", messageView("neutral", browserLanguage(r), "", ""), "'none'")
}
