package terminal

import (
	"strings"

	"frontdesk/payments"
	"frontdesk/payments/money"
)

// lastOf reads the record of the last transaction out of a GET_STATUS reply.
// TX_STATUS alone decides here: the STATUS is about the terminal.
func lastOf(r reply) Last {
	l := Last{
		SID:    text(r.frame, "SID_ORIGINAL"),
		Type:   text(r.frame, "LAST_TX_TYPE"),
		Result: details(r.frame, currencyOf(r.frame)),
	}
	l.Result.SID = l.SID
	l.Status = r.status
	l.Unfinished = r.status == StatusUnfinished
	back := l.Type == "20" || l.Type == "02"
	l.settle(lookAt(l.TxStatus, l.Approval), back)
	if l.Class == Declined {
		l.Code = declineCode(l.Approval)
	}
	return l
}

// empty reports whether the terminal told nothing about a last transaction.
func (l Last) empty() bool {
	return l.SID == "" && l.TxStatus == "" && l.RRN == "" && l.STAN == "" && l.AuthCode == "" && l.Approval == ""
}

// settle sets class and outcome. back is for money that went back.
func (r *Result) settle(c Class, back bool) {
	r.Class = c
	r.NotStarted = c == NotStarted
	switch {
	case c == Charged && back:
		r.Outcome = payments.Refunded
	case c == Charged:
		r.Outcome = payments.Paid
	case c == Unclear:
		r.Outcome = payments.Unknown
	default:
		r.Outcome = payments.Declined
	}
}

// details reads the fields of an outcome (spec 3.8). Amounts are read in cur
// unless the frame names another currency.
func details(f Frame, cur money.Currency) Result {
	if told := currencyOf(f); told != "" {
		cur = told
	}
	amount, _ := amountOf(f, "AMOUNT", cur)
	tip, _ := amountOf(f, "TIP_AMOUNT", cur)
	return Result{
		Status:          -1,
		TxStatus:        text(f, "TX_STATUS"),
		Approval:        text(f, "APPROVAL"),
		AuthCode:        text(f, "AUTH_CODE"),
		RRN:             text(f, "RRN"),
		STAN:            text(f, "STAN"),
		Amount:          amount,
		Tip:             tip,
		TipText:         text(f, "TIP_AMOUNT"),
		AmountText:      text(f, "AMOUNT"),
		CurrencyText:    text(f, "CURRENCY", "CURRENCY_NAME"),
		CardLast4:       last4(text(f, "PAN_MASKED")),
		CardName:        text(f, "AID_NAME", "APPL_PREF_NAME"),
		EntryMode:       text(f, "ENTRY_MODE"),
		TerminalID:      text(f, "TERMINAL_ID"),
		MerchantID:      text(f, "MERCHANT_ID"),
		Reference:       text(f, "REFERENCE_NUMBER", "REFERENCE"),
		Operator:        text(f, "OPERATOR_CODE"),
		Date:            text(f, "TX_DATE_LOCAL"),
		Time:            text(f, "TX_TIME_LOCAL"),
		DCC:             dccOf(f),
		SignatureNeeded: text(f, "SIGNATURE_NOT_REQ") == "0",
		Raw:             evidence(f),
	}
}

func dccOf(f Frame) DCC {
	return DCC{
		Amount:   text(f, "DCC_AMOUNT"),
		Currency: text(f, "DCC_CURRENCY_NAME", "DCC_CURRENCY"),
		Rate:     text(f, "DCC_EXCHANGE_RATE"),
		Used:     text(f, "DCC_USED") == "1",
	}
}

func currencyOf(f Frame) money.Currency {
	if c := CurrencyOf(text(f, "CURRENCY")); c != "" {
		return c
	}
	return CurrencyOf(text(f, "CURRENCY_NAME"))
}

// amountOf reads an amount with a "." before its decimals. told is false when
// the field is missing; one that cannot be read is told and zero.
func amountOf(f Frame, name string, cur money.Currency) (a money.Amount, told bool) {
	word := text(f, name)
	if word == "" {
		return money.Amount{}, false
	}
	a, err := money.ParseCheckout(word, cur)
	if err != nil {
		return money.Amount{}, true
	}
	return a, true
}

// last4 takes the digits off "**** 1234".
func last4(masked string) string {
	if len(masked) < 4 {
		return ""
	}
	tail := masked[len(masked)-4:]
	if strings.Trim(tail, "0123456789") != "" {
		return ""
	}
	return tail
}

// evidence is the frame as it came, without what names a customer or a card.
func evidence(f Frame) []byte {
	var kept Frame
	for _, field := range f {
		switch {
		case field.Name == "PAN" || field.Name == "EXP_DATE" || field.Name == "EXPIRE_DATE" || field.Name == "EMBOSS_NAME" || field.Name == "PASSWORD":
		case cardNumber(string(field.Value)):
			kept = append(kept, Text(field.Name, "**** "+last4(string(field.Value))))
		default:
			kept = append(kept, field)
		}
	}
	raw, err := Encode(kept)
	if err != nil {
		return nil
	}
	return raw
}

// cardNumber reports whether a whole value may be a card's number: 13 to 19
// digits that pass Luhn's check.
func cardNumber(value string) bool {
	digits := strings.ReplaceAll(strings.ReplaceAll(value, " ", ""), "-", "")
	if len(digits) < 13 || !isDigits(digits, 19) {
		return false
	}
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
