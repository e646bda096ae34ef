package epos

import (
	"encoding/json"
	"errors"
	"strings"

	"frontdesk/payments"
	"frontdesk/payments/money"
	"frontdesk/payments/rest"
)

// Payment is a payment, reversal or refund as the gateway tells it. Raw is the
// object as received and is kept as evidence.
type Payment struct {
	ID              string
	Reference       string // reference_number, our own
	Status          string // as sent
	Outcome         payments.Outcome
	Amount          money.Amount // zero when it cannot be read without guessing
	Tip             money.Amount
	TerminalID      string // empty when not told
	RRN, STAN       string
	AuthCode        string
	CardLast4       string
	CardName        string
	ResponseCode    string // of the bank
	SignatureNeeded bool
	When            string // local time of the terminal, as sent
	Expires         string // as sent
	Raw             json.RawMessage
}

// Final reports whether the outcome can no longer change by itself.
func (p Payment) Final() bool { return p.Outcome != payments.Pending }

// ErrOther means that a payment is not the one that was asked for.
var ErrOther = errors.New("another payment")

// Proves returns nil when the payment is the one of s, by reference, amount and
// currency, and terminal where it is told; else an error wrapping ErrOther. Only
// then does its outcome speak about s.
func (p Payment) Proves(s Sale) error {
	switch {
	case p.ID == "" || p.Reference != s.Reference:
		return &payments.Error{Op: "epos.payment", Code: "answer.other", Err: ErrOther}
	case p.Amount != s.Amount:
		return &payments.Error{Op: "epos.payment", Code: "answer.amount", Err: ErrOther}
	case p.TerminalID != "" && p.TerminalID != s.TerminalID:
		return &payments.Error{Op: "epos.payment", Code: "answer.other", Err: ErrOther}
	}
	return nil
}

// outcome reads a status, in both spellings. A word that is not known, and a
// success whose amount cannot be read, are pending, never paid.
func outcome(status string) payments.Outcome {
	switch strings.ToLower(strings.NewReplacer("_", "", " ", "", "-", "").Replace(status)) {
	case "success", "completed":
		return payments.Paid
	case "canceled", "cancelled", "failed", "rejected":
		return payments.Declined
	case "reversed":
		return payments.Reversed
	}
	return payments.Pending
}

func payment(o rest.Object) Payment {
	if inner, ok := o.Object("payment", "data"); ok && !o.Has("status") {
		o = inner
	}
	p := Payment{
		ID:           o.Text("payment_id", "id", "request_id"),
		Reference:    o.Text("reference_number"),
		Status:       o.Text("status"),
		TerminalID:   o.Text("terminal_id"),
		RRN:          o.Text("rrn"),
		STAN:         o.Text("stan"),
		AuthCode:     o.Text("auth_code"),
		CardLast4:    last4(o.Text("pan")),
		CardName:     o.Text("card_qualifier", "card_scheme"),
		ResponseCode: o.Text("response_code"),
		When:         o.Text("transaction_date_local"),
		Expires:      o.Text("expire_at"),
		Raw:          o.Raw(),
	}
	p.SignatureNeeded, _ = o.Bool("signature_required")
	if a, ok := o.Object("amount"); ok {
		currency := money.Currency(strings.ToUpper(a.Text("currency_code", "currency")))
		p.Amount = minor(a.Text("value"), currency)
		p.Tip = minor(a.Text("tip"), currency)
	}
	p.Outcome = outcome(p.Status)
	if p.Outcome == payments.Paid && p.Amount.IsZero() {
		p.Outcome = payments.Pending
	}
	return p
}

// minor reads minor units; zero for anything that is not a whole number in a
// currency whose minor unit is confirmed.
func minor(text string, currency money.Currency) money.Amount {
	a, err := money.ParseMinor(text, currency)
	if err != nil {
		return money.Amount{}
	}
	if _, err := a.EPOS(); err != nil || a.Minor < 0 {
		return money.Amount{}
	}
	return a
}

// last4 keeps the last four digits of a masked card number.
func last4(pan string) string {
	if len(pan) < 4 {
		return ""
	}
	tail := pan[len(pan)-4:]
	for _, d := range []byte(tail) {
		if d < '0' || d > '9' {
			return ""
		}
	}
	return tail
}
