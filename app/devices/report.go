package devices

import "frontdesk/payments/money"

// Report is what a test of a terminal found out: PING and GET_STATUS, no money
// moved. Told.Code is empty when the terminal can take money, else a code of
// app/text that says what to do about it.
type Report struct {
	Told
	Name  string // how the terminal calls itself, empty when it does not say
	Last  Last   // the last transaction the terminal remembers
	Other bool   // another terminal answers than the registered one
}

// Last is the last transaction of a terminal, as it tells it. The zero value
// means that it remembers none.
type Last struct {
	Paid      bool
	Amount    money.Amount
	When      string // as the terminal writes it; its zone is not known
	CardLast4 string
	Reference string // RRN
}

// Found is a terminal of the myPOS account, for import. Known names the device
// that is registered for it already, empty when none is.
type Found struct {
	Name       string
	Model      string // one of Models, or what the account says
	TerminalID string
	SerialNo   string
	Known      string
	Cloud      bool // it can be reached through the gateway
}
