package simulator

import (
	"net/http"
	"strings"

	"frontdesk/payments/checkout"
	"frontdesk/payments/money"
)

// refund answers IPCRefund (spec 3.7, 6): whole or in parts, together at most
// the purchase. Every refund has a reference of its own.
func (s *Simulator) refund(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	if missing(f, "IPC_Trnref", "Amount", "Currency") {
		return nil, refuse(checkout.StatusMissingParameters, ""), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.book.byRef[f.Value("IPC_Trnref")]
	amount, no := s.refundable(p, f)
	if no != nil {
		return nil, no, nil
	}
	made := refund{
		Reference: s.book.reference(), Payment: p.Reference,
		OrderID: f.Value("OrderID"), Amount: amount,
	}
	if err := s.commit(record{Kind: kindRefunded, Refund: &made}); err != nil {
		return nil, nil, err
	}
	return []checkout.Node{
		text("IPC_Trnref", made.Reference),
		text("Amount", amount.Decimal()),
		text("Currency", string(amount.Currency)),
	}, nil, nil
}

// refundable checks a refund against its payment. The caller holds s.mu.
func (s *Simulator) refundable(p *payment, f checkout.Fields) (money.Amount, *refusal) {
	if p == nil {
		return money.Amount{}, refuse(checkout.StatusInvalidParameters, "IPC_Trnref")
	}
	orderID := f.Value("OrderID")
	switch {
	case len([]rune(orderID)) > checkout.MaxOrderID:
		return money.Amount{}, refuse(checkout.StatusInvalidParameters, "OrderID")
	case !strings.EqualFold(f.Value("Currency"), string(p.page.Amount.Currency)):
		return money.Amount{}, refuse(checkout.StatusInvalidParameters, "Currency")
	case s.book.refundedAs(orderID, p.order.id):
		return money.Amount{}, refuse(checkout.StatusDuplicate, "")
	case p.reason != "" || !p.settled():
		return money.Amount{}, refuse(checkout.StatusNotPermitted, "")
	}
	amount, err := money.ParseCheckout(f.Value("Amount"), p.page.Amount.Currency)
	switch {
	case err != nil:
		return money.Amount{}, refuse(checkout.StatusInvalidParameters, "Amount")
	case amount.Minor <= 0 || amount.Minor > p.left():
		return money.Amount{}, refuse(checkout.StatusWrongAmount, "")
	}
	return amount, nil
}

// refundedAs reports whether a refund was made under the OrderID already. The
// purchase's own OrderID may come again and again: official plugins send it.
func (b *book) refundedAs(orderID, purchase string) bool {
	if orderID == "" || orderID == purchase {
		return false
	}
	for _, r := range b.refunds {
		if r.OrderID == orderID {
			return true
		}
	}
	return false
}

// reversal answers IPCReversal (spec 3.8): the whole payment, once, and only
// while nothing of it was refunded. The merchant asked, so no notice is posted.
func (s *Simulator) reversal(_ *http.Request, f checkout.Fields) ([]checkout.Node, *refusal, error) {
	if missing(f, "IPC_Trnref") {
		return nil, refuse(checkout.StatusMissingParameters, "IPC_Trnref"), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.book.byRef[f.Value("IPC_Trnref")]
	switch {
	case p == nil:
		return nil, refuse(checkout.StatusInvalidParameters, "IPC_Trnref"), nil
	case p.reason != "" || !p.settled() || !p.refunded.IsZero():
		return nil, refuse(checkout.StatusNotPermitted, ""), nil
	}
	if err := s.commit(record{Kind: kindReversed, Reference: p.Reference, Reason: reasonMerchant}); err != nil {
		return nil, nil, err
	}
	return []checkout.Node{
		text("IPC_Trnref", p.Reference),
		text("Amount", p.page.Amount.Decimal()),
		text("Currency", string(p.page.Amount.Currency)),
	}, nil, nil
}
