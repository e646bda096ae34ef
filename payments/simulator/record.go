package simulator

import (
	"time"

	"frontdesk/payments/money"
	"frontdesk/payments/simulator/account"
	"frontdesk/payments/simulator/pos"
)

// Kinds of records. The strings are on disk and never change.
const (
	kindBegin      = "begin"       // first line of the file: Version
	kindOpened     = "opened"      // a purchase form was accepted: Purchase
	kindDeclined   = "declined"    // the bank said no: Session, Code, Last4
	kindCancelled  = "cancelled"   // the payer pressed Cancel: Session
	kindApproved   = "approved"    // the card was charged: Payment
	kindNotified   = "notified"    // the notice was answered with OK: Reference
	kindKept       = "kept"        // lost notice taken for answered (fault): Reference
	kindReversed   = "reversed"    // the money went back: Reference, Reason
	kindRolledBack = "rolled_back" // the rollback was answered with OK: Reference
	kindRefunded   = "refunded"    // money given back by the merchant: Refund
	kindAccount    = "account"     // what happened on the REST side: Account
	kindTerminal   = "terminal"    // something happened at a card terminal: Terminal
)

// Reasons of a reversal.
const (
	reasonNotice   = "notice"   // the notice was not answered with OK
	reasonMerchant = "merchant" // IPCReversal
)

// record is one line of the state file.
type record struct {
	Kind      string      `json:"kind"`
	Version   int         `json:"version,omitempty"`
	At        time.Time   `json:"at,omitzero"`
	Session   string      `json:"session,omitempty"`
	Reference string      `json:"reference,omitempty"`
	Code      string      `json:"code,omitempty"`
	Last4     string      `json:"last4,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Purchase  *purchase   `json:"purchase,omitempty"`
	Payment   *charge     `json:"payment,omitempty"`
	Refund    *refund     `json:"refund,omitempty"`
	Terminal  *pos.Record `json:"terminal,omitempty"`

	Account *account.Record `json:"account,omitempty"`
}

// purchase is an accepted IPCPurchase form; its Session names the hosted page.
type purchase struct {
	Session   string       `json:"session"`
	OrderID   string       `json:"order_id"`
	Amount    money.Amount `json:"amount"`
	URLOK     string       `json:"url_ok"`
	URLCancel string       `json:"url_cancel"`
	URLNotify string       `json:"url_notify"`
	Rows      []cartRow    `json:"rows"`
	Note      string       `json:"note,omitempty"`
	AskPayer  bool         `json:"ask_payer,omitempty"` // PaymentParametersRequired 2
	Payer     payer        `json:"payer,omitzero"`
	KeyIndex  int          `json:"key_index,omitempty"` // the form was signed under; 0 is the first
}

// cartRow is one line of the cart.
type cartRow struct {
	Article  string       `json:"article"`
	Quantity int64        `json:"quantity"`
	Amount   money.Amount `json:"amount"`
}

// payer is what the form or the hosted page told about the customer.
type payer struct {
	Email  string `json:"email,omitempty"`
	Phone  string `json:"phone,omitempty"`
	First  string `json:"first,omitempty"`
	Family string `json:"family,omitempty"`
}

// charge is an approved card payment as it is announced in notices.
type charge struct {
	Reference string `json:"reference"` // IPC_Trnref
	Session   string `json:"session"`
	STAN      string `json:"stan"`
	Stamp     string `json:"stamp"` // RequestDateTime as sent
	Last4     string `json:"last4"`
	Payer     payer  `json:"payer,omitzero"`
}

// refund is money given back by IPCRefund.
type refund struct {
	Reference string       `json:"reference"` // its own
	Payment   string       `json:"payment"`   // IPC_Trnref of the purchase
	OrderID   string       `json:"order_id"`
	Amount    money.Amount `json:"amount"`
}
