package app

import (
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// Defaults and bounds of a charge.
const (
	DefaultOperator = "Owner"
	DefaultLanguage = "en"
	DefaultValidity = 15 * time.Minute
	MaxValidity     = 7 * 24 * time.Hour

	maxLines = 50
	maxShort = 100 // characters of a label, client, operator or key
	maxNote  = 500
	minCard  = 13 // digits of a card number
	maxCard  = 19
)

// ChargeRequest is what the desk asks for. Key makes the charge happen once:
// repeating a request under the same key returns the sale it made.
type ChargeRequest struct {
	Lines    []Line // their sum is what is owed; a discount is a negative line
	Currency money.Currency
	Note     string
	Client   string
	Operator string        // empty means DefaultOperator
	Language string        // of the customer, two letters; empty means DefaultLanguage
	Rail     payments.Rail // empty means RailLink
	Key      string        // empty: every call is a sale of its own
	Validity time.Duration // how long the link may be paid; 0 means DefaultValidity, at most MaxValidity
	Device   string        // of the terminal and cloud rails; empty means the default one
	Tip      money.Amount  // part of the sum that is a tip, told to a terminal; zero for none
}

// Actor is who asks, with the PIN where one is asked for. The zero Actor is
// DefaultOperator without a PIN. The PIN goes to the Authority and nowhere else.
type Actor struct {
	Operator string
	PIN      string
}

// AgainRequest asks for another attempt to collect a sale.
type AgainRequest struct {
	Rail   payments.Rail // empty means RailLink
	Device string        // of the terminal and cloud rails; empty means the default one
	Actor  Actor
	// DespiteUnknown begins the attempt although another one of the sale is not
	// known: the customer may pay twice. It needs the right ChargeUnknown and is
	// written down.
	DespiteUnknown bool
}

// RefundRequest asks for money back. Attempt empty means the newest one that
// has enough left. OrderID is that of a RefundPlan: repeating a request under it,
// as a double click does, is one refund. Empty makes every call one of its own.
type RefundRequest struct {
	Attempt AttemptID
	Amount  money.Amount
	Reason  string
	Way     RefundWay // of terminals; empty lets the rail choose
	Device  string    // of terminals; empty means the one that took the payment
	OrderID string
	Actor   Actor
}

// Resolution is an operator's answer about an attempt, or a refund when Refund
// holds its OrderID, that stayed unknown for a day.
type Resolution struct {
	Paid     bool
	Evidence string // a reference, RRN or last four when Paid; reference and time of the last known transaction when not
	Operator string
	PIN      string
	Refund   string
	// Attempt is the one the evidence is about. Empty means the only one that may be
	// answered now.
	Attempt AttemptID
}

// refuse builds the error of a request that was turned down before anything
// happened.
func refuse(op, code string, cause error) error {
	return &payments.Error{Op: "till." + op, Code: code, Err: errors.Join(payments.ErrRefused, cause)}
}

// complete fills the defaults in.
func (r ChargeRequest) complete() ChargeRequest {
	r.Note, r.Client = strings.TrimSpace(r.Note), strings.TrimSpace(r.Client)
	if r.Language == "" {
		r.Language = DefaultLanguage
	}
	if r.Rail == "" {
		r.Rail = payments.RailLink
	}
	if r.Validity == 0 {
		r.Validity = DefaultValidity
	}
	return r
}

// total checks a completed request and returns what is owed.
func (r ChargeRequest) total() (money.Amount, error) {
	amounts := make([]money.Amount, 0, len(r.Lines)+1)
	amounts = append(amounts, money.Amount{Currency: r.Currency})
	for _, l := range r.Lines {
		amounts = append(amounts, l.Amount)
	}
	sum, err := money.Sum(amounts...)
	if err == nil {
		err = sum.Chargeable()
	}
	if err != nil {
		return money.Amount{}, refuse("charge", faultCode(err), err)
	}
	switch {
	case r.Tip.IsZero():
	case r.Tip.Currency != sum.Currency:
		return money.Amount{}, refuse("charge", "amount.mixed", nil)
	case r.Tip.Minor < 0:
		return money.Amount{}, refuse("charge", "amount.negative", nil)
	case r.Tip.Minor >= sum.Minor:
		return money.Amount{}, refuse("charge", "amount.limit", nil)
	}
	if r.Validity < 0 || r.Validity > MaxValidity {
		return money.Amount{}, refuse("charge", "validity.limit", nil)
	}
	return sum, r.checkTexts()
}

// faultCode is the stable code of an error of money.
func faultCode(err error) string {
	var f money.Fault
	if errors.As(err, &f) {
		return f.Code()
	}
	return "amount.syntax"
}

func (r ChargeRequest) checkTexts() error {
	if len(r.Lines) > maxLines {
		return refuse("charge", "lines.limit", nil)
	}
	for _, s := range []string{r.Client, r.Operator, r.Key, r.Language} {
		if utf8.RuneCountInString(s) > maxShort {
			return refuse("charge", "text.limit", nil)
		}
	}
	if utf8.RuneCountInString(r.Note) > maxNote {
		return refuse("charge", "text.limit", nil)
	}
	texts := []string{r.Note, r.Client}
	for _, l := range r.Lines {
		if utf8.RuneCountInString(l.Label) > maxShort {
			return refuse("charge", "text.limit", nil)
		}
		texts = append(texts, l.Label)
	}
	for _, s := range texts {
		if !utf8.ValidString(s) {
			return refuse("charge", "text.encoding", nil)
		}
		if holdsCardNumber(s) {
			return refuse("charge", "note.card", nil)
		}
	}
	return nil
}

// holdsCardNumber reports whether 13 to 19 digits in a text pass the Luhn check
// (product.md 4 rule 15). Groups of digits with one blank, dot or dash between
// them are also read as one number.
func holdsCardNumber(s string) bool {
	var groups [][]byte // adjoining ones
	var group []byte
	gap := false
	for _, c := range s + "\x00" {
		switch {
		case c >= '0' && c <= '9':
			group, gap = append(group, byte(c-'0')), false
			continue
		case (c == ' ' || c == '-' || c == '.' || c == '\u00a0') && !gap && len(group) > 0:
			groups, group, gap = append(groups, group), nil, true
			continue
		}
		if cardAmong(append(groups, group)) {
			return true
		}
		groups, group, gap = nil, nil, false
	}
	return false
}

// cardAmong looks at every row of whole adjoining groups, and inside a single
// group too long to be a card.
func cardAmong(groups [][]byte) bool {
	for i := range groups {
		var row []byte
		for _, g := range groups[i:] {
			row = append(row, g...)
			if len(row) > maxCard {
				break
			}
			if len(row) >= minCard && luhn(row) {
				return true
			}
		}
		for from := 0; len(groups[i]) > maxCard && from+minCard <= len(groups[i]); from++ {
			for n := minCard; n <= maxCard && from+n <= len(groups[i]); n++ {
				if luhn(groups[i][from : from+n]) {
					return true
				}
			}
		}
	}
	return false
}

// luhn is the check of ISO/IEC 7812: every second digit from the right counts
// double. A row of zeros is no card.
func luhn(digits []byte) bool {
	sum, some := 0, false
	for i, d := range digits {
		n := int(d)
		some = some || n != 0
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return some && sum%10 == 0
}
