package app

import (
	"time"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// ChargeRequest is what the desk asks for. Key makes the charge happen once:
// repeating a request under the same key returns the sale it made.
type ChargeRequest struct {
	Lines    []Line // their sum is what is owed
	Currency money.Currency
	Note     string
	Client   string
	Operator string        // empty means DefaultOperator
	Language string        // of the customer, two letters; empty means "en"
	Rail     payments.Rail // empty means RailLink
	Key      string
	Validity time.Duration // how long the link may be paid; 0 means DefaultValidity, at most MaxValidity
}

// Resolution is an operator's answer about an attempt, or a refund when Refund
// holds its OrderID, that stayed unknown for a day.
type Resolution struct {
	Paid     bool
	Evidence string // a reference, RRN or last four when Paid; reference and time of the last known transaction when not
	Operator string
	Refund   string
}
