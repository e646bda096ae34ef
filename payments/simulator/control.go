package simulator

import (
	"encoding/json"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// Truth is every payment, refund, reversal and terminal charge that really
// happened.
type Truth struct {
	Payments  []TruthPayment         `json:"payments"`
	Refunds   []TruthRefund          `json:"refunds"`
	Reversals []TruthReversal        `json:"reversals"`
	Terminal  []pos.Charge           `json:"terminal"`
	Requests  []account.TruthRequest `json:"requests"`
	Cloud     []account.TruthCloud   `json:"cloud"`
	Torn      int                    `json:"torn,omitempty"` // bytes cut off at the start
}

// States of a payment in the truth.
const (
	StateApproved = "approved"
	StateReversed = "reversed"
)

// TruthPayment is one approved card payment.
type TruthPayment struct {
	OrderID       string    `json:"order_id"`
	Reference     string    `json:"reference"`
	SID           string    `json:"sid"`
	Amount        string    `json:"amount"` // "45.00"
	Minor         int64     `json:"minor"`
	Currency      string    `json:"currency"`
	State         string    `json:"state"`
	RefundedMinor int64     `json:"refunded_minor"`
	Notified      bool      `json:"notified"` // the notice was answered with OK
	At            time.Time `json:"at"`
}

// TruthRefund is money given back by IPCRefund.
type TruthRefund struct {
	Reference string    `json:"reference"`         // its own
	Payment   string    `json:"payment_reference"` // of the purchase
	OrderID   string    `json:"order_id"`
	Amount    string    `json:"amount"`
	Minor     int64     `json:"minor"`
	Currency  string    `json:"currency"`
	At        time.Time `json:"at"`
}

// TruthReversal is a payment undone. Told says whether its rollback was
// answered with OK; for reason "merchant" none is posted.
type TruthReversal struct {
	Reference string    `json:"reference"` // of the payment
	OrderID   string    `json:"order_id"`
	Reason    string    `json:"reason"` // "notice" or "merchant"
	Told      bool      `json:"told"`
	At        time.Time `json:"at"`
}

// Truth returns what really happened, oldest first.
func (s *Simulator) Truth() Truth {
	requests, cloud := s.account.Requests(), s.account.Charges()
	s.mu.Lock()
	defer s.mu.Unlock()
	t := Truth{
		Payments: []TruthPayment{}, Refunds: []TruthRefund{}, Reversals: []TruthReversal{},
		Terminal: pos.Charges(s.book.terminal), Torn: s.ledger.torn,
		Requests: requests, Cloud: cloud,
	}
	for _, p := range s.book.payments {
		state := StateApproved
		if p.reason != "" {
			state = StateReversed
		}
		t.Payments = append(t.Payments, TruthPayment{
			OrderID: p.order.id, Reference: p.Reference, SID: s.keys.store.SID,
			Amount: p.page.Amount.Decimal(), Minor: p.page.Amount.Minor, Currency: string(p.page.Amount.Currency),
			State: state, RefundedMinor: p.refunded.Minor, Notified: p.notified, At: p.at,
		})
	}
	for _, r := range s.book.refunds {
		t.Refunds = append(t.Refunds, TruthRefund{
			Reference: r.Reference, Payment: r.Payment, OrderID: r.OrderID,
			Amount: r.Amount.Decimal(), Minor: r.Amount.Minor, Currency: string(r.Amount.Currency), At: r.at,
		})
	}
	for _, r := range s.book.reversed {
		t.Reversals = append(t.Reversals, TruthReversal{
			Reference: r.payment.Reference, OrderID: r.payment.order.id,
			Reason: r.reason, Told: r.payment.rolledBack, At: r.at,
		})
	}
	return t
}

// local guards /_sim/*: this machine only, asked by its own name, and never by
// a page in a browser.
func local(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		_, fromPage := r.Header["Origin"]
		if err != nil || !from.Addr().Unmap().IsLoopback() || fromPage || !loopbackName(r.Host) {
			http.Error(w, "only from this machine, and not from a web page", http.StatusForbidden)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		next(w, r)
	}
}

// loopbackName reports whether a Host header names this machine. Another name
// that leads here is a trick of a web page.
func loopbackName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

func (s *Simulator) getPack(w http.ResponseWriter, _ *http.Request) {
	pack, err := s.Pack()
	if err != nil {
		s.unavailable(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	s.send(w, pack)
}

func (s *Simulator) getTruth(w http.ResponseWriter, _ *http.Request) { s.sendJSON(w, s.Truth()) }

// faultScript is the body of /_sim/faults.
type faultScript struct {
	Faults []FaultState `json:"faults"`
}

func (s *Simulator) getFaults(w http.ResponseWriter, _ *http.Request) {
	s.sendJSON(w, faultScript{s.Faults()})
}

func (s *Simulator) postFaults(w http.ResponseWriter, r *http.Request) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	var body struct {
		Faults []Fault `json:"faults"`
	}
	if err := d.Decode(&body); err != nil {
		http.Error(w, "fault script: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.SetFaults(body.Faults...); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.getFaults(w, r)
}

func (s *Simulator) sendJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.unavailable(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	s.send(w, append(body, '\n'))
}

func (s *Simulator) send(w http.ResponseWriter, body []byte) {
	if _, err := w.Write(body); err != nil {
		s.log.Debug("answer not taken", "error", err)
	}
}

// unavailable answers when the truth cannot be kept: nothing was done.
func (s *Simulator) unavailable(w http.ResponseWriter, err error) {
	s.log.Error("not done", "error", err)
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}
