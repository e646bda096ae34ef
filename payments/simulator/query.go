package simulator

import (
	"net/http"
	"strconv"

	"frontdesk/payments/checkout"
)

// Values of PaymentStatus (spec 3.9).
const (
	paymentNone     = "0"
	paymentPaid     = "1"
	paymentPending  = "2"
	paymentFailed   = "3"
	paymentReversed = "4"
)

// logLayout is the time of a row of IPCGetTxnLog (spec 3.11).
const logLayout = "02.01.2006 15:04:05"

// state is the PaymentStatus of an order: that of its last payment, else of its
// pages.
func (o *order) state() string {
	if o == nil {
		return paymentNone
	}
	if p := o.last(); p != nil {
		switch {
		case p.reason != "":
			return paymentReversed
		case p.settled() || p.early:
			return paymentPaid
		}
		return paymentPending
	}
	last := o.sessions[len(o.sessions)-1]
	if last.cancelled || last.declined != "" {
		return paymentFailed
	}
	return paymentPending
}

// paymentStatus answers IPCGetPaymentStatus.
func (s *Simulator) paymentStatus(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	if missing(f, "OrderID") {
		return nil, refuse(checkout.StatusMissingParameters, "OrderID"), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.book.orders[f.Value("OrderID")]
	nodes := []checkout.Node{text("OrderID", f.Value("OrderID"))}
	if p := o.last(); p != nil {
		nodes = append(nodes,
			text("PaymentMethod", "1"),
			text("PaymentStatus", o.state()),
			text("PaymentReference", "MTCOR"+p.Reference+"XXK7"),
			text("Amount", p.page.Amount.Decimal()),
			text("Currency", string(p.page.Amount.Currency)),
			text("IPC_Trnref", p.Reference),
			text("DateTime", p.Stamp),
			text("FeeAmount", "0.00"))
	} else {
		nodes = append(nodes, text("PaymentStatus", o.state()))
	}
	if f.Value("get_declined_payments") == "1" && o != nil {
		nodes = append(nodes, array("DeclinedPayments", o.declined()))
	}
	return nodes, nil, nil
}

// declined lists the refused cards of the order.
func (o *order) declined() []checkout.Node {
	var rows []checkout.Node
	for _, d := range o.declines {
		rows = append(rows, object("",
			text("responseCode", d.code),
			text("responseCodeDescription", describe(d.code)),
			text("DateTime", d.at.UTC().Format(stampLayout))))
	}
	return rows
}

// txnStatus answers IPCGetTxnStatus with the last message about the order,
// whole and with its own signature.
func (s *Simulator) txnStatus(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	if missing(f, "OrderID") {
		return nil, refuse(checkout.StatusMissingParameters, "OrderID"), nil
	}
	s.mu.Lock()
	o := s.book.orders[f.Value("OrderID")]
	message, err := s.lastMessage(o)
	s.mu.Unlock()
	nodes := []checkout.Node{
		text("OrderID", f.Value("OrderID")),
		object("OrderStatus", nodesOf(message)...),
	}
	return nodes, nil, err
}

// lastMessage is what the merchant was told last; nothing when he never was.
// The caller holds s.mu.
func (s *Simulator) lastMessage(o *order) (checkout.Fields, error) {
	if p := o.last(); p != nil {
		if p.reason == reasonNotice {
			return s.notice(checkout.MethodRollback, p)
		}
		return s.notice(checkout.MethodNotify, p)
	}
	if o == nil {
		return nil, nil
	}
	if last := o.sessions[len(o.sessions)-1]; last.cancelled {
		return s.cancelNotice(last)
	}
	return nil, nil
}

// txnLog answers IPCGetTxnLog.
func (s *Simulator) txnLog(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	if missing(f, "OrderID") {
		return nil, refuse(checkout.StatusMissingParameters, "OrderID"), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.book.orders[f.Value("OrderID")]
	var rows []checkout.Node
	if o != nil {
		for _, row := range o.log {
			rows = append(rows, object("",
				text("time", row.at.UTC().Format(logLayout)),
				text("action", row.action),
				text("result", row.result)))
		}
	}
	return []checkout.Node{
		text("OrderID", f.Value("OrderID")),
		text("OrderStatus", o.logState()),
		array("Log", rows),
	}, nil, nil
}

// logState is the order status of IPCGetTxnLog: 0 pending, 1 paid, 2 reversed,
// 3 cancelled.
func (o *order) logState() string {
	switch o.state() {
	case paymentPaid:
		return strconv.Itoa(int(checkout.LogPaid))
	case paymentReversed:
		return strconv.Itoa(int(checkout.LogReversed))
	case paymentFailed:
		if last := o.sessions[len(o.sessions)-1]; last.cancelled {
			return strconv.Itoa(int(checkout.LogCancelled))
		}
	}
	return strconv.Itoa(int(checkout.LogPending))
}

// signatureVerify answers IPCSignatureVerify: it posts a signed message to
// url_notify and tells whether it was answered with OK.
func (s *Simulator) signatureVerify(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	address := f.Value("url_notify")
	switch {
	case address == "":
		return nil, refuse(checkout.StatusMissingParameters, "url_notify"), nil
	case !allowed(address, s.private):
		return nil, refuse(checkout.StatusInvalidParameters, "url_notify"), nil
	}
	message, err := checkout.Sign(s.signer(indexOf(f)), checkout.Fields{
		{Name: "IPCmethod", Value: checkout.MethodVerify},
		{Name: "SID", Value: s.keys.store.SID},
		{Name: "RequestDateTime", Value: s.now().UTC().Format(stampLayout)},
	})
	if err != nil {
		return nil, nil, err
	}
	if err := s.post(address, message, -1); err != nil {
		s.log.Info("IPCSignatureVerify not answered with OK", "error", err)
		return nil, refuse(checkout.StatusUndefined, "url_notify was not answered with OK"), nil
	}
	return nil, nil, nil
}
