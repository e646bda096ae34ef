package simulator

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"net/http"
	"strconv"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// keep takes a record of the account as read at Open.
func (b *book) keep(r record) error {
	if r.Account == nil {
		return errRecord
	}
	b.account = append(b.account, *r.Account)
	return nil
}

// restJournal keeps the records of the account in our own truth.
type restJournal struct{ s *Simulator }

func (j restJournal) Append(r account.Record) error {
	j.s.mu.Lock()
	defer j.s.mu.Unlock()
	return j.s.commit(record{Kind: kindAccount, At: r.At, Account: &r})
}

// openAccount opens the REST side. Nobody else knows s yet.
func (s *Simulator) openAccount() error {
	identity, err := s.identity()
	if err != nil {
		return err
	}
	s.account, err = account.Open(account.Config{
		Identity: identity, Now: s.now, Entropy: s.entropy, Journal: restJournal{s}, History: s.book.account, Log: s.log,
		Others: s.movements, Mishap: s.faults.mishap, Switch: s.faults.restSwitch,
	})
	return err
}

// Identity returns who may call the REST side: what GET /_sim/rest tells.
func (s *Simulator) Identity() account.Identity { return s.account.Identity }

// identity is derived from the store's key: the same after every start, and
// another one for another store.
func (s *Simulator) identity() (account.Identity, error) {
	const length = 256
	stream, err := hkdf.Key(sha256.New, s.keys.store.Key.PEM(), nil, "frontdesk practice account", length)
	if err != nil {
		return account.Identity{}, err
	}
	return account.Draw(bytes.NewReader(stream))
}

// movements are the checkout payments and what became of them, as the account
// shows them.
func (s *Simulator) movements() []account.Movement {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []account.Movement
	for _, p := range s.book.payments {
		if !p.settled() {
			continue
		}
		all = append(all, account.Movement{
			At: p.at, Reference: p.paymentReference(), Operation: "Online payment", Amount: p.page.Amount,
			Details: []account.Line{{Title: "Order ID", Value: p.order.id}, {Title: "IPC_Trnref", Value: p.Reference}},
		})
	}
	for _, r := range s.book.reversed {
		all = append(all, account.Movement{
			At: r.at, Reference: "REV" + r.payment.Reference, Operation: "Online reversal", Out: true, Reversal: true,
			Amount: r.payment.page.Amount, Details: []account.Line{{Title: "Order ID", Value: r.payment.order.id}},
		})
	}
	for _, r := range s.book.refunds {
		all = append(all, account.Movement{
			At: r.at, Reference: "RFD" + r.Reference, Operation: "Online refund", Out: true, Amount: r.Amount,
			Details: []account.Line{{Title: "Order ID", Value: r.OrderID}, {Title: "IPC_Trnref of the payment", Value: r.Payment}},
		})
	}
	return append(all, s.terminalMovements()...)
}

// terminalMovements are what card terminals took and gave back. The caller
// holds s.mu.
func (s *Simulator) terminalMovements() []account.Movement {
	var all []account.Movement
	for _, c := range pos.Charges(s.book.terminal) {
		amount, err := money.ParseMinor(strconv.FormatInt(c.Minor+c.TipMinor, 10), money.Currency(c.Currency))
		if err != nil || c.Kind == pos.ChargeHold {
			continue
		}
		m := account.Movement{
			At: c.At, Reference: "POSA" + c.TID + c.RRN, Operation: "POS " + c.Kind, Amount: amount, Out: c.Kind == pos.ChargeRefund,
			ReferenceNumber: c.ReferenceNumber, TerminalID: c.TID, RRN: c.RRN, Last4: c.Last4,
		}
		all = append(all, m)
		if c.State == pos.StateReversed {
			m.Reference, m.Operation, m.Out, m.Reversal = "REV"+m.Reference, "POS reversal", !m.Out, true
			all = append(all, m)
		}
	}
	return all
}

func (p *payment) paymentReference() string { return "MTCOR" + p.Reference + "XXK7" }

// restSetup is what a till needs to reach the REST side.
type restSetup struct {
	ClientID     string           `json:"client_id"`
	ClientSecret string           `json:"client_secret"`
	Hosts        restHosts        `json:"hosts"`
	Gateway      restGateway      `json:"gateway"`
	Devices      []account.Device `json:"devices"`
}

type restHosts struct {
	Auth         string `json:"auth"`
	Transactions string `json:"transactions"`
	Devices      string `json:"devices"`
}

// restGateway are the six credentials of the gateway, and its host.
type restGateway struct {
	Host           string `json:"host"`
	PartnerID      string `json:"partner_id"`
	ApplicationID  string `json:"application_id"`
	ClientID       string `json:"client_id"`
	ClientSecret   string `json:"client_secret"`
	MerchantID     string `json:"merchant_id"`
	MerchantSecret string `json:"merchant_secret"`
}

func (s *Simulator) getRest(w http.ResponseWriter, r *http.Request) {
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	id := s.account.Identity
	s.sendJSON(w, restSetup{
		ClientID: id.ClientID, ClientSecret: id.ClientSecret, Hosts: restHosts{base, base, base},
		Gateway: restGateway{
			Host: base, PartnerID: id.PartnerID, ApplicationID: id.ApplicationID,
			ClientID: id.PartnerClient, ClientSecret: id.PartnerSecret,
			MerchantID: id.MerchantClient, MerchantSecret: id.MerchantSecret,
		},
		Devices: account.Devices(),
	})
}

// restPages adds the pages on which customers pay requests and links.
func (s *Simulator) restPages(mux *http.ServeMux) {
	mux.HandleFunc("GET "+account.PagePath+"{code}", s.getPayPage)
	mux.HandleFunc("POST "+account.PagePath+"{code}", s.postPayPage)
}

func (s *Simulator) getPayPage(w http.ResponseWriter, r *http.Request) {
	p, ok := s.account.Page(r.PathValue("code"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	v := view{
		Number: p.Amount.Decimal(), Currency: string(p.Amount.Currency), Note: p.Reason,
		Path: account.PagePath + p.Code, OrderID: p.Code,
	}
	switch {
	case p.Payable:
		v.Stage = stageForm
	case p.Paid:
		v.Stage = stagePaid
	default:
		v.Stage = stageCancelled
	}
	s.show(w, "request", http.StatusOK, v)
}

// postPayPage is the press on the button; what came of it is shown by a GET.
func (s *Simulator) postPayPage(w http.ResponseWriter, r *http.Request) {
	code := r.PathValue("code")
	if _, ok := s.account.Page(code); !ok {
		http.NotFound(w, r)
		return
	}
	if _, err := s.account.Pay(code); err != nil {
		s.unavailable(w, err)
		return
	}
	http.Redirect(w, r, account.PagePath+code, http.StatusSeeOther)
}
