package checkout

import (
	"fmt"
	"strings"

	"frontdesk/payments/money"
)

// Methods posted to us (spec 3.2 to 3.6).
const (
	MethodNotify   = "IPCPurchaseNotify"
	MethodRollback = "IPCPurchaseRollback"
	MethodOK       = "IPCPurchaseOK"
	MethodCancel   = "IPCPurchaseCancel"
	MethodVerify   = "IPCSignatureVerify"
)

// Methods we send (spec 3).
const (
	MethodPurchase  = "IPCPurchase"
	MethodRefund    = "IPCRefund"
	MethodReversal  = "IPCReversal"
	MethodStatus    = "IPCGetPaymentStatus"
	MethodTxnStatus = "IPCGetTxnStatus"
	MethodTxnLog    = "IPCGetTxnLog"
)

// Message is a posted form whose signature was verified. Fields that the
// method does not carry are empty. It says who sent it, not that it concerns
// us: compare SID, OrderID, Money with the own record.
type Message struct {
	Method     string
	SID        string
	OrderID    string
	Currency   string
	AmountText string // as posted; see Money
	Reference  string // IPC_Trnref
	PANLast4   string
	DateTime   string // RequestDateTime as posted; its zone is not documented
	Fields     Fields // everything, in posted order, Signature included
}

// Money returns the posted amount as a number, because myPOS writes the same
// amount in more than one way ("200", "200.00"). Errors are money.Fault values.
func (m Message) Money() (money.Amount, error) {
	cur, err := money.ParseCurrency(m.Currency)
	if err != nil {
		return money.Amount{}, err
	}
	return money.ParseCheckout(m.AmountText, cur)
}

// required lists what a decision about the message rests on. Names are not
// signed, so a missing one is a damaged message even when the signature fits.
func required(method string) []string {
	switch method {
	case MethodNotify, MethodOK:
		return []string{"SID", "OrderID", "Amount", "Currency", "IPC_Trnref"}
	case MethodRollback, MethodCancel:
		return []string{"SID", "OrderID", "Amount", "Currency"}
	}
	return []string{"SID"}
}

// VerifyForm parses a posted body, verifies it against any of the certificates
// and returns what it says (spec 2.2). The raw bytes must be exactly those
// received. A purchase message without SID, OrderID, a readable amount and
// currency (and IPC_Trnref where money was taken), and any message in which a
// name appears twice or which names its method twice, is refused though its
// signature may fit. Errors wrap
// ErrMalformed, ErrTooLarge, ErrUnsigned, ErrRepeated, ErrSignature, ErrMissing.
func VerifyForm(raw []byte, certs ...*Certificate) (Message, error) {
	f, err := ParseForm(raw)
	if err != nil {
		return Message{}, err
	}
	if err := VerifyFields(f, certs...); err != nil {
		return Message{}, err
	}
	return read(f)
}

func read(f Fields) (Message, error) {
	const op = "checkout.message"
	if repeated(f) || twisted(f) {
		return Message{}, fault(op, "message.repeated", ErrRepeated)
	}
	m := Message{
		Method:     f.Value("IPCmethod"),
		SID:        f.Value("SID"),
		OrderID:    f.Value("OrderID"),
		Currency:   f.Value("Currency"),
		AmountText: f.Value("Amount"),
		Reference:  f.Value("IPC_Trnref"),
		PANLast4:   lastFour(f.Value("PAN")),
		DateTime:   f.Value("RequestDateTime"),
		Fields:     f,
	}
	if m.Method == "" {
		return Message{}, fault(op, "message.missing", fmt.Errorf("%w: IPCmethod", ErrMissing))
	}
	need := required(m.Method)
	for _, name := range need {
		if f.Value(name) == "" {
			return Message{}, fault(op, "message.missing", fmt.Errorf("%w: %s", ErrMissing, name))
		}
	}
	if len(need) > 1 {
		if _, err := m.Money(); err != nil {
			return Message{}, fault(op, "message.amount", fmt.Errorf("%w: %w", ErrMalformed, err))
		}
	}
	return m, nil
}

func repeated(f Fields) bool {
	seen := make(map[string]bool, len(f))
	for _, x := range f {
		name := folded(x.Name)
		if seen[name] {
			return true
		}
		seen[name] = true
	}
	return false
}

// twisted reports whether the signed text begins with a method under another name:
// as every message of the provider begins with its own, this one was cut into other
// fields by somebody to whom it was shown (spec 2.6).
func twisted(f Fields) bool {
	for _, x := range f {
		if !strings.EqualFold(x.Name, signatureName) {
			return !strings.EqualFold(x.Name, "IPCmethod") && strings.HasPrefix(x.Value, "IPC")
		}
	}
	return false
}

// lastFour keeps the four digits a card may be named by. Whatever else stands
// in the field is dropped, so that a full number could never travel on.
func lastFour(pan string) string {
	if len(pan) != 4 || strings.Trim(pan, "0123456789") != "" {
		return ""
	}
	return pan
}
