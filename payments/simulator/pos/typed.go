package pos

import (
	"fmt"
	"net/http"

	"frontdesk/payments/money"
)

// Typed is a payment, or a refund, that a person types on the terminal itself:
// no till asked for it, and none is told. It is completed at once and becomes the
// terminal's last transaction. Last4 are the digits of the card. ErrNotAsked means
// that the terminal is off or does something else, ErrScript that the amount is
// none of this terminal.
func (t *Terminal) Typed(amount money.Amount, last4 string, refund bool) (Charge, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.powered || t.closed || t.state.Busy || t.book.pending != nil {
		return Charge{}, ErrNotAsked
	}
	if amount.Sign() <= 0 || amount.Currency != t.Currency {
		return Charge{}, fmt.Errorf("%w: amount", ErrScript)
	}
	n := int64(len(t.book.entries) + 1)
	tx := Tx{
		SID: fmt.Sprintf("TYPED-%06d", n), Method: "PURCHASE", Type: typeSale, Amount: amount, Moved: true, Approval: "00",
		STAN: n, RRN: fmt.Sprintf("623100%06d", n), AuthCode: fmt.Sprintf("P%05d", n), Last4: last4, App: "Visa Debit", Last: true,
	}
	if refund {
		tx.Method, tx.Type = "REFUND", typeRefund
	}
	if err := t.commit(Record{Kind: KindOutcome, Tx: &tx}); err != nil {
		return Charge{}, err
	}
	t.show(func(s *State) { s.Screen = ScreenApproved })
	charges := t.book.charges()
	return charges[len(charges)-1], nil
}

func (t *Terminal) postTyped(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Amount string `json:"amount"`
		Last4  string `json:"last4"`
		Refund bool   `json:"refund"`
	}
	if !decode(w, r, &body) {
		return
	}
	amount, err := money.ParseCheckout(body.Amount, t.Currency)
	if err == nil {
		_, err = t.Typed(amount, body.Last4, body.Refund)
	}
	t.answer(w, err)
}
