package rails

import (
	"strings"

	"frontdesk/app"
	"frontdesk/payments"
	"frontdesk/payments/merchant"
	"frontdesk/payments/money"
	"frontdesk/payments/terminal"
)

// answer puts the result of a terminal into the words of the till. tip is what
// was asked for, in case the terminal does not repeat it.
func answer(orderID string, r terminal.Result, tip money.Amount) payments.Answer {
	a := payments.Answer{
		Outcome: outcome(r.Class), OrderID: orderID, Reference: r.RRN, Amount: r.Amount, Provider: strings.TrimSpace(r.Date + " " + r.Time),
		Code: r.Status, Reason: r.Code, Raw: r.Raw,
		Card: payments.Card{
			Approval: r.Approval, AuthCode: r.AuthCode, RRN: r.RRN, STAN: r.STAN, Last4: r.CardLast4, Name: r.CardName,
			EntryMode: r.EntryMode, TerminalID: r.TerminalID, SignatureNeeded: r.SignatureNeeded, NoPaper: r.NoPaper, Tip: r.Tip,
		},
	}
	if a.Card.Tip.IsZero() {
		a.Card.Tip = tip
	}
	return a
}

// legible reads the amounts of a record that names no currency in the one that was
// asked for. It returns false for amounts that are told and cannot be read: they
// cannot be compared with what was asked for.
func legible(r terminal.Result, asked money.Currency) (terminal.Result, bool) {
	read := func(a *money.Amount, told string) bool {
		if told == "" || !a.IsZero() {
			return true
		}
		if r.CurrencyText == "" {
			*a, _ = money.ParseCheckout(told, asked)
		}
		return !a.IsZero()
	}
	amount := read(&r.Amount, r.AmountText)
	tip := read(&r.Tip, r.TipText)
	return r, amount && (tip || strings.Trim(r.TipText, "0.") == "")
}

func outcome(c terminal.Class) payments.Outcome {
	switch c {
	case terminal.Charged:
		return payments.Paid
	case terminal.Declined:
		return payments.Declined
	case terminal.NotCharged, terminal.NotStarted:
		return payments.NotCharged
	}
	return payments.Unknown
}

func stageOf(s terminal.Stage) app.Stage {
	return app.Stage{
		Name: app.StageName(s.Name), TriesLeft: s.TriesLeft, Cancellable: s.Cancellable, Code: s.Code,
		Offer: strings.TrimSpace(s.DCC.Amount + " " + s.DCC.Currency),
	}
}

// succeeded reads the words with which the account says that a payment went
// through; their full list is not published, so any other word proves nothing.
func succeeded(e merchant.DeviceTransaction) bool {
	for _, word := range []string{e.Status, e.PaymentStatus} {
		switch strings.ToLower(word) {
		case "success", "successful", "completed", "approved", "paid":
			return true
		}
	}
	return false
}
