package terminal

import "frontdesk/payments/money"

// Versions of the protocol (spec 3.4).
const (
	Protocol = "IPP"
	Version  = 202 // what is asked for first
)

// Methods (spec 3.8).
const (
	MethodPing       = "PING"
	MethodGetStatus  = "GET_STATUS"
	MethodPurchase   = "PURCHASE"
	MethodRefund     = "REFUND"
	MethodReversal   = "REVERSAL"
	MethodCompleteTx = "COMPLETE_TX"
	MethodReprint    = "REPRINT_RECEIPT"
)

// Stages on the wire (spec 3.6).
const (
	WireAccepted    = 1   // accepted, or refused by a STATUS other than 0
	WireCard        = 2   // a card was handled
	WirePINResult   = 3   // the PIN was right, wrong or checked online
	WireRelay       = 4   // slave mode asks the till to carry bytes
	WireEnd         = 5   // the outcome
	WirePresentCard = 11  // the present-card screen is shown
	WireOffer       = 12  // the customer is offered another currency (DCC)
	WirePIN         = 13  // the PIN screen is shown
	WireChosen      = 14  // the customer has chosen the currency
	WireInteraction = 100 // nothing the till needs
	WireCancel      = 101 // the till asks to stop
)

// STATUS codes with a name of their own here (spec 3.7); the rest stand in the
// table of status.go.
const (
	StatusOK               = 0
	StatusBusy             = 1
	StatusSyntax           = 2
	StatusParameter        = 3
	StatusMethod           = 4
	StatusNoCard           = 5
	StatusUnsupportedCard  = 6
	StatusChip             = 7
	StatusFallback         = 8
	StatusWrongPIN         = 9
	StatusPINExhausted     = 10
	StatusPINOnline        = 11
	StatusHostData         = 12
	StatusCancelled        = 13
	StatusInternal         = 14
	StatusCommunication    = 15
	StatusTLS              = 16
	StatusNoTransaction    = 17
	StatusNoReversal       = 18
	StatusAmount           = 19
	StatusUnfinished       = 20
	StatusNoPrinter        = 21
	StatusNoPaper          = 22
	StatusActivation       = 25
	StatusNeedsUpdate      = 26
	StatusOptionalUpdate   = 34
	StatusNotDeactivated   = 36
	StatusVersion          = 38
	StatusRemoteActivation = 41
	StatusWrongPassword    = 49
	StatusForbidden        = 50
	StatusPassword         = 51
	StatusInfo             = 100
)

// CurrencyNumber returns the ISO number under which terminals know a currency,
// e.g. "978", and "" for one that they do not take.
func CurrencyNumber(c money.Currency) string {
	switch c {
	case money.EUR:
		return "978"
	case money.BGN:
		return "975"
	case money.GBP:
		return "826"
	case money.CHF:
		return "756"
	case money.RON:
		return "946"
	case money.USD:
		return "840"
	case money.HRK:
		return "191"
	case money.JPY:
		return "392"
	case money.CZK:
		return "203"
	case money.DKK:
		return "208"
	case money.HUF:
		return "348"
	case money.ISK:
		return "352"
	case money.NOK:
		return "578"
	case money.SEK:
		return "752"
	case money.PLN:
		return "985"
	}
	return ""
}

// CurrencyOf returns the currency of an ISO number or of its three letters, and
// "" for one that terminals do not take.
func CurrencyOf(text string) money.Currency {
	for _, c := range append(money.Currencies(), money.BGN, money.HRK) {
		if n := CurrencyNumber(c); n != "" && (text == n || text == string(c)) {
			return c
		}
	}
	return ""
}
