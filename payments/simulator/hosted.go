package simulator

import (
	"net/http"

	"frontdesk/payments/checkout"
)

// pagePath is where hosted pages lie.
const pagePath = "/vmp/checkout/pmnt/"

// Handler returns everything: the checkout addresses, the hosted pages, and
// /_sim/* for this machine.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /vmp/checkout", s.gateway)
	mux.HandleFunc("POST /vmp/checkout-test", s.gateway)
	s.hosted(mux)
	mux.HandleFunc("GET /_sim/pack", local(s.getPack))
	mux.HandleFunc("POST /_sim/rotate", local(s.getRotated))
	mux.HandleFunc("GET /_sim/truth", local(s.getTruth))
	mux.HandleFunc("GET /_sim/faults", local(s.getFaults))
	mux.HandleFunc("POST /_sim/faults", local(s.postFaults))
	mux.HandleFunc(terminalPath, local(s.terminalControl))
	mux.HandleFunc("GET /_sim/rest", local(s.getRest))
	s.account.Handle(mux)
	s.restPages(mux)
	return mux
}

// PhoneHandler returns what a customer's phone needs and nothing else: purchase
// forms and hosted pages.
func (s *Simulator) PhoneHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /vmp/checkout", s.phoneGateway)
	mux.HandleFunc("POST /vmp/checkout-test", s.phoneGateway)
	s.hosted(mux)
	s.restPages(mux)
	return mux
}

func (s *Simulator) hosted(mux *http.ServeMux) {
	mux.HandleFunc("GET "+pagePath+"{id}", s.page(s.getPage))
	mux.HandleFunc("POST "+pagePath+"{id}", s.page(s.postCard))
	mux.HandleFunc("POST "+pagePath+"{id}/cancel", s.page(s.postCancel))
	mux.HandleFunc("POST "+pagePath+"{id}/secure", s.page(s.postSecure))
	mux.HandleFunc("GET "+pagePath+"{id}/declined", s.page(s.getDeclined))
}

// page finds the hosted page a request is about.
func (s *Simulator) page(next func(http.ResponseWriter, *http.Request, *session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		x := s.book.sessions[r.PathValue("id")]
		s.mu.Unlock()
		if x == nil {
			s.showError(w, refuse(checkout.StatusInvalidSession, ""))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, checkout.MaxForm)
		next(w, r, x)
	}
}

// stage is what a hosted page shows.
type stage string

const (
	stageForm      stage = "form"
	stageSecure    stage = "secure"  // 3-D Secure
	stageWorking   stage = "working" // the card is charged, the merchant not yet told
	stagePaid      stage = "paid"
	stageReturned  stage = "returned" // the money went back
	stageCancelled stage = "cancelled"
	stageElsewhere stage = "elsewhere" // the order was paid on another page
)

// stage is computed, never stored. The caller holds s.mu.
func (x *session) stage() stage {
	switch p := x.payment; {
	case x.busy != nil:
		return stageWorking
	case p != nil && p.reason == reasonNotice:
		return stageReturned
	case p != nil:
		return stagePaid
	case x.cancelled:
		return stageCancelled
	case x.order.taken():
		return stageElsewhere
	case x.challenge != nil:
		return stageSecure
	}
	return stageForm
}

func (s *Simulator) stageOf(x *session) stage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return x.stage()
}

func (s *Simulator) getPage(w http.ResponseWriter, r *http.Request, x *session) {
	switch stage := s.stageOf(x); stage {
	case stageForm:
		s.showForm(w, x, r.URL.Query().Get("card"), nil)
	case stageSecure:
		s.show(w, "secure", http.StatusOK, s.view(x))
	case stageWorking:
		s.show(w, "working", http.StatusOK, s.view(x))
	case stageElsewhere:
		s.showError(w, refuse(checkout.StatusDuplicate, ""))
	default:
		s.showResult(w, x, stage)
	}
}

// getDeclined says that the bank refused the card, with a way to try again.
func (s *Simulator) getDeclined(w http.ResponseWriter, r *http.Request, x *session) {
	s.mu.Lock()
	code, stage := x.declined, x.stage()
	s.mu.Unlock()
	if code == "" || stage != stageForm {
		back(w, r, x, "")
		return
	}
	v := s.view(x)
	v.Sentence = declineSentence(code)
	s.show(w, "declined", http.StatusOK, v)
}

// postCard takes a card. Whatever comes of it is shown by a GET, so that Back
// and Reload never charge again.
func (s *Simulator) postCard(w http.ResponseWriter, r *http.Request, x *session) {
	c, bad := readCard(r, x, s.now())
	if s.stageOf(x) != stageForm {
		back(w, r, x, "")
		return
	}
	if len(bad) > 0 {
		s.showForm(w, x, "", bad)
		return
	}
	s.mu.Lock()
	if x.stage() != stageForm { // a second press came first
		s.mu.Unlock()
		back(w, r, x, "")
		return
	}
	switch c.pan {
	case panDeclined:
		s.decline(w, r, x, declinedByBank, c.last4())
	case panFunds:
		s.decline(w, r, x, declinedFunds, c.last4())
	case panSecure:
		x.challenge = &challenge{last4: c.last4(), payer: c.payer}
		s.mu.Unlock()
		back(w, r, x, "")
	default:
		s.charge(w, r, x, c.last4(), c.payer)
	}
}

// postSecure takes the payer's answer to the bank.
func (s *Simulator) postSecure(w http.ResponseWriter, r *http.Request, x *session) {
	s.mu.Lock()
	ch := x.challenge
	if x.stage() != stageSecure {
		s.mu.Unlock()
		back(w, r, x, "")
		return
	}
	x.challenge = nil
	if r.PostFormValue("answer") != "approve" {
		s.decline(w, r, x, declinedSecure, ch.last4)
		return
	}
	s.charge(w, r, x, ch.last4, ch.payer)
}

// postCancel ends a page that took no money.
func (s *Simulator) postCancel(w http.ResponseWriter, r *http.Request, x *session) {
	s.mu.Lock()
	var err error
	if at := x.stage(); at == stageForm || at == stageSecure {
		x.challenge = nil
		err = s.commit(record{Kind: kindCancelled, Session: x.Session})
	}
	s.mu.Unlock()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	back(w, r, x, "")
}

// decline records a refused card. It is called with s.mu held and frees it.
func (s *Simulator) decline(w http.ResponseWriter, r *http.Request, x *session, code, last4 string) {
	err := s.commit(record{Kind: kindDeclined, Session: x.Session, Code: code, Last4: last4})
	s.mu.Unlock()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	back(w, r, x, "/declined")
}

// charge approves a card and keeps the browser until the merchant answered. It
// is called with s.mu held and frees it.
func (s *Simulator) charge(w http.ResponseWriter, r *http.Request, x *session, last4 string, who payer) {
	done, err := s.approve(x, last4, who)
	s.mu.Unlock()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	select {
	case <-done:
	case <-r.Context().Done():
	}
	back(w, r, x, "")
}

// back sends the browser to a hosted page.
func back(w http.ResponseWriter, r *http.Request, x *session, sub string) {
	http.Redirect(w, r, pagePath+x.Session+sub, http.StatusSeeOther)
}
