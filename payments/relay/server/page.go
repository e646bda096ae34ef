package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/nats-io/nats.go/jetstream"

	"frontdesk/payments"
	"frontdesk/payments/checkout"
	"frontdesk/payments/relay"
)

// page is what lies encrypted under its link.
type page struct {
	Registration relay.Registration `json:"registration"`
	Mode         string             `json:"mode"`
}

var errNoPage = errors.New("relay: no such page")

// errLinkTaken means that a link leads to the page of another order.
var errLinkTaken = errors.New("relay: this link belongs to another order")

// hasPage reports whether the order has its page already, or errLinkTaken.
func (s *Server) hasPage(ctx context.Context, reg relay.Registration) (bool, error) {
	p, err := s.readPage(ctx, reg.Link)
	if errors.Is(err, errNoPage) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	there := p.Registration
	if there.Store != reg.Store || there.SID != reg.SID || there.OrderID != reg.OrderID {
		return false, errLinkTaken
	}
	return true, nil
}

// readPage returns the page of a link, or errNoPage.
func (s *Server) readPage(ctx context.Context, link string) (page, error) {
	entry, err := s.engine.pages.Get(ctx, pageName(link))
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return page{}, errNoPage
	}
	if err != nil {
		return page{}, err
	}
	plain, err := openPage(link, entry.Value())
	if err != nil {
		return page{}, err
	}
	var p page
	return p, decode(plain, &p)
}

// putPage makes a new page durable. One that is there already is not written
// over, because a pay page is byte-identical for its life.
func (s *Server) putPage(ctx context.Context, st *store, reg relay.Registration) error {
	plain, err := json.Marshal(page{Registration: reg, Mode: st.Store.Mode})
	if err != nil {
		return err
	}
	sealed, err := sealPage(reg.Link, plain, s.cfg.Entropy)
	if err != nil {
		return err
	}
	_, err = s.engine.pages.Create(ctx, pageName(reg.Link), sealed)
	if errors.Is(err, jetstream.ErrKeyExists) {
		return errLinkTaken
	}
	return err
}

// visit is a customer's look at a link.
type visit struct {
	page  page
	key   orderKey
	order order
	open  bool
}

// visit finds the page of a link and whether it may still be used. Unknown
// links give errNoPage.
func (s *Server) visit(ctx context.Context, link string) (visit, error) {
	if !relay.IsName(link) {
		return visit{}, errNoPage
	}
	p, err := s.readPage(ctx, link)
	if err != nil {
		return visit{}, err
	}
	v := visit{page: p}
	reg := v.page.Registration
	v.key = s.keys.order(reg.Store, reg.SID, reg.OrderID)
	v.order, err = s.orders.get(ctx, v.key)
	if err != nil && !errors.Is(err, errNoOrder) {
		return visit{}, err
	}
	m := s.orders.mark(v.key, v.order)
	if err == nil && s.orders.unsure(v.order, m) {
		return visit{}, errDamaged
	}
	v.open = err == nil && !v.order.Closed && !m.settled && s.cfg.Now().Before(reg.ExpiresAt)
	return v, nil
}

func (s *Server) customerRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET "+relay.PathPage+"{link}", s.limitedPages(s.servePage))
	mux.HandleFunc("POST "+relay.PathPage+"{link}/go", s.limitedPages(s.serveGo))
	mux.HandleFunc("POST "+relay.PathOK, s.limitedPages(s.serveLanding(checkout.MethodOK)))
	mux.HandleFunc("POST "+relay.PathCancel, s.limitedPages(s.serveLanding(checkout.MethodCancel)))
	mux.HandleFunc("GET "+relay.PathOK, s.limitedPages(s.serveNeutral))
	mux.HandleFunc("GET "+relay.PathCancel, s.limitedPages(s.serveNeutral))
}

// servePage shows the pay page. It changes nothing: link previews and
// impatient thumbs may fetch it as often as they like.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	v, err := s.visit(r.Context(), r.PathValue("link"))
	if err != nil || !v.open {
		s.serveUnusable(w, r, v, err)
		return
	}
	s.pages.show(w, http.StatusOK, "pay", payView(v.page), "'self'")
}

// serveGo hands out the signed form and records once that it was opened. If
// that cannot be stored a notice could not be either, and the payment would be
// undone: so the form is not handed out.
func (s *Server) serveGo(w http.ResponseWriter, r *http.Request) {
	ctx := context.WithoutCancel(r.Context())
	v, err := s.visit(ctx, r.PathValue("link"))
	if err == nil && v.open {
		v, err = s.opened(ctx, r.PathValue("link"), v)
	}
	if err != nil || !v.open {
		s.serveUnusable(w, r, v, err)
		return
	}
	reg := v.page.Registration
	language := reg.Language
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	if chosen := r.PostFormValue("language"); chosen != "" {
		language = chosen
	}
	s.pages.show(w, http.StatusOK, "go", goView(v.page, language), formAction(reg.Action))
}

// opened stores that the customer pressed Pay, unless it is known. It looks
// again at the page with the order held, because it may have closed meanwhile.
func (s *Server) opened(ctx context.Context, link string, v visit) (visit, error) {
	release, err := s.orders.hold(ctx, v.key)
	if err != nil {
		return v, err
	}
	defer release()
	v, err = s.visit(ctx, link)
	if err != nil || !v.open || s.orders.mark(v.key, v.order).opened {
		return v, err
	}
	reg := v.page.Registration
	return v, s.keep(ctx, notice{
		kind: kindOpened, received: s.cfg.Now(), order: v.key,
		store: reg.Store, desk: s.roster.addressee(reg.Store, v.order.Desk), orderID: reg.OrderID,
	})
}

// serveUnusable explains why a link does not lead to a payment.
func (s *Server) serveUnusable(w http.ResponseWriter, r *http.Request, v visit, err error) {
	switch {
	case errors.Is(err, errNoPage):
		s.pages.show(w, http.StatusNotFound, "message", messageView("unknown", browserLanguage(r), "", ""), "'none'")
	case err != nil:
		s.cfg.Log.Error("pay page failed", "err", err)
		s.pages.show(w, http.StatusServiceUnavailable, "message", messageView("trouble", browserLanguage(r), "", ""), "'none'")
	default:
		reg := v.page.Registration
		kind := "closed"
		switch {
		case s.orders.mark(v.key, v.order).settled:
			kind = "done"
		case !v.order.Closed:
			kind = "expired"
		}
		s.pages.show(w, http.StatusGone, "message", messageView(kind, reg.Language, reg.Salon, v.page.Mode), "'none'")
	}
}

// formAction is what the browser is allowed to send the signed form to.
func formAction(action string) string {
	u, err := url.Parse(action)
	if err != nil {
		return "'none'"
	}
	if relay.AllowedAction(action, false) {
		return "https://mypos.com https://www.mypos.com"
	}
	return u.Scheme + "://" + u.Host
}

func practice(mode string) bool { return mode == string(payments.Practice) }
